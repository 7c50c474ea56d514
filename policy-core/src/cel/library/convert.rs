//! Conversions between types, and what a type says of a value.

use super::{Returned, Wrong};
use crate::cel::run::{Run, count};
use crate::cel::time::{Instant, Span};
use crate::cel::val::Val;

pub(super) fn size<'a>(run: &Run<'a>, args: &[Val<'a>]) -> Returned<'a> {
    let length = match args {
        [Val::String(text)] => {
            run.charge_bytes(text.len())?;
            text.chars().count()
        }
        [Val::Bytes(bytes)] => bytes.len(),
        [Val::List(items)] => items.len(),
        [Val::Map(entries)] => entries.len(),
        _ => return Err(Wrong::Types),
    };
    i64::try_from(length).map(Val::Int).map_err(|_| Wrong::Range)
}

pub(super) fn to_bool<'a>(_: &Run<'a>, args: &[Val<'a>]) -> Returned<'a> {
    match args {
        [Val::Bool(value)] => Ok(Val::Bool(*value)),
        [Val::String("1" | "t" | "T" | "true" | "True" | "TRUE")] => Ok(Val::Bool(true)),
        [Val::String("0" | "f" | "F" | "false" | "False" | "FALSE")] => Ok(Val::Bool(false)),
        [Val::String(_)] => Err(Wrong::Value),
        _ => Err(Wrong::Types),
    }
}

pub(super) fn to_bytes<'a>(_: &Run<'a>, args: &[Val<'a>]) -> Returned<'a> {
    match args {
        [Val::Bytes(bytes)] => Ok(Val::Bytes(bytes)),
        [Val::String(text)] => Ok(Val::Bytes(text.as_bytes())),
        _ => Err(Wrong::Types),
    }
}

#[expect(clippy::cast_precision_loss, reason = "a double holds the nearest value to a large integer")]
pub(super) fn to_double<'a>(_: &Run<'a>, args: &[Val<'a>]) -> Returned<'a> {
    Ok(Val::Double(match args {
        [Val::Double(n)] => *n,
        [Val::Int(n)] => *n as f64,
        [Val::Uint(n)] => *n as f64,
        [Val::String(text)] => {
            let number: f64 = text.parse().map_err(|_| Wrong::Value)?;
            let names_infinity = text.trim_start_matches(['+', '-']).starts_with(['i', 'I']);
            if number.is_infinite() && !names_infinity {
                return Err(Wrong::Range);
            }
            number
        }
        _ => return Err(Wrong::Types),
    }))
}

pub(super) fn to_duration<'a>(_: &Run<'a>, args: &[Val<'a>]) -> Returned<'a> {
    match args {
        [Val::Duration(span)] => Ok(Val::Duration(*span)),
        [Val::String(text)] => Span::parse(text).map(Val::Duration).ok_or(Wrong::Value),
        _ => Err(Wrong::Types),
    }
}

pub(super) fn to_dyn<'a>(_: &Run<'a>, args: &[Val<'a>]) -> Returned<'a> {
    args.first().copied().ok_or(Wrong::Types)
}

#[expect(clippy::cast_possible_truncation, reason = "the bounds are looked at before")]
pub(super) fn to_int<'a>(_: &Run<'a>, args: &[Val<'a>]) -> Returned<'a> {
    Ok(Val::Int(match args {
        [Val::Int(n)] => *n,
        [Val::Uint(n)] => i64::try_from(*n).map_err(|_| Wrong::Range)?,
        // Both ends are left out, as in cel-go: what rounds to them may have been beyond.
        [Val::Double(n)] if *n > -9_223_372_036_854_775_808.0 && *n < 9_223_372_036_854_775_808.0 => {
            *n as i64
        }
        [Val::Double(_)] => return Err(Wrong::Range),
        [Val::String(text)] => text.parse().map_err(|_| Wrong::Value)?,
        [Val::Timestamp(at)] => at.seconds(),
        _ => return Err(Wrong::Types),
    }))
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the bounds are looked at before"
)]
pub(super) fn to_uint<'a>(_: &Run<'a>, args: &[Val<'a>]) -> Returned<'a> {
    Ok(Val::Uint(match args {
        [Val::Uint(n)] => *n,
        [Val::Int(n)] => u64::try_from(*n).map_err(|_| Wrong::Range)?,
        [Val::Double(n)] if *n >= 0.0 && *n < 18_446_744_073_709_551_616.0 => *n as u64,
        [Val::Double(_)] => return Err(Wrong::Range),
        [Val::String(text)] if !text.starts_with('+') => text.parse().map_err(|_| Wrong::Value)?,
        [Val::String(_)] => return Err(Wrong::Value),
        _ => return Err(Wrong::Types),
    }))
}

pub(super) fn to_timestamp<'a>(_: &Run<'a>, args: &[Val<'a>]) -> Returned<'a> {
    match args {
        [Val::Timestamp(at)] => Ok(Val::Timestamp(*at)),
        [Val::Int(seconds)] => Instant::new(*seconds, 0).map(Val::Timestamp).ok_or(Wrong::Range),
        [Val::String(text)] => Instant::parse(text).map(Val::Timestamp).ok_or(Wrong::Value),
        _ => Err(Wrong::Types),
    }
}

pub(super) fn type_of<'a>(_: &Run<'a>, args: &[Val<'a>]) -> Returned<'a> {
    args.first().map(|value| Val::Type(value.type_name())).ok_or(Wrong::Types)
}

pub(super) fn to_string<'a>(run: &Run<'a>, args: &[Val<'a>]) -> Returned<'a> {
    Ok(Val::String(match args {
        [Val::String(text)] => text,
        [Val::Bytes(bytes)] => std::str::from_utf8(bytes).map_err(|_| Wrong::Value)?,
        [value] => {
            let text = plain(*value).ok_or(Wrong::Types)?;
            run.charge(count(text.len()))?;
            run.arena.alloc_str(&text)
        }
        _ => return Err(Wrong::Types),
    }))
}

/// A value that is no text, as a text; nothing for those that have none.
pub(super) fn plain(value: Val<'_>) -> Option<String> {
    Some(match value {
        Val::Bool(value) => value.to_string(),
        Val::Int(n) => n.to_string(),
        Val::Uint(n) => n.to_string(),
        Val::Double(n) => double_text(n),
        Val::Timestamp(at) => at.to_text()?,
        Val::Duration(span) => span.to_text(),
        Val::Ip(address) => address.to_string(),
        Val::Cidr(range) => format!("{}/{}", range.address, range.bits),
        _ => return None,
    })
}

/// The shortest digits that mean this double, as cel-go writes them: with an exponent where that is below -4 or above 5.
fn double_text(n: f64) -> String {
    if !n.is_finite() {
        return match n {
            n if n.is_nan() => "NaN",
            n if n > 0.0 => "+Inf",
            _ => "-Inf",
        }
        .to_owned();
    }
    let scientific = format!("{n:e}");
    let parts = scientific
        .split_once('e')
        .and_then(|(digits, exponent)| Some((digits, exponent.parse::<i32>().ok()?)));
    match parts {
        Some((digits, exponent)) if !(-4..=5).contains(&exponent) => {
            let sign = if exponent < 0 { '-' } else { '+' };
            format!("{digits}e{sign}{:02}", exponent.unsigned_abs())
        }
        _ => n.to_string(),
    }
}
