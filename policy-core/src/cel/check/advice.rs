//! What would be right, in words.

use super::super::ast::{Call, Comprehension, Expr, Index, Literal, Loop, Node};
use super::super::library::network::parse_cidr;
use super::super::signatures::Signature;
use super::super::types::Type;
use super::path;

/// The most overloads that are told.
const MOST: usize = 6;

/// The ways in which a function or an operator is written.
pub(super) fn those_that_fit(overloads: &[&Signature]) -> String {
    let mut ways: Vec<String> = overloads.iter().take(MOST).map(|it| format!("`{it}`")).collect();
    if overloads.len() > MOST {
        ways.push("…".to_owned());
    }
    format!("there is {}", listed(&ways))
}

fn listed(words: &[String]) -> String {
    match words {
        [first @ .., last] if !first.is_empty() && last != "…" => {
            format!("{} and {last}", first.join(", "))
        }
        words => words.join(", "),
    }
}

/// The node as it is written, where it is a path or a literal, and `…` where it is not.
fn written(node: &Node) -> String {
    match &node.expr {
        Expr::Literal(Literal::String(text)) if text.len() <= 40 => format!("\"{}\"", text.escape_debug()),
        Expr::Literal(Literal::Int(number)) => number.to_string(),
        Expr::Literal(Literal::Double(number)) => format!("{number:?}"),
        _ => path(node).unwrap_or_else(|| "…".to_owned()),
    }
}

/// How a condition is made of a node of this type.
pub(super) fn condition(kind: &Type, node: &Node) -> Option<String> {
    let it = written(node);
    let is_collected = |it: &Comprehension| matches!(it.kind, Loop::Filter | Loop::Map);
    if matches!(&node.expr, Expr::Comprehension(it) if is_collected(it)) {
        return Some("`exists` tells whether there is one, and `all` whether they all are".to_owned());
    }
    Some(match kind {
        Type::Optional(value) if **value == Type::Bool => {
            format!("`{it}.orValue(false)` says what holds where it is absent")
        }
        Type::Optional(_) => format!("`{it}.hasValue()` tells whether it is there"),
        Type::String => format!("compare it, as in `{it} == \"…\"`"),
        Type::List(_) | Type::Map(..) => {
            format!("`… in {it}` looks into it, and `{it}.size() > 0` tells whether it holds anything")
        }
        Type::Int | Type::Uint | Type::Double => format!("compare it, as in `{it} > 0`"),
        Type::Timestamp => format!("compare it, as in `{it} < timestamp(\"…\")`"),
        Type::Duration => format!("compare it, as in `{it} > duration(\"1h\")`"),
        Type::Ip => "compare it with `ip(\"…\")`, or write `cidr(\"…\").containsIP(…)`".to_owned(),
        _ => return None,
    })
}

/// How a text is made of a node of this type.
pub(super) fn text(kind: &Type, node: &Node) -> Option<String> {
    let it = written(node);
    Some(match kind {
        Type::Optional(value) if **value == Type::String => or_value(value, node),
        Type::List(item) if **item == Type::String => format!("`{it}.join(\", \")` makes one text of it"),
        kind if kind.is_ordered() || matches!(kind, Type::Ip | Type::Cidr) => {
            format!("`string({it})` makes a text of it")
        }
        _ => return None,
    })
}

/// How names are made of a node of this type.
pub(super) fn names(kind: &Type, node: &Node) -> Option<String> {
    Some(match kind {
        Type::Optional(value) => or_value(value, node),
        Type::Map(..) => format!("name one of its entries, as in `{}[\"manager\"]`", written(node)),
        _ => return None,
    })
}

/// How a node of this type can be looped over.
pub(super) fn range(kind: &Type, node: &Node) -> Option<String> {
    match kind {
        Type::Optional(value) => Some(or_value(value, node)),
        Type::String => Some(format!("`{}.split(\",\")` makes a list of it", written(node))),
        _ => None,
    }
}

/// What stands in for an optional that is empty.
fn or_value(value: &Type, node: &Node) -> String {
    format!("`{}.orValue({})` says what holds where it is absent", written(node), fallback(value))
}

/// How an element is read.
pub(super) fn key(of: &Type, key: &Type, index: &Index) -> Option<String> {
    match (of, key) {
        (Type::List(_), Type::String) => {
            Some(format!("to look for it, write `{} in {}`", written(&index.index), written(&index.operand)))
        }
        (Type::List(_), Type::Uint | Type::Double) => {
            Some(format!("`int({})` makes an int of it", written(&index.index)))
        }
        (_, Type::Optional(value)) => Some(or_value(value, &index.index)),
        _ => None,
    }
}

/// How something is looked for in what is no list and no map.
pub(super) fn container(item: &Type, of: &Type, sides: &(Node, Node)) -> Option<String> {
    let (part, whole) = (written(&sides.0), written(&sides.1));
    match (item, of) {
        (Type::String, Type::String)
            if sides.1.expr.as_text().is_some_and(|text| parse_cidr(text).is_ok()) =>
        {
            Some(format!("to look for an address in a range, write `cidr({whole}).containsIP({part})`"))
        }
        (Type::String, Type::String) => {
            Some(format!("to look for a part of a text, write `{whole}.contains({part})`"))
        }
        (_, Type::Optional(value)) => Some(or_value(value, &sides.1)),
        (_, Type::Cidr) => Some(format!("write `cidr(\"…\").containsIP({part})`")),
        _ => None,
    }
}

/// How something is looked for in a list or among keys of another type.
pub(super) fn element(item: &Type, held: &Type, sides: &(Node, Node)) -> Option<String> {
    match (item, held) {
        (Type::Optional(value), _) if value.can_equal(held) => Some(or_value(value, &sides.0)),
        (Type::List(inner), _) if inner.can_equal(held) => {
            Some(format!("to look for all of a list, write `sets.contains({}, …)`", written(&sides.1)))
        }
        (Type::String, _) => made(held, &sides.0),
        (_, Type::String) => quoted(&sides.0),
        _ => None,
    }
}

/// How both sides become comparable.
pub(super) fn comparison(left: &Type, right: &Type, sides: &(Node, Node)) -> Option<String> {
    let (one, other) = sides;
    match (left, right) {
        (Type::Null, _) => Some(absent(other)),
        (_, Type::Null) => Some(absent(one)),
        (Type::Optional(value), kind) if value.can_equal(kind) => Some(or_value(value, one)),
        (kind, Type::Optional(value)) if value.can_equal(kind) => Some(or_value(value, other)),
        (Type::List(item), kind) if item.can_equal(kind) => Some(inside(other, one)),
        (kind, Type::List(item)) if item.can_equal(kind) => Some(inside(one, other)),
        (Type::String, kind) => quoted(other).or_else(|| made(kind, one)),
        (kind, Type::String) => quoted(one).or_else(|| made(kind, other)),
        (Type::Timestamp, Type::Duration) | (Type::Duration, Type::Timestamp) => {
            Some("subtract two timestamps first, as in `now - user.created_at`".to_owned())
        }
        (Type::Timestamp, Type::Int) | (Type::Int, Type::Timestamp) => {
            Some("`timestamp(…)` makes a timestamp of seconds since 1970".to_owned())
        }
        _ => None,
    }
}

fn inside(item: &Node, list: &Node) -> String {
    format!("to look into a list, write `{} in {}`", written(item), written(list))
}

/// A number that was to be a text.
fn quoted(node: &Node) -> Option<String> {
    match &node.expr {
        Expr::Literal(Literal::Int(_) | Literal::Double(_)) => {
            Some(format!("a text is written in quotes: `\"{}\"`", written(node)))
        }
        _ => None,
    }
}

/// How a text becomes a value of this type.
fn made(of: &Type, node: &Node) -> Option<String> {
    let text = node.expr.as_text();
    let (function, example) = match of {
        Type::Timestamp => ("timestamp", "2026-01-31T12:00:00Z"),
        Type::Duration => ("duration", "1h"),
        Type::Ip => ("ip", "192.0.2.1"),
        Type::Cidr => ("cidr", "10.0.0.0/8"),
        Type::Int | Type::Uint | Type::Double | Type::Bool => return plain(of, text),
        _ => return None,
    };
    Some(match text {
        Some(text) => format!("write `{function}(\"{text}\")`"),
        None => format!("`{function}({})` makes one of a text such as `\"{example}\"`", written(node)),
    })
}

/// The literal without its quotes.
fn plain(of: &Type, text: Option<&str>) -> Option<String> {
    match text {
        Some(text) if text.parse::<f64>().is_ok() && of.is_numeric() => {
            Some(format!("write it without quotes: `{text}`"))
        }
        Some("true" | "false") if *of == Type::Bool => {
            Some(format!("write it without quotes: `{}`", text.unwrap_or_default()))
        }
        Some(_) => None,
        None => Some(format!("`{of}(…)` makes {} of a text", of.described())),
    }
}

fn absent(node: &Node) -> String {
    match (&node.expr, path(node)) {
        (Expr::Select(_), Some(path)) => {
            format!("nothing in the context is null; `has({path})` tells whether it is there")
        }
        _ => "nothing in the context is null; what is not there is absent, which `has(…)` tells".to_owned(),
    }
}

/// What stands in for a value of this type that is absent.
pub(super) fn fallback(kind: &Type) -> &'static str {
    match kind {
        Type::String => "\"\"",
        Type::Int => "0",
        Type::Bool => "false",
        Type::Double => "0.0",
        Type::List(_) => "[]",
        Type::Map(..) => "{}",
        Type::Timestamp => "timestamp(0)",
        _ => "…",
    }
}

/// How an operator can be made to work.
pub(super) fn arithmetic(symbol: &str, kinds: &[Type], node: &Node) -> Option<String> {
    let ([left, right], Expr::Binary(_, sides)) = (kinds, &node.expr) else { return None };
    let (one, other) = (&sides.0, &sides.1);
    match (left, right) {
        (Type::Optional(value), _) => Some(or_value(value, one)),
        (_, Type::Optional(value)) => Some(or_value(value, other)),
        (Type::List(item), kind) if symbol == "+" && item.can_equal(kind) => Some(listed_item(other)),
        (kind, Type::List(item)) if symbol == "+" && *kind != Type::String && item.can_equal(kind) => {
            Some(listed_item(one))
        }
        (Type::String, kind) if symbol == "+" => text(kind, other),
        (kind, Type::String) if symbol == "+" => text(kind, one),
        (Type::Timestamp, Type::Int) | (Type::Int, Type::Timestamp) => {
            Some("a span of time is written `duration(\"24h\")`".to_owned())
        }
        (left, right) if left.is_numeric() && right.is_numeric() && left != right => {
            Some(numbers(left, right, sides))
        }
        _ => None,
    }
}

fn listed_item(item: &Node) -> String {
    format!("put it into a list: `[{}]`", written(item))
}

fn numbers(left: &Type, right: &Type, sides: &(Node, Node)) -> String {
    let (from, to) = if *left == Type::Int { (&sides.0, right) } else { (&sides.1, left) };
    let literal = match &from.expr {
        Expr::Literal(Literal::Int(number)) if *to == Type::Uint => format!(", or `{number}u`"),
        Expr::Literal(Literal::Int(number)) if *to == Type::Double => format!(", or `{number}.0`"),
        _ => String::new(),
    };
    format!("numbers are not converted by themselves: write `{to}({})`{literal}", written(from))
}

/// How two branches get one type.
pub(super) fn branches(yes: &Type, no: &Type) -> String {
    match (yes, no) {
        (Type::Optional(value), other) | (other, Type::Optional(value)) if value.can_equal(other) => {
            format!("`.orValue({})` gives the optional's value", fallback(value))
        }
        _ => "where either type will do, write `dyn(…)` around one of them".to_owned(),
    }
}

/// What was probably meant by a call.
pub(super) fn call(call: &Call, kinds: &[Type]) -> Option<String> {
    let receiver = kinds.first().filter(|_| call.target.is_some())?;
    let name = call.function.as_str();
    let node = call.target.as_ref()?;
    let target = written(node);
    Some(match (name, receiver) {
        ("contains", Type::List(_) | Type::Map(..)) => {
            format!("write `{} in {target}`", call.args.first().map_or_else(|| "…".to_owned(), written))
        }
        ("contains", Type::Cidr) => "write `cidr(…).containsIP(…)`".to_owned(),
        ("startsWith" | "endsWith" | "matches" | "lowerAscii", Type::List(item))
            if **item == Type::String =>
        {
            format!("ask its elements: `{target}.exists(x, x.{name}(…))`")
        }
        ("join", Type::List(_)) => {
            format!("make texts of its elements: `{target}.map(x, string(x)).join(…)`")
        }
        ("containsIP" | "containsCIDR", Type::String) => format!("write `cidr({target}).{name}(…)`"),
        ("value" | "hasValue" | "orValue" | "or", _) if !matches!(receiver, Type::Optional(_)) => {
            format!("`{target}` is no optional; `a.?b` and `optional.of(…)` give one")
        }
        (_, Type::Optional(value)) if !matches!(name, "or" | "orValue") => or_value(value, node),
        (_, Type::String) if name.starts_with("get") => format!("write `timestamp({target}).{name}(…)`"),
        (_, Type::String) if name.starts_with("is") => format!("write `ip({target}).{name}()`"),
        _ => return None,
    })
}
