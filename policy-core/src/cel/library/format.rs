//! `format`: cel-spec's clauses `%s %d %f %e %x %X %o %b %%`.

use std::fmt::Write;

use super::convert::plain;
use super::{Returned, Wrong};
use crate::cel::run::{Run, count};
use crate::cel::val::Val;

/// The most digits behind the point.
const MAX_PRECISION: usize = 1_000;
/// The digits behind the point where nothing is said.
const PRECISION: usize = 6;

type Written<'a> = Result<(), Wrong<'a>>;

pub(super) fn format<'a>(run: &Run<'a>, args: &[Val<'a>]) -> Returned<'a> {
    let [Val::String(pattern), Val::List(values)] = args else { return Err(Wrong::Types) };
    run.charge_bytes(pattern.len())?;
    let mut text = String::new();
    let mut values = values.iter();
    let mut rest = *pattern;
    while let Some((before, clause)) = rest.split_once('%') {
        text.push_str(before);
        let (precision, verb, after) = parse(clause)?;
        rest = after;
        if verb == '%' {
            text.push('%');
            continue;
        }
        let value = *values.next().ok_or(Wrong::Says("`format` has more clauses than values"))?;
        run.charge(8)?;
        let length = text.len();
        write(run, &mut text, verb, precision, value)?;
        // A number can be written with many digits.
        run.charge(count(text.len().saturating_sub(length)) >> 2)?;
    }
    text.push_str(rest);
    run.charge_bytes(text.len())?;
    Ok(Val::String(run.arena.alloc_str(&text)))
}

/// The precision and the letter of a clause, and what follows it.
fn parse(clause: &str) -> Result<(Option<usize>, char, &str), Wrong<'static>> {
    let wrong = Wrong::Says("`format` has a clause that is none of %s %d %f %e %x %X %o %b %%");
    let (precision, clause) = match clause.strip_prefix('.') {
        None => (None, clause),
        Some(digits) => {
            let end = digits.find(|c: char| !c.is_ascii_digit()).ok_or(wrong)?;
            let (digits, clause) = digits.split_at_checked(end).ok_or(wrong)?;
            let precision = digits.parse().ok().filter(|precision| *precision <= MAX_PRECISION);
            (
                Some(precision.ok_or(Wrong::Says("`format` writes at most 1,000 digits behind the point"))?),
                clause,
            )
        }
    };
    let verb = clause.chars().next().ok_or(wrong)?;
    if !"sdfexXob%".contains(verb) {
        return Err(wrong);
    }
    Ok((precision, verb, clause.get(verb.len_utf8()..).unwrap_or_default()))
}

fn write<'a>(
    run: &Run<'a>,
    text: &mut String,
    verb: char,
    precision: Option<usize>,
    value: Val<'a>,
) -> Written<'a> {
    match verb {
        's' => write_text(run, text, value),
        'd' => write_decimal(text, value),
        'f' | 'e' => write_double(text, verb, precision.unwrap_or(PRECISION), value),
        'x' | 'X' => write_hex(text, verb == 'X', value),
        _ => write_bits(text, verb, value),
    }
}

/// A value as a person would read it; what lists and maps hold as well.
#[inline(never)]
fn write_text<'a>(run: &Run<'a>, text: &mut String, value: Val<'a>) -> Written<'a> {
    run.charge(1)?;
    match value {
        Val::String(value) => {
            run.charge_bytes(value.len())?;
            text.push_str(value);
        }
        Val::Bytes(bytes) => {
            run.charge_bytes(bytes.len())?;
            write_bytes(text, bytes);
        }
        Val::Null => text.push_str("null"),
        Val::Type(name) => text.push_str(name),
        Val::List(items) => {
            text.push('[');
            for (number, item) in items.iter().enumerate() {
                if number > 0 {
                    text.push_str(", ");
                }
                write_text(run, text, *item)?;
            }
            text.push(']');
        }
        Val::Map(entries) => write_map(run, text, entries)?,
        Val::Double(n) => text.push_str(&double_text(n)),
        Val::Ip(_) | Val::Cidr(_) => return Err(Wrong::Types),
        value => text.push_str(&plain(value).ok_or(Wrong::Types)?),
    }
    Ok(())
}

/// Bytes as a text, in which a run of what is no UTF-8 is one replacement character.
fn write_bytes(text: &mut String, bytes: &[u8]) {
    let mut replaced = false;
    for chunk in bytes.utf8_chunks() {
        replaced &= chunk.valid().is_empty();
        text.push_str(chunk.valid());
        if !chunk.invalid().is_empty() && !replaced {
            text.push(char::REPLACEMENT_CHARACTER);
            replaced = true;
        }
    }
}

/// A double in full, however many digits that are.
fn double_text(n: f64) -> String {
    match n {
        n if n.is_nan() => "NaN".to_owned(),
        n if n.is_infinite() => if n > 0.0 { "Infinity" } else { "-Infinity" }.to_owned(),
        n => n.to_string(),
    }
}

/// Sorted by what the keys are written as.
fn write_map<'a>(run: &Run<'a>, text: &mut String, entries: &[(Val<'a>, Val<'a>)]) -> Written<'a> {
    let mut written = Vec::with_capacity(entries.len());
    for (key, value) in entries {
        let mut name = String::new();
        write_text(run, &mut name, *key)?;
        written.push((name, *value));
    }
    written.sort_by(|(a, _), (b, _)| a.cmp(b));
    text.push('{');
    for (number, (name, value)) in written.into_iter().enumerate() {
        if number > 0 {
            text.push_str(", ");
        }
        text.push_str(&name);
        text.push_str(": ");
        write_text(run, text, value)?;
    }
    text.push('}');
    Ok(())
}

fn put<'a>(text: &mut String, written: std::fmt::Arguments<'_>) -> Written<'a> {
    text.write_fmt(written).map_err(|_| Wrong::Value)
}

fn write_decimal<'a>(text: &mut String, value: Val<'a>) -> Written<'a> {
    match value {
        Val::Int(n) => put(text, format_args!("{n}")),
        Val::Uint(n) => put(text, format_args!("{n}")),
        Val::Double(n) => put(text, format_args!("{}", double_text(n))),
        _ => Err(Wrong::Says("`%d` writes numbers only")),
    }
}

#[expect(clippy::cast_precision_loss, reason = "a double holds the nearest value to a large integer")]
fn write_double<'a>(text: &mut String, verb: char, precision: usize, value: Val<'a>) -> Written<'a> {
    let n = match value {
        Val::Double(n) => n,
        Val::Int(n) => n as f64,
        Val::Uint(n) => n as f64,
        _ => return Err(Wrong::Says("`%f` and `%e` write numbers only")),
    };
    if !n.is_finite() {
        return put(text, format_args!("{}", double_text(n)));
    }
    if verb == 'f' {
        return put(text, format_args!("{n:.precision$}"));
    }
    let written = format!("{n:.precision$e}");
    let (digits, exponent) = written.split_once('e').ok_or(Wrong::Value)?;
    let (sign, exponent) = exponent.strip_prefix('-').map_or(('+', exponent), |exponent| ('-', exponent));
    put(text, format_args!("{digits}e{sign}{exponent:0>2}"))
}

fn write_hex<'a>(text: &mut String, upper: bool, value: Val<'a>) -> Written<'a> {
    let mut bytes = |bytes: &[u8]| {
        bytes.iter().try_for_each(|byte| {
            if upper { put(text, format_args!("{byte:02X}")) } else { put(text, format_args!("{byte:02x}")) }
        })
    };
    match value {
        Val::String(value) => bytes(value.as_bytes()),
        Val::Bytes(value) => bytes(value),
        _ => {
            let (sign, magnitude) =
                integer(value).ok_or(Wrong::Says("`%x` writes integers, strings and bytes only"))?;
            if upper {
                put(text, format_args!("{sign}{magnitude:X}"))
            } else {
                put(text, format_args!("{sign}{magnitude:x}"))
            }
        }
    }
}

fn write_bits<'a>(text: &mut String, verb: char, value: Val<'a>) -> Written<'a> {
    match (verb, value, integer(value)) {
        ('b', Val::Bool(value), _) => put(text, format_args!("{}", u8::from(value))),
        ('b', _, Some((sign, magnitude))) => put(text, format_args!("{sign}{magnitude:b}")),
        ('b', ..) => Err(Wrong::Says("`%b` writes integers and bools only")),
        (_, _, Some((sign, magnitude))) => put(text, format_args!("{sign}{magnitude:o}")),
        _ => Err(Wrong::Says("`%o` writes integers only")),
    }
}

/// The sign and the magnitude of an integer.
fn integer(value: Val<'_>) -> Option<(&'static str, u64)> {
    match value {
        Val::Int(n) => Some((if n < 0 { "-" } else { "" }, n.unsigned_abs())),
        Val::Uint(n) => Some(("", n)),
        _ => None,
    }
}
