//! Resolves the names of a tree, and prepares what is constant.

use std::collections::BTreeMap;

use super::ast::{self, Binary, BindKind, Expr, Literal, Loop, Node, SelectKind, Unary};
use super::expression::Expression;
use super::functions::{self, Style};
use super::layout::{Layout, Root};
use super::library::pattern::Pattern;
use super::library::{self, constant};
use super::plan::{
    Bind, Call, Comprehension, Element, Index, MapEntry, Matches, Op, OrElse, Plan, Program, Select, Slot,
    TextTest,
};
use super::term::Term;
use super::val::Val;

/// The program of an expression. `variables` are the policy's, by their numbers, and `shared` the terms that several of its conditions
/// have.
pub(super) fn link(
    expression: &Expression,
    layout: &Layout,
    variables: &BTreeMap<&str, u16>,
    shared: &BTreeMap<String, u16>,
) -> Program {
    let mut linker = Linker { layout, variables, bound: Vec::new(), most: 0 };
    let root = expression.root();
    let mut term = |node| {
        let plan = linker.plan(node);
        match expression.text(node).and_then(|text| shared.get(text)) {
            Some(number) => Plan { op: Op::Shared(*number, Box::new(plan)), ..Plan::at(node) },
            None => plan,
        }
    };
    let plan = match &root.expr {
        Expr::And(terms) => Plan { op: Op::And(terms.iter().map(term).collect()), ..Plan::at(root) },
        _ => term(root),
    };
    let (terms, joined) = match &plan.op {
        Op::And(terms) => (terms.as_ref(), 1),
        _ => (std::slice::from_ref(&plan), 0),
    };
    let terms = terms.iter().map(Term::of).collect();
    Program { root: plan, locals: linker.most, depth: root.depth, terms, joined }
}

impl Plan {
    /// A step for a node that does nothing yet.
    fn at(node: &Node) -> Self {
        Self { start: node.start, end: node.end, op: Op::Fixed(Val::Null) }
    }
}

struct Linker<'l> {
    layout: &'l Layout,
    variables: &'l BTreeMap<&'l str, u16>,
    /// The names that are bound around this place, by their place in the frame.
    bound: Vec<&'l str>,
    most: usize,
}

impl<'l> Linker<'l> {
    fn plan(&mut self, node: &'l Node) -> Plan {
        Plan { start: node.start, end: node.end, op: self.op(node) }
    }

    fn plans<const N: usize>(&mut self, nodes: [&'l Node; N]) -> Box<[Plan; N]> {
        Box::new(nodes.map(|node| self.plan(node)))
    }

    fn all(&mut self, nodes: &'l [Node]) -> Box<[Plan]> {
        nodes.iter().map(|node| self.plan(node)).collect()
    }

    fn op(&mut self, node: &'l Node) -> Op {
        match &node.expr {
            Expr::Literal(literal) => self::literal(literal),
            Expr::Ident(name) => self.ident(name),
            Expr::Select(select) => self.select(select),
            Expr::Index(index) => self.index(index),
            Expr::Call(call) => self.call(call),
            Expr::Unary(Unary::Not, operand) => Op::Not(Box::new(self.plan(operand))),
            Expr::Unary(Unary::Negate, operand) => Op::Negate(Box::new(self.plan(operand))),
            Expr::Binary(operator, sides) => self.binary(*operator, &sides.0, &sides.1),
            Expr::And(terms) => Op::And(self.all(terms)),
            Expr::Or(terms) => Op::Or(self.all(terms)),
            Expr::Conditional(parts) => Op::Conditional(self.plans([&parts.0, &parts.1, &parts.2])),
            Expr::List(elements) => Op::List(
                elements
                    .iter()
                    .map(|element| Element { value: self.plan(&element.value), optional: element.optional })
                    .collect(),
            ),
            Expr::Map(entries) => Op::Map(
                entries
                    .iter()
                    .map(|entry| MapEntry {
                        key: self.plan(&entry.key),
                        value: self.plan(&entry.value),
                        optional: entry.optional,
                    })
                    .collect(),
            ),
            Expr::Comprehension(it) => self.comprehension(it),
            Expr::Bind(it) => self.bind(it),
        }
    }

    fn binary(&mut self, operator: Binary, left: &'l Node, right: &'l Node) -> Op {
        let sides = self.plans([left, right]);
        match operator {
            Binary::Equal => Op::Equal(sides),
            Binary::NotEqual => Op::NotEqual(sides),
            Binary::In => Op::In(sides),
            Binary::Less | Binary::LessOrEqual | Binary::Greater | Binary::GreaterOrEqual => {
                Op::Compare(operator, sides)
            }
            _ => Op::Arithmetic(operator, sides),
        }
    }

    /// The place of a name that is bound around here.
    fn local(&self, name: &str) -> Option<u16> {
        let at = self.bound.iter().rposition(|bound| *bound == name)?;
        u16::try_from(at).ok()
    }

    fn ident(&self, name: &str) -> Op {
        let absolute = name.strip_prefix('.');
        if absolute.is_none()
            && let Some(local) = self.local(name)
        {
            return Op::Local(local);
        }
        let name = absolute.unwrap_or(name);
        if let Some(number) = self.variables.get(name) {
            return Op::Variable(*number);
        }
        match self.layout.root(name) {
            Some(Root::Fact(index)) => Op::Slot(Slot { index: *index, name: name.into() }),
            Some(Root::Object(fields)) => {
                Op::Object(fields.iter().map(|(field, slot)| (field.as_str().into(), *slot)).collect())
            }
            None => functions::type_value(name)
                .map_or_else(|| Op::Unknown(name.into()), |known| Op::Fixed(Val::Type(known))),
        }
    }

    /// The slot of `operand.field`, where that is a fact.
    fn slot(&self, operand: &Node, field: &str) -> Option<u16> {
        let Expr::Ident(name) = &operand.expr else { return None };
        let absolute = name.strip_prefix('.');
        if absolute.is_none() && self.local(name).is_some() {
            return None;
        }
        let name = absolute.unwrap_or(name);
        if self.variables.contains_key(name) {
            return None;
        }
        match self.layout.root(name)? {
            Root::Object(fields) => fields.get(field).copied(),
            Root::Fact(_) => None,
        }
    }

    fn select(&mut self, select: &'l ast::Select) -> Op {
        if let Some(index) = self.slot(&select.operand, &select.field) {
            return match select.kind {
                SelectKind::Plain => Op::Slot(Slot { index, name: select.field.as_str().into() }),
                SelectKind::Test => Op::HasSlot(index),
                SelectKind::Optional => Op::MaybeSlot(index),
            };
        }
        let operand = self.plan(&select.operand);
        Op::Select(Box::new(Select { operand, field: select.field.as_str().into(), kind: select.kind }))
    }

    fn index(&mut self, it: &'l ast::Index) -> Op {
        if let Some(field) = it.index.expr.as_text()
            && let Some(index) = self.slot(&it.operand, field)
        {
            return if it.optional {
                Op::MaybeSlot(index)
            } else {
                Op::Slot(Slot { index, name: field.into() })
            };
        }
        let (operand, index) = (self.plan(&it.operand), self.plan(&it.index));
        Op::Index(Box::new(Index { operand, index, optional: it.optional }))
    }

    fn call(&mut self, call: &'l ast::Call) -> Op {
        let name = call.function.trim_start_matches('.');
        let style = if call.target.is_some() { Style::Member } else { Style::Global };
        let args: Vec<&'l Node> = call.target.iter().chain(&call.args).collect();
        if let [text, pattern] = args.as_slice()
            && let ("matches", Some(pattern)) = (name, pattern.expr.as_text())
        {
            let pattern = Pattern::new(pattern);
            return Op::Matches(Box::new(Matches { text: self.plan(text), pattern }));
        }
        if let ([optional, other], Style::Member, "or" | "orValue") = (args.as_slice(), style, name) {
            let (optional, other) = (self.plan(optional), self.plan(other));
            return Op::OrElse(Box::new(OrElse { optional, other, value: name == "orValue" }));
        }
        if let [only] = args.as_slice()
            && let Some(value) = only.expr.as_text().and_then(|text| constant(name, text))
        {
            return Op::Fixed(value);
        }
        let body = library::find(name, style, call.args.len());
        let known = functions::arity(name, style).is_some();
        let test = match (name, style) {
            ("startsWith", Style::Member) => Some(TextTest::StartsWith),
            ("endsWith", Style::Member) => Some(TextTest::EndsWith),
            _ => None,
        };
        let args = args.into_iter().map(|arg| self.plan(arg)).collect();
        Op::Call(Box::new(Call { name: name.into(), member: call.target.is_some(), body, known, test, args }))
    }

    /// Binds names for what `inside` plans, and gives the place of the first.
    fn within<T>(&mut self, names: &[&'l str], inside: impl FnOnce(&mut Self) -> T) -> (u16, T) {
        let before = self.bound.len();
        self.bound.extend(names);
        self.most = self.most.max(self.bound.len());
        let made = inside(self);
        self.bound.truncate(before);
        // An expression has no more than 2,000 parts.
        (u16::try_from(before).unwrap_or(u16::MAX), made)
    }

    fn comprehension(&mut self, it: &'l ast::Comprehension) -> Op {
        let range = self.plan(&it.range);
        let names: Vec<&'l str> = std::iter::once(it.var.as_str()).chain(it.var2.as_deref()).collect();
        let (local, (filter, body)) = self.within(&names, |linker| {
            let filter = it.filter.as_ref().map(|filter| linker.plan(filter));
            (filter, linker.plan(&it.body))
        });
        let two = it.var2.is_some();
        let wanted = among(it);
        let comprehension = Box::new(Comprehension { kind: it.kind, range, local, two, filter, body });
        match wanted {
            Some(text) => Op::Among(text.into(), comprehension),
            None => Op::Loop(comprehension),
        }
    }

    fn bind(&mut self, it: &'l ast::Bind) -> Op {
        let value = self.plan(&it.value);
        let (local, body) = self.within(&[it.var.as_str()], |linker| linker.plan(&it.body));
        let kind: BindKind = it.kind;
        Op::Bind(Box::new(Bind { kind, local, value, body }))
    }
}

/// The text of `exists(x, x == "text")`.
fn among(it: &ast::Comprehension) -> Option<&str> {
    let Expr::Binary(Binary::Equal, sides) = &it.body.expr else { return None };
    let is_variable = |node: &Node| matches!(&node.expr, Expr::Ident(name) if *name == it.var);
    let plain = it.kind == Loop::Exists && it.var2.is_none() && it.filter.is_none();
    let text = match (is_variable(&sides.0), is_variable(&sides.1)) {
        (true, false) => sides.1.expr.as_text(),
        (false, true) => sides.0.expr.as_text(),
        _ => None,
    };
    text.filter(|_| plain)
}

fn literal(literal: &Literal) -> Op {
    Op::Fixed(match literal {
        Literal::Null => Val::Null,
        Literal::Bool(b) => Val::Bool(*b),
        Literal::Int(n) => Val::Int(*n),
        Literal::Uint(n) => Val::Uint(*n),
        Literal::Double(n) => Val::Double(*n),
        Literal::String(text) => return Op::Text(text.as_str().into()),
        Literal::Bytes(bytes) => return Op::Data(bytes.as_slice().into()),
    })
}
