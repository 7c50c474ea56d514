//! `+ - * / %` and the sign: checked, and never across types.

use bumpalo::collections::{String as Text, Vec as List};

use super::{Failure, Frame, Message, Outcome, Run};
use crate::cel::ast::Binary;
use crate::cel::plan::Plan;
use crate::cel::val::Val;

/// Why there is no result.
enum Wrong {
    Types,
    Range,
    Zero(&'static str),
}

type Result<'a> = std::result::Result<Val<'a>, Wrong>;

impl<'a> Run<'a> {
    #[inline(never)]
    pub(super) fn negate(&self, plan: &Plan, operand: &'a Plan, frame: Frame<'a>) -> Outcome<'a> {
        let value = self.eval(operand, frame)?;
        let negated = match value {
            Val::Int(n) => n.checked_neg().map(Val::Int),
            Val::Double(n) => Some(Val::Double(-n)),
            _ => return self.fault_with(plan, format_args!("`-` needs a number, not {}", value.a_kind())),
        };
        match negated {
            Some(negated) => Ok(negated),
            None => self.fault(plan, Message::Fixed("the result of `-` is out of the range of its type")),
        }
    }

    #[inline(never)]
    pub(super) fn arithmetic(
        &self,
        plan: &Plan,
        operator: Binary,
        sides: &'a [Plan; 2],
        frame: Frame<'a>,
    ) -> Outcome<'a> {
        let [left, right] = sides;
        let (left, right) = (self.eval(left, frame)?, self.eval(right, frame)?);
        if operator == Binary::Add
            && let Some(joined) = self.joined(left, right)?
        {
            return Ok(joined);
        }
        let result = match (left, right) {
            (Val::Int(a), Val::Int(b)) => ints(operator, a, b),
            (Val::Uint(a), Val::Uint(b)) => uints(operator, a, b),
            (Val::Double(a), Val::Double(b)) => doubles(operator, a, b),
            _ => times(operator, left, right),
        };
        match result {
            Ok(value) => Ok(value),
            Err(Wrong::Zero(message)) => self.fault(plan, Message::Fixed(message)),
            Err(Wrong::Range) => {
                self.fault(plan, Message::Fixed("the result is out of the range of its type"))
            }
            Err(Wrong::Types) => self.fault_with(
                plan,
                format_args!(
                    "`{}` does not work on {} and {}",
                    operator.symbol(),
                    left.a_kind(),
                    right.a_kind()
                ),
            ),
        }
    }

    /// Texts, bytes and lists, one behind the other.
    fn joined(&self, left: Val<'a>, right: Val<'a>) -> std::result::Result<Option<Val<'a>>, Failure<'a>> {
        Ok(Some(match (left, right) {
            (Val::String(a), Val::String(b)) => {
                let length = a.len().saturating_add(b.len());
                self.charge_bytes(length)?;
                let mut text = Text::with_capacity_in(length, self.arena);
                text.push_str(a);
                text.push_str(b);
                Val::String(text.into_bump_str())
            }
            (Val::Bytes(a), Val::Bytes(b)) => {
                let length = a.len().saturating_add(b.len());
                self.charge_bytes(length)?;
                let mut bytes = List::with_capacity_in(length, self.arena);
                bytes.extend_from_slice(a);
                bytes.extend_from_slice(b);
                Val::Bytes(bytes.into_bump_slice())
            }
            (Val::List(a), Val::List(b)) => {
                let length = a.len().saturating_add(b.len());
                self.charge(super::count(length))?;
                let mut items = List::with_capacity_in(length, self.arena);
                items.extend_from_slice(a);
                items.extend_from_slice(b);
                Val::List(items.into_bump_slice())
            }
            _ => return Ok(None),
        }))
    }
}

macro_rules! integers {
    ($name:ident, $type:ty, $value:path) => {
        fn $name<'a>(operator: Binary, a: $type, b: $type) -> Result<'a> {
            let result = match operator {
                Binary::Add => a.checked_add(b),
                Binary::Subtract => a.checked_sub(b),
                Binary::Multiply => a.checked_mul(b),
                Binary::Divide if b == 0 => return Err(Wrong::Zero("division by zero")),
                Binary::Divide => a.checked_div(b),
                _ if b == 0 => return Err(Wrong::Zero("remainder of a division by zero")),
                _ => a.checked_rem(b),
            };
            result.map($value).ok_or(Wrong::Range)
        }
    };
}

integers!(ints, i64, Val::Int);
integers!(uints, u64, Val::Uint);

fn doubles<'a>(operator: Binary, a: f64, b: f64) -> Result<'a> {
    Ok(Val::Double(match operator {
        Binary::Add => a + b,
        Binary::Subtract => a - b,
        Binary::Multiply => a * b,
        Binary::Divide => a / b,
        _ => return Err(Wrong::Types),
    }))
}

fn times<'a>(operator: Binary, left: Val<'a>, right: Val<'a>) -> Result<'a> {
    let result = match (operator, left, right) {
        (Binary::Add, Val::Timestamp(at), Val::Duration(span))
        | (Binary::Add, Val::Duration(span), Val::Timestamp(at)) => at.checked_add(span).map(Val::Timestamp),
        (Binary::Add, Val::Duration(a), Val::Duration(b)) => a.checked_add(b).map(Val::Duration),
        (Binary::Subtract, Val::Timestamp(at), Val::Duration(span)) => {
            at.checked_sub(span).map(Val::Timestamp)
        }
        (Binary::Subtract, Val::Timestamp(a), Val::Timestamp(b)) => a.since(b).map(Val::Duration),
        (Binary::Subtract, Val::Duration(a), Val::Duration(b)) => a.checked_sub(b).map(Val::Duration),
        _ => return Err(Wrong::Types),
    };
    result.ok_or(Wrong::Range)
}
