//! A context that was checked.

use std::collections::BTreeMap;

use chrono::{DateTime, SecondsFormat};

use super::schema::FIELDS;
use crate::cel::Value;

/// The facts that are there, by path (`user.email`).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts(pub(super) BTreeMap<&'static str, Value>);

impl Facts {
    /// The fact with this path, where it is there.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<&Value> {
        self.0.get(path)
    }

    /// The action that is being decided.
    #[must_use]
    pub fn action(&self) -> &str {
        match self.get("action") {
            Some(Value::String(action)) => action,
            _ => "",
        }
    }

    /// The fact of a slot of [`super::schema::layout`], where it is there and a text.
    #[must_use]
    pub fn text(&self, slot: u16) -> Option<&str> {
        match self.get(FIELDS.get(usize::from(slot))?.path) {
            Some(Value::String(text)) => Some(text),
            _ => None,
        }
    }

    /// The facts in the order of [`FIELDS`], which is that of [`super::schema::layout`].
    pub fn by_slot(&self) -> impl Iterator<Item = Option<&Value>> {
        FIELDS.iter().map(|field| self.get(field.path))
    }
}

/// A fact as it travels: 64-bit integers as strings, instants in RFC 3339 with milliseconds.
pub(crate) fn to_json(fact: &Value) -> serde_json::Value {
    use serde_json::json;
    match fact {
        Value::Bool(value) => json!(value),
        Value::Int(value) => json!(value.to_string()),
        Value::String(value) => json!(value),
        Value::Timestamp(millis) => {
            json!(
                DateTime::from_timestamp_millis(*millis)
                    .map(|instant| instant.to_rfc3339_opts(SecondsFormat::Millis, true))
            )
        }
        Value::List(items) => items.iter().map(to_json).collect(),
        Value::Map(entries) => entries.iter().map(|(key, value)| (key.clone(), to_json(value))).collect(),
        // No field has these types.
        Value::Null | Value::Uint(_) | Value::Double(_) | Value::Bytes(_) | Value::Duration(_) => {
            serde_json::Value::Null
        }
    }
}
