//! What functions cost, and how large their values are.

use super::super::ast::{Call, Expr, Literal, Node};
use super::super::problem::Problem;
use super::super::shape::Shape;
use super::{Estimate, Walk};

/// Steps of sorting an element, as the budget counts them.
pub(super) const SORTING: u64 = 16;
/// Steps of matching 16 bytes with a pattern of middling size; the budget knows the pattern.
const MATCHING: u64 = 32;

impl Walk<'_> {
    pub(super) fn call(&mut self, call: &Call) -> Result<Estimate, Problem> {
        let mut all = Estimate::default();
        let mut shapes = Vec::new();
        for arg in call.target.iter().chain(&call.args) {
            let arg = self.visit(arg)?;
            all = all.and(&arg);
            all.cost = all.cost.saturating_add(arg.shape.size());
            shapes.push(arg.shape);
        }
        all.cost = all.cost.saturating_add(work(&call.function, &shapes));
        let shape = result(call, shapes);
        Ok(all.spending(shape))
    }
}

/// Whether the value of a function is one of its arguments, or a part of one.
pub(super) fn hands_on(function: &str) -> bool {
    matches!(
        function,
        "dyn"
            | "first"
            | "last"
            | "optional.of"
            | "optional.ofNonZeroValue"
            | "or"
            | "orValue"
            | "slice"
            | "substring"
            | "trim"
            | "value"
    )
}

/// Steps of a function that does more than to look at each of its arguments once.
fn work(function: &str, shapes: &[Shape]) -> u64 {
    let (first, second) = (shapes.first(), shapes.get(1));
    let size = |shape: Option<&Shape>| shape.map_or(1, Shape::size);
    let length = |shape: Option<&Shape>| shape.map_or(1, |shape| shape.length);
    match function {
        // Each element of the one is compared with each of the other.
        "sets.contains" | "sets.intersects" => {
            length(first).saturating_mul(size(second)).max(length(second).saturating_mul(size(first)))
        }
        "sets.equivalent" => {
            let there = length(first).saturating_mul(size(second));
            there.saturating_add(length(second).saturating_mul(size(first)))
        }
        "distinct" => length(first).saturating_mul(size(first)),
        "sort" => SORTING.saturating_mul(size(first)),
        "matches" => MATCHING.saturating_mul(size(first)),
        // They go through their text more than once.
        "size" | "strings.quote" => size(first),
        "replace" => size(first).saturating_mul(2),
        // The digits of a number or an instant.
        "string" => 64,
        "format" => 16_u64.saturating_mul(size(first).saturating_add(size(second))),
        _ => 0,
    }
}

fn result(call: &Call, shapes: Vec<Shape>) -> Shape {
    let total = shapes.iter().fold(1_u64, |sum, shape| sum.saturating_add(shape.size()));
    let first = shapes.first().cloned().unwrap_or(Shape::leaf(1));
    match call.function.as_str() {
        // As many parts as the text has bytes, at most.
        "split" => Shape::container(first.size().saturating_mul(16), Shape::leaf(1)),
        "replace" => Shape::leaf(first.size().saturating_mul(growth(&call.args))),
        "join" => Shape::leaf(
            total.saturating_add(
                first
                    .length
                    .saturating_mul(shapes.get(1).map_or(0, |separator| separator.size().saturating_sub(1))),
            ),
        ),
        "format" => Shape::leaf(total.saturating_mul(2)),
        "flatten" => first.flat(),
        "reverse" | "slice" | "distinct" | "sort" => first,
        "optional.of" | "optional.ofNonZeroValue" | "value" | "or" | "orValue" | "dyn" => {
            shapes.into_iter().reduce(Shape::join).unwrap_or(Shape::leaf(1))
        }
        "lists.range" => Shape::container(range_length(&call.args), Shape::leaf(1)),
        "string" | "bytes" | "base64.encode" | "base64.decode" | "strings.quote" => {
            Shape::leaf(total.saturating_mul(2))
        }
        "first" | "last" => first.element(),
        "lowerAscii" | "upperAscii" | "trim" | "substring" | "charAt" | "optional.unwrap" | "unwrapOpt" => {
            first
        }
        _ => Shape::leaf(1),
    }
}

/// By how much `replace` can lengthen a text, where both of its arguments are written out.
fn growth(args: &[Node]) -> u64 {
    let length = |at: usize| args.get(at).and_then(|arg| arg.expr.as_text()).map(str::len);
    match (length(0), length(1)) {
        // Nothing is found before each character, and the text stays.
        (Some(0), Some(to)) => u64::try_from(to).unwrap_or(u64::MAX).saturating_add(1),
        (Some(from), Some(to)) => u64::try_from(to.div_ceil(from)).unwrap_or(u64::MAX).max(1),
        // The budget of the decision counts what is really replaced.
        _ => 2,
    }
}

fn range_length(args: &[Node]) -> u64 {
    match args.first().map(|arg| &arg.expr) {
        Some(Expr::Literal(Literal::Int(length))) => u64::try_from(*length).unwrap_or(1),
        Some(Expr::Literal(_)) => 1,
        _ => 100,
    }
}
