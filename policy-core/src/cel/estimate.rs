//! What a policy can cost at most, estimated before it is ever evaluated.
//!
//! The walk computes an upper bound of every value's size and of the steps of every loop, with nominal sizes for what
//! the context holds. The bounds are generous; what they let pass, the budget of the decision still stops.

use std::collections::BTreeMap;

use super::ast::{Binary, Bind, Call, Comprehension, Expr, Index, Literal, Loop, Node, Select};
use super::expression::Expression;
use super::limits::{Estimates, MAX_COST, MAX_LOOPS, MAX_TOTAL_DEPTH, MAX_VALUE_UNITS, Place};
use super::order::order;
use super::problem::Problem;
use super::scope::Scope;
use super::shape::Shape;
use super::types::Type;

/// Estimates the variables, in the order of their dependencies, and then the other expressions.
pub(super) fn check(
    variables: &BTreeMap<String, Expression>,
    expressions: &[&Expression],
    scope: &Scope,
) -> Estimates {
    let (order, problems) = order(variables);
    let mut estimates = Estimates { problems, ..Estimates::default() };
    let mut known = BTreeMap::new();
    for (name, variable) in order.iter().filter_map(|name| Some((name, variables.get(name)?))) {
        // What is wrong is told here; whoever uses the variable is not to blame.
        let estimate = look(variable, &known, scope).unwrap_or_else(|problem| {
            estimates.problems.push((Place::Variable(name.clone()), problem));
            Estimate::default()
        });
        estimates.variables = estimates.variables.saturating_add(estimate.cost);
        known.insert(name.clone(), estimate);
    }
    for (at, expression) in expressions.iter().enumerate() {
        let estimate = look(expression, &known, scope);
        estimates.expressions.push(estimate.as_ref().map_or(0, |estimate| estimate.cost));
        estimates.problems.extend(estimate.err().map(|problem| (Place::Expression(at), problem)));
    }
    estimates
}

fn look(
    expression: &Expression,
    variables: &BTreeMap<String, Estimate>,
    scope: &Scope,
) -> Result<Estimate, Problem> {
    Walk { scope, variables, bound: Vec::new() }.visit(expression.root())
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
    kind: Option<Type>,
}

impl Default for Estimate {
    fn default() -> Self {
        Self { shape: Shape::leaf(1), cost: 1, loops: 0, depth: 1, kind: None }
    }
}

struct Walk<'w> {
    scope: &'w Scope,
    variables: &'w BTreeMap<String, Estimate>,
    bound: Vec<(String, Shape, Option<Type>)>,
}

impl Walk<'_> {
    fn visit(&mut self, node: &Node) -> Result<Estimate, Problem> {
        #[cfg(test)]
        super::steps::take();
        let estimate = self.estimate(node)?;
        let refuse = |code, what: &str, value: u64, most: u64, unit: &str| {
            let message = format!("{what} {value} {unit}; at most {most} are allowed");
            Err(Problem::new(code, node.range(), message))
        };
        let size = estimate.shape.size();
        // What only reads the context, a variable or a part of either makes nothing grow.
        let reads = matches!(node.expr, Expr::Ident(_) | Expr::Select(_) | Expr::Index(_));
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
            Expr::List(elements) => {
                let nodes: Vec<&Node> = elements.iter().map(|element| &element.value).collect();
                self.collection(&nodes, nodes.len())
            }
            Expr::Map(entries) => {
                let nodes: Vec<&Node> = entries.iter().flat_map(|entry| [&entry.key, &entry.value]).collect();
                self.collection(&nodes, entries.len())
            }
            Expr::Unary(..) | Expr::And(_) | Expr::Or(_) => self.scalar(node),
            Expr::Comprehension(it) => self.comprehension(it),
            Expr::Bind(it) => self.bind(it),
        }
    }

    fn select(&mut self, select: &Select) -> Result<Estimate, Problem> {
        let operand = self.visit(&select.operand)?;
        let kind = match &operand.kind {
            Some(Type::Object(object)) => object.fields.get(&select.field).cloned(),
            Some(Type::Map(_, item)) => Some(item.as_ref().clone()),
            _ => None,
        };
        Ok(operand.one_of(kind))
    }

    fn index(&mut self, index: &Index) -> Result<Estimate, Problem> {
        let key = self.visit(&index.index)?;
        let operand = self.visit(&index.operand)?;
        let kind = item(operand.kind.as_ref());
        let found = operand.one_of(kind);
        let (shape, kind) = (found.shape.clone(), found.kind.clone());
        Ok(Estimate { shape, kind, ..found.and(&key) })
    }

    fn binary(&mut self, operator: Binary, sides: &(Node, Node)) -> Result<Estimate, Problem> {
        let left = self.visit(&sides.0)?;
        let right = self.visit(&sides.1)?;
        let compared = match operator {
            Binary::Equal | Binary::NotEqual => left.shape.size(),
            Binary::In => right.shape.size(),
            _ => 0,
        };
        let shape =
            if operator == Binary::Add { left.shape.concat(right.shape.clone()) } else { Shape::leaf(1) };
        let mut both = Estimate { shape: Shape::leaf(1), ..left }.and_one(&right);
        both.cost = both.cost.saturating_add(compared);
        Ok(both.spending(shape))
    }

    fn conditional(&mut self, parts: &(Node, Node, Node)) -> Result<Estimate, Problem> {
        let condition = self.visit(&parts.0)?;
        let yes = self.visit(&parts.1)?;
        let all = condition.and_one(&yes);
        let no = self.visit(&parts.2)?;
        let all = all.and(&no);
        Ok(Estimate { shape: yes.shape.join(no.shape), ..all })
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
        self.bound.push((it.var.clone(), value.shape.clone(), value.kind.clone()));
        let body = self.visit(&it.body);
        self.bound.pop();
        let body = body?;
        let both = value.and_one(&body);
        Ok(Estimate { shape: body.shape, ..both })
    }

    fn ident(&self, name: &str) -> Estimate {
        let bound = self.bound.iter().rev().find(|(bound, ..)| bound == name);
        if let Some((_, shape, kind)) = bound {
            return Estimate { shape: shape.clone(), kind: kind.clone(), ..Estimate::default() };
        }
        let name = name.trim_start_matches('.');
        if let Some(variable) = self.variables.get(name) {
            let depth = variable.depth.saturating_add(1);
            return Estimate { cost: 1, depth, ..variable.clone() };
        }
        match self.scope.roots.get(name) {
            Some(kind) => {
                Estimate { shape: Shape::of(kind), kind: Some(kind.clone()), ..Estimate::default() }
            }
            None => Estimate { shape: Shape::of(&Type::Dyn), ..Estimate::default() },
        }
    }

    fn collection(&mut self, nodes: &[&Node], length: usize) -> Result<Estimate, Problem> {
        let mut all = Estimate::default();
        let mut item = Shape::leaf(1);
        for node in nodes {
            let element = self.visit(node)?;
            all = all.and(&element);
            item = item.join(element.shape);
        }
        Ok(all.spending(Shape::container(u64::try_from(length).unwrap_or(u64::MAX), item)))
    }

    fn comprehension(&mut self, it: &Comprehension) -> Result<Estimate, Problem> {
        let range = self.visit(&it.range)?;
        let kind = item(range.kind.as_ref());
        let element = range.shape.element();
        let before = self.bound.len();
        match &it.var2 {
            Some(second) => {
                let key = Shape::of(&Type::String);
                self.bound.extend([(it.var.clone(), key, None), (second.clone(), element, kind)]);
            }
            None => self.bound.push((it.var.clone(), element, kind)),
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
        let shape = match it.kind {
            Loop::All | Loop::Exists | Loop::ExistsOne => Shape::leaf(1),
            Loop::Filter | Loop::SortBy => range.shape.clone(),
            Loop::Map | Loop::TransformMap => Shape::container(length, body),
            Loop::TransformMapEntry => Shape::container(length.saturating_mul(body.length), body.element()),
        };
        let copied = shape.size();
        let cost = range.cost.saturating_add(length.saturating_mul(inside.cost)).saturating_add(copied);
        let loops = range.loops.max(inside.loops.saturating_add(1));
        Ok(Estimate {
            shape,
            cost,
            loops,
            depth: range.depth.max(inside.depth).saturating_add(1),
            kind: None,
        })
    }

    fn call(&mut self, call: &Call) -> Result<Estimate, Problem> {
        let mut all = Estimate::default();
        let mut shapes = Vec::new();
        for arg in call.target.iter().chain(&call.args) {
            let arg = self.visit(arg)?;
            all = all.and(&arg);
            all.cost = all.cost.saturating_add(arg.shape.size());
            shapes.push(arg.shape);
        }
        let total = shapes.iter().fold(1_u64, |sum, shape| sum.saturating_add(shape.size()));
        let first = shapes.first().cloned().unwrap_or(Shape::leaf(1));
        let shape =
            match call.function.as_str() {
                "split" => Shape::container(first.size().saturating_mul(16), Shape::leaf(1)),
                "replace" => Shape::leaf(first.size().saturating_mul(growth(&call.args))),
                "join" => Shape::leaf(total.saturating_add(first.length.saturating_mul(
                    shapes.get(1).map_or(0, |separator| separator.size().saturating_sub(1)),
                ))),
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
                "lowerAscii" | "upperAscii" | "trim" | "substring" | "charAt" => first,
                _ => Shape::leaf(1),
            };
        Ok(all.spending(shape))
    }
}

/// What a list or map of this type holds.
fn item(kind: Option<&Type>) -> Option<Type> {
    match kind {
        Some(Type::List(item) | Type::Map(_, item)) => Some(item.as_ref().clone()),
        _ => None,
    }
}

fn literal(value: &Literal) -> Estimate {
    let shape = match value {
        Literal::String(text) => Shape::text(text.len()),
        Literal::Bytes(bytes) => Shape::text(bytes.len()),
        _ => Shape::leaf(1),
    };
    Estimate { shape, ..Estimate::default() }
}

/// By how much `replace` can lengthen a text, where both of its arguments are written out.
fn growth(args: &[Node]) -> u64 {
    let length = |at: usize| args.get(at).and_then(|arg| arg.expr.as_text()).map(str::len);
    match (length(0), length(1)) {
        (Some(from), Some(to)) => u64::try_from(to.div_ceil(from.max(1))).unwrap_or(u64::MAX).max(1),
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

impl Estimate {
    /// Both, one level further up. The shape is this one's.
    fn and(self, other: &Self) -> Self {
        Self {
            shape: self.shape,
            cost: self.cost.saturating_add(other.cost),
            loops: self.loops.max(other.loops),
            depth: self.depth.max(other.depth.saturating_add(1)),
            kind: None,
        }
    }

    /// Both, this one too one level further down. The shape is this one's.
    fn and_one(self, other: &Self) -> Self {
        let depth = self.depth.saturating_add(1);
        Self { depth, ..self }.and(other)
    }

    /// The same with a new value, whose size it costs.
    fn spending(self, shape: Shape) -> Self {
        Self { cost: self.cost.saturating_add(shape.size()), shape, kind: None, ..self }
    }

    /// An element of this, of the given type where that is known.
    fn one_of(self, kind: Option<Type>) -> Self {
        let shape = kind.as_ref().map_or_else(|| self.shape.element(), Shape::of);
        Self { shape, kind, cost: self.cost.saturating_add(1), depth: self.depth.saturating_add(1), ..self }
    }
}
