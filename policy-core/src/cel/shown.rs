//! Values as people are shown them.

use serde_json::{Map, Value as Json, json};

use super::expression::{Evaluation, Expression};
use super::val::Val;

/// The most values that are shown of a list or a map, with all that is in it.
const MOST: usize = 1_000;

/// What any value takes at least, in bytes.
const LEAST: usize = 4;

/// How much may still be shown: a list may have the same long text many times.
struct Room {
    values: usize,
    bytes: usize,
}

impl Room {
    fn is_left(&self) -> bool {
        self.values > 0 && self.bytes > 0
    }

    /// A text, or as much of it as there is room for.
    fn text(&mut self, text: &str) -> String {
        let shown = beginning(text, self.bytes);
        self.bytes = self.bytes.saturating_sub(shown.len());
        shown
    }
}

/// The beginning of a text, in at most about so many bytes.
pub(crate) fn beginning(text: &str, bytes: usize) -> String {
    if text.len() <= bytes {
        return text.to_owned();
    }
    let end = (0..=bytes).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
    format!("{}…", text.get(..end).unwrap_or_default())
}

impl<'a> Evaluation<'a> {
    /// What an expression comes to, as JSON; nothing where it fails. Times are as CEL writes them, numbers beyond what JSON's readers keep
    /// exactly are texts, and of what is very long only the beginning is there: about so many bytes.
    pub(crate) fn shown(&self, expression: &'a Expression, bytes: usize) -> Option<Json> {
        self.eval(expression).ok().map(|value| shown(value, &mut Room { values: MOST, bytes }))
    }
}

fn shown(value: Val<'_>, left: &mut Room) -> Json {
    left.values = left.values.saturating_sub(1);
    left.bytes = left.bytes.saturating_sub(LEAST);
    match value {
        Val::Null | Val::Optional(None) => Json::Null,
        Val::Bool(value) => json!(value),
        Val::Int(value) => exact(value).map_or_else(|| json!(value.to_string()), Json::from),
        Val::Uint(value) => {
            i64::try_from(value).ok().and_then(exact).map_or_else(|| json!(value.to_string()), Json::from)
        }
        Val::Double(value) => {
            serde_json::Number::from_f64(value).map_or_else(|| json!(value.to_string()), Json::Number)
        }
        Val::String(text) | Val::Type(text) => json!(left.text(text)),
        Val::Bytes(bytes) => json!(format!("{} bytes", bytes.len())),
        Val::Timestamp(at) => json!(at.to_text()),
        Val::Duration(span) => json!(span.to_text()),
        Val::List(items) => {
            Json::Array(items.iter().map_while(|item| left.is_left().then(|| shown(*item, left))).collect())
        }
        Val::Map(entries) => {
            let entries = entries.iter().map_while(|(key, value)| {
                left.is_left().then(|| (key_text(*key, left), shown(*value, left)))
            });
            Json::Object(entries.collect::<Map<_, _>>())
        }
        Val::Optional(Some(value)) => shown(*value, left),
        Val::Ip(address) => json!(address.to_string()),
        Val::Cidr(range) => json!(format!("{}/{}", range.address, range.bits)),
    }
}

/// A number that every reader of JSON keeps.
fn exact(value: i64) -> Option<i64> {
    const LARGEST: u64 = 1 << 53;
    (value.unsigned_abs() <= LARGEST).then_some(value)
}

fn key_text(key: Val<'_>, left: &mut Room) -> String {
    match key {
        Val::String(text) => left.text(text),
        other => shown(other, left).to_string(),
    }
}
