//! JSON into facts, by the schema: types, unknown fields, and what this action requires.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike};
use serde::Serialize;
use serde_json::{Map, Value as Json};

use super::action;
use super::facts::Facts;
use super::schema::{FIELDS, Field, HEADERS, Type, find};
use crate::cel::Value;

/// The longest text, in bytes.
pub(super) const LONGEST_TEXT: usize = 16 * 1024;

/// The most entries of a list or a map; a user may well have thousands of roles.
pub(super) const MOST_ENTRIES: usize = 20_000;

/// The most problems that are listed.
const MOST_PROBLEMS: usize = 50;

/// Something that is wrong with a context.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// The path of the field, e.g. `user.email`.
    pub path: String,
    /// What is wrong with it, as the rest of a sentence.
    pub message: String,
}

/// Checks a context and makes facts of it.
///
/// # Errors
///
/// All that is wrong with it, at most 50 problems, in the order of the schema.
///
/// # Example: a context of an action of one's own
///
/// ```
/// use policy_core::context::decode;
/// use serde_json::json;
///
/// let facts = decode(&json!({
///     "action": "x-payout",
///     "now": "2026-11-24T14:32:38.000Z",
///     "realm": { "name": "demo" },
///     "user": { "roles": ["finance"] }
/// }))?;
/// assert_eq!(facts.action(), "x-payout");
/// assert!(facts.get("user.roles").is_some() && facts.get("user.email").is_none());
/// # Ok::<(), Vec<policy_core::context::Problem>>(())
/// ```
///
/// # Example: what is wrong with one, and where
///
/// ```
/// use policy_core::context::decode;
/// use serde_json::json;
///
/// let problems = decode(&json!({
///     "action": "x-payout",
///     "now": "2026-11-24T14:32:38.000Z",
///     "user": { "roles": "finance" }
/// }))
/// .unwrap_err();
/// let told: Vec<String> = problems.iter().map(|it| format!("{} {}", it.path, it.message)).collect();
/// assert_eq!(told, [
///     "realm.name is required for the action `x-payout`",
///     "user.roles must be a list of strings, not this string",
/// ]);
/// ```
pub fn decode(context: &Json) -> Result<Facts, Vec<Problem>> {
    let mut decoder = Decoder::default();
    match context {
        Json::Object(object) => decoder.object(object),
        _ => decoder.problem("context", "must be an object"),
    }
    if decoder.problems.is_empty() {
        Ok(decoder.facts)
    } else {
        decoder.problems.truncate(MOST_PROBLEMS);
        Err(decoder.problems)
    }
}

#[derive(Default)]
struct Decoder {
    facts: Facts,
    problems: Vec<Problem>,
}

impl Decoder {
    fn problem(&mut self, path: impl Into<String>, message: impl Into<String>) {
        // Beyond the limit they are dropped, so that a hostile context cannot make a long answer.
        if self.problems.len() <= MOST_PROBLEMS {
            self.problems.push(Problem { path: path.into(), message: message.into() });
        }
    }

    fn object(&mut self, object: &Map<String, Json>) {
        let action = object.get("action").and_then(Json::as_str).unwrap_or_default();
        if object.contains_key("action") && !action::is_known(action) {
            self.problem("action", "is none of the known actions, nor a custom one (`x-…`)");
        }
        for field in FIELDS {
            match lookup(object, field.path) {
                Some(value) => self.field(field, value),
                None if field.required.holds_for(action) => {
                    self.problem(field.path, format!("is required for the action `{action}`"));
                }
                None => {}
            }
        }
        self.unknown(object);
    }

    #[inline(never)]
    fn unknown(&mut self, object: &Map<String, Json>) {
        for (name, value) in object {
            let group =
                FIELDS.iter().any(|field| field.path.split_once('.').is_some_and(|(group, _)| group == name));
            match value {
                Json::Object(fields) if group => {
                    for name_inside in fields.keys() {
                        let path = format!("{name}.{name_inside}");
                        if find(&path).is_none() {
                            self.problem(shorten(&path), "is no field of the context");
                        }
                    }
                }
                _ if group => self.problem(name.clone(), "must be an object"),
                _ => match (name.split_once('.'), find(name)) {
                    (None, Some(_)) => {}
                    (Some((group, field)), Some(_)) => {
                        self.problem(
                            name.clone(),
                            format!("must be written inside of `{group}`, as `{field}`"),
                        );
                    }
                    (_, None) => self.problem(shorten(name), "is no field of the context"),
                },
            }
        }
    }

    #[inline(never)]
    fn field(&mut self, field: &Field, value: &Json) {
        match read(field.ty, value) {
            Ok(fact) => {
                if field.path == "request.headers" {
                    self.headers(&fact);
                }
                self.facts.0.insert(field.path, fact);
            }
            Err(message) => self.problem(field.path, message),
        }
    }

    fn headers(&mut self, fact: &Value) {
        let Value::Map(headers) = fact else { return };
        for name in headers.keys() {
            if !HEADERS.contains(&name.as_str()) {
                self.problem(format!("request.headers.{}", shorten(name)), "is no allowed header");
            }
        }
    }
}

fn lookup<'v>(object: &'v Map<String, Json>, path: &str) -> Option<&'v Json> {
    match path.split_once('.') {
        None => object.get(path),
        Some((group, name)) => object.get(group)?.get(name),
    }
}

/// The beginning of a name that somebody else chose.
fn shorten(name: &str) -> String {
    name.chars().take(64).collect()
}

#[inline(never)]
fn read(ty: Type, value: &Json) -> Result<Value, String> {
    match ty {
        Type::Bool => value.as_bool().map(Value::Bool).ok_or_else(|| wrong(ty, value)),
        Type::Int => integer(value).map(Value::Int).ok_or_else(|| wrong(ty, value)),
        Type::Text => text(value),
        Type::Timestamp => {
            value.as_str().and_then(instant).map(Value::Timestamp).ok_or_else(|| wrong(ty, value))
        }
        Type::Texts => list(value),
        Type::TextMap => map(value, text),
        Type::TextsMap => map(value, list),
        Type::TimestampMap => map(value, |value| read(Type::Timestamp, value)),
    }
}

#[cold]
#[inline(never)]
fn wrong(ty: Type, value: &Json) -> String {
    let wanted = match ty {
        Type::Bool => "`true` or `false`",
        Type::Int => "a whole number, as a decimal string or an exact number",
        Type::Text => "a string",
        Type::Timestamp => "an instant as in RFC 3339, e.g. `2026-11-24T14:32:38.000Z`",
        Type::Texts => "a list of strings",
        Type::TextMap | Type::TextsMap | Type::TimestampMap => "an object",
    };
    let found = match value {
        Json::Null => "null (leave the field out instead)",
        Json::Bool(_) => "a boolean",
        Json::Number(_) => "a number",
        Json::String(_) if ty == Type::Text => "a longer one",
        Json::String(_) => "this string",
        Json::Array(_) => "a list",
        Json::Object(_) => "an object",
    };
    format!("must be {wanted}, not {found}")
}

/// The largest integer that every JSON reader keeps exact: 2^53 - 1.
const EXACT: u64 = 9_007_199_254_740_991;

fn integer(value: &Json) -> Option<i64> {
    match value {
        Json::Number(number) => number.as_i64().filter(|number| number.unsigned_abs() <= EXACT),
        // `+1`, ` 1` and `01` are read differently by others.
        Json::String(text) => text.parse::<i64>().ok().filter(|number| number.to_string() == *text),
        _ => None,
    }
}

fn text(value: &Json) -> Result<Value, String> {
    match value {
        Json::String(text) if text.len() > LONGEST_TEXT => {
            Err(format!("is longer than {LONGEST_TEXT} bytes"))
        }
        Json::String(text) => Ok(Value::String(text.clone())),
        _ => Err(wrong(Type::Text, value)),
    }
}

fn list(value: &Json) -> Result<Value, String> {
    match value {
        Json::Array(items) if items.len() > MOST_ENTRIES => {
            Err(format!("has more than {MOST_ENTRIES} entries"))
        }
        Json::Array(items) => items
            .iter()
            .map(text)
            .collect::<Result<_, _>>()
            .map(Value::List)
            .map_err(|message| format!("holds an entry that {message}")),
        _ => Err(wrong(Type::Texts, value)),
    }
}

fn map(value: &Json, read: impl Fn(&Json) -> Result<Value, String>) -> Result<Value, String> {
    match value {
        Json::Object(entries) if entries.len() > MOST_ENTRIES => {
            Err(format!("has more than {MOST_ENTRIES} entries"))
        }
        Json::Object(entries) => {
            let mut facts = BTreeMap::new();
            for (key, value) in entries {
                if key.len() > LONGEST_TEXT {
                    return Err(format!("has a key that is longer than {LONGEST_TEXT} bytes"));
                }
                let fact =
                    read(value).map_err(|message| format!("holds `{}`, which {message}", shorten(key)))?;
                facts.insert(key.clone(), fact);
            }
            Ok(Value::Map(facts))
        }
        _ => Err(wrong(Type::TextsMap, value)),
    }
}

/// RFC 3339, cut to milliseconds: that is what travels, so that is what is decided on.
fn instant(text: &str) -> Option<i64> {
    let instant = DateTime::parse_from_rfc3339(text).ok()?.to_utc();
    (1..=9999).contains(&instant.year()).then(|| instant.timestamp_millis())
}
