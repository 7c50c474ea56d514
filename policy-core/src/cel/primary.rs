//! Literals, names, calls, lists and maps: what operators work on.

use std::ops::Range;

use super::ast::{Call, Element, Entry, Expr, Index, Literal, Node, Select, SelectKind};
use super::functions;
use super::literal;
use super::parse::Parser;
use super::problem::Problem;
use super::token::Kind;

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

impl Parser<'_> {
    /// A primary with its `.field`, `.method(…)` and `[index]`.
    pub(super) fn postfix(&mut self, negative: bool, start: usize) -> Node {
        let mut node = self.primary(negative, start);
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

    fn primary(&mut self, negative: bool, start: usize) -> Node {
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
                    Ok(value) => self.node(start..token.range.end, Expr::Literal(value)),
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
            "true" => return self.node(token.range, Expr::Literal(Literal::Bool(true))),
            "false" => return self.node(token.range, Expr::Literal(Literal::Bool(false))),
            "null" => return self.node(token.range, Expr::Literal(Literal::Null)),
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
            let message = "a message (`Type{field: value}`) can't be built here";
            let problem = Problem::new("syntax", self.peek().range.clone(), message);
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
