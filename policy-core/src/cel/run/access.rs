//! Reading fields, keys and elements, also of optionals.

use super::{Failure, Frame, Message, Outcome, Run};
use crate::cel::ast::SelectKind;
use crate::cel::compare::look_up;
use crate::cel::plan::{Index, Op, OrElse, Plan, Select};
use crate::cel::val::{NONE, Val};
use crate::cel::value::Value;

/// What is looked into: a plain value, or what an optional holds.
enum Inside<'a> {
    Plain(Val<'a>),
    Chained(Val<'a>),
    Nothing,
}

impl<'a> Inside<'a> {
    fn of(value: Val<'a>) -> Self {
        match value {
            Val::Optional(Some(inner)) => Self::Chained(*inner),
            Val::Optional(None) => Self::Nothing,
            value => Self::Plain(value),
        }
    }
}

/// Why there is no element.
pub(super) enum Missing {
    /// It has none like this.
    Element,
    /// It can't be looked into in this way.
    Kind,
}

/// The element of a list or a map.
pub(super) fn element<'a>(container: Val<'a>, key: Val<'_>) -> Result<Val<'a>, Missing> {
    match container {
        Val::Map(entries) => match key {
            Val::Bool(_) | Val::Int(_) | Val::Uint(_) | Val::Double(_) | Val::String(_) => {
                look_up(entries, key).ok_or(Missing::Element)
            }
            _ => Err(Missing::Kind),
        },
        Val::List(items) => {
            let index = match key {
                Val::Int(n) => usize::try_from(n).ok(),
                Val::Uint(n) => usize::try_from(n).ok(),
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "a whole number in range"
                )]
                Val::Double(n) if n.fract() == 0.0 => (0.0..4e9).contains(&n).then_some(n as usize),
                _ => return Err(Missing::Kind),
            };
            index.and_then(|index| items.get(index)).copied().ok_or(Missing::Element)
        }
        _ => Err(Missing::Kind),
    }
}

impl<'a> Run<'a> {
    pub(in crate::cel) fn some(&self, value: Val<'a>) -> Val<'a> {
        Val::Optional(Some(self.arena.alloc(value)))
    }

    #[inline(never)]
    pub(super) fn or_else(&self, plan: &Plan, it: &'a OrElse, frame: Frame<'a>) -> Outcome<'a> {
        let name = if it.value { "orValue" } else { "or" };
        match self.eval(&it.optional, frame)? {
            some @ Val::Optional(Some(inner)) => Ok(if it.value { *inner } else { some }),
            Val::Optional(None) => match self.eval(&it.other, frame)? {
                other @ Val::Optional(_) if !it.value => Ok(other),
                other if it.value => Ok(other),
                other => self.fault_with(
                    plan,
                    format_args!("`or` can't be called on an optional with ({})", other.kind()),
                ),
            },
            other => {
                self.fault_with(plan, format_args!("`{name}` needs an optional, not {}", other.a_kind()))
            }
        }
    }

    #[inline(never)]
    pub(super) fn select(&self, plan: &Plan, select: &'a Select, frame: Frame<'a>) -> Outcome<'a> {
        let operand = self.eval(&select.operand, frame)?;
        let (container, chained) = match Inside::of(operand) {
            Inside::Plain(value) => (value, false),
            Inside::Chained(value) => (value, true),
            Inside::Nothing if select.kind == SelectKind::Test => return Ok(Val::Bool(false)),
            Inside::Nothing => return Ok(NONE),
        };
        let Val::Map(entries) = container else {
            return self
                .fault_with(plan, format_args!("`{}` is no field of {}", select.field, container.a_kind()));
        };
        match (select.kind, look_up(entries, Val::String(&select.field))) {
            (SelectKind::Test, found) => Ok(Val::Bool(found.is_some())),
            (SelectKind::Plain, Some(value)) if !chained => Ok(value),
            (SelectKind::Plain, None) if !chained => self.fault(plan, Message::NoSuchKey(&select.field)),
            (_, Some(value)) => Ok(self.some(value)),
            (_, None) => Ok(NONE),
        }
    }

    #[inline(never)]
    pub(super) fn index(&self, plan: &Plan, it: &'a Index, frame: Frame<'a>) -> Outcome<'a> {
        let operand = self.eval(&it.operand, frame)?;
        let (container, chained) = match Inside::of(operand) {
            Inside::Plain(value) => (value, it.optional),
            Inside::Chained(value) => (value, true),
            Inside::Nothing => return Ok(NONE),
        };
        let key = self.eval(&it.index, frame)?;
        if let Val::String(text) = key {
            self.charge_bytes(text.len())?;
        }
        match element(container, key) {
            Ok(value) if chained => Ok(self.some(value)),
            Ok(value) => Ok(value),
            Err(Missing::Element) if chained => Ok(NONE),
            Err(Missing::Element) => match (&it.index.op, container) {
                // A key that the author wrote is no secret.
                (Op::Text(key), _) => self.fault(plan, Message::NoSuchKey(key)),
                (_, Val::List(_)) => {
                    self.fault(plan, Message::Fixed("the list has no element at this index"))
                }
                _ => self.fault(plan, Message::Fixed("no such key")),
            },
            Err(Missing::Kind) => self.fault_with(
                plan,
                format_args!("{} can't be indexed with {}", container.a_kind(), key.a_kind()),
            ),
        }
    }

    /// A given value as one of the run. Texts are borrowed; what a list or a map holds is laid out, once a decision. That is free, as it is
    /// where a fact is read in this form: a request is bounded, and a decision must cost the same either way.
    pub(super) fn borrow(&self, value: &'a Value) -> Outcome<'a> {
        Ok(match value {
            Value::Null => Val::Null,
            Value::Bool(b) => Val::Bool(*b),
            Value::Int(n) => Val::Int(*n),
            Value::Uint(n) => Val::Uint(*n),
            Value::Double(n) => Val::Double(*n),
            Value::String(text) => Val::String(text),
            Value::Bytes(bytes) => Val::Bytes(bytes),
            // What is out of CEL's bounds is no value: reading it is an error rather than a wrong answer.
            Value::Timestamp(millis) => {
                crate::cel::time::Instant::from_millis(*millis).map_or(Val::Null, Val::Timestamp)
            }
            Value::Duration(millis) => {
                crate::cel::time::Span::from_millis(*millis).map_or(Val::Null, Val::Duration)
            }
            Value::List(_) | Value::Map(_) => return self.borrow_all(value),
        })
    }

    #[inline(never)]
    fn borrow_all(&self, value: &'a Value) -> Outcome<'a> {
        match value {
            Value::List(given) => {
                let mut items = bumpalo::collections::Vec::with_capacity_in(given.len(), self.arena);
                for item in given {
                    items.push(self.borrow(item)?);
                }
                Ok(Val::List(items.into_bump_slice()))
            }
            Value::Map(given) => {
                let mut entries = bumpalo::collections::Vec::with_capacity_in(given.len(), self.arena);
                for (key, value) in given {
                    entries.push((Val::String(key), self.borrow(value)?));
                }
                Ok(Val::Map(entries.into_bump_slice()))
            }
            _ => Err(Failure::Exhausted),
        }
    }
}
