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

    /// The facts as CEL variables: `user` is a map of those whose path begins with `user.`.
    ///
    /// A group of which no field is there is still a map, so that `has(risk.signals)` is false and no error.
    #[must_use]
    pub fn variables(&self) -> BTreeMap<String, Value> {
        let mut variables: BTreeMap<String, Value> = BTreeMap::new();
        for field in FIELDS {
            let fact = self.0.get(field.path);
            match field.path.split_once('.') {
                None => {
                    if let Some(fact) = fact {
                        variables.insert(field.path.to_owned(), fact.clone());
                    }
                }
                Some((group, name)) => {
                    let entry =
                        variables.entry(group.to_owned()).or_insert_with(|| Value::Map(BTreeMap::new()));
                    if let (Value::Map(fields), Some(fact)) = (entry, fact) {
                        fields.insert(name.to_owned(), fact.clone());
                    }
                }
            }
        }
        variables
    }
}

/// A fact as it travels: 64-bit integers as strings, instants in RFC 3339 with milliseconds.
pub(super) fn to_json(fact: &Value) -> serde_json::Value {
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
