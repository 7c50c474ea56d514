//! Lines of an export.

use crate::Trouble;
use policy_core::wire::parse_json;
use serde_json::{Map, Value};
use std::io::{BufRead, Read};

/// The longest line, in bytes: a history has at most 4 MiB, and a single row is shorter.
const LONGEST: u64 = 8 * 1024 * 1024;

/// One row.
#[derive(Debug)]
pub(super) enum Line {
    Realm {
        id: String,
        at: String,
    },
    Request(RequestLine),
    Event(EventLine),
    End {
        requests: u64,
        events: u64,
    },
    /// What it is instead, as the rest of a sentence.
    Unreadable(String),
}

/// A request's row.
#[derive(Debug)]
pub(super) struct RequestLine {
    pub(super) number: usize,
    pub(super) id: String,
    pub(super) status: String,
    pub(super) seq: u64,
    pub(super) head: String,
    pub(super) pinned: Value,
    pub(super) shown: Option<Value>,
}

/// An event's row.
#[derive(Debug)]
pub(super) struct EventLine {
    pub(super) number: usize,
    pub(super) request: String,
    pub(super) event: Value,
}

/// Reads the next line; none at the end.
pub(super) fn next(input: &mut impl BufRead, number: usize) -> Result<Option<Line>, Trouble> {
    let fault = |error: std::io::Error| Trouble(format!("the export cannot be read: line {number}: {error}"));
    let mut bytes = Vec::new();
    input.by_ref().take(LONGEST).read_until(b'\n', &mut bytes).map_err(fault)?;
    if bytes.is_empty() {
        return Ok(None);
    }
    if bytes.last() != Some(&b'\n') && u64::try_from(bytes.len()).is_ok_and(|length| length >= LONGEST) {
        input.skip_until(b'\n').map_err(fault)?;
        return Ok(Some(Line::Unreadable(format!("is longer than {LONGEST} bytes"))));
    }
    if bytes.pop_if(|last| *last == b'\n').is_none() {
        return Ok(Some(Line::Unreadable("has no line end: it was cut".to_owned())));
    }
    Ok(Some(read(&bytes, number).unwrap_or_else(Line::Unreadable)))
}

fn read(bytes: &[u8], number: usize) -> Result<Line, String> {
    let text = std::str::from_utf8(bytes).map_err(|error| format!("is not UTF-8: {error}"))?;
    let Value::Object(mut row) =
        parse_json(text).map_err(|error| format!("is not the JSON of a row: {error}"))?
    else {
        return Err("is no JSON object".to_owned());
    };
    let kind = string(&row, "type")?;
    match kind.as_str() {
        "realm" if row.get("v") != Some(&Value::from(1)) => Err("has another version than 1".to_owned()),
        "realm" => Ok(Line::Realm { id: string(&row, "realm_id")?, at: string(&row, "at")? }),
        "request" => Ok(Line::Request(RequestLine {
            number,
            id: string(&row, "id")?,
            status: string(&row, "status")?,
            seq: count(&row, "seq")?,
            head: string(&row, "head")?,
            pinned: row.remove("pinned").ok_or("has no `pinned`")?,
            shown: row.remove("shown"),
        })),
        "event" => Ok(Line::Event(EventLine {
            number,
            request: string(&row, "request")?,
            event: row.remove("event").ok_or("has no `event`")?,
        })),
        "end" => Ok(Line::End { requests: count(&row, "requests")?, events: count(&row, "events")? }),
        other => Err(format!("is of no known type, but `{}`", other.chars().take(32).collect::<String>())),
    }
}

fn string(row: &Map<String, Value>, key: &str) -> Result<String, String> {
    row.get(key).and_then(Value::as_str).map(str::to_owned).ok_or_else(|| format!("has no text `{key}`"))
}

fn count(row: &Map<String, Value>, key: &str) -> Result<u64, String> {
    row.get(key).and_then(Value::as_u64).ok_or_else(|| format!("has no whole number `{key}`"))
}
