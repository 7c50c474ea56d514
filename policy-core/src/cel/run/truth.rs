//! Conditions: true, false, or failed.
//!
//! Most steps of a policy are conditions, and what a condition comes to fits into a byte, where a value would be written to memory and
//! read back at each level. Operands that are facts, literals or what a loop holds are compared where they stand.
//! Each way costs the same of the budget.

use std::cell::Cell;

use super::direct::among;
use super::{Failure, Frame, Outcome, Run, units};
use crate::bytes;
use crate::cel::ast::Binary;
use crate::cel::plan::{Call, Comprehension, Op, Plan, TextTest};
use crate::cel::val::Val;

/// What a condition came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cel) enum Truth {
    False,
    True,
    /// [`Run::failure`] tells why.
    Failed,
    /// A value that is no bool; [`Run::other_kind`] tells of which type.
    Other,
}

impl From<bool> for Truth {
    #[inline]
    fn from(value: bool) -> Self {
        if value { Self::True } else { Self::False }
    }
}

impl Truth {
    #[inline]
    fn is(self, value: bool) -> bool {
        self == Self::from(value)
    }
}

impl<'a> Run<'a> {
    /// Why the last condition has failed that has.
    pub(in crate::cel) fn failure(&self) -> Failure<'a> {
        self.failed.get()
    }

    /// The type of the value that the last condition was which was no bool, with its article.
    pub(in crate::cel) fn other_kind(&self) -> &'static str {
        self.other.get()
    }

    #[cold]
    #[inline(never)]
    pub(super) fn fail(&self, failure: Failure<'a>) -> Truth {
        self.failed.set(failure);
        Truth::Failed
    }

    #[cold]
    #[inline(never)]
    fn run_out(&self) -> Truth {
        let outcome: Result<(), _> = self.exhaust();
        outcome.map_or_else(|failure| self.fail(failure), |()| Truth::Failed)
    }

    #[inline]
    pub(super) fn truth_of(&self, outcome: Outcome<'a>) -> Truth {
        match outcome {
            Ok(Val::Bool(value)) => Truth::from(value),
            Ok(other) => {
                self.other.set(other.a_kind());
                Truth::Other
            }
            Err(failure) => self.fail(failure),
        }
    }

    /// The value that a condition is.
    #[inline]
    pub(super) fn outcome_of(&self, truth: Truth) -> Outcome<'a> {
        match truth {
            Truth::False => Ok(Val::Bool(false)),
            Truth::True => Ok(Val::Bool(true)),
            Truth::Failed | Truth::Other => Err(self.failed.get()),
        }
    }

    /// What a step comes to as a condition.
    pub(super) fn test(&self, plan: &'a Plan, frame: Frame<'a>) -> Truth {
        if !self.spend(1) {
            return self.run_out();
        }
        self.tested(plan, frame)
    }

    /// The same of a step that is paid for.
    #[inline]
    fn tested(&self, plan: &'a Plan, frame: Frame<'a>) -> Truth {
        match &plan.op {
            Op::Shared(number, term) => self.once(*number, term, frame),
            Op::And(terms) => self.logic(terms, false, frame),
            Op::Or(terms) => self.logic(terms, true, frame),
            Op::Not(operand) => self.not(plan, operand, frame),
            Op::Equal(sides) => self.is_equal(sides, true, frame),
            Op::NotEqual(sides) => self.is_equal(sides, false, frame),
            Op::In(sides) => self.is_in(plan, sides, frame),
            Op::Compare(operator, sides) => self.compare(plan, *operator, sides, frame),
            Op::Call(call) => self.test_call(plan, call, frame),
            Op::Loop(it) => self.test_loop(plan, it, frame),
            Op::Among(text, it) => self.test_among(text, plan, it, frame),
            Op::Slot(slot) => match self.known(slot.index) {
                Some(Val::Bool(value)) => Truth::from(value),
                _ => self.truth_of(self.step(plan, frame)),
            },
            Op::HasSlot(slot) => match self.fact(*slot) {
                Ok(fact) => Truth::from(fact.is_some()),
                Err(failure) => self.fail(failure),
            },
            _ => self.test_value(plan, frame),
        }
    }

    /// A term that other conditions have as well. An error is told with its place, so each of them finds its own.
    fn once(&self, number: u16, term: &'a Plan, frame: Frame<'a>) -> Truth {
        let known = self.shared.get(usize::from(number));
        if let Some(truth) = known.and_then(Cell::get) {
            return Truth::from(truth);
        }
        let truth = self.test_term(term, frame);
        if let (Some(known), Truth::True | Truth::False) = (known, truth) {
            known.set(Some(truth == Truth::True));
        }
        truth
    }

    #[inline(never)]
    fn test_term(&self, term: &'a Plan, frame: Frame<'a>) -> Truth {
        self.tested(term, frame)
    }

    #[inline(never)]
    fn test_value(&self, plan: &'a Plan, frame: Frame<'a>) -> Truth {
        self.truth_of(self.step(plan, frame))
    }

    /// The same where anything but a bool is an error.
    pub(super) fn condition(&self, plan: &'a Plan, frame: Frame<'a>) -> Truth {
        match self.test(plan, frame) {
            Truth::Other => self.no_bool(plan, "a condition must be a bool"),
            truth => truth,
        }
    }

    #[cold]
    #[inline(never)]
    fn no_bool(&self, plan: &Plan, what: &str) -> Truth {
        let outcome: Outcome<'a> = self.fault_with(plan, format_args!("{what}, not {}", self.other.get()));
        self.truth_of(outcome)
    }

    /// `||` where `decides` is true, `&&` where it is false: an operand that decides absorbs the errors of the others.
    fn logic(&self, terms: &'a [Plan], decides: bool, frame: Frame<'a>) -> Truth {
        let mut error = None;
        for term in terms {
            match self.condition(term, frame) {
                Truth::Failed => match self.failed.get() {
                    Failure::Exhausted => return Truth::Failed,
                    failure => error = error.or(Some(failure)),
                },
                truth if truth.is(decides) => return truth,
                _ => {}
            }
        }
        error.map_or(Truth::from(!decides), |failure| self.fail(failure))
    }

    fn not(&self, plan: &Plan, operand: &'a Plan, frame: Frame<'a>) -> Truth {
        match self.test(operand, frame) {
            Truth::False => Truth::True,
            Truth::True => Truth::False,
            Truth::Failed => Truth::Failed,
            Truth::Other => self.no_bool(plan, "`!` needs a bool"),
        }
    }

    /// The text of a step that has one without being evaluated.
    #[inline]
    fn text(&self, plan: &'a Plan, frame: Frame<'a>) -> Option<&'a str> {
        match &plan.op {
            Op::Text(text) => Some(text),
            Op::Slot(slot) => self.known(slot.index)?.as_str(),
            Op::Local(at) => frame.get(usize::from(*at))?.get().as_str(),
            _ => None,
        }
    }

    #[inline]
    fn is_equal(&self, sides: &'a [Plan; 2], wanted: bool, frame: Frame<'a>) -> Truth {
        let [left, right] = sides;
        match (self.text(left, frame), self.text(right, frame)) {
            (Some(a), Some(b)) => {
                // Both are steps, and are read.
                if !self.spend(units(a.len().min(b.len())).saturating_add(2)) {
                    return self.run_out();
                }
                Truth::from(bytes::same(a.as_bytes(), b.as_bytes()) == wanted)
            }
            _ => self.is_equal_value(sides, wanted, frame),
        }
    }

    #[inline(never)]
    fn is_equal_value(&self, sides: &'a [Plan; 2], wanted: bool, frame: Frame<'a>) -> Truth {
        let [left, right] = sides;
        let compared = self.eval(left, frame).and_then(|left| self.equal(left, self.eval(right, frame)?));
        match compared {
            Ok(equal) => Truth::from(equal == wanted),
            Err(failure) => self.fail(failure),
        }
    }

    fn is_in(&self, plan: &'a Plan, sides: &'a [Plan; 2], frame: Frame<'a>) -> Truth {
        let [left, right] = sides;
        let items = match &right.op {
            Op::Slot(slot) => self.known(slot.index),
            _ => None,
        };
        match (self.text(left, frame), items) {
            (Some(text), Some(Val::List(items))) => self.is_among(text, items),
            _ => self.truth_of(self.contains(plan, sides, frame)),
        }
    }

    /// `exists` for one text. Of a map the loop itself walks the keys.
    #[inline(never)]
    fn test_among(&self, text: &str, plan: &'a Plan, it: &'a Comprehension, frame: Frame<'a>) -> Truth {
        let items = match &it.range.op {
            // What is paid must not depend on whether the fact was read before.
            Op::Slot(slot) if self.spend(1) => self.fact(slot.index),
            Op::Index(_) => self.eval(&it.range, frame).map(Some),
            _ => Ok(None),
        };
        match items {
            Ok(Some(Val::List(items))) => self.is_among(text, items),
            Ok(_) => self.test_loop(plan, it, frame),
            Err(failure) => self.fail(failure),
        }
    }

    fn is_among(&self, text: &str, items: &[Val<'a>]) -> Truth {
        let (found, cost) = among(text, items);
        if self.spend(cost) { Truth::from(found) } else { self.run_out() }
    }

    #[inline(never)]
    fn compare(&self, plan: &Plan, operator: Binary, sides: &'a [Plan; 2], frame: Frame<'a>) -> Truth {
        match self.compared(plan, operator, sides, frame) {
            Ok(holds) => Truth::from(holds),
            Err(failure) => self.fail(failure),
        }
    }

    fn test_call(&self, plan: &'a Plan, call: &'a Call, frame: Frame<'a>) -> Truth {
        if let (Some(test), [text, part]) = (call.test, &*call.args)
            && let (Some(text), Some(part)) = (self.text(text, frame), self.text(part, frame))
        {
            if !self.spend(units(text.len()).saturating_add(units(part.len())).saturating_add(2)) {
                return self.run_out();
            }
            let (text, part) = (text.as_bytes(), part.as_bytes());
            return Truth::from(match test {
                TextTest::StartsWith => bytes::starts_with(text, part),
                TextTest::EndsWith => bytes::ends_with(text, part),
            });
        }
        self.truth_of(self.call(plan, call, frame))
    }

    /// The truth of a whole expression.
    #[inline]
    pub(in crate::cel) fn truth(&self, program: &'a super::Program) -> Truth {
        match self.direct(&program.terms) {
            Ok(truth) if self.spend(program.joined) => truth,
            Ok(_) => self.run_out(),
            Err(at) => self.truth_from(program, at),
        }
    }

    /// The same, where the terms before one are true and are paid for.
    #[inline(never)]
    fn truth_from(&self, program: &'a super::Program, at: usize) -> Truth {
        let before = self.stack.get();
        let depth = before.saturating_add(program.depth);
        if depth > super::MAX_STACK {
            return self.run_out();
        }
        self.stack.set(depth);
        let frame = self.frame(program);
        let truth = match &program.root.op {
            Op::And(terms) if self.spend(program.joined) => {
                self.logic(terms.get(at..).unwrap_or_default(), false, frame)
            }
            Op::And(_) => self.run_out(),
            _ => self.test(&program.root, frame),
        };
        self.stack.set(before);
        if self.exhausted.get() { self.fail(Failure::Exhausted) } else { truth }
    }
}
