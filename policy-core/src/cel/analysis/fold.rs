//! The value of what reads nothing, by the evaluator itself: the analysis has no second opinion of any function.

use crate::cel::ast::{Expr, Literal, Node, Unary};
use crate::cel::{Arena, Evaluation, Expression, Variables};

/// What evaluating one such part may cost.
const BUDGET: u64 = 2_000;
/// The longest text that is evaluated, in bytes.
const LONGEST: usize = 512;

/// Whether a function gives a bool and is worth asking.
pub(super) fn gives_bool(function: &str) -> bool {
    matches!(
        function,
        "matches"
            | "contains"
            | "startsWith"
            | "endsWith"
            | "isIP"
            | "isCIDR"
            | "containsIP"
            | "containsCIDR"
    )
}

/// The bool that a node without names is, unless it fails, or is none.
pub(super) fn value(node: &Node) -> Option<bool> {
    let mut text = String::new();
    write(node, &mut text)?;
    evaluate(&text)
}

#[inline(never)]
fn evaluate(source: &str) -> Option<bool> {
    let expression = Expression::parse(source).ok()?;
    let (arena, variables) = (Arena::default(), Variables::default());
    Evaluation::new(&arena, [], &variables, BUDGET).eval_bool(&expression).ok()
}

/// Writes the node with a bracket around each operation; nothing for what is not worth it.
#[inline(never)]
fn write(node: &Node, text: &mut String) -> Option<()> {
    if text.len() > LONGEST {
        return None;
    }
    match &node.expr {
        Expr::Literal(value) => text.push_str(&literal(value)?),
        Expr::Unary(operator, operand) => {
            text.push_str(if *operator == Unary::Not { "(!" } else { "(-" });
            write(operand, text)?;
            text.push(')');
        }
        Expr::Binary(operator, sides) => {
            text.push('(');
            write(&sides.0, text)?;
            text.push_str(&format!(" {} ", operator.symbol()));
            write(&sides.1, text)?;
            text.push(')');
        }
        Expr::List(elements) if elements.iter().all(|element| !element.optional) => {
            text.push('[');
            sequence(elements.iter().map(|element| &element.value), text)?;
            text.push(']');
        }
        Expr::Call(call) => {
            if let Some(target) = &call.target {
                write(target, text)?;
                text.push('.');
            }
            text.push_str(&call.function);
            text.push('(');
            sequence(call.args.iter(), text)?;
            text.push(')');
        }
        _ => return None,
    }
    Some(())
}

fn sequence<'n>(nodes: impl Iterator<Item = &'n Node>, text: &mut String) -> Option<()> {
    for (at, node) in nodes.enumerate() {
        if at > 0 {
            text.push_str(", ");
        }
        write(node, text)?;
    }
    Some(())
}

fn literal(value: &Literal) -> Option<String> {
    Some(match value {
        Literal::Null => "null".to_owned(),
        Literal::Bool(value) => value.to_string(),
        // A bracket keeps the sign from a method call: `-1.f()` is `-(1.f())`.
        Literal::Int(value) if *value < 0 => format!("({value})"),
        Literal::Int(value) => value.to_string(),
        Literal::Uint(value) => format!("{value}u"),
        Literal::Double(value) if value.is_sign_negative() => format!("({value:?})"),
        Literal::Double(value) => format!("{value:?}"),
        Literal::String(text) => quoted(text),
        Literal::Bytes(_) => return None,
    })
}

/// A text as CEL writes it.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        if character.is_ascii_alphanumeric() || " ./:+-_,".contains(character) {
            quoted.push(character);
        } else {
            quoted.push_str(&format!("\\U{:08x}", u32::from(character)));
        }
    }
    quoted.push('"');
    quoted
}
