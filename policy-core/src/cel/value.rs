//! The values that go into an expression and come out of it.

use std::collections::BTreeMap;

use cel::common::types::{
    CelBool, CelBytes, CelDouble, CelDuration, CelInt, CelList, CelMap, CelMapKey, CelNull, CelString,
    CelTimestamp, CelUInt,
};
use cel::common::value::Val;
use chrono::DateTime;

/// A CEL value. Maps have string keys and iterate in key order, so that every host sees the same sequence.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A signed 64-bit integer.
    Int(i64),
    /// An unsigned 64-bit integer.
    Uint(u64),
    /// An IEEE 754 double.
    Double(f64),
    /// Unicode text.
    String(String),
    /// Bytes.
    Bytes(Vec<u8>),
    /// An instant: milliseconds since 1970-01-01T00:00:00Z.
    Timestamp(i64),
    /// A span of time, in milliseconds.
    Duration(i64),
    /// A list.
    List(Vec<Value>),
    /// A map.
    Map(BTreeMap<String, Value>),
}

impl Value {
    /// The name of the value's type, as CEL writes it.
    #[must_use]
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "bool",
            Self::Int(_) => "int",
            Self::Uint(_) => "uint",
            Self::Double(_) => "double",
            Self::String(_) => "string",
            Self::Bytes(_) => "bytes",
            Self::Timestamp(_) => "timestamp",
            Self::Duration(_) => "duration",
            Self::List(_) => "list",
            Self::Map(_) => "map",
        }
    }

    /// The value as the evaluator keeps it. An instant outside the years 1 to 9999 becomes `null`, so that reading
    /// it is an error rather than a wrong answer.
    pub(super) fn to_val(&self) -> Box<dyn Val> {
        match self {
            Self::Null => Box::new(CelNull),
            Self::Bool(b) => Box::new(CelBool::from(*b)),
            Self::Int(n) => Box::new(CelInt::from(*n)),
            Self::Uint(n) => Box::new(CelUInt::from(*n)),
            Self::Double(n) => Box::new(CelDouble::from(*n)),
            Self::String(s) => Box::new(CelString::from(s.clone())),
            Self::Bytes(b) => Box::new(CelBytes::from(b.clone())),
            Self::Timestamp(ms) => match DateTime::from_timestamp_millis(*ms) {
                Some(instant) if (-62_135_596_800_000..=253_402_300_799_999).contains(ms) => {
                    Box::new(CelTimestamp::from(instant.fixed_offset()))
                }
                _ => Box::new(CelNull),
            },
            Self::Duration(ms) => match chrono::Duration::try_milliseconds(*ms) {
                Some(span) => Box::new(CelDuration::from(span)),
                None => Box::new(CelNull),
            },
            Self::List(items) => Box::new(CelList::from(items.iter().map(Self::to_val).collect::<Vec<_>>())),
            Self::Map(entries) => Box::new(map(entries
                .iter()
                .map(|(key, value)| (CelMapKey::from(key.clone()), value.to_val()))
                .collect())),
        }
    }
}

/// A map of the crate. It is a `HashMap` inside; the evaluator never iterates it but in key order.
pub(super) fn map(entries: Vec<(CelMapKey<'static>, Box<dyn Val>)>) -> CelMap<'static> {
    #[expect(clippy::disallowed_types, reason = "the crate's map is built from one")]
    let entries: std::collections::HashMap<_, _> = entries.into_iter().collect();
    CelMap::from(entries)
}
