//! Conditions: logic with cel-spec's absorption of errors, equality and order.

use std::cmp::Ordering;

use super::{Failure, Frame, Message, Outcome, Run, units};
use crate::cel::ast::Binary;
use crate::cel::compare::{look_up, order};
use crate::cel::plan::{Matches, Plan};
use crate::cel::val::Val;

impl<'a> Run<'a> {
    pub(super) fn condition(&self, plan: &'a Plan, frame: Frame<'a>) -> Result<bool, Failure<'a>> {
        match self.eval(plan, frame)? {
            Val::Bool(value) => Ok(value),
            other => {
                self.fault_with(plan, format_args!("a condition must be a bool, not {}", other.a_kind()))
            }
        }
    }

    /// `||` where `decides` is true, `&&` where it is false: an operand that decides absorbs the errors of the others.
    pub(super) fn logic(&self, terms: &'a [Plan], decides: bool, frame: Frame<'a>) -> Outcome<'a> {
        let mut error = None;
        for term in terms {
            match self.condition(term, frame) {
                Ok(value) if value == decides => return Ok(Val::Bool(decides)),
                Ok(_) => {}
                Err(Failure::Exhausted) => return Err(Failure::Exhausted),
                Err(failure) => error = error.or(Some(failure)),
            }
        }
        error.map_or(Ok(Val::Bool(!decides)), Err)
    }

    pub(super) fn not(&self, plan: &Plan, operand: &'a Plan, frame: Frame<'a>) -> Outcome<'a> {
        match self.eval(operand, frame)? {
            Val::Bool(value) => Ok(Val::Bool(!value)),
            other => self.fault_with(plan, format_args!("`!` needs a bool, not {}", other.a_kind())),
        }
    }

    pub(super) fn is_equal(&self, sides: &'a [Plan; 2], wanted: bool, frame: Frame<'a>) -> Outcome<'a> {
        let [left, right] = sides;
        let (left, right) = (self.eval(left, frame)?, self.eval(right, frame)?);
        Ok(Val::Bool(self.equal(left, right)? == wanted))
    }

    #[inline(never)]
    pub(super) fn compare(
        &self,
        plan: &Plan,
        operator: Binary,
        sides: &'a [Plan; 2],
        frame: Frame<'a>,
    ) -> Outcome<'a> {
        let [left, right] = sides;
        let (left, right) = (self.eval(left, frame)?, self.eval(right, frame)?);
        if let (Val::String(_) | Val::Bytes(_), Val::String(_) | Val::Bytes(_)) = (left, right) {
            self.charge(length(left).min(length(right)))?;
        }
        match order(left, right) {
            Some(found) => Ok(Val::Bool(found.is_some_and(|found| holds(operator, found)))),
            None => self.fault_with(
                plan,
                format_args!(
                    "`{}` can't compare {} with {}",
                    operator.symbol(),
                    left.a_kind(),
                    right.a_kind()
                ),
            ),
        }
    }

    #[inline(never)]
    pub(super) fn contains(&self, plan: &Plan, sides: &'a [Plan; 2], frame: Frame<'a>) -> Outcome<'a> {
        let [left, right] = sides;
        let (wanted, container) = (self.eval(left, frame)?, self.eval(right, frame)?);
        match container {
            Val::List(items) => {
                for item in items {
                    self.charge(1)?;
                    if self.equal(wanted, *item)? {
                        return Ok(Val::Bool(true));
                    }
                }
                Ok(Val::Bool(false))
            }
            Val::Map(entries) => {
                self.charge(length(wanted))?;
                Ok(Val::Bool(look_up(entries, wanted).is_some()))
            }
            _ => self.fault_with(
                plan,
                format_args!("`in` can't look for {} in {}", wanted.a_kind(), container.a_kind()),
            ),
        }
    }

    /// `matches` with a pattern that was compiled with the policy.
    #[inline(never)]
    pub(super) fn matches(&self, plan: &Plan, it: &'a Matches, frame: Frame<'a>) -> Outcome<'a> {
        match (self.eval(&it.text, frame)?, &it.pattern) {
            (Val::String(text), Ok(pattern)) => {
                self.charge(pattern.cost(text))?;
                Ok(Val::Bool(pattern.is_match(text)))
            }
            (Val::String(_), Err(why)) => self.fault(plan, Message::Fixed(why)),
            (other, _) => self.fault_with(
                plan,
                format_args!("`matches` can't be called on {} with (string)", other.a_kind()),
            ),
        }
    }
}

fn length(value: Val<'_>) -> u64 {
    match value {
        Val::String(text) => units(text.len()),
        Val::Bytes(bytes) => units(bytes.len()),
        _ => 0,
    }
}

fn holds(operator: Binary, found: Ordering) -> bool {
    match operator {
        Binary::Less => found == Ordering::Less,
        Binary::LessOrEqual => found != Ordering::Greater,
        Binary::Greater => found == Ordering::Greater,
        _ => found != Ordering::Less,
    }
}
