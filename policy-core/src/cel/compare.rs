//! Equality and order, as cel-spec defines them across the numeric types.

use std::cmp::Ordering;

use super::run::{Failure, Run};
use super::val::{Entry, Val};
use crate::bytes::same;

/// Values nested deeper are not looked into: no expression within the limits builds any.
const MAX_NESTING: u16 = 200;

/// How two numbers of any type are ordered; nothing for what is no number, and `None` inside for NaN.
///
/// An integer is compared with a double as a double, where that is within the integer's range, as in cel-go.
fn numbers(a: Val<'_>, b: Val<'_>) -> Option<Option<Ordering>> {
    Some(match (a, b) {
        (Val::Int(a), Val::Int(b)) => Some(a.cmp(&b)),
        (Val::Uint(a), Val::Uint(b)) => Some(a.cmp(&b)),
        (Val::Double(a), Val::Double(b)) => a.partial_cmp(&b),
        (Val::Int(a), Val::Uint(b)) => Some(i128::from(a).cmp(&i128::from(b))),
        (Val::Uint(a), Val::Int(b)) => Some(i128::from(a).cmp(&i128::from(b))),
        (Val::Double(a), Val::Int(b)) => double_with_int(a, b),
        (Val::Double(a), Val::Uint(b)) => double_with_uint(a, b),
        (Val::Int(a), Val::Double(b)) => double_with_int(b, a).map(Ordering::reverse),
        (Val::Uint(a), Val::Double(b)) => double_with_uint(b, a).map(Ordering::reverse),
        _ => return None,
    })
}

#[expect(clippy::cast_precision_loss, reason = "that it rounds is what cel-spec's cases want")]
fn double_with_int(a: f64, b: i64) -> Option<Ordering> {
    a.partial_cmp(&(b as f64))
}

#[expect(clippy::cast_precision_loss, reason = "that it rounds is what cel-spec's cases want")]
fn double_with_uint(a: f64, b: u64) -> Option<Ordering> {
    a.partial_cmp(&(b as f64))
}

/// How `<` and its like order two values; nothing where they can't be compared, `None` inside for NaN.
pub(super) fn order(a: Val<'_>, b: Val<'_>) -> Option<Option<Ordering>> {
    Some(match (a, b) {
        (Val::String(a), Val::String(b)) => Some(a.cmp(b)),
        (Val::Timestamp(a), Val::Timestamp(b)) => Some(a.cmp(&b)),
        (Val::Duration(a), Val::Duration(b)) => Some(a.cmp(&b)),
        (Val::Bool(a), Val::Bool(b)) => Some(a.cmp(&b)),
        (Val::Bytes(a), Val::Bytes(b)) => Some(a.cmp(b)),
        (a, b) => return numbers(a, b),
    })
}

/// The order in which maps are kept and walked: bools, numbers, texts.
pub(super) fn key_order(a: Val<'_>, b: Val<'_>) -> Ordering {
    let rank = |key: Val<'_>| match key {
        Val::Bool(_) => 0_u8,
        Val::Int(_) | Val::Uint(_) => 1,
        _ => 2,
    };
    order(a, b).flatten().unwrap_or_else(|| rank(a).cmp(&rank(b)))
}

/// The value of a key; a double finds the integer that it is, without any loss.
pub(super) fn look_up<'a>(entries: &'a [Entry<'a>], key: Val<'_>) -> Option<Val<'a>> {
    let key = match key {
        Val::String(text) if entries.len() <= FEW => return look_through(entries, text),
        Val::Bool(_) | Val::Int(_) | Val::Uint(_) | Val::String(_) => key,
        Val::Double(n) => integer(n)?,
        _ => return None,
    };
    let at = entries.binary_search_by(|(known, _)| key_order(*known, key)).ok()?;
    entries.get(at).map(|(_, value)| *value)
}

/// So many entries are looked through sooner than a search by halves finds one.
const FEW: usize = 8;

fn look_through<'a>(entries: &'a [Entry<'a>], key: &str) -> Option<Val<'a>> {
    let found = entries
        .iter()
        .find(|(known, _)| matches!(known, Val::String(known) if same(known.as_bytes(), key.as_bytes())));
    found.map(|(_, value)| *value)
}

/// The integer that a double is.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the bounds are looked at before"
)]
fn integer(n: f64) -> Option<Val<'static>> {
    if n.fract() != 0.0 {
        None
    } else if (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&n) {
        Some(Val::Int(n as i64))
    } else if (0.0..18_446_744_073_709_551_616.0).contains(&n) {
        Some(Val::Uint(n as u64))
    } else {
        None
    }
}

impl<'a> Run<'a> {
    /// Whether two values are equal; what is of different types is not.
    pub(super) fn equal(&self, a: Val<'_>, b: Val<'_>) -> Result<bool, Failure<'a>> {
        self.equal_within(a, b, MAX_NESTING)
    }

    fn equal_within(&self, a: Val<'_>, b: Val<'_>, depth: u16) -> Result<bool, Failure<'a>> {
        match (a, b) {
            (Val::String(a), Val::String(b)) => {
                self.charge_bytes(a.len().min(b.len()))?;
                Ok(same(a.as_bytes(), b.as_bytes()))
            }
            (Val::Bool(a), Val::Bool(b)) => Ok(a == b),
            (Val::List(_) | Val::Map(_) | Val::Optional(_), _) => self.equal_inside(a, b, depth),
            _ => self.equal_leaves(a, b),
        }
    }

    #[inline(never)]
    fn equal_leaves(&self, a: Val<'_>, b: Val<'_>) -> Result<bool, Failure<'a>> {
        Ok(match (a, b) {
            (Val::Null, Val::Null) => true,
            (Val::Bytes(a), Val::Bytes(b)) => {
                self.charge_bytes(a.len().min(b.len()))?;
                a == b
            }
            (Val::Timestamp(a), Val::Timestamp(b)) => a == b,
            (Val::Duration(a), Val::Duration(b)) => a == b,
            (Val::Type(a), Val::Type(b)) => a == b,
            (Val::Ip(a), Val::Ip(b)) => a == b,
            (Val::Cidr(a), Val::Cidr(b)) => a == b,
            (a, b) => numbers(a, b) == Some(Some(Ordering::Equal)),
        })
    }

    #[inline(never)]
    fn equal_inside(&self, a: Val<'_>, b: Val<'_>, depth: u16) -> Result<bool, Failure<'a>> {
        let Some(below) = depth.checked_sub(1) else { return self.exhaust() };
        match (a, b) {
            (Val::List(a), Val::List(b)) => {
                if a.len() != b.len() {
                    return Ok(false);
                }
                for (a, b) in a.iter().zip(b) {
                    self.charge(1)?;
                    if !self.equal_within(*a, *b, below)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            (Val::Map(a), Val::Map(b)) => {
                if a.len() != b.len() {
                    return Ok(false);
                }
                // Both are sorted, and equal keys are in the same place.
                for ((key, a), (other, b)) in a.iter().zip(b) {
                    self.charge(1)?;
                    if !self.equal_within(*key, *other, below)? || !self.equal_within(*a, *b, below)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            (Val::Optional(None), Val::Optional(None)) => Ok(true),
            (Val::Optional(Some(a)), Val::Optional(Some(b))) => self.equal_within(*a, *b, below),
            _ => Ok(false),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_compare_across_their_types() {
        let max = Val::Int(i64::MAX);
        assert_eq!(order(max, Val::Double(9_223_372_036_854_775_808.0)), Some(Some(Ordering::Equal)));
        assert_eq!(order(Val::Uint(u64::MAX), Val::Double(1.8e19)), Some(Some(Ordering::Greater)));
        assert_eq!(order(Val::Int(-1), Val::Uint(0)), Some(Some(Ordering::Less)));
        assert_eq!(order(Val::Int(-1), Val::Double(-1.5)), Some(Some(Ordering::Greater)));
        assert_eq!(order(Val::Double(f64::NAN), Val::Int(0)), Some(None));
        assert_eq!(order(Val::Double(f64::NEG_INFINITY), Val::Int(i64::MIN)), Some(Some(Ordering::Less)));
        assert_eq!(order(Val::String("a"), Val::Int(0)), None);
    }

    #[test]
    fn a_key_is_found_by_any_number_that_equals_it() {
        let entries =
            [(Val::Bool(true), Val::Int(0)), (Val::Int(1), Val::Int(1)), (Val::String("1"), Val::Int(2))];
        for (key, found) in [
            (Val::Uint(1), Some(1)),
            (Val::Double(1.0), Some(1)),
            (Val::Double(1.5), None),
            (Val::Double(f64::NAN), None),
            (Val::String("1"), Some(2)),
            (Val::Bool(false), None),
            (Val::Null, None),
        ] {
            let value = look_up(&entries, key);
            assert_eq!(matches!(value, Some(Val::Int(n)) if Some(n) == found), found.is_some(), "{key:?}");
        }
    }
}
