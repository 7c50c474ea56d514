//! Order, membership and patterns.

use std::cmp::Ordering;

use super::{Failure, Frame, Message, Outcome, Run, Truth, units};
use crate::cel::ast::Binary;
use crate::cel::compare::{look_up, order};
use crate::cel::plan::{Matches, Plan};
use crate::cel::val::Val;

impl<'a> Run<'a> {
    /// Whether a condition holds, where the way to it may fail.
    pub(super) fn holds(&self, plan: &'a Plan, frame: Frame<'a>) -> Result<bool, Failure<'a>> {
        match self.condition(plan, frame) {
            Truth::True => Ok(true),
            Truth::False => Ok(false),
            Truth::Failed | Truth::Other => Err(self.failure()),
        }
    }

    /// Whether `<` and its like hold.
    pub(super) fn compared(
        &self,
        plan: &Plan,
        operator: Binary,
        sides: &'a [Plan; 2],
        frame: Frame<'a>,
    ) -> Result<bool, Failure<'a>> {
        let [left, right] = sides;
        let (left, right) = (self.eval(left, frame)?, self.eval(right, frame)?);
        if let (Val::String(_) | Val::Bytes(_), Val::String(_) | Val::Bytes(_)) = (left, right) {
            self.charge(length(left).min(length(right)))?;
        }
        match order(left, right) {
            Some(found) => Ok(found.is_some_and(|found| holds(operator, found))),
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
