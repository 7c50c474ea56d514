//! Numbers: the math extension of cel-go and cel-spec.

use std::cmp::Ordering;

use super::{Returned, Wrong};
use crate::cel::compare::order;
use crate::cel::run::Run;
use crate::cel::val::Val;

pub(super) fn greatest<'a>(run: &Run<'a>, args: &[Val<'a>]) -> Returned<'a> {
    extreme(run, args, Ordering::Greater)
}

pub(super) fn least<'a>(run: &Run<'a>, args: &[Val<'a>]) -> Returned<'a> {
    extreme(run, args, Ordering::Less)
}

/// The number that is ordered so against all others, of which the first of equal ones; of a list, or of the arguments.
fn extreme<'a>(run: &Run<'a>, args: &[Val<'a>], wanted: Ordering) -> Returned<'a> {
    let numbers = match args {
        [Val::List(items)] => *items,
        args => args,
    };
    let mut best: Option<Val<'a>> = None;
    for number in numbers {
        run.charge(1)?;
        if !matches!(number, Val::Int(_) | Val::Uint(_) | Val::Double(_)) {
            return Err(Wrong::Types);
        }
        let better = |best: Val<'a>| order(*number, best).flatten() == Some(wanted);
        if best.is_none_or(better) {
            best = Some(*number);
        }
    }
    best.ok_or(Wrong::Value)
}

fn of_double<'a>(args: &[Val<'a>], compute: impl FnOnce(f64) -> Val<'a>) -> Returned<'a> {
    match args {
        [Val::Double(n)] => Ok(compute(*n)),
        _ => Err(Wrong::Types),
    }
}

pub(super) fn ceil<'a>(_: &Run<'a>, args: &[Val<'a>]) -> Returned<'a> {
    of_double(args, |n| Val::Double(n.ceil()))
}

pub(super) fn floor<'a>(_: &Run<'a>, args: &[Val<'a>]) -> Returned<'a> {
    of_double(args, |n| Val::Double(n.floor()))
}

/// Halves go away from zero.
pub(super) fn round<'a>(_: &Run<'a>, args: &[Val<'a>]) -> Returned<'a> {
    of_double(args, |n| Val::Double(n.round()))
}

pub(super) fn trunc<'a>(_: &Run<'a>, args: &[Val<'a>]) -> Returned<'a> {
    of_double(args, |n| Val::Double(n.trunc()))
}

pub(super) fn is_inf<'a>(_: &Run<'a>, args: &[Val<'a>]) -> Returned<'a> {
    of_double(args, |n| Val::Bool(n.is_infinite()))
}

pub(super) fn is_nan<'a>(_: &Run<'a>, args: &[Val<'a>]) -> Returned<'a> {
    of_double(args, |n| Val::Bool(n.is_nan()))
}

pub(super) fn is_finite<'a>(_: &Run<'a>, args: &[Val<'a>]) -> Returned<'a> {
    of_double(args, |n| Val::Bool(n.is_finite()))
}

pub(super) fn abs<'a>(_: &Run<'a>, args: &[Val<'a>]) -> Returned<'a> {
    match args {
        [Val::Int(n)] => n.checked_abs().map(Val::Int).ok_or(Wrong::Range),
        [Val::Uint(n)] => Ok(Val::Uint(*n)),
        args => of_double(args, |n| Val::Double(n.abs())),
    }
}

pub(super) fn sign<'a>(_: &Run<'a>, args: &[Val<'a>]) -> Returned<'a> {
    match args {
        [Val::Int(n)] => Ok(Val::Int(n.signum())),
        [Val::Uint(n)] => Ok(Val::Uint(u64::from(*n > 0))),
        args => of_double(args, |n| {
            Val::Double(if n > 0.0 {
                1.0
            } else if n < 0.0 {
                -1.0
            } else {
                n
            })
        }),
    }
}

#[expect(clippy::cast_precision_loss, reason = "the root of the nearest double is the nearest that there is")]
pub(super) fn sqrt<'a>(_: &Run<'a>, args: &[Val<'a>]) -> Returned<'a> {
    match args {
        [Val::Int(n)] => Ok(Val::Double((*n as f64).sqrt())),
        [Val::Uint(n)] => Ok(Val::Double((*n as f64).sqrt())),
        args => of_double(args, |n| Val::Double(n.sqrt())),
    }
}

fn bits<'a>(args: &[Val<'a>], ints: fn(i64, i64) -> i64, uints: fn(u64, u64) -> u64) -> Returned<'a> {
    match args {
        [Val::Int(a), Val::Int(b)] => Ok(Val::Int(ints(*a, *b))),
        [Val::Uint(a), Val::Uint(b)] => Ok(Val::Uint(uints(*a, *b))),
        _ => Err(Wrong::Types),
    }
}

pub(super) fn bit_and<'a>(_: &Run<'a>, args: &[Val<'a>]) -> Returned<'a> {
    bits(args, |a, b| a & b, |a, b| a & b)
}

pub(super) fn bit_or<'a>(_: &Run<'a>, args: &[Val<'a>]) -> Returned<'a> {
    bits(args, |a, b| a | b, |a, b| a | b)
}

pub(super) fn bit_xor<'a>(_: &Run<'a>, args: &[Val<'a>]) -> Returned<'a> {
    bits(args, |a, b| a ^ b, |a, b| a ^ b)
}

pub(super) fn bit_not<'a>(_: &Run<'a>, args: &[Val<'a>]) -> Returned<'a> {
    match args {
        [Val::Int(n)] => Ok(Val::Int(!n)),
        [Val::Uint(n)] => Ok(Val::Uint(!n)),
        _ => Err(Wrong::Types),
    }
}

/// Shifts the 64 bits of a number; by 64 or more nothing is left of them.
fn shift<'a>(args: &[Val<'a>], by: fn(u64, u32) -> Option<u64>) -> Returned<'a> {
    let distance = |n: i64| u32::try_from(n.min(64)).map_err(|_| Wrong::Value);
    match args {
        [Val::Int(n), Val::Int(distant)] => {
            let shifted = by(n.cast_unsigned(), distance(*distant)?).unwrap_or_default();
            Ok(Val::Int(shifted.cast_signed()))
        }
        [Val::Uint(n), Val::Int(distant)] => Ok(Val::Uint(by(*n, distance(*distant)?).unwrap_or_default())),
        _ => Err(Wrong::Types),
    }
}

pub(super) fn bit_shift_left<'a>(_: &Run<'a>, args: &[Val<'a>]) -> Returned<'a> {
    shift(args, u64::checked_shl)
}

/// The sign is a bit like the others.
pub(super) fn bit_shift_right<'a>(_: &Run<'a>, args: &[Val<'a>]) -> Returned<'a> {
    shift(args, u64::checked_shr)
}
