//! Optionals.

use bumpalo::collections::Vec as List;

use super::{Returned, Wrong};
use crate::cel::run::{Run, count};
use crate::cel::val::{NONE, Val};

pub(super) fn none<'a>(_: &Run<'a>, _: &[Val<'a>]) -> Returned<'a> {
    Ok(NONE)
}

pub(super) fn of<'a>(run: &Run<'a>, args: &[Val<'a>]) -> Returned<'a> {
    args.first().map(|value| run.some(*value)).ok_or(Wrong::Types)
}

pub(super) fn of_non_zero<'a>(run: &Run<'a>, args: &[Val<'a>]) -> Returned<'a> {
    match args {
        [value] if is_zero(*value) => Ok(NONE),
        [value] => Ok(run.some(*value)),
        _ => Err(Wrong::Types),
    }
}

/// Whether a value is that of a variable that was never set.
fn is_zero(value: Val<'_>) -> bool {
    match value {
        Val::Null | Val::Bool(false) | Val::Int(0) | Val::Uint(0) => true,
        Val::Double(n) => n == 0.0,
        Val::String(text) => text.is_empty(),
        Val::Bytes(bytes) => bytes.is_empty(),
        Val::List(items) => items.is_empty(),
        Val::Map(entries) => entries.is_empty(),
        Val::Duration(span) => span.total_nanos() == 0,
        _ => false,
    }
}

pub(super) fn value<'a>(_: &Run<'a>, args: &[Val<'a>]) -> Returned<'a> {
    match args {
        [Val::Optional(Some(inner))] => Ok(**inner),
        [Val::Optional(None)] => Err(Wrong::Says("the optional holds no value")),
        _ => Err(Wrong::Types),
    }
}

pub(super) fn has_value<'a>(_: &Run<'a>, args: &[Val<'a>]) -> Returned<'a> {
    match args {
        [Val::Optional(inner)] => Ok(Val::Bool(inner.is_some())),
        _ => Err(Wrong::Types),
    }
}

pub(super) fn or<'a>(_: &Run<'a>, args: &[Val<'a>]) -> Returned<'a> {
    match args {
        [first @ Val::Optional(Some(_)), Val::Optional(_)] => Ok(*first),
        [Val::Optional(None), second @ Val::Optional(_)] => Ok(*second),
        _ => Err(Wrong::Types),
    }
}

pub(super) fn or_value<'a>(_: &Run<'a>, args: &[Val<'a>]) -> Returned<'a> {
    match args {
        [Val::Optional(Some(inner)), _] => Ok(**inner),
        [Val::Optional(None), other] => Ok(*other),
        _ => Err(Wrong::Types),
    }
}

/// What the optionals of a list hold.
pub(super) fn unwrap<'a>(run: &Run<'a>, args: &[Val<'a>]) -> Returned<'a> {
    let [Val::List(items)] = args else { return Err(Wrong::Types) };
    run.charge(count(items.len()))?;
    let mut held = List::with_capacity_in(items.len(), run.arena);
    for item in *items {
        match item {
            Val::Optional(inner) => held.extend(inner.copied()),
            _ => return Err(Wrong::Types),
        }
    }
    Ok(Val::List(held.into_bump_slice()))
}
