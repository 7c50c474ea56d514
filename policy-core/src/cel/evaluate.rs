//! Walks a tree and computes its value, within a budget.
//!
//! The values, operators and functions are the crate's; the walk is ours, because a decision needs what the crate's
//! interpreter has not: a budget that nothing absorbs, maps that iterate in key order, errors that know their place,
//! and messages that hold no value of the context.

use std::cell::{Cell, OnceCell};
use std::collections::BTreeMap;
use std::ops::Range;

use cel::common::types::{CelBool, CelList, CelMapKey, CelOptional};
use cel::common::value::{CowVal, Val};

use super::access::{Unwrapped, none};
use super::ast::{Bind, BindKind, Element, Entry, Expr, Node, Unary};
use super::expression::Expression;
use super::functions;
use super::inspect::{a_type, is_optional, measure};
use super::pattern::Patterns;
use super::value::{Value, map};

/// Deeper than any policy that passed [`super::limits::check_policy`]: a wall for expressions that did not.
const MAX_STACK: u16 = 200;

/// A value that borrows nothing.
pub(super) type Dyn = dyn Val + 'static;
/// A value that may be borrowed from the tree, the context or a variable's memo.
pub(super) type Val1<'a> = CowVal<'a, 'static>;
pub(super) type Outcome<'a> = Result<Val1<'a>, Failure>;

/// Why there is no value.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Failure {
    /// A CEL error: `&&`, `||`, `all` and `exists` may absorb it.
    Error(Box<Fault>),
    /// The budget ran out: nothing absorbs it.
    Exhausted,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Fault {
    pub(super) message: String,
    pub(super) range: Range<usize>,
    pub(super) variable: Option<String>,
}

pub(super) fn fault<T>(node: &Node, message: impl Into<String>) -> Result<T, Failure> {
    Err(Failure::Error(Box::new(Fault { message: message.into(), range: node.range(), variable: None })))
}

/// A variable of a comprehension, and those around it.
#[derive(Clone, Copy)]
pub(super) struct Frame<'f> {
    parent: Option<&'f Frame<'f>>,
    name: &'f str,
    value: &'f Dyn,
}

impl<'f> Frame<'f> {
    pub(super) fn new(parent: Option<&'f Frame<'f>>, name: &'f str, value: &'f Dyn) -> Self {
        Self { parent, name, value }
    }

    fn find(mut frame: Option<&'f Self>, name: &str) -> Option<&'f Dyn> {
        while let Some(it) = frame {
            if it.name == name {
                return Some(it.value);
            }
            frame = it.parent;
        }
        None
    }
}

/// What a policy variable came to.
struct Memo<'p> {
    expression: &'p Expression,
    running: Cell<bool>,
    result: OnceCell<Result<Box<dyn Val>, Failure>>,
}

/// One walk over any number of expressions with the same context, variables and budget.
pub(super) struct Evaluator<'p> {
    root: BTreeMap<String, Box<dyn Val>>,
    variables: BTreeMap<&'p str, Memo<'p>>,
    pub(super) patterns: Patterns,
    budget: Cell<u64>,
    exhausted: Cell<bool>,
    stack: Cell<u16>,
}

impl<'p> Evaluator<'p> {
    pub(super) fn new(
        root: BTreeMap<String, Box<dyn Val>>,
        variables: &'p BTreeMap<String, Expression>,
        budget: u64,
    ) -> Self {
        let memo = |expression| Memo { expression, running: Cell::new(false), result: OnceCell::new() };
        Self {
            root,
            variables: variables.iter().map(|(name, it)| (name.as_str(), memo(it))).collect(),
            patterns: Patterns::default(),
            budget: Cell::new(budget),
            exhausted: Cell::new(false),
            stack: Cell::new(0),
        }
    }

    pub(super) fn from_context(
        root: &BTreeMap<String, Value>,
        variables: &'p BTreeMap<String, Expression>,
        budget: u64,
    ) -> Self {
        Self::new(
            root.iter().map(|(name, value)| (name.clone(), value.to_val())).collect(),
            variables,
            budget,
        )
    }

    pub(super) fn remaining(&self) -> u64 {
        self.budget.get()
    }

    /// Whether the budget ran out, now or ever before.
    pub(super) fn exhausted(&self) -> bool {
        self.exhausted.get()
    }

    fn exhaust<T>(&self) -> Result<T, Failure> {
        self.budget.set(0);
        self.exhausted.set(true);
        Err(Failure::Exhausted)
    }

    pub(super) fn charge(&self, cost: u64) -> Result<(), Failure> {
        match self.budget.get().checked_sub(cost) {
            Some(rest) if !self.exhausted() => {
                self.budget.set(rest);
                Ok(())
            }
            _ => self.exhaust(),
        }
    }

    /// Charges for the size of a value, in units of one element or 16 bytes.
    pub(super) fn charge_size(&self, value: &dyn Val) -> Result<u64, Failure> {
        let mut size = 0;
        if measure(value, self.budget.get(), &mut size, 0) {
            self.charge(size)?;
            Ok(size)
        } else {
            self.exhaust()
        }
    }

    /// The value, copied where it is borrowed, which costs its size.
    pub(super) fn own(&self, value: Val1<'_>) -> Result<Box<dyn Val>, Failure> {
        if value.is_borrowed() {
            self.charge_size(value.as_ref())?;
        }
        Ok(value.into_owned())
    }

    pub(super) fn eval<'a>(&'a self, node: &'a Node, frame: Option<&'a Frame<'a>>) -> Outcome<'a> {
        self.charge(1)?;
        let depth = self.stack.get().saturating_add(1);
        if depth > MAX_STACK {
            return self.exhaust();
        }
        self.stack.set(depth);
        let outcome = self.dispatch(node, frame);
        self.stack.set(depth.saturating_sub(1));
        outcome
    }

    fn dispatch<'a>(&'a self, node: &'a Node, frame: Option<&'a Frame<'a>>) -> Outcome<'a> {
        match &node.expr {
            Expr::Literal(value) => Ok(CowVal::Borrowed(value.as_ref())),
            Expr::Ident(name) => self.ident(name, node, frame),
            Expr::Select(select) => self.select(select, node, frame),
            Expr::Index(index) => self.index(index, node, frame),
            Expr::Call(call) => self.call(call, node, frame),
            Expr::Unary(operator, operand) => self.unary(*operator, operand, node, frame),
            Expr::Binary(operator, sides) => self.binary(*operator, sides, node, frame),
            Expr::And(terms) => self.logic(terms, false, frame),
            Expr::Or(terms) => self.logic(terms, true, frame),
            Expr::Conditional(parts) => {
                let chosen = if self.condition(&parts.0, frame)? { &parts.1 } else { &parts.2 };
                self.eval(chosen, frame)
            }
            Expr::List(elements) => self.list(elements, frame),
            Expr::Map(entries) => self.map(entries, node, frame),
            Expr::Comprehension(it) => self.comprehension(it, node, frame),
            Expr::Bind(bind) => self.bind(bind, node, frame),
        }
    }

    pub(super) fn condition<'a>(
        &'a self,
        node: &'a Node,
        frame: Option<&'a Frame<'a>>,
    ) -> Result<bool, Failure> {
        let value = self.eval(node, frame)?;
        match value.downcast_ref::<CelBool>() {
            Some(b) => Ok(*b.inner()),
            None => fault(node, format!("a condition must be a bool, not {}", a_type(value.as_ref()))),
        }
    }

    /// `||` where `decides` is true, `&&` where it is false: an operand that decides absorbs the errors of the others.
    fn logic<'a>(&'a self, terms: &'a [Node], decides: bool, frame: Option<&'a Frame<'a>>) -> Outcome<'a> {
        let mut error = None;
        for term in terms {
            match self.condition(term, frame) {
                Ok(value) if value == decides => return Ok(bool(decides)),
                Ok(_) => {}
                Err(Failure::Exhausted) => return Err(Failure::Exhausted),
                Err(failure) => error = error.or(Some(failure)),
            }
        }
        error.map_or(Ok(bool(!decides)), Err)
    }

    fn unary<'a>(
        &'a self,
        operator: Unary,
        operand: &'a Node,
        node: &'a Node,
        frame: Option<&'a Frame<'a>>,
    ) -> Outcome<'a> {
        let value = self.eval(operand, frame)?;
        match operator {
            Unary::Not => match value.downcast_ref::<CelBool>() {
                Some(b) => Ok(bool(!*b.inner())),
                None => fault(node, format!("`!` needs a bool, not {}", a_type(value.as_ref()))),
            },
            Unary::Negate => match value.as_negator().map(|negator| negator.negate()) {
                Some(Ok(negated)) => Ok(CowVal::Owned(negated)),
                Some(Err(_)) => fault(node, "the result of `-` is too large for its type"),
                None => fault(node, format!("`-` needs a number, not {}", a_type(value.as_ref()))),
            },
        }
    }

    fn ident<'a>(&'a self, name: &'a str, node: &'a Node, frame: Option<&'a Frame<'a>>) -> Outcome<'a> {
        let absolute = name.strip_prefix('.');
        if absolute.is_none()
            && let Some(value) = Frame::find(frame, name)
        {
            return Ok(CowVal::Borrowed(value));
        }
        let name = absolute.unwrap_or(name);
        if let Some(memo) = self.variables.get(name) {
            return self.variable(name, memo, node);
        }
        if let Some(value) = self.root.get(name) {
            return Ok(CowVal::Borrowed(value.as_ref()));
        }
        match functions::type_value(name) {
            Some(value) => Ok(CowVal::owned(value)),
            None => fault(node, format!("there is no variable `{name}`")),
        }
    }

    fn variable<'a>(&'a self, name: &str, memo: &'a Memo<'p>, node: &'a Node) -> Outcome<'a> {
        let result = match memo.result.get() {
            Some(result) => result,
            None if memo.running.get() => {
                return fault(node, format!("the variable `{name}` depends on itself"));
            }
            None => {
                memo.running.set(true);
                let result = self.eval(memo.expression.root(), None).and_then(|value| self.own(value));
                memo.running.set(false);
                let named = result.map_err(|failure| match failure {
                    Failure::Error(fault) if fault.variable.is_none() => {
                        Failure::Error(Box::new(Fault { variable: Some(name.to_owned()), ..*fault }))
                    }
                    failure => failure,
                });
                memo.result.get_or_init(|| named)
            }
        };
        match result {
            Ok(value) => Ok(CowVal::Borrowed(value.as_ref())),
            Err(failure) => Err(failure.clone()),
        }
    }

    fn list<'a>(&'a self, elements: &'a [Element], frame: Option<&'a Frame<'a>>) -> Outcome<'a> {
        let mut list: Vec<Box<dyn Val>> = Vec::with_capacity(elements.len());
        for element in elements {
            let value = self.eval(&element.value, frame)?;
            if let Some(value) = self.present(value, element.optional)? {
                list.push(self.own(value)?);
            }
        }
        Ok(CowVal::owned(CelList::from(list)))
    }

    fn map<'a>(&'a self, entries: &'a [Entry], node: &'a Node, frame: Option<&'a Frame<'a>>) -> Outcome<'a> {
        let mut pairs = Pairs::default();
        for entry in entries {
            let key = self.eval(&entry.key, frame)?;
            let key = self.key(key, &entry.key)?;
            let value = self.eval(&entry.value, frame)?;
            if let Some(value) = self.present(value, entry.optional)? {
                let value = self.own(value)?;
                if !pairs.insert(key, value) {
                    return fault(node, "a map has the same key twice");
                }
            }
        }
        Ok(CowVal::owned(map(pairs.0.into_iter().collect())))
    }

    pub(super) fn key(&self, key: Val1<'_>, node: &Node) -> Result<CelMapKey<'static>, Failure> {
        let described = a_type(key.as_ref());
        match CelMapKey::try_from(self.own(key)?) {
            Ok(key) => Ok(key),
            Err(_) => fault(node, format!("{described} can't be the key of a map")),
        }
    }

    fn bind<'a>(&'a self, it: &'a Bind, node: &'a Node, frame: Option<&'a Frame<'a>>) -> Outcome<'a> {
        let value = self.eval(&it.value, frame)?;
        let value = match (it.kind, is_optional(value.as_ref())) {
            (BindKind::Plain, _) => value,
            (_, true) => match self.unwrap(value)? {
                Unwrapped::Plain(value) | Unwrapped::Some(value) => value,
                Unwrapped::None => return Ok(none()),
            },
            (_, false) => {
                return fault(node, format!("this needs an optional, not {}", a_type(value.as_ref())));
            }
        };
        let inner = Frame::new(frame, &it.var, value.as_ref());
        let body = self.eval(&it.body, Some(&inner))?;
        let body = self.own(body)?;
        match it.kind {
            BindKind::OptMap => Ok(CowVal::owned(CelOptional::of(body))),
            BindKind::OptFlatMap if !is_optional(body.as_ref()) => {
                fault(&it.body, format!("`optFlatMap` needs an optional here, not {}", a_type(body.as_ref())))
            }
            BindKind::OptFlatMap | BindKind::Plain => Ok(CowVal::Owned(body)),
        }
    }
}

/// The entries of a map under construction; `1` and `1u` are one key.
#[derive(Default)]
pub(super) struct Pairs(pub(super) BTreeMap<CelMapKey<'static>, Box<dyn Val>>);

impl Pairs {
    /// Whether the key was new.
    pub(super) fn insert(&mut self, key: CelMapKey<'static>, value: Box<dyn Val>) -> bool {
        let twin = match &key {
            CelMapKey::Int(n) => u64::try_from(*n.inner()).ok().map(CelMapKey::from),
            CelMapKey::UInt(n) => i64::try_from(*n.inner()).ok().map(CelMapKey::from),
            CelMapKey::Bool(_) | CelMapKey::String(_) => None,
        };
        twin.is_none_or(|twin| !self.0.contains_key(&twin)) && self.0.insert(key, value).is_none()
    }
}

pub(super) fn bool<'a>(value: bool) -> Val1<'a> {
    CowVal::Borrowed(if value { &CelBool::TRUE } else { &CelBool::FALSE })
}
