//! Tokens to a tree, by precedence climbing (cel-spec, "Syntax").
//!
//! The parser bounds what it builds while it builds it: tokens, nesting and depth. It never recurses deeper than
//! [`MAX_NESTING`] expressions, and a tree deeper than [`MAX_DEPTH`] never comes to be, so that walking or
//! dropping one is safe on a small stack.

use std::ops::Range;

use super::ast::{Binary, Expr, Literal, Node, Unary};
use super::limits::{MAX_DEPTH, MAX_NESTING, MAX_NODES, MAX_SOURCE_BYTES, MAX_TOKENS};
use super::problem::Problem;
use super::token::{Kind, Token, tokens};

/// How many problems of one expression are told before the parser gives up.
const MAX_PROBLEMS: usize = 10;

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
    pub(super) at: usize,
    nesting: usize,
    nodes: usize,
    pub(super) problems: Vec<Problem>,
    pub(super) stopped: bool,
}

impl<'s> Parser<'s> {
    pub(super) fn peek(&self) -> &Token<'s> {
        if self.stopped { &self.end } else { self.tokens.get(self.at).unwrap_or(&self.end) }
    }

    pub(super) fn next(&mut self) -> Token<'s> {
        let token = self.peek().clone();
        self.at = self.at.saturating_add(1);
        token
    }

    pub(super) fn is(&self, symbol: &str) -> bool {
        self.peek().kind == Kind::Symbol && self.peek().text == symbol
    }

    pub(super) fn accept(&mut self, symbol: &str) -> Option<Range<usize>> {
        self.is(symbol).then(|| self.next().range)
    }

    /// The end of the token before this one.
    pub(super) fn last_end(&self) -> usize {
        self.at
            .checked_sub(1)
            .and_then(|i| self.tokens.get(i))
            .map_or(self.end.range.end, |token| token.range.end)
    }

    pub(super) fn report(&mut self, problem: Problem) {
        // What is found once the parser has given up comes of its giving up.
        if !self.stopped && !self.problems.iter().any(|other| other.range.start == problem.range.start) {
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
    pub(super) fn hole(&self) -> Node {
        let at = u32::try_from(self.peek().range.start).unwrap_or(u32::MAX);
        Node { start: at, end: at, depth: 1, expr: Expr::Literal(Literal::Null) }
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
        // The outermost expression is inside nothing.
        if self.nesting > MAX_NESTING {
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
    pub(super) fn starts_no_operand(&self) -> bool {
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
        let mut last = start;
        while let Some(range) = self.accept(operator) {
            last = range.start;
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
        // The sign is part of a number that is written out, and of nothing else.
        let from = if folded { last } else { self.peek().range.start };
        let operand = self.postfix(folded, from);
        if count.is_multiple_of(2) {
            return operand;
        }
        let range = start..operand.range().end;
        let operator = if operator == "!" { Unary::Not } else { Unary::Negate };
        self.node(range, Expr::Unary(operator, Box::new(operand)))
    }

    pub(super) fn close(&mut self, close: &str) {
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
    pub(super) fn here(&self, expected: &str) -> Problem {
        let token = self.peek();
        let found = match token.kind {
            Kind::End => "the expression ends".to_owned(),
            Kind::String | Kind::Bytes => "found a string".to_owned(),
            _ => format!("found `{}`", token.text),
        };
        Problem::new("syntax", token.range.clone(), format!("{expected}, but {found}"))
    }

    /// Skips to the next place where parsing can go on: a comma or a closing bracket of this level.
    pub(super) fn skip(&mut self) {
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
