//! Evaluates programs, within a budget.
//!
//! One run is one decision: the same facts, variables and budget for all of its expressions. What is made on the way
//! lives in the arena of the decision. Functions are small on purpose: HotSpot compiles none above 8,000 bytecodes.

mod access;
mod arithmetic;
mod direct;
mod logic;
mod loops;
mod make;
mod truth;

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::fmt;

use bumpalo::Bump;

use super::library::pattern::Pattern;
use super::plan::{Op, Plan, Program};
use super::val::Val;
use super::value::Value;

pub(super) use truth::Truth;

/// Deeper than any policy that passed [`super::limits::check_policy`]: a wall for expressions that did not.
const MAX_STACK: u16 = 200;

pub(super) type Outcome<'a> = Result<Val<'a>, Failure<'a>>;

/// Why there is no value.
#[derive(Debug, Clone, Copy)]
pub(super) enum Failure<'a> {
    /// A CEL error: `&&`, `||`, `all` and `exists` may absorb it.
    Error(&'a Fault<'a>),
    /// The budget ran out: nothing absorbs it.
    Exhausted,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Fault<'a> {
    pub(super) message: Message<'a>,
    pub(super) start: u32,
    pub(super) end: u32,
    /// The variable in whose source that is.
    pub(super) variable: Option<u16>,
}

/// What went wrong. Most errors are absorbed by an `||`, and only those that are told are put into words.
#[derive(Debug, Clone, Copy)]
pub(super) enum Message<'a> {
    Fixed(&'static str),
    Made(&'a str),
    NoSuchKey(&'a str),
}

impl fmt::Display for Message<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fixed(text) => f.write_str(text),
            Self::Made(text) => f.write_str(text),
            Self::NoSuchKey(key) => write!(f, "no such key: `{key}`"),
        }
    }
}

/// Where a loop or a binding keeps what it binds.
pub(super) type Frame<'a> = &'a [Cell<Val<'a>>];

/// A fact.
#[derive(Debug, Clone, Copy)]
pub(super) enum Fact<'a> {
    Absent,
    /// It is turned into a value when it is first read.
    Given(&'a Value),
    Read(Val<'a>),
}

impl<'a> Fact<'a> {
    /// Nothing for a fact that is absent.
    pub(super) fn new(given: Option<&'a Value>) -> Self {
        given.map_or(Self::Absent, Self::Given)
    }

    /// The text that one is which was read already.
    pub(super) fn as_text(self) -> Option<&'a str> {
        match self {
            Self::Read(value) => value.as_str(),
            Self::Absent | Self::Given(_) => None,
        }
    }
}

/// A variable of the policy, and what it came to.
#[derive(Debug)]
pub(super) struct Variable<'a> {
    pub(super) program: &'a Program,
    pub(super) name: &'a str,
    state: Cell<State<'a>>,
}

#[derive(Debug, Clone, Copy)]
enum State<'a> {
    Open,
    Running,
    Done(Outcome<'a>),
}

impl<'a> Variable<'a> {
    pub(super) fn new(name: &'a str, program: &'a Program) -> Self {
        Self { program, name, state: Cell::new(State::Open) }
    }
}

/// Any number of evaluations with the same facts, variables and budget.
pub(super) struct Run<'a> {
    pub(super) arena: &'a Bump,
    facts: &'a [Cell<Fact<'a>>],
    pub(super) variables: &'a [Variable<'a>],
    /// What the terms that several conditions have came to.
    shared: &'a [Cell<Option<bool>>],
    /// The patterns of `matches` that are not written out.
    pub(super) patterns: RefCell<BTreeMap<&'a str, Pattern>>,
    budget: Cell<u64>,
    exhausted: Cell<bool>,
    /// Why the last condition has failed.
    failed: Cell<Failure<'a>>,
    /// The type of the last condition that was no bool.
    other: Cell<&'static str>,
    /// Levels of the trees that are being evaluated, through variables.
    stack: Cell<u16>,
}

impl<'a> Run<'a> {
    pub(super) fn new(
        arena: &'a Bump,
        facts: &'a [Cell<Fact<'a>>],
        variables: &'a [Variable<'a>],
        shared: usize,
        budget: u64,
    ) -> Self {
        Self {
            arena,
            facts,
            variables,
            shared: arena.alloc_slice_fill_with(shared, |_| Cell::new(None)),
            patterns: RefCell::default(),
            budget: Cell::new(budget),
            exhausted: Cell::new(false),
            failed: Cell::new(Failure::Exhausted),
            other: Cell::new(""),
            stack: Cell::new(0),
        }
    }

    pub(super) fn remaining(&self) -> u64 {
        self.budget.get()
    }

    #[cold]
    pub(super) fn exhaust<T>(&self) -> Result<T, Failure<'a>> {
        self.budget.set(0);
        self.exhausted.set(true);
        Err(Failure::Exhausted)
    }

    /// Spends of the budget.
    #[inline]
    pub(super) fn charge(&self, cost: u64) -> Result<(), Failure<'a>> {
        if self.spend(cost) { Ok(()) } else { self.exhaust() }
    }

    /// Spends of the budget, where there is enough; whoever is told that there is not must end in [`Self::exhaust`].
    #[inline]
    fn spend(&self, cost: u64) -> bool {
        let rest = self.budget.get().checked_sub(cost);
        self.budget.set(rest.unwrap_or_default());
        rest.is_some()
    }

    /// Spends what a text of this length costs, of which 16 bytes are a unit.
    pub(super) fn charge_bytes(&self, length: usize) -> Result<(), Failure<'a>> {
        self.charge(units(length))
    }

    #[cold]
    pub(super) fn fault<T>(&self, plan: &Plan, message: Message<'a>) -> Result<T, Failure<'a>> {
        let fault = Fault { message, start: plan.start, end: plan.end, variable: None };
        Err(Failure::Error(self.arena.alloc(fault)))
    }

    #[cold]
    pub(super) fn fault_with<T>(&self, plan: &Plan, message: fmt::Arguments<'_>) -> Result<T, Failure<'a>> {
        let made = bumpalo::format!(in self.arena, "{}", message).into_bump_str();
        // It may hold a name from the policy, and be made and absorbed in each turn of a loop.
        self.charge_bytes(made.len())?;
        self.fault(plan, Message::Made(made))
    }

    /// The value of a whole expression.
    pub(super) fn value(&self, program: &'a Program) -> Outcome<'a> {
        let before = self.stack.get();
        let depth = before.saturating_add(program.depth);
        if depth > MAX_STACK {
            return self.exhaust();
        }
        self.stack.set(depth);
        let outcome = self.eval(&program.root, self.frame(program));
        self.stack.set(before);
        if self.exhausted.get() { Err(Failure::Exhausted) } else { outcome }
    }

    fn frame(&self, program: &Program) -> Frame<'a> {
        if program.locals == 0 {
            &[]
        } else {
            self.arena.alloc_slice_fill_with(program.locals, |_| Cell::new(Val::Null))
        }
    }

    pub(super) fn eval(&self, plan: &'a Plan, frame: Frame<'a>) -> Outcome<'a> {
        match &plan.op {
            // These are paid for where they are tested.
            // As a value it may be of any type.
            Op::Shared(_, term) => self.eval(term, frame),
            Op::And(_)
            | Op::Or(_)
            | Op::Not(_)
            | Op::Equal(_)
            | Op::NotEqual(_)
            | Op::In(_)
            | Op::Compare(..)
            | Op::HasSlot(_) => self.outcome_of(self.test(plan, frame)),
            _ => {
                self.charge(1)?;
                self.step(plan, frame)
            }
        }
    }

    /// The value of a step that was paid for and that is no condition by its form.
    fn step(&self, plan: &'a Plan, frame: Frame<'a>) -> Outcome<'a> {
        match &plan.op {
            Op::Fixed(value) => Ok(*value),
            Op::Text(text) => Ok(Val::String(text)),
            Op::Slot(slot) => match self.fact(slot.index)? {
                Some(value) => Ok(value),
                None => self.fault(plan, Message::NoSuchKey(&slot.name)),
            },
            Op::Local(at) => Ok(frame.get(usize::from(*at)).map_or(Val::Null, Cell::get)),
            Op::Call(call) => self.call(plan, call, frame),
            Op::Select(select) => self.select(plan, select, frame),
            Op::Index(index) => self.index(plan, index, frame),
            _ => self.eval_rest(plan, frame),
        }
    }

    /// The steps that most conditions do without.
    #[inline(never)]
    fn eval_rest(&self, plan: &'a Plan, frame: Frame<'a>) -> Outcome<'a> {
        match &plan.op {
            Op::MaybeSlot(slot) => {
                let fact = self.fact(*slot)?;
                Ok(Val::Optional(fact.map(|value| &*self.arena.alloc(value))))
            }
            Op::Conditional(parts) => {
                let [condition, yes, no] = &**parts;
                let chosen = if self.holds(condition, frame)? { yes } else { no };
                self.eval(chosen, frame)
            }
            Op::Variable(number) => self.variable(plan, *number),
            Op::Loop(it) | Op::Among(_, it) => self.comprehension(plan, it, frame),
            Op::Matches(it) => self.matches(plan, it, frame),
            _ => self.eval_rare(plan, frame),
        }
    }

    #[inline(never)]
    fn eval_rare(&self, plan: &'a Plan, frame: Frame<'a>) -> Outcome<'a> {
        match &plan.op {
            Op::Data(bytes) => Ok(Val::Bytes(bytes)),
            Op::Negate(operand) => self.negate(plan, operand, frame),
            Op::Arithmetic(operator, sides) => self.arithmetic(plan, *operator, sides, frame),
            Op::List(elements) => self.list(plan, elements, frame),
            Op::Map(entries) => self.map(plan, entries, frame),
            Op::Object(fields) => self.object(fields),
            Op::Bind(it) => self.bind(plan, it, frame),
            Op::OrElse(it) => self.or_else(plan, it, frame),
            Op::Unknown(name) => self.fault_with(plan, format_args!("there is no variable `{name}`")),
            _ => self.fault(plan, Message::Fixed("this can't be evaluated")),
        }
    }

    /// A fact that was read already.
    #[inline]
    fn known(&self, slot: u16) -> Option<Val<'a>> {
        match self.facts.get(usize::from(slot))?.get() {
            Fact::Read(value) => Some(value),
            Fact::Absent | Fact::Given(_) => None,
        }
    }

    /// The value of a fact, or nothing where it is absent.
    pub(super) fn fact(&self, slot: u16) -> Result<Option<Val<'a>>, Failure<'a>> {
        let Some(fact) = self.facts.get(usize::from(slot)) else { return Ok(None) };
        match fact.get() {
            Fact::Absent => Ok(None),
            Fact::Read(value) => Ok(Some(value)),
            Fact::Given(given) => {
                let value = self.borrow(given)?;
                fact.set(Fact::Read(value));
                Ok(Some(value))
            }
        }
    }

    #[inline(never)]
    fn variable(&self, plan: &Plan, number: u16) -> Outcome<'a> {
        let Some(variable) = self.variables.get(usize::from(number)) else {
            return self.fault(plan, Message::Fixed("there is no such variable"));
        };
        match variable.state.get() {
            State::Done(outcome) => outcome,
            State::Running => {
                self.fault_with(plan, format_args!("the variable `{}` depends on itself", variable.name))
            }
            State::Open => {
                variable.state.set(State::Running);
                let outcome = self.value(variable.program).map_err(|failure| match failure {
                    Failure::Error(fault) if fault.variable.is_none() => {
                        Failure::Error(self.arena.alloc(Fault { variable: Some(number), ..*fault }))
                    }
                    failure => failure,
                });
                variable.state.set(State::Done(outcome));
                outcome
            }
        }
    }
}

/// What a text or bytes of this length cost: 16 bytes are a unit.
pub(super) fn units(length: usize) -> u64 {
    count(length) >> 4
}

/// A number of things as a cost.
pub(super) fn count(n: usize) -> u64 {
    u64::try_from(n).unwrap_or(u64::MAX)
}
