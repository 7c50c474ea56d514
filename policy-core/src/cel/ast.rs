//! The tree of an expression: macros stay nodes of their own, and every node knows its place in the source.

use std::ops::Range;

/// A node, its place, and how deep the tree below it is.
#[derive(Debug, Clone)]
pub(super) struct Node {
    pub(super) start: u32,
    pub(super) end: u32,
    /// 1 for a leaf. Kept while parsing, so that no tree too deep to walk or drop is ever built.
    pub(super) depth: u16,
    pub(super) expr: Expr,
}

impl Node {
    pub(super) fn range(&self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// This node and all below it.
    pub(super) fn parts(&self) -> usize {
        let mut parts = 1_usize;
        self.expr.children(|child| parts = parts.saturating_add(child.parts()));
        parts
    }
}

/// A value that is written out.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Literal {
    Null,
    Bool(bool),
    Int(i64),
    Uint(u64),
    Double(f64),
    String(String),
    Bytes(Vec<u8>),
}

#[derive(Debug, Clone)]
pub(super) enum Expr {
    Literal(Literal),
    /// A variable or a type; `.name` skips the variables of comprehensions.
    Ident(String),
    Select(Box<Select>),
    Index(Box<Index>),
    Call(Box<Call>),
    Unary(Unary, Box<Node>),
    Binary(Binary, Box<(Node, Node)>),
    /// `a && b && …`, kept flat.
    And(Vec<Node>),
    /// `a || b || …`, kept flat.
    Or(Vec<Node>),
    Conditional(Box<(Node, Node, Node)>),
    List(Vec<Element>),
    Map(Vec<Entry>),
    Comprehension(Box<Comprehension>),
    Bind(Box<Bind>),
}

/// `operand.field`, `operand.?field` or `has(operand.field)`.
#[derive(Debug, Clone)]
pub(super) struct Select {
    pub(super) operand: Node,
    pub(super) field: String,
    pub(super) field_range: Range<usize>,
    pub(super) kind: SelectKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SelectKind {
    Plain,
    Optional,
    Test,
}

/// `operand[index]` or `operand[?index]`.
#[derive(Debug, Clone)]
pub(super) struct Index {
    pub(super) operand: Node,
    pub(super) index: Node,
    pub(super) optional: bool,
}

#[derive(Debug, Clone)]
pub(super) struct Call {
    /// The receiver of `target.function(…)`; a qualified name such as `math.abs` has none.
    pub(super) target: Option<Node>,
    pub(super) function: String,
    pub(super) name_range: Range<usize>,
    pub(super) args: Vec<Node>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unary {
    Not,
    Negate,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Binary {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    In,
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
}

impl Binary {
    /// The operator as written.
    pub(super) fn symbol(self) -> &'static str {
        match self {
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::In => "in",
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Remainder => "%",
        }
    }
}

/// An element of a list; `[?x]` is left out where `x` is an empty optional.
#[derive(Debug, Clone)]
pub(super) struct Element {
    pub(super) value: Node,
    pub(super) optional: bool,
}

/// An entry of a map; `{?k: x}` is left out where `x` is an empty optional.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) key: Node,
    pub(super) value: Node,
    pub(super) optional: bool,
}

/// `range.all(var, body)` and its like. With `var2`, `var` is the index or the key.
#[derive(Debug, Clone)]
pub(super) struct Comprehension {
    pub(super) kind: Loop,
    pub(super) range: Node,
    pub(super) var: String,
    pub(super) var2: Option<String>,
    pub(super) filter: Option<Node>,
    pub(super) body: Node,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Loop {
    All,
    Exists,
    ExistsOne,
    Filter,
    /// `map` and `transformList`.
    Map,
    TransformMap,
    TransformMapEntry,
    SortBy,
}

/// `cel.bind(var, value, body)`, `value.optMap(var, body)` or `value.optFlatMap(var, body)`.
#[derive(Debug, Clone)]
pub(super) struct Bind {
    pub(super) kind: BindKind,
    pub(super) var: String,
    pub(super) value: Node,
    pub(super) body: Node,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BindKind {
    Plain,
    OptMap,
    OptFlatMap,
}

impl Expr {
    /// The text of a string that is written out.
    pub(super) fn as_text(&self) -> Option<&str> {
        match self {
            Self::Literal(Literal::String(text)) => Some(text),
            _ => None,
        }
    }

    /// Calls `visit` with every direct child, in the order of the source.
    pub(super) fn children<'a>(&'a self, mut visit: impl FnMut(&'a Node)) {
        match self {
            Self::Literal(_) | Self::Ident(_) => {}
            Self::Select(select) => visit(&select.operand),
            Self::Index(index) => [&index.operand, &index.index].into_iter().for_each(visit),
            Self::Call(call) => call.target.iter().chain(&call.args).for_each(visit),
            Self::Unary(_, operand) => visit(operand),
            Self::Binary(_, sides) => [&sides.0, &sides.1].into_iter().for_each(visit),
            Self::And(terms) | Self::Or(terms) => terms.iter().for_each(visit),
            Self::Conditional(parts) => [&parts.0, &parts.1, &parts.2].into_iter().for_each(visit),
            Self::List(elements) => elements.iter().for_each(|element| visit(&element.value)),
            Self::Map(entries) => {
                entries.iter().flat_map(|entry| [&entry.key, &entry.value]).for_each(visit);
            }
            Self::Comprehension(it) => {
                std::iter::once(&it.range).chain(&it.filter).chain([&it.body]).for_each(visit);
            }
            Self::Bind(it) => [&it.value, &it.body].into_iter().for_each(visit),
        }
    }
}
