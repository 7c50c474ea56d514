//! Lists as sets.

use super::{Returned, Wrong};
use crate::cel::run::{Failure, Run};
use crate::cel::val::Val;

fn has<'a>(run: &Run<'a>, items: &[Val<'a>], wanted: Val<'a>) -> Result<bool, Failure<'a>> {
    for item in items {
        run.charge(1)?;
        if run.equal(*item, wanted)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn has_all<'a>(run: &Run<'a>, items: &[Val<'a>], wanted: &[Val<'a>]) -> Result<bool, Failure<'a>> {
    for item in wanted {
        if !has(run, items, *item)? {
            return Ok(false);
        }
    }
    Ok(true)
}

pub(super) fn contains<'a>(run: &Run<'a>, args: &[Val<'a>]) -> Returned<'a> {
    let [Val::List(items), Val::List(wanted)] = args else { return Err(Wrong::Types) };
    Ok(Val::Bool(has_all(run, items, wanted)?))
}

pub(super) fn equivalent<'a>(run: &Run<'a>, args: &[Val<'a>]) -> Returned<'a> {
    let [Val::List(a), Val::List(b)] = args else { return Err(Wrong::Types) };
    Ok(Val::Bool(has_all(run, a, b)? && has_all(run, b, a)?))
}

pub(super) fn intersects<'a>(run: &Run<'a>, args: &[Val<'a>]) -> Returned<'a> {
    let [Val::List(a), Val::List(b)] = args else { return Err(Wrong::Types) };
    for item in *b {
        if has(run, a, *item)? {
            return Ok(Val::Bool(true));
        }
    }
    Ok(Val::Bool(false))
}
