//! Expressions, each part of them once: the same part has the same [`Term`], wherever it stands.
//!
//! Parts that mean the same are made the same on the way: `user["roles"]` is `user.roles`, `1 < x` is `x > 1`, `a != b` is
//! `!(a == b)`, the operands of `&&`, `||` and `==` have an order of their own, and a variable is what it stands for.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::constant::{Constant, Kind};
use crate::cel::ast::{Expr, Literal};
use crate::cel::scope::Scope;
use crate::cel::types::Type;

/// A part of an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Term(u32);

/// `<`, `<=`, `>` or `>=`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Relation {
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Relation {
    /// With its sides exchanged.
    pub(super) fn mirrored(self) -> Self {
        match self {
            Self::Less => Self::Greater,
            Self::LessOrEqual => Self::GreaterOrEqual,
            Self::Greater => Self::Less,
            Self::GreaterOrEqual => Self::LessOrEqual,
        }
    }

    /// What holds where this does not, of two values that have an order.
    pub(super) fn negated(self) -> Self {
        match self {
            Self::Less => Self::GreaterOrEqual,
            Self::LessOrEqual => Self::Greater,
            Self::Greater => Self::LessOrEqual,
            Self::GreaterOrEqual => Self::Less,
        }
    }

    pub(super) fn holds(self, order: std::cmp::Ordering) -> bool {
        match self {
            Self::Less => order.is_lt(),
            Self::LessOrEqual => order.is_le(),
            Self::Greater => order.is_gt(),
            Self::GreaterOrEqual => order.is_ge(),
        }
    }
}

/// A test of a text that is written out: `t.startsWith("…")` and its like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Test {
    StartsWith,
    EndsWith,
    Contains,
}

impl Test {
    pub(super) fn named(function: &str) -> Option<Self> {
        match function {
            "startsWith" => Some(Self::StartsWith),
            "endsWith" => Some(Self::EndsWith),
            "contains" => Some(Self::Contains),
            _ => None,
        }
    }

    pub(super) fn holds(self, text: &str, part: &str) -> bool {
        match self {
            Self::StartsWith => text.starts_with(part),
            Self::EndsWith => text.ends_with(part),
            Self::Contains => text.contains(part),
        }
    }
}

/// What a part of an expression is made of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Shape {
    Constant(Constant),
    /// A literal that is no [`Constant`].
    Other(String),
    /// A name of the context, or of a type.
    Name(String),
    /// The variable of a macro around the expression.
    Bound(String),
    Field(Term, String),
    /// `operand.?field`
    Maybe(Term, String),
    /// `has(…)` of a field.
    Has(Term),
    Not(Term),
    And(Vec<Term>),
    Or(Vec<Term>),
    Choice(Term, Term, Term),
    Equal(Term, Term),
    /// `t in [constants]`
    OneOf(Term, Vec<Constant>),
    /// `t < constant`, …
    Order(Term, Relation, Constant),
    /// `t.startsWith("…")`, …
    Text(Term, Test, String),
    List(Vec<Term>),
    /// Any other function, member or not.
    Call(String, bool, Vec<Term>),
    /// What nothing more is known of: its operator, names inside it, and its parts.
    Opaque(String, Vec<String>, Vec<Term>),
}

/// All parts seen so far.
#[derive(Debug)]
pub(super) struct Terms<'s> {
    scope: &'s Scope,
    shapes: Vec<Rc<Shape>>,
    known: BTreeMap<Rc<Shape>, Term>,
    types: Vec<Option<&'s Type>>,
    kinds: Vec<Option<Kind>>,
    closed: Vec<bool>,
}

impl<'s> Terms<'s> {
    pub(super) fn new(scope: &'s Scope) -> Self {
        Self {
            scope,
            shapes: Vec::new(),
            known: BTreeMap::new(),
            types: Vec::new(),
            kinds: Vec::new(),
            closed: Vec::new(),
        }
    }

    #[inline(never)]
    pub(super) fn add(&mut self, shape: Shape) -> Term {
        if let Some(term) = self.known.get(&shape) {
            return *term;
        }
        let term = Term(u32::try_from(self.shapes.len()).unwrap_or(u32::MAX));
        let kind = self.type_of(&shape);
        self.types.push(kind);
        let kind = kind.and_then(kind_of).or_else(|| self.computed(&shape));
        self.kinds.push(kind);
        self.closed.push(self.reads_nothing(&shape));
        let shape = Rc::new(shape);
        self.shapes.push(Rc::clone(&shape));
        self.known.insert(shape, term);
        term
    }

    pub(super) fn shape(&self, term: Term) -> &Shape {
        const NOTHING: &Shape = &Shape::Constant(Constant::Null);
        self.at(term).and_then(|at| self.shapes.get(at)).map_or(NOTHING, Rc::as_ref)
    }

    /// What the value of a part is, where it has one.
    pub(super) fn kind(&self, term: Term) -> Option<Kind> {
        self.at(term).and_then(|at| self.kinds.get(at).copied().flatten())
    }

    pub(super) fn is_bool(&self, term: Term) -> bool {
        self.kind(term) == Some(Kind::Bool)
    }

    pub(super) fn constant(&self, term: Term) -> Option<&Constant> {
        match self.shape(term) {
            Shape::Constant(constant) => Some(constant),
            _ => None,
        }
    }

    /// Whether the part is the same in every context, as far as that shows.
    pub(super) fn is_closed(&self, term: Term) -> bool {
        self.at(term).and_then(|at| self.closed.get(at).copied()).unwrap_or(false)
    }

    fn reads_nothing(&self, shape: &Shape) -> bool {
        match shape {
            Shape::Constant(_) | Shape::Other(_) => true,
            Shape::List(parts) | Shape::Call(_, _, parts) => parts.iter().all(|part| self.is_closed(*part)),
            Shape::Opaque(_, names, parts) => {
                names.is_empty() && parts.iter().all(|part| self.is_closed(*part))
            }
            Shape::Equal(one, other) => self.is_closed(*one) && self.is_closed(*other),
            Shape::Not(operand)
            | Shape::OneOf(operand, _)
            | Shape::Order(operand, ..)
            | Shape::Text(operand, ..) => self.is_closed(*operand),
            _ => false,
        }
    }

    /// The part that a path of the context is, where an expression has it.
    pub(super) fn find(&self, path: &[&str]) -> Option<Term> {
        let (root, fields) = path.split_first()?;
        let root = self.known.get(&Shape::Name((*root).to_owned()))?;
        fields
            .iter()
            .try_fold(*root, |term, field| self.known.get(&Shape::Field(term, (*field).to_owned())).copied())
    }

    /// `user.roles`, where the part is such a path of the context.
    pub(super) fn path(&self, term: Term) -> Option<String> {
        match self.shape(term) {
            Shape::Name(name) => self.scope.roots.contains_key(name).then(|| name.clone()),
            Shape::Field(operand, field) => Some(format!("{}.{field}", self.path(*operand)?)),
            _ => None,
        }
    }

    /// Whether the part is a path of the context without `?`: reading it fails where something on it is absent.
    pub(super) fn is_plain_path(&self, mut term: Term) -> bool {
        loop {
            match self.shape(term) {
                Shape::Name(name) => return self.scope.roots.contains_key(name),
                Shape::Field(operand, _) => term = *operand,
                _ => return false,
            }
        }
    }

    fn at(&self, term: Term) -> Option<usize> {
        usize::try_from(term.0).ok()
    }

    fn type_of(&self, shape: &Shape) -> Option<&'s Type> {
        match shape {
            Shape::Name(name) => self.scope.roots.get(name),
            Shape::Field(operand, field) => {
                match self.at(*operand).and_then(|at| self.types.get(at).copied().flatten())? {
                    Type::Object(object) => object.fields.get(field),
                    Type::Map(_, item) => Some(item.as_ref()),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// The kind that an operator or function gives, whatever it is given.
    #[inline(never)]
    fn computed(&self, shape: &Shape) -> Option<Kind> {
        Some(match shape {
            Shape::Constant(constant) => constant.kind(),
            Shape::Has(_)
            | Shape::Not(_)
            | Shape::And(_)
            | Shape::Or(_)
            | Shape::Equal(..)
            | Shape::OneOf(..)
            | Shape::Order(..)
            | Shape::Text(..) => Kind::Bool,
            Shape::Call(function, _, _) => match function.as_str() {
                "size" | "int" => Kind::Int,
                "string" => Kind::Text,
                "timestamp" => Kind::Instant,
                "duration" => Kind::Span,
                name if clock_part(name).is_some() => Kind::Int,
                _ => return None,
            },
            Shape::Opaque(operator, _, parts) => match (operator.as_str(), parts.as_slice()) {
                ("-", [left, right]) => match (self.kind(*left)?, self.kind(*right)?) {
                    (Kind::Instant, Kind::Instant) | (Kind::Span, Kind::Span) => Kind::Span,
                    (Kind::Instant, Kind::Span) => Kind::Instant,
                    _ => return None,
                },
                _ => return None,
            },
            _ => return None,
        })
    }

    /// The least and the largest number that a part can be, where its function says so.
    pub(super) fn bounds(&self, term: Term) -> Option<(f64, f64)> {
        let Shape::Call(function, member, parts) = self.shape(term) else { return None };
        if function == "size" {
            return Some((0.0, f64::INFINITY));
        }
        let target = parts.first().filter(|_| *member)?;
        // `getHours` of a duration is another function, which counts on.
        clock_part(function).filter(|_| self.kind(*target) == Some(Kind::Instant))
    }
}

/// What the parts of an instant can be.
fn clock_part(function: &str) -> Option<(f64, f64)> {
    Some(match function {
        // A time zone can lead one day out of the years that an instant has.
        "getFullYear" => (0.0, 10_000.0),
        "getMonth" => (0.0, 11.0),
        "getDayOfYear" => (0.0, 365.0),
        "getDayOfMonth" => (0.0, 30.0),
        "getDate" => (1.0, 31.0),
        "getDayOfWeek" => (0.0, 6.0),
        "getHours" => (0.0, 23.0),
        "getMinutes" | "getSeconds" => (0.0, 59.0),
        "getMilliseconds" => (0.0, 999.0),
        _ => return None,
    })
}

fn kind_of(kind: &Type) -> Option<Kind> {
    Some(match kind {
        Type::Bool => Kind::Bool,
        Type::Int => Kind::Int,
        Type::String => Kind::Text,
        Type::Timestamp => Kind::Instant,
        Type::Duration => Kind::Span,
        _ => return None,
    })
}

/// A literal as a shape.
pub(super) fn literal(value: &Literal) -> Shape {
    Constant::of(value).map_or_else(|| Shape::Other(format!("{value:?}")), Shape::Constant)
}

/// The name of an operator or macro, for [`Shape::Opaque`].
pub(super) fn operator(expr: &Expr) -> String {
    match expr {
        Expr::Binary(operator, _) => operator.symbol().to_owned(),
        Expr::Unary(..) => "-x".to_owned(),
        Expr::Index(index) => if index.optional { "[?]" } else { "[]" }.to_owned(),
        Expr::Map(entries) => {
            let marks = entries.iter().map(|entry| if entry.optional { '?' } else { ':' });
            marks.fold("{}".to_owned(), |name, mark| format!("{name}{mark}"))
        }
        Expr::List(elements) => {
            let marks = elements.iter().map(|element| if element.optional { '?' } else { ',' });
            marks.fold("[]".to_owned(), |name, mark| format!("{name}{mark}"))
        }
        Expr::Comprehension(it) => format!("{:?}{}", it.kind, it.filter.is_some()),
        Expr::Bind(it) => format!("{:?}", it.kind),
        _ => String::new(),
    }
}
