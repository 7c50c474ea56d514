//! What a clock or a calendar shows at an instant, and the parts of a span.

use chrono::{Datelike, NaiveDateTime, Timelike};

use super::{Returned, Wrong};
use crate::cel::run::Run;
use crate::cel::val::Val;

/// A part of an instant, in the time zone that the second argument names.
fn part<'a>(args: &[Val<'a>], part: impl FnOnce(NaiveDateTime) -> i64) -> Returned<'a> {
    let (at, zone) = match args {
        [Val::Timestamp(at)] => (at, None),
        [Val::Timestamp(at), Val::String(zone)] => (at, Some(*zone)),
        _ => return Err(Wrong::Types),
    };
    at.at(zone).map(|at| Val::Int(part(at))).ok_or(Wrong::Value)
}

/// A part of an instant or, in units of so many nanoseconds, all of a span.
fn part_or_whole<'a>(args: &[Val<'a>], unit: i64, of: impl FnOnce(NaiveDateTime) -> i64) -> Returned<'a> {
    match args {
        [Val::Duration(span)] => span.total_nanos().checked_div(unit).map(Val::Int).ok_or(Wrong::Range),
        args => part(args, of),
    }
}

pub(super) fn full_year<'a>(_: &Run<'a>, args: &[Val<'a>]) -> Returned<'a> {
    part(args, |at| i64::from(at.year()))
}

pub(super) fn month<'a>(_: &Run<'a>, args: &[Val<'a>]) -> Returned<'a> {
    part(args, |at| i64::from(at.month0()))
}

pub(super) fn day_of_year<'a>(_: &Run<'a>, args: &[Val<'a>]) -> Returned<'a> {
    part(args, |at| i64::from(at.ordinal0()))
}

pub(super) fn day_of_month<'a>(_: &Run<'a>, args: &[Val<'a>]) -> Returned<'a> {
    part(args, |at| i64::from(at.day0()))
}

pub(super) fn date<'a>(_: &Run<'a>, args: &[Val<'a>]) -> Returned<'a> {
    part(args, |at| i64::from(at.day()))
}

pub(super) fn day_of_week<'a>(_: &Run<'a>, args: &[Val<'a>]) -> Returned<'a> {
    part(args, |at| i64::from(at.weekday().num_days_from_sunday()))
}

pub(super) fn hours<'a>(_: &Run<'a>, args: &[Val<'a>]) -> Returned<'a> {
    part_or_whole(args, 3_600_000_000_000, |at| i64::from(at.hour()))
}

pub(super) fn minutes<'a>(_: &Run<'a>, args: &[Val<'a>]) -> Returned<'a> {
    part_or_whole(args, 60_000_000_000, |at| i64::from(at.minute()))
}

pub(super) fn seconds<'a>(_: &Run<'a>, args: &[Val<'a>]) -> Returned<'a> {
    part_or_whole(args, 1_000_000_000, |at| i64::from(at.second()))
}

/// The part below a second, of a span as well: cel-spec, which cel-go follows.
pub(super) fn milliseconds<'a>(_: &Run<'a>, args: &[Val<'a>]) -> Returned<'a> {
    match args {
        [Val::Duration(span)] => span.nanos().checked_div(1_000_000).map(Val::Int).ok_or(Wrong::Range),
        args => part(args, |at| i64::from(at.nanosecond()).checked_div(1_000_000).unwrap_or_default()),
    }
}
