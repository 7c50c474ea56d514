//! What a policy can cost, estimated before it is ever evaluated.
//!
//! The walk computes how large every value and how long every loop can get, with facts as large as the context's schema expects them. It is
//! generous: every loop runs to its end, and every list is full. What it lets pass all the same, the budget of the decision stops.

mod calls;
mod facts;

use std::collections::BTreeMap;
use std::sync::Arc;

use super::ast::{
    Binary, Bind, Comprehension, Element, Entry, Expr, Index, Literal, Loop, Node, Select, SelectKind,
};
use super::expression::Expression;
use super::limits::{Estimates, MAX_COST, MAX_LOOPS, MAX_TOTAL_DEPTH, MAX_VALUE_UNITS, Place};
use super::order::order;
use super::problem::Problem;
use super::run::count;
use super::scope::Scope;
use super::shape::Shape;
use super::size::Size;
use super::types::Type;
use calls::SORTING;
use facts::Facts;

/// Estimates the variables, in the order of their dependencies, and then the other expressions.
pub(super) fn check(
    variables: &BTreeMap<String, Expression>,
    expressions: &[&Expression],
    scope: &Scope,
) -> Estimates {
    let (order, problems) = order(variables);
    let facts = Facts::of(scope);
    let mut estimates = Estimates { problems, ..Estimates::default() };
    let mut known = BTreeMap::new();
    for (name, variable) in order.iter().filter_map(|name| Some((name, variables.get(name)?))) {
        // What is wrong is told here; whoever uses the variable is not to blame.
        let estimate = look(variable, &known, &facts).unwrap_or_else(|problem| {
            estimates.problems.push((Place::Variable(name.clone()), problem));
            Estimate::default()
        });
        estimates.variables = estimates.variables.saturating_add(estimate.cost);
        known.insert(name.clone(), estimate);
    }
    for (at, expression) in expressions.iter().enumerate() {
        let estimate = look(expression, &known, &facts);
        estimates.expressions.push(estimate.as_ref().map_or(0, |estimate| estimate.cost));
        estimates.problems.extend(estimate.err().map(|problem| (Place::Expression(at), problem)));
    }
    estimates
}

fn look(
    expression: &Expression,
    variables: &BTreeMap<String, Estimate>,
    facts: &Facts,
) -> Result<Estimate, Problem> {
    Walk { facts, variables, bound: Vec::new(), read: BTreeMap::new() }.visit(expression.root())
}

/// What is known of one expression.
#[derive(Debug, Clone)]
struct Estimate {
    shape: Shape,
    /// Steps, without those of the variables used: they are evaluated once.
    cost: u64,
    /// Loops inside each other, through variables.
    loops: u64,
    /// Levels of the tree, through variables.
    depth: u64,
    /// The part of the context that it is, such as `user`.
    object: Option<Arc<str>>,
    /// The most that it is, where it is a number and that is known.
    number: Option<u64>,
}

impl Default for Estimate {
    fn default() -> Self {
        Self { shape: Shape::leaf(1), cost: 1, loops: 0, depth: 1, object: None, number: None }
    }
}

struct Walk<'w> {
    facts: &'w Facts,
    variables: &'w BTreeMap<String, Estimate>,
    bound: Vec<(String, Shape, Option<Arc<str>>)>,
    /// The lists and maps of the context that were read, for the message.
    read: BTreeMap<&'w str, Size>,
}

impl<'w> Walk<'w> {
    fn visit(&mut self, node: &Node) -> Result<Estimate, Problem> {
        #[cfg(test)]
        super::steps::take();
        let estimate = self.estimate(node)?;
        let refuse = |code, what: &str, value: u64, most: u64, unit: &str| {
            let message = format!("{what} {value} {unit}; at most {most} are allowed");
            let problem = Problem::new(code, node.range(), message);
            let counted = matches!(code, "limit-value-size" | "limit-cost").then(|| self.counted()).flatten();
            Err(match counted {
                Some(help) => problem.with_help(help),
                None => problem,
            })
        };
        let size = estimate.shape.size();
        // What only reads the context, a variable or a part of either makes nothing grow.
        let reads = match &node.expr {
            Expr::Ident(_) | Expr::Select(_) | Expr::Index(_) => true,
            Expr::Call(call) => calls::hands_on(&call.function),
            _ => false,
        };
        if size > MAX_VALUE_UNITS && !reads {
            let kib = |units: u64| units >> 6;
            return refuse(
                "limit-value-size",
                "this value can grow to",
                kib(size),
                kib(MAX_VALUE_UNITS),
                "KiB",
            );
        }
        if estimate.loops > MAX_LOOPS {
            let what = "counted through variables, this puts inside each other";
            return refuse("limit-nested-loops", what, estimate.loops, MAX_LOOPS, "loops");
        }
        if estimate.cost > MAX_COST {
            return refuse("limit-cost", "this can take", estimate.cost, MAX_COST, "steps");
        }
        if estimate.depth > MAX_TOTAL_DEPTH {
            let what = "counted through variables, this is nested";
            return refuse("limit-depth", what, estimate.depth, MAX_TOTAL_DEPTH, "levels deep");
        }
        Ok(estimate)
    }

    // A function for each kind of node keeps the frames of this recursion small.
    fn estimate(&mut self, node: &Node) -> Result<Estimate, Problem> {
        match &node.expr {
            Expr::Literal(value) => Ok(literal(value)),
            Expr::Ident(name) => Ok(self.ident(name)),
            Expr::Select(select) => self.select(select),
            Expr::Index(index) => self.index(index),
            Expr::Call(call) => self.call(call),
            Expr::Binary(operator, sides) => self.binary(*operator, sides),
            Expr::Conditional(parts) => self.conditional(parts),
            Expr::List(elements) => self.list(elements),
            Expr::Map(entries) => self.map(entries),
            Expr::Unary(..) | Expr::And(_) | Expr::Or(_) => self.scalar(node),
            Expr::Comprehension(it) => self.comprehension(it),
            Expr::Bind(it) => self.bind(it),
        }
    }

    fn select(&mut self, select: &Select) -> Result<Estimate, Problem> {
        let operand = self.visit(&select.operand)?;
        if select.kind == SelectKind::Test {
            return Ok(operand.one_of(Shape::leaf(1)));
        }
        let shape = self.field(&operand, &select.field);
        Ok(operand.one_of(shape))
    }

    /// The shape of a field of an object, or of an entry of a map.
    fn field(&mut self, of: &Estimate, name: &str) -> Shape {
        let Some(fields) = of.object.as_ref().and_then(|object| self.facts.fields.get(object)) else {
            return of.shape.element();
        };
        // There is no other; who reads one is told elsewhere.
        let Some((path, fact)) = fields.get(name) else { return Shape::leaf(1) };
        self.note(path, fact.size);
        fact.shape.clone()
    }

    fn note(&mut self, path: &'w str, size: Size) {
        if size.entries > 0 {
            self.read.insert(path, size);
        }
    }

    /// With which sizes an estimate counts: the longest first.
    fn counted(&self) -> Option<String> {
        let mut read: Vec<_> = self.read.iter().collect();
        read.sort_by_key(|(_, size)| std::cmp::Reverse(size.entries.saturating_mul(size.inner.max(1))));
        let told: Vec<String> =
            read.iter().take(3).map(|(path, size)| format!("`{path}` of {size}")).collect();
        (!told.is_empty()).then(|| format!("this is estimated with {}", told.join(", ")))
    }

    fn index(&mut self, index: &Index) -> Result<Estimate, Problem> {
        let key = self.visit(&index.index)?;
        let operand = self.visit(&index.operand)?;
        let shape = match &index.index.expr {
            Expr::Literal(Literal::String(name)) => self.field(&operand, name),
            _ => operand.shape.element(),
        };
        let looked_up = key.shape.size();
        let found = operand.one_of(shape).and(&key);
        Ok(Estimate { cost: found.cost.saturating_add(looked_up), ..found })
    }

    fn binary(&mut self, operator: Binary, sides: &(Node, Node)) -> Result<Estimate, Problem> {
        let left = self.visit(&sides.0)?;
        let right = self.visit(&sides.1)?;
        let (one, other) = (left.shape.size(), right.shape.size());
        let compared = match operator {
            Binary::In => one.saturating_add(other),
            Binary::Add => 0,
            _ => one.min(other),
        };
        let number = match operator {
            Binary::Add => sum(left.number, right.number),
            Binary::Multiply => product(left.number, right.number),
            _ => None,
        };
        let shape =
            if operator == Binary::Add { left.shape.concat(right.shape.clone()) } else { Shape::leaf(1) };
        let mut both = Estimate { shape: Shape::leaf(1), ..left }.and_one(&right);
        both.cost = both.cost.saturating_add(compared);
        Ok(Estimate { number, ..both.spending(shape) })
    }

    fn conditional(&mut self, parts: &(Node, Node, Node)) -> Result<Estimate, Problem> {
        let condition = self.visit(&parts.0)?;
        let yes = self.visit(&parts.1)?;
        let all = condition.and_one(&yes);
        let no = self.visit(&parts.2)?;
        let all = all.and(&no);
        let number = yes.number.zip(no.number).map(|(yes, no)| yes.max(no));
        Ok(Estimate { shape: yes.shape.join(no.shape), number, ..all })
    }

    fn scalar(&mut self, node: &Node) -> Result<Estimate, Problem> {
        let mut children = Vec::new();
        node.expr.children(|child| children.push(child));
        let mut all = Estimate::default();
        for child in children {
            all = all.and(&self.visit(child)?);
        }
        Ok(all)
    }

    fn bind(&mut self, it: &Bind) -> Result<Estimate, Problem> {
        let value = self.visit(&it.value)?;
        self.bound.push((it.var.clone(), value.shape.clone(), value.object.clone()));
        let body = self.visit(&it.body);
        self.bound.pop();
        let body = body?;
        let both = value.and_one(&body);
        let cost = both.cost.saturating_add(1);
        Ok(Estimate { shape: body.shape, cost, ..both })
    }

    fn ident(&mut self, name: &str) -> Estimate {
        let bound = self.bound.iter().rev().find(|(bound, ..)| bound == name);
        if let Some((_, shape, object)) = bound {
            return Estimate { shape: shape.clone(), object: object.clone(), ..Estimate::default() };
        }
        let name = name.trim_start_matches('.');
        if let Some(variable) = self.variables.get(name) {
            let depth = variable.depth.saturating_add(1);
            return Estimate { cost: 1, depth, ..variable.clone() };
        }
        let Some((path, root)) = self.facts.roots.get_key_value(name) else {
            return Estimate { shape: Shape::of(&Type::Dyn, Size::UNKNOWN), ..Estimate::default() };
        };
        self.note(path, root.fact.size);
        let (shape, object) = (root.fact.shape.clone(), root.object.clone());
        // As a value, an object is put together of its fields.
        let cost = if object.is_some() { shape.length.saturating_add(1) } else { 1 };
        Estimate { shape, object, cost, ..Estimate::default() }
    }

    fn list(&mut self, elements: &[Element]) -> Result<Estimate, Problem> {
        let (mut all, mut item) = (Estimate::default(), Shape::leaf(1));
        for element in elements {
            let value = self.visit(&element.value)?;
            all = all.and(&value);
            item = item.join(value.shape);
        }
        Ok(all.spending(Shape::list(count(elements.len()), item)))
    }

    fn map(&mut self, entries: &[Entry]) -> Result<Estimate, Problem> {
        let (mut all, mut item, mut keys) = (Estimate::default(), Shape::leaf(1), 1);
        for entry in entries {
            let key = self.visit(&entry.key)?;
            let value = self.visit(&entry.value)?;
            all = all.and(&key).and(&value);
            item = item.join(value.shape);
            keys = key.shape.size().max(keys);
        }
        let length = count(entries.len());
        all.cost = all.cost.saturating_add(sorted(length, keys));
        Ok(all.spending(Shape::map(length, keys, item)))
    }

    fn comprehension(&mut self, it: &Comprehension) -> Result<Estimate, Problem> {
        let range = self.visit(&it.range)?;
        let before = self.bound.len();
        match &it.var2 {
            Some(second) => {
                let (key, element) = (range.shape.key(), range.shape.element());
                self.bound.extend([(it.var.clone(), key, None), (second.clone(), element, None)]);
            }
            None => self.bound.push((it.var.clone(), range.shape.single(), None)),
        }
        let mut inside = Estimate::default();
        let mut body = None;
        for node in it.filter.iter().chain([&it.body]) {
            let estimate = self.visit(node)?;
            inside = inside.and(&estimate);
            body = Some(estimate.shape);
        }
        self.bound.truncate(before);
        let body = body.unwrap_or(Shape::leaf(1));
        let length = range.shape.length.max(1);
        let each = body.size();
        let shape = match it.kind {
            Loop::All | Loop::Exists | Loop::ExistsOne => Shape::leaf(1),
            Loop::Filter | Loop::SortBy => Shape::list(length, range.shape.single()),
            Loop::Map => Shape::list(length, body),
            Loop::TransformMap => Shape::map(length, range.shape.key().size(), body),
            Loop::TransformMapEntry => {
                Shape::map(length.saturating_mul(body.length), body.key().size(), body.element())
            }
        };
        let copied = match it.kind {
            Loop::SortBy => sorted(length, each),
            // The entries come in any order.
            Loop::TransformMapEntry => sorted(shape.length, shape.key().size()).saturating_add(shape.size()),
            _ => shape.size(),
        };
        let cost = range.cost.saturating_add(length.saturating_mul(inside.cost)).saturating_add(copied);
        let loops = range.loops.max(inside.loops.saturating_add(1));
        Ok(Estimate {
            shape,
            cost,
            loops,
            depth: range.depth.max(inside.depth).saturating_add(1),
            object: None,
            number: None,
        })
    }
}

fn sum(one: Option<u64>, other: Option<u64>) -> Option<u64> {
    one.zip(other).map(|(one, other)| one.saturating_add(other))
}

fn product(one: Option<u64>, other: Option<u64>) -> Option<u64> {
    one.zip(other).map(|(one, other)| one.saturating_mul(other))
}

/// Steps of sorting so many elements by keys of so many units.
fn sorted(length: u64, key: u64) -> u64 {
    length.saturating_mul(key.saturating_add(1)).saturating_mul(SORTING)
}

fn literal(value: &Literal) -> Estimate {
    let number = match value {
        Literal::Int(number) => u64::try_from(*number).ok(),
        _ => None,
    };
    let shape = match value {
        Literal::String(text) => Shape::text(text.len()),
        Literal::Bytes(bytes) => Shape::text(bytes.len()),
        _ => Shape::leaf(1),
    };
    Estimate { shape, number, ..Estimate::default() }
}

impl Estimate {
    /// Both, one level further up. The shape is this one's.
    fn and(self, other: &Self) -> Self {
        Self {
            shape: self.shape,
            cost: self.cost.saturating_add(other.cost),
            loops: self.loops.max(other.loops),
            depth: self.depth.max(other.depth.saturating_add(1)),
            object: None,
            number: None,
        }
    }

    /// Both, this one too one level further down. The shape is this one's.
    fn and_one(self, other: &Self) -> Self {
        let depth = self.depth.saturating_add(1);
        Self { depth, ..self }.and(other)
    }

    /// The same with a new value, whose size it costs.
    fn spending(self, shape: Shape) -> Self {
        Self { cost: self.cost.saturating_add(shape.size()), shape, object: None, number: None, ..self }
    }

    /// A part of this.
    fn one_of(self, shape: Shape) -> Self {
        let (cost, depth) = (self.cost.saturating_add(1), self.depth.saturating_add(1));
        Self { shape, object: None, number: None, cost, depth, ..self }
    }
}
