//! Values as people are shown them.

use serde_json::{Map, Value as Json, json};

use super::expression::{Evaluation, Expression};
use super::val::Val;

/// The most values that are shown of a list or a map, with all that is in it.
const MOST: usize = 1_000;

impl<'a> Evaluation<'a> {
    /// What an expression comes to, as JSON; nothing where it fails. Times are as CEL writes them, numbers beyond what JSON's readers keep
    /// exactly are texts, and of what is very long only the beginning is there.
    pub(crate) fn shown(&self, expression: &'a Expression) -> Option<Json> {
        self.eval(expression).ok().map(|value| shown(value, &mut { MOST }))
    }
}

fn shown(value: Val<'_>, left: &mut usize) -> Json {
    *left = left.saturating_sub(1);
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
        Val::String(text) | Val::Type(text) => json!(text),
        Val::Bytes(bytes) => json!(format!("{} bytes", bytes.len())),
        Val::Timestamp(at) => json!(at.to_text()),
        Val::Duration(span) => json!(span.to_text()),
        Val::List(items) => {
            Json::Array(items.iter().map_while(|item| (*left > 0).then(|| shown(*item, left))).collect())
        }
        Val::Map(entries) => {
            let entries = entries
                .iter()
                .map_while(|(key, value)| (*left > 0).then(|| (key_text(*key), shown(*value, left))));
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

fn key_text(key: Val<'_>) -> String {
    match key {
        Val::String(text) => text.to_owned(),
        other => shown(other, &mut 1).to_string(),
    }
}
