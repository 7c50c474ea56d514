//! Texts. Places are counted in code points, as cel-spec does.

use bumpalo::collections::{String as Text, Vec as List};

use super::{Returned, Wrong, lists};
use crate::cel::run::{Run, count, units};
use crate::cel::val::Val;

/// The byte at which the code point of this number begins, or the end of the text.
fn byte_at(text: &str, at: usize) -> Option<usize> {
    if at == 0 {
        return Some(0);
    }
    let mut points = text.char_indices().map(|(byte, _)| byte).chain([text.len()]);
    points.nth(at)
}

fn place(at: i64) -> Result<usize, Wrong<'static>> {
    usize::try_from(at).map_err(|_| Wrong::Value)
}

/// The byte at which a search for `part` begins that is told to begin at a code point. Nothing but the empty text is at the very end.
fn begin(text: &str, part: &str, at: i64) -> Result<usize, Wrong<'static>> {
    let byte = byte_at(text, place(at)?);
    byte.filter(|byte| *byte < text.len() || part.is_empty()).ok_or(Wrong::Value)
}

/// The number of the code point at a byte.
fn point_at(text: &str, byte: usize) -> Returned<'static> {
    let points = text.get(..byte).map_or(0, |before| before.chars().count());
    i64::try_from(points).map(Val::Int).map_err(|_| Wrong::Range)
}

pub(super) fn contains<'a>(_: &Run<'a>, args: &[Val<'a>]) -> Returned<'a> {
    match args {
        [Val::String(text), Val::String(part)] => Ok(Val::Bool(text.contains(part))),
        _ => Err(Wrong::Types),
    }
}

pub(super) fn starts_with<'a>(_: &Run<'a>, args: &[Val<'a>]) -> Returned<'a> {
    match args {
        [Val::String(text), Val::String(part)] => Ok(Val::Bool(text.starts_with(part))),
        _ => Err(Wrong::Types),
    }
}

pub(super) fn ends_with<'a>(_: &Run<'a>, args: &[Val<'a>]) -> Returned<'a> {
    match args {
        [Val::String(text), Val::String(part)] => Ok(Val::Bool(text.ends_with(part))),
        _ => Err(Wrong::Types),
    }
}

pub(super) fn char_at<'a>(_: &Run<'a>, args: &[Val<'a>]) -> Returned<'a> {
    let [Val::String(text), Val::Int(at)] = args else { return Err(Wrong::Types) };
    let rest = byte_at(text, place(*at)?).and_then(|byte| text.get(byte..)).ok_or(Wrong::Value)?;
    let end = rest.chars().next().map_or(0, char::len_utf8);
    Ok(Val::String(rest.get(..end).unwrap_or_default()))
}

pub(super) fn index_of<'a>(_: &Run<'a>, args: &[Val<'a>]) -> Returned<'a> {
    let (text, part, from) = match args {
        [Val::String(text), Val::String(part)] => (*text, *part, 0),
        [Val::String(text), Val::String(part), Val::Int(from)] => (*text, *part, *from),
        _ => return Err(Wrong::Types),
    };
    let from = begin(text, part, from)?;
    match text.get(from..).and_then(|rest| rest.find(part)) {
        Some(at) => point_at(text, from.saturating_add(at)),
        None => Ok(Val::Int(-1)),
    }
}

pub(super) fn last_index_of<'a>(_: &Run<'a>, args: &[Val<'a>]) -> Returned<'a> {
    let (text, part, end) = match args {
        [Val::String(text), Val::String(part)] => (*text, *part, text.len()),
        [Val::String(text), Val::String(part), Val::Int(last)] => {
            let begin = begin(text, part, *last)?;
            // The part may begin there at the latest, and end behind it.
            let mut end = begin.saturating_add(part.len()).min(text.len());
            while !text.is_char_boundary(end) {
                end = end.saturating_sub(1);
            }
            (*text, *part, end)
        }
        _ => return Err(Wrong::Types),
    };
    match text.get(..end).and_then(|head| head.rfind(part)) {
        Some(at) => point_at(text, at),
        None => Ok(Val::Int(-1)),
    }
}

/// A text of the run, made by `fill`, which is paid for before.
fn made<'a>(run: &Run<'a>, capacity: usize, fill: impl FnOnce(&mut Text<'a>)) -> Returned<'a> {
    run.charge_bytes(capacity)?;
    let mut text = Text::with_capacity_in(capacity, run.arena);
    fill(&mut text);
    Ok(Val::String(text.into_bump_str()))
}

pub(super) fn lower_ascii<'a>(run: &Run<'a>, args: &[Val<'a>]) -> Returned<'a> {
    let [Val::String(text)] = args else { return Err(Wrong::Types) };
    if !text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return Ok(Val::String(text));
    }
    made(run, text.len(), |lower| lower.extend(text.chars().map(|c| c.to_ascii_lowercase())))
}

pub(super) fn upper_ascii<'a>(run: &Run<'a>, args: &[Val<'a>]) -> Returned<'a> {
    let [Val::String(text)] = args else { return Err(Wrong::Types) };
    made(run, text.len(), |upper| upper.extend(text.chars().map(|c| c.to_ascii_uppercase())))
}

pub(super) fn trim<'a>(_: &Run<'a>, args: &[Val<'a>]) -> Returned<'a> {
    match args {
        [Val::String(text)] => Ok(Val::String(text.trim())),
        _ => Err(Wrong::Types),
    }
}

pub(super) fn reverse<'a>(run: &Run<'a>, args: &[Val<'a>]) -> Returned<'a> {
    match args {
        [Val::String(text)] => made(run, text.len(), |reversed| reversed.extend(text.chars().rev())),
        [Val::List(_)] => lists::reversed(run, args),
        _ => Err(Wrong::Types),
    }
}

pub(super) fn replace<'a>(run: &Run<'a>, args: &[Val<'a>]) -> Returned<'a> {
    let (text, from, to, most) = match args {
        [Val::String(text), Val::String(from), Val::String(to)] => (*text, *from, *to, usize::MAX),
        [Val::String(text), Val::String(from), Val::String(to), Val::Int(most)] => {
            (*text, *from, *to, usize::try_from(*most).unwrap_or(usize::MAX))
        }
        _ => return Err(Wrong::Types),
    };
    run.charge_bytes(text.len())?;
    let times = text.matches(from).count().min(most);
    let length = text.len().saturating_add(times.saturating_mul(to.len()));
    run.charge_bytes(length)?;
    Ok(Val::String(run.arena.alloc_str(&text.replacen(from, to, most))))
}

pub(super) fn split<'a>(run: &Run<'a>, args: &[Val<'a>]) -> Returned<'a> {
    let (text, separator, most) = match args {
        [Val::String(text), Val::String(separator)] => (*text, *separator, usize::MAX),
        [Val::String(text), Val::String(separator), Val::Int(most)] => {
            (*text, *separator, usize::try_from(*most).unwrap_or(usize::MAX))
        }
        _ => return Err(Wrong::Types),
    };
    let mut parts = List::new_in(run.arena);
    if separator.is_empty() {
        // Each code point is a part of its own; the last one takes the rest.
        let mut rest = text;
        while !rest.is_empty() && parts.len() < most {
            run.charge(1)?;
            let end = rest.chars().next().map_or(0, char::len_utf8);
            let last = parts.len().saturating_add(1) == most;
            let (head, tail) =
                if last { (rest, "") } else { rest.split_at_checked(end).unwrap_or((rest, "")) };
            parts.push(Val::String(head));
            rest = tail;
        }
    } else {
        for part in text.splitn(most, separator) {
            run.charge(1)?;
            parts.push(Val::String(part));
        }
    }
    Ok(Val::List(parts.into_bump_slice()))
}

pub(super) fn substring<'a>(_: &Run<'a>, args: &[Val<'a>]) -> Returned<'a> {
    let (text, begin, end) = match args {
        [Val::String(text), Val::Int(begin)] => (*text, place(*begin)?, None),
        [Val::String(text), Val::Int(begin), Val::Int(end)] => (*text, place(*begin)?, Some(place(*end)?)),
        _ => return Err(Wrong::Types),
    };
    let begin = byte_at(text, begin).ok_or(Wrong::Value)?;
    let end = end.map_or(Some(text.len()), |end| byte_at(text, end)).ok_or(Wrong::Value)?;
    text.get(begin..end).map(Val::String).ok_or(Wrong::Value)
}

pub(super) fn join<'a>(run: &Run<'a>, args: &[Val<'a>]) -> Returned<'a> {
    let (items, separator) = match args {
        [Val::List(items)] => (*items, ""),
        [Val::List(items), Val::String(separator)] => (*items, *separator),
        _ => return Err(Wrong::Types),
    };
    run.charge(count(items.len()))?;
    let mut length = 0_usize;
    for item in items {
        let text = item.as_str().ok_or(Wrong::Types)?;
        length = length.saturating_add(text.len()).saturating_add(separator.len());
    }
    made(run, length, |joined| {
        for (number, item) in items.iter().enumerate() {
            if number > 0 {
                joined.push_str(separator);
            }
            joined.push_str(item.as_str().unwrap_or_default());
        }
    })
}

pub(super) fn quote<'a>(run: &Run<'a>, args: &[Val<'a>]) -> Returned<'a> {
    let [Val::String(text)] = args else { return Err(Wrong::Types) };
    run.charge(units(text.len()))?;
    made(run, text.len().saturating_mul(2).saturating_add(2), |quoted| {
        quoted.push('"');
        for c in text.chars() {
            match c {
                '\u{7}' => quoted.push_str("\\a"),
                '\u{8}' => quoted.push_str("\\b"),
                '\u{c}' => quoted.push_str("\\f"),
                '\n' => quoted.push_str("\\n"),
                '\r' => quoted.push_str("\\r"),
                '\t' => quoted.push_str("\\t"),
                '\u{b}' => quoted.push_str("\\v"),
                '\\' => quoted.push_str("\\\\"),
                '"' => quoted.push_str("\\\""),
                c => quoted.push(c),
            }
        }
        quoted.push('"');
    })
}
