//! What functions cost, and how large their values are.

use super::super::ast::{Call, Node};
use super::super::library::pattern;
use super::super::problem::Problem;
use super::super::run::count;
use super::super::shape::Shape;
use super::{Estimate, Walk};

/// Steps of sorting an element, as the budget counts them.
pub(super) const SORTING: u64 = 16;
/// Elements of `lists.range(n)`, where nothing is known of `n`.
const RANGE: u64 = 1_000;

impl Walk<'_> {
    pub(super) fn call(&mut self, call: &Call) -> Result<Estimate, Problem> {
        let mut all = Estimate::default();
        let (mut shapes, mut numbers) = (Vec::new(), Vec::new());
        for arg in call.target.iter().chain(&call.args) {
            let arg = self.visit(arg)?;
            all = all.and(&arg);
            all.cost = all.cost.saturating_add(arg.shape.size());
            shapes.push(arg.shape);
            numbers.push(arg.number);
        }
        all.cost = all.cost.saturating_add(work(call, &shapes));
        let number = match call.function.as_str() {
            "size" => shapes.first().map(elements),
            _ => None,
        };
        let shape = result(call, shapes, &numbers);
        Ok(Estimate { number, ..all.spending(shape) })
    }
}

/// The most that `size()` of this is: of a text, its bytes.
fn elements(shape: &Shape) -> u64 {
    if shape.is_leaf() { shape.size().saturating_mul(16) } else { shape.length }
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
fn work(call: &Call, shapes: &[Shape]) -> u64 {
    let (first, second) = (shapes.first(), shapes.get(1));
    match call.function.as_str() {
        // Each element of the one is compared with each of the other: as many bytes as the shorter one of two has.
        "sets.contains" | "sets.intersects" => crossed(first, second),
        "sets.equivalent" => crossed(first, second).saturating_mul(2),
        "distinct" => crossed(first, first),
        "sort" => SORTING.saturating_mul(size(first)),
        "matches" => size(first).saturating_mul(call.args.last().map_or(1, matching)),
        // They go through their text more than once.
        "size" | "strings.quote" => size(first),
        "replace" => size(first).saturating_mul(2),
        // The digits of a number or an instant.
        "string" => 64,
        "format" => {
            let clauses = length(second).saturating_add(1).saturating_mul(8);
            let written = size(first).saturating_add(size(second)).saturating_add(digits(call));
            written.saturating_mul(8).saturating_add(clauses)
        }
        _ => 0,
    }
}

fn crossed(one: Option<&Shape>, other: Option<&Shape>) -> u64 {
    length(one).saturating_mul(size(other)).min(length(other).saturating_mul(size(one)))
}

fn size(shape: Option<&Shape>) -> u64 {
    shape.map_or(1, Shape::size)
}

fn length(shape: Option<&Shape>) -> u64 {
    shape.map_or(1, |shape| shape.length)
}

/// Steps of matching 16 bytes. A pattern is written out; one that is not is refused elsewhere.
fn matching(pattern: &Node) -> u64 {
    pattern.expr.as_text().map_or(1, pattern::matching)
}

/// What the digits that a format asks for behind the point take, in units of 16 bytes.
fn digits(call: &Call) -> u64 {
    let format = call.target.iter().chain(&call.args).next().and_then(|format| format.expr.as_text());
    // A thousand digits at most.
    let clauses = format.map_or(1, |format| format.matches("%.").count());
    count(clauses).saturating_mul(64)
}

fn result(call: &Call, shapes: Vec<Shape>, numbers: &[Option<u64>]) -> Shape {
    let total = shapes.iter().fold(1_u64, |sum, shape| sum.saturating_add(shape.size()));
    let first = shapes.first().cloned().unwrap_or(Shape::leaf(1));
    match call.function.as_str() {
        // As many parts as the text has bytes, or as are asked for; together they are no longer than the text.
        "split" => {
            let bytes = first.size().saturating_mul(16);
            let parts = numbers.get(2).copied().flatten().map_or(bytes, |most| most.min(bytes));
            let most = first.size().saturating_add(parts.saturating_mul(2));
            Shape::list(parts, first).within(most)
        }
        "replace" => Shape::leaf(first.size().saturating_mul(growth(&call.args, &shapes))),
        "join" => Shape::leaf(
            total.saturating_add(
                first
                    .length
                    .saturating_mul(shapes.get(1).map_or(0, |separator| separator.size().saturating_sub(1))),
            ),
        ),
        "format" => Shape::leaf(total.saturating_mul(2).saturating_add(digits(call))),
        "flatten" => {
            let levels = match call.args.first() {
                None => 1,
                Some(_) => numbers.get(1).copied().flatten().unwrap_or(u64::MAX).min(8),
            };
            (0..levels).fold(first, |shape, _| shape.flat())
        }
        "reverse" | "slice" | "distinct" | "sort" => first,
        "first" | "last" => first.element(),
        "optional.of" | "optional.ofNonZeroValue" | "value" | "or" | "orValue" | "dyn" => {
            shapes.into_iter().reduce(Shape::join).unwrap_or(Shape::leaf(1))
        }
        "lists.range" => Shape::list(numbers.first().copied().flatten().unwrap_or(RANGE), Shape::leaf(1)),
        "string" | "bytes" | "base64.encode" | "base64.decode" | "strings.quote" => {
            Shape::leaf(total.saturating_mul(2))
        }
        "lowerAscii" | "upperAscii" | "trim" | "substring" | "charAt" | "optional.unwrap" | "unwrapOpt" => {
            first
        }
        _ => Shape::leaf(1),
    }
}

/// By how much `replace` can lengthen a text. Each byte of it may be what is replaced.
fn growth(args: &[Node], shapes: &[Shape]) -> u64 {
    let length = |at: usize| args.get(at).and_then(|arg| arg.expr.as_text()).map(|text| count(text.len()));
    let longest = shapes.get(2).map_or(1, |shape| shape.size().saturating_mul(16));
    let to = length(1).unwrap_or(longest);
    match length(0) {
        // Nothing is found before each character, and the text stays.
        Some(0) => to.saturating_add(1),
        Some(from) => to.div_ceil(from).max(1),
        None => to.saturating_add(1),
    }
}
