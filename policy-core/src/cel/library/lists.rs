//! Lists.

use std::cmp::Ordering;

use bumpalo::collections::Vec as List;

use super::{Returned, Wrong};
use crate::cel::compare::order;
use crate::cel::run::{Failure, Run, count, units};
use crate::cel::val::{NONE, Val};

/// What sorting by these keys costs: each is compared some 16 times.
pub(in crate::cel) fn sorting<'a>(keys: impl Iterator<Item = Val<'a>>) -> u64 {
    let size = |key| match key {
        Val::String(text) => units(text.len()).saturating_add(1),
        Val::Bytes(bytes) => units(bytes.len()).saturating_add(1),
        _ => 1,
    };
    keys.map(size).fold(0_u64, u64::saturating_add).saturating_mul(16)
}

/// Sorts by a key; `false` where two keys can't be compared, or are of different types. NaN has no place in any order.
pub(in crate::cel) fn sort<'a, T>(items: &mut [T], key: impl Fn(&T) -> Val<'a>) -> bool {
    let Some(first) = items.first().map(&key) else { return true };
    let alike = |item: &T| {
        let key = key(item);
        key.type_name() == first.type_name()
            && matches!((order(first, key), order(key, key)), (Some(Some(_)), Some(Some(_))))
    };
    if !items.iter().all(alike) {
        return false;
    }
    items.sort_by(|a, b| order(key(a), key(b)).flatten().unwrap_or(Ordering::Equal));
    true
}

pub(super) fn range<'a>(run: &Run<'a>, args: &[Val<'a>]) -> Returned<'a> {
    let [Val::Int(length)] = args else { return Err(Wrong::Types) };
    run.charge(u64::try_from(*length).map_err(|_| Wrong::Value)?)?;
    let numbers = (0..*length).map(Val::Int);
    Ok(Val::List(List::from_iter_in(numbers, run.arena).into_bump_slice()))
}

pub(super) fn distinct<'a>(run: &Run<'a>, args: &[Val<'a>]) -> Returned<'a> {
    let [Val::List(items)] = args else { return Err(Wrong::Types) };
    let mut kept: List<'a, Val<'a>> = List::new_in(run.arena);
    for item in *items {
        let mut known = false;
        for before in &kept {
            run.charge(1)?;
            known = run.equal(*before, *item)?;
            if known {
                break;
            }
        }
        if !known {
            kept.push(*item);
        }
    }
    Ok(Val::List(kept.into_bump_slice()))
}

pub(super) fn flatten<'a>(run: &Run<'a>, args: &[Val<'a>]) -> Returned<'a> {
    let (items, levels) = match args {
        [Val::List(items)] => (*items, 1),
        [Val::List(items), Val::Int(levels)] => (*items, *levels),
        _ => return Err(Wrong::Types),
    };
    if levels < 0 {
        return Err(Wrong::Value);
    }
    let mut flat = List::new_in(run.arena);
    flatten_into(run, items, levels, &mut flat)?;
    Ok(Val::List(flat.into_bump_slice()))
}

fn flatten_into<'a>(
    run: &Run<'a>,
    items: &[Val<'a>],
    levels: i64,
    flat: &mut List<'a, Val<'a>>,
) -> Result<(), Failure<'a>> {
    for item in items {
        run.charge(1)?;
        match item {
            // A value is nested no deeper than the expression that made it.
            Val::List(inner) if levels > 0 => flatten_into(run, inner, levels.saturating_sub(1), flat)?,
            item => flat.push(*item),
        }
    }
    Ok(())
}

pub(super) fn slice<'a>(_: &Run<'a>, args: &[Val<'a>]) -> Returned<'a> {
    let [Val::List(items), Val::Int(begin), Val::Int(end)] = args else { return Err(Wrong::Types) };
    let (begin, end) = (usize::try_from(*begin), usize::try_from(*end));
    let (Ok(begin), Ok(end)) = (begin, end) else { return Err(Wrong::Value) };
    items.get(begin..end).map(Val::List).ok_or(Wrong::Value)
}

pub(super) fn sorted<'a>(run: &Run<'a>, args: &[Val<'a>]) -> Returned<'a> {
    let [Val::List(items)] = args else { return Err(Wrong::Types) };
    run.charge(sorting(items.iter().copied()))?;
    let mut copy = List::from_iter_in(items.iter().copied(), run.arena);
    if !sort(&mut copy, |item| *item) {
        return Err(Wrong::Value);
    }
    Ok(Val::List(copy.into_bump_slice()))
}

pub(super) fn reversed<'a>(run: &Run<'a>, args: &[Val<'a>]) -> Returned<'a> {
    let [Val::List(items)] = args else { return Err(Wrong::Types) };
    run.charge(count(items.len()))?;
    Ok(Val::List(List::from_iter_in(items.iter().rev().copied(), run.arena).into_bump_slice()))
}

pub(super) fn first<'a>(run: &Run<'a>, args: &[Val<'a>]) -> Returned<'a> {
    let [Val::List(items)] = args else { return Err(Wrong::Types) };
    Ok(items.first().map_or(NONE, |item| run.some(*item)))
}

pub(super) fn last<'a>(run: &Run<'a>, args: &[Val<'a>]) -> Returned<'a> {
    let [Val::List(items)] = args else { return Err(Wrong::Types) };
    Ok(items.last().map_or(NONE, |item| run.some(*item)))
}
