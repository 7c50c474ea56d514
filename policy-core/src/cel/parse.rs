//! Tokens to a tree, by precedence climbing (cel-spec, "Syntax").
//!
//! The parser bounds what it builds while it builds it: tokens, nesting and depth. It never recurses deeper than
//! [`MAX_NESTING`] expressions, and a tree deeper than [`MAX_DEPTH`] never comes to be, so that walking or
//! dropping one is safe on a small stack.

use std::ops::Range;

use cel::common::types::{CelBool, CelNull};

use super::ast::{Binary, Call, Element, Entry, Expr, Index, Node, Select, SelectKind, Unary};
use super::functions;
use super::limits::{MAX_DEPTH, MAX_NESTING, MAX_NODES, MAX_SOURCE_BYTES, MAX_TOKENS};
use super::literal;
use super::problem::Problem;
use super::token::{Kind, Token, tokens};

/// How many problems of one expression are told before the parser gives up.
const MAX_PROBLEMS: usize = 10;

const RESERVED: [&str; 17] = [
    "as",
    "break",
    "const",
    "continue",
    "else",
    "for",
    "function",
    "if",
    "import",
    "let",
    "loop",
    "package",
    "namespace",
    "return",
    "var",
    "void",
    "while",
];

/// Parses one expression.
pub(super) fn parse(source: &str) -> Result<Node, Vec<Problem>> {
    if source.len() > MAX_SOURCE_BYTES {
        return Err(vec![Problem::new(
            "limit-source",
            0..source.len(),
            format!("the expression has {} bytes; at most {MAX_SOURCE_BYTES} are allowed", source.len()),
        )]);
    }
    let tokens = tokens(source, MAX_TOKENS)?;
    let end = tokens.last().cloned().unwrap_or(Token { kind: Kind::End, text: "", range: 0..0 });
    let mut parser =
        Parser { tokens, end, at: 0, nesting: 0, nodes: 0, problems: Vec::new(), stopped: false };
    let root = parser.expression();
    if parser.problems.is_empty() && parser.peek().kind != Kind::End {
        parser.unexpected_rest();
    }
    if parser.problems.is_empty() { Ok(root) } else { Err(parser.problems) }
}

pub(super) struct Parser<'s> {
    tokens: Vec<Token<'s>>,
    end: Token<'s>,
    at: usize,
    nesting: usize,
    nodes: usize,
    pub(super) problems: Vec<Problem>,
    stopped: bool,
}

impl<'s> Parser<'s> {
    fn peek(&self) -> &Token<'s> {
        if self.stopped { &self.end } else { self.tokens.get(self.at).unwrap_or(&self.end) }
    }

    fn next(&mut self) -> Token<'s> {
        let token = self.peek().clone();
        self.at = self.at.saturating_add(1);
        token
    }

    fn is(&self, symbol: &str) -> bool {
        self.peek().kind == Kind::Symbol && self.peek().text == symbol
    }

    fn accept(&mut self, symbol: &str) -> Option<Range<usize>> {
        self.is(symbol).then(|| self.next().range)
    }

    /// The end of the token before this one.
    fn last_end(&self) -> usize {
        self.at
            .checked_sub(1)
            .and_then(|i| self.tokens.get(i))
            .map_or(self.end.range.end, |token| token.range.end)
    }

    pub(super) fn report(&mut self, problem: Problem) {
        if !self.problems.iter().any(|other| other.range.start == problem.range.start) {
            self.problems.push(problem);
        }
        self.stopped |= self.problems.len() >= MAX_PROBLEMS;
    }

    fn limit(&mut self, code: &'static str, range: Range<usize>, message: String) {
        if !self.stopped {
            self.problems.push(
                Problem::new(code, range, message)
                    .with_help("split the expression, for instance into `variables`"),
            );
        }
        self.stopped = true;
    }

    /// Something that stands in for what could not be parsed.
    fn hole(&self) -> Node {
        let at = u32::try_from(self.peek().range.start).unwrap_or(u32::MAX);
        Node { start: at, end: at, depth: 1, expr: Expr::Literal(Box::new(CelNull)) }
    }

    pub(super) fn node(&mut self, range: Range<usize>, expr: Expr) -> Node {
        let mut below = 0;
        expr.children(|child| below = below.max(child.depth));
        let depth = below.saturating_add(1);
        self.nodes = self.nodes.saturating_add(1);
        if self.nodes > MAX_NODES {
            let message = format!("the expression has more than {MAX_NODES} parts, the most that is allowed");
            self.limit("limit-nodes", range.clone(), message);
        }
        if depth > MAX_DEPTH {
            let message = format!(
                "the expression is nested more than {MAX_DEPTH} levels deep, the most that is allowed"
            );
            self.limit("limit-depth", range, message);
            return self.hole();
        }
        Node {
            start: u32::try_from(range.start).unwrap_or(u32::MAX),
            end: u32::try_from(range.end).unwrap_or(u32::MAX),
            depth,
            expr,
        }
    }

    /// An operator that counts as one expression: a conditional, or anything that binds tighter.
    pub(super) fn expression(&mut self) -> Node {
        if self.nesting >= MAX_NESTING {
            let message = format!(
                "the expression has more than {MAX_NESTING} brackets or branches inside each other, the most that is allowed"
            );
            self.limit("limit-depth", self.peek().range.clone(), message);
            return self.hole();
        }
        self.nesting = self.nesting.saturating_add(1);
        let condition = self.binary(1);
        let node = if self.accept("?").is_some() { self.conditional(condition) } else { condition };
        self.nesting = self.nesting.saturating_sub(1);
        node
    }

    fn conditional(&mut self, condition: Node) -> Node {
        let yes = self.binary(1);
        if self.accept(":").is_none() {
            let problem = self.here("expected `:` and what holds otherwise");
            self.report(problem.with_help("a conditional is written `condition ? this : that`"));
            self.skip();
            return condition;
        }
        let no = self.expression();
        let range = condition.range().start..no.range().end;
        self.node(range, Expr::Conditional(Box::new((condition, yes, no))))
    }

    /// Operators of at least the precedence `least`, 1 being `||`.
    fn binary(&mut self, least: u8) -> Node {
        let mut left = self.unary();
        // A parenthesized `a && b` on the left stays a term of its own.
        let mut open = None;
        while let Some((precedence, operator)) =
            self.operator().filter(|(precedence, _)| *precedence >= least)
        {
            self.next();
            if self.starts_no_operand() {
                let problem = self.here(&format!("expected an operand after `{}`", operator.symbol()));
                self.report(problem);
                self.skip();
                return left;
            }
            let right = self.binary(precedence.saturating_add(1));
            left = self.combine(left, operator, right, open == Some(operator));
            open = Some(operator);
        }
        left
    }

    fn combine(&mut self, mut left: Node, operator: Operator, right: Node, extend: bool) -> Node {
        let range = left.range().start..right.range().end;
        let expr = match operator {
            Operator::Plain(operator) => Expr::Binary(operator, Box::new((left, right))),
            Operator::And | Operator::Or => {
                if extend && let Expr::And(terms) | Expr::Or(terms) = &mut left.expr {
                    left.depth = left.depth.max(right.depth.saturating_add(1));
                    left.end = right.end;
                    terms.push(right);
                    return left;
                }
                let terms = vec![left, right];
                if operator == Operator::And { Expr::And(terms) } else { Expr::Or(terms) }
            }
        };
        self.node(range, expr)
    }

    fn operator(&self) -> Option<(u8, Operator)> {
        let token = self.peek();
        Some(match (token.kind, token.text) {
            (Kind::Symbol, "||") => (1, Operator::Or),
            (Kind::Symbol, "&&") => (2, Operator::And),
            (Kind::Symbol, "==") => (3, Operator::Plain(Binary::Equal)),
            (Kind::Symbol, "!=") => (3, Operator::Plain(Binary::NotEqual)),
            (Kind::Symbol, "<") => (3, Operator::Plain(Binary::Less)),
            (Kind::Symbol, "<=") => (3, Operator::Plain(Binary::LessOrEqual)),
            (Kind::Symbol, ">") => (3, Operator::Plain(Binary::Greater)),
            (Kind::Symbol, ">=") => (3, Operator::Plain(Binary::GreaterOrEqual)),
            (Kind::Ident, "in") => (3, Operator::Plain(Binary::In)),
            (Kind::Symbol, "+") => (4, Operator::Plain(Binary::Add)),
            (Kind::Symbol, "-") => (4, Operator::Plain(Binary::Subtract)),
            (Kind::Symbol, "*") => (5, Operator::Plain(Binary::Multiply)),
            (Kind::Symbol, "/") => (5, Operator::Plain(Binary::Divide)),
            (Kind::Symbol, "%") => (5, Operator::Plain(Binary::Remainder)),
            _ => return None,
        })
    }

    /// Whether the next token can't begin an operand.
    fn starts_no_operand(&self) -> bool {
        let token = self.peek();
        match token.kind {
            Kind::End => true,
            Kind::Symbol => !matches!(token.text, "(" | "[" | "{" | "-" | "!" | "."),
            Kind::Ident => token.text == "in",
            _ => false,
        }
    }

    fn unary(&mut self) -> Node {
        let start = self.peek().range.start;
        let operator = match self.peek().text {
            "!" if self.peek().kind == Kind::Symbol => "!",
            "-" if self.peek().kind == Kind::Symbol => "-",
            _ => return self.postfix(false, start),
        };
        let mut count = 0_usize;
        while self.accept(operator).is_some() {
            count = count.saturating_add(1);
        }
        if self.starts_no_operand() {
            let problem = self.here(&format!("expected an operand after `{operator}`"));
            self.report(problem);
            self.skip();
            return self.hole();
        }
        let number = matches!(self.peek().kind, Kind::Int | Kind::Double);
        let folded = operator == "-" && number;
        if folded {
            count = count.saturating_sub(1);
        }
        let operand = self.postfix(folded, start);
        if count.is_multiple_of(2) {
            return operand;
        }
        let range = start..operand.range().end;
        let operator = if operator == "!" { Unary::Not } else { Unary::Negate };
        self.node(range, Expr::Unary(operator, Box::new(operand)))
    }

    /// A primary with its `.field`, `.method(…)` and `[index]`.
    fn postfix(&mut self, negative: bool, start: usize) -> Node {
        let mut node = self.primary(negative);
        while !self.stopped {
            if self.accept(".").is_some() {
                node = self.member(node, start);
            } else if self.accept("[").is_some() {
                let optional = self.accept("?").is_some();
                let index = self.expression();
                self.close("]");
                let range = start..self.last_end();
                node = self.node(range, Expr::Index(Box::new(Index { operand: node, index, optional })));
            } else {
                break;
            }
        }
        node
    }

    /// What follows a `.`.
    fn member(&mut self, operand: Node, start: usize) -> Node {
        let optional = self.accept("?").is_some();
        let token = self.peek().clone();
        let keyword = matches!(token.text, "true" | "false" | "null" | "in");
        if !matches!(token.kind, Kind::Ident | Kind::Quoted) || keyword {
            let problem = self.here("expected the name of a field or a function after `.`");
            let quoted = format!("write a field of that name between backticks: `` `{}` ``", token.text);
            self.report(if keyword { problem.with_help(quoted) } else { problem });
            self.skip();
            return operand;
        }
        self.next();
        let name = token.text.trim_matches('`').to_owned();
        if token.kind == Kind::Ident && !optional && self.accept("(").is_some() {
            let args = self.list_of(")", |parser| parser.expression());
            return self.call(Some(operand), name, token.range.clone(), args, start);
        }
        let kind = if optional { SelectKind::Optional } else { SelectKind::Plain };
        let range = start..token.range.end;
        let qualified = qualified_name(&operand).map(|prefix| format!("{prefix}.{name}"));
        if let Some(name) =
            qualified.filter(|name| kind == SelectKind::Plain && functions::is_qualified_type(name))
        {
            return self.node(range, Expr::Ident(name));
        }
        let select = Select { operand, field: name, field_range: token.range, kind };
        self.node(range, Expr::Select(Box::new(select)))
    }

    pub(super) fn call(
        &mut self,
        target: Option<Node>,
        name: String,
        name_range: Range<usize>,
        args: Vec<Node>,
        start: usize,
    ) -> Node {
        let range = start..self.last_end();
        let (target, function, name_range) = match target {
            Some(target) => match qualified_name(&target).map(|prefix| format!("{prefix}.{name}")) {
                Some(name) if functions::is_qualified_function(&name) => {
                    (None, name, target.range().start..name_range.end)
                }
                _ => (Some(target), name, name_range),
            },
            None => (None, name, name_range),
        };
        match self.expand(Call { target, function, name_range, args }, range.clone()) {
            Ok(node) => node,
            Err(call) => self.node(range, Expr::Call(Box::new(call))),
        }
    }

    fn primary(&mut self, negative: bool) -> Node {
        let token = self.peek().clone();
        match (token.kind, token.text) {
            (Kind::Symbol, "(") => {
                self.next();
                let node = self.expression();
                self.close(")");
                node
            }
            (Kind::Symbol, "[") => {
                self.next();
                let elements = self.list_of("]", |parser| {
                    let optional = parser.accept("?").is_some();
                    Element { value: parser.expression(), optional }
                });
                self.node(token.range.start..self.last_end(), Expr::List(elements))
            }
            (Kind::Symbol, "{") => {
                self.next();
                let entries = self.list_of("}", Self::entry);
                self.node(token.range.start..self.last_end(), Expr::Map(entries))
            }
            (Kind::Symbol, ".") => {
                self.next();
                self.name(".")
            }
            (Kind::Ident, _) => self.name(""),
            (Kind::Int | Kind::Uint | Kind::Double | Kind::String | Kind::Bytes, _) => {
                self.next();
                match literal::value(&token, negative) {
                    Ok(value) => self.node(token.range, Expr::Literal(value)),
                    Err(message) => {
                        self.report(Problem::new("invalid-literal", token.range, message));
                        self.hole()
                    }
                }
            }
            _ => {
                let what =
                    if token.kind == Kind::End { "the expression ends here" } else { "expected a value" };
                let problem = if self.at == 0 && token.kind == Kind::End {
                    Problem::new("syntax", token.range, "the expression is empty")
                } else if token.kind == Kind::End {
                    Problem::new("syntax", token.range, format!("{what}, but a value is missing"))
                } else {
                    self.here(what)
                };
                self.report(problem);
                self.skip();
                self.hole()
            }
        }
    }

    fn entry(&mut self) -> Entry {
        let optional = self.accept("?").is_some();
        let key = self.expression();
        if self.accept(":").is_none() {
            let problem = self.here("expected `:` and the value of this entry");
            self.report(problem);
            self.skip();
            return Entry { key, value: self.hole(), optional };
        }
        Entry { key, value: self.expression(), optional }
    }

    /// A variable, a type or a global call.
    fn name(&mut self, dot: &str) -> Node {
        let token = self.next();
        let start = token.range.start.saturating_sub(dot.len());
        let node = match token.text {
            "true" => return self.node(token.range, Expr::Literal(Box::new(CelBool::from(true)))),
            "false" => return self.node(token.range, Expr::Literal(Box::new(CelBool::from(false)))),
            "null" => return self.node(token.range, Expr::Literal(Box::new(CelNull))),
            "in" => {
                self.report(Problem::new("syntax", token.range, "`in` needs a value before it: `x in list`"));
                self.skip();
                return self.hole();
            }
            name if token.kind != Kind::Ident => {
                self.report(Problem::new(
                    "syntax",
                    token.range.clone(),
                    format!("expected a name, found `{name}`"),
                ));
                self.skip();
                return self.hole();
            }
            name if RESERVED.contains(&name) => {
                let message = format!("`{name}` is a reserved word of CEL and can't be a name here");
                self.report(Problem::new("reserved-word", token.range.clone(), message));
                self.hole()
            }
            name if self.accept("(").is_some() => {
                let args = self.list_of(")", |parser| parser.expression());
                return self.call(None, name.to_owned(), token.range, args, start);
            }
            name => self.node(start..token.range.end, Expr::Ident(format!("{dot}{name}"))),
        };
        if self.is("{") {
            let problem = self.here("messages (`Type{field: value}`) can't be built in a policy");
            self.report(problem.with_help("a map is written `{\"field\": value}`"));
            self.skip();
        }
        node
    }

    /// Items between commas, up to and with `close`. A comma may follow the last one.
    fn list_of<T>(&mut self, close: &str, mut item: impl FnMut(&mut Self) -> T) -> Vec<T> {
        let mut items = Vec::new();
        while !self.stopped && !self.is(close) {
            items.push(item(self));
            if let Some(comma) = self.accept(",") {
                if close == ")" && self.is(close) {
                    self.report(Problem::new("syntax", comma, "expected an argument after `,`"));
                }
            } else {
                break;
            }
        }
        self.close(close);
        items
    }

    fn close(&mut self, close: &str) {
        if self.accept(close).is_some() {
            return;
        }
        let message = match close {
            ")" => "expected `)` or another argument",
            "]" => "expected `]`",
            _ => "expected `}`",
        };
        let problem = self.here(message);
        self.report(problem);
        self.skip();
        self.accept(close);
    }

    fn unexpected_rest(&mut self) {
        let token = self.peek().clone();
        let help = match (token.kind, token.text) {
            (Kind::Symbol, ")" | "]" | "}") => Some("nothing is open that this could close"),
            (Kind::Ident, "and") => Some("write `&&` for \"and\""),
            (Kind::Ident, "or") => Some("write `||` for \"or\""),
            (Kind::Symbol, "?" | ":") => Some("put nested conditionals between parentheses"),
            _ => None,
        };
        let mut problem = self.here("expected an operator or the end of the expression");
        problem.help = help.map(str::to_owned);
        self.report(problem);
    }

    /// A syntax problem at the next token, which it names.
    fn here(&self, expected: &str) -> Problem {
        let token = self.peek();
        let found = match token.kind {
            Kind::End => "the expression ends".to_owned(),
            Kind::String | Kind::Bytes => "found a string".to_owned(),
            _ => format!("found `{}`", token.text),
        };
        Problem::new("syntax", token.range.clone(), format!("{expected}, but {found}"))
    }

    /// Skips to the next place where parsing can go on: a comma or a closing bracket of this level.
    fn skip(&mut self) {
        let mut level = 0_usize;
        while self.peek().kind != Kind::End {
            let token = self.peek();
            if token.kind == Kind::Symbol {
                match token.text {
                    "(" | "[" | "{" => level = level.saturating_add(1),
                    ")" | "]" | "}" if level == 0 => return,
                    ")" | "]" | "}" => level = level.saturating_sub(1),
                    "," if level == 0 => return,
                    _ => {}
                }
            }
            self.next();
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    And,
    Or,
    Plain(Binary),
}

impl Operator {
    fn symbol(self) -> &'static str {
        match self {
            Self::And => "&&",
            Self::Or => "||",
            Self::Plain(operator) => operator.symbol(),
        }
    }
}

/// `a.b.c` where the node spells a name.
fn qualified_name(node: &Node) -> Option<String> {
    match &node.expr {
        Expr::Ident(name) => Some(name.trim_start_matches('.').to_owned()),
        Expr::Select(select) if select.kind == SelectKind::Plain => {
            Some(format!("{}.{}", qualified_name(&select.operand)?, select.field))
        }
        _ => None,
    }
}
