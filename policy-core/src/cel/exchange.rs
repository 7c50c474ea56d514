//! Values as JSON, in the form of the conformance cases.
//!
//! A value is `[kind, …]`, such as `["int", "3"]`, `["list", […]]`, `["map", [[key, value], …]]`, `["bytes", base64]` or
//! `["timestamp", seconds, nanos]`. 64-bit integers, seconds and doubles are strings. An optional is `["optional"]` or
//! `["optional", value]`.

use std::fmt;

use bumpalo::Bump;
use bumpalo::collections::Vec as List;
use serde_json::{Value as Json, json};

use super::compare::key_order;
use super::functions::type_value;
use super::library::network::{parse_cidr, parse_ip};
use super::library::{base64_bytes, base64_text};
use super::problem::nearest;
use super::time::{Instant, Span};
use super::val::{Cidr, Val};

/// Deeper values are refused.
const MAX_NESTING: usize = 64;
/// What is written at most, in units of one value or 256 bytes. Values share what they hold: one that took 60 steps to make can be
/// larger than any memory once it is written out.
pub(super) const MAX_WRITTEN: usize = 1 << 18;

/// Why JSON stands for no value, and where in it: as the rest of a sentence.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct NoValue {
    /// Indices, from the innermost outwards.
    path: Vec<usize>,
    why: String,
}

impl NoValue {
    fn new(why: impl Into<String>) -> Self {
        Self { path: Vec::new(), why: why.into() }
    }

    fn inside(mut self, at: usize) -> Self {
        self.path.push(at);
        self
    }
}

impl fmt::Display for NoValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.path.is_empty() {
            f.write_str(" at ")?;
            self.path.iter().rev().try_for_each(|at| write!(f, "[{at}]"))?;
        }
        write!(f, ": {}", self.why)
    }
}

/// Each kind, with how its values are written.
const KINDS: [(&str, &str); 14] = [
    ("null", r#"["null"]"#),
    ("bool", r#"["bool", true]"#),
    ("int", r#"["int", "-3"], with 64 bits"#),
    ("uint", r#"["uint", "3"], with 64 bits"#),
    ("double", r#"["double", "1.5"], or "inf", "-inf", "nan""#),
    ("string", r#"["string", "text"]"#),
    ("bytes", r#"["bytes", "aGk="], in base64"#),
    ("list", r#"["list", [value, …]]"#),
    ("map", r#"["map", [[key, value], …]]"#),
    ("type", r#"["type", "int"], with the name of a type"#),
    ("timestamp", r#"["timestamp", seconds, nanoseconds], in the years 1 to 9999"#),
    ("duration", r#"["duration", seconds, nanoseconds]"#),
    ("net.IP", r#"["net.IP", "::1"]"#),
    ("net.CIDR", r#"["net.CIDR", "10.0.0.0/8"]"#),
];

/// The value that `json` stands for.
///
/// # Errors
///
/// Why it stands for none.
pub(super) fn decode<'a>(arena: &'a Bump, json: &Json) -> Result<Val<'a>, NoValue> {
    decode_within(arena, json, MAX_NESTING)
}

fn decode_within<'a>(arena: &'a Bump, json: &Json, depth: usize) -> Result<Val<'a>, NoValue> {
    let Some(below) = depth.checked_sub(1) else {
        return Err(NoValue::new(format!("values are at most {MAX_NESTING} levels deep")));
    };
    let parts = json.as_array().map(Vec::as_slice).unwrap_or_default();
    let Some(kind) = parts.first().and_then(Json::as_str) else {
        return Err(NoValue::new(r#"write a kind and what it needs, such as ["int", "3"]"#));
    };
    match (kind, parts.get(1)) {
        ("list", Some(Json::Array(given))) => {
            let mut items = List::new_in(arena);
            for (at, item) in given.iter().enumerate() {
                let item = decode_within(arena, item, below);
                items.push(item.map_err(|no_value| no_value.inside(at).inside(1))?);
            }
            Ok(Val::List(items.into_bump_slice()))
        }
        ("map", Some(Json::Array(given))) => {
            decode_map(arena, given, below).map_err(|no_value| no_value.inside(1))
        }
        ("optional", None) => Ok(Val::Optional(None)),
        ("optional", Some(inner)) => {
            let inner = decode_within(arena, inner, below).map_err(|no_value| no_value.inside(1))?;
            Ok(Val::Optional(Some(arena.alloc(inner))))
        }
        _ => decode_leaf(arena, kind, parts).ok_or_else(|| NoValue::new(wanted(kind))),
    }
}

/// How values of a kind are written, or which kinds there are.
fn wanted(kind: &str) -> String {
    if let Some((_, example)) = KINDS.iter().find(|(known, _)| *known == kind) {
        return format!("write {example}");
    }
    let kinds = KINDS.map(|(known, _)| known);
    let near = nearest(kind, kinds).map(|near| format!("; did you mean `{near}`?"));
    let kind: String = kind.chars().take(40).collect();
    format!(
        "there is no kind `{kind}`{}",
        near.unwrap_or_else(|| format!(": it is one of {}, optional", kinds.join(", ")))
    )
}

fn decode_leaf<'a>(arena: &'a Bump, kind: &str, parts: &[Json]) -> Option<Val<'a>> {
    let text = |at: usize| parts.get(at).and_then(Json::as_str);
    let number = |at: usize| {
        let part = parts.get(at)?;
        part.as_i64().or_else(|| part.as_str()?.parse().ok())
    };
    Some(match kind {
        "null" => Val::Null,
        "bool" => Val::Bool(parts.get(1)?.as_bool()?),
        "int" => Val::Int(number(1)?),
        "uint" => Val::Uint(parts.get(1)?.as_u64().or_else(|| text(1)?.parse().ok())?),
        "double" => Val::Double(parts.get(1)?.as_f64().or_else(|| text(1)?.parse().ok())?),
        "string" => Val::String(arena.alloc_str(text(1)?)),
        "bytes" => Val::Bytes(arena.alloc_slice_copy(&base64_bytes(text(1)?)?)),
        "type" => Val::Type(type_value(text(1)?)?),
        "timestamp" => Val::Timestamp(Instant::new(number(1)?, u32::try_from(number(2)?).ok()?)?),
        "duration" => Val::Duration(Span::new(number(1)?, number(2)?)?),
        "net.IP" => Val::Ip(parse_ip(text(1)?).ok()?),
        "net.CIDR" => {
            let (address, bits) = parse_cidr(text(1)?).ok()?;
            Val::Cidr(Cidr { address, bits })
        }
        _ => return None,
    })
}

fn decode_map<'a>(arena: &'a Bump, given: &[Json], depth: usize) -> Result<Val<'a>, NoValue> {
    let mut entries = List::new_in(arena);
    for (at, entry) in given.iter().enumerate() {
        let (Some(key), Some(value)) = (entry.get(0), entry.get(1)) else {
            return Err(NoValue::new("an entry is written [key, value]").inside(at));
        };
        let key = decode_within(arena, key, depth).map_err(|no_value| no_value.inside(0).inside(at))?;
        if !matches!(key, Val::Bool(_) | Val::Int(_) | Val::Uint(_) | Val::String(_)) {
            let why = format!("a key is a bool, an int, a uint or a string, not {}", key.a_kind());
            return Err(NoValue::new(why).inside(0).inside(at));
        }
        let value = decode_within(arena, value, depth).map_err(|no_value| no_value.inside(1).inside(at))?;
        entries.push((key, value));
    }
    entries.sort_by(|(a, _), (b, _)| key_order(*a, *b));
    let distinct = entries.windows(2).all(|pair| match pair {
        [(a, _), (b, _)] => key_order(*a, *b).is_lt(),
        _ => true,
    });
    if distinct { Ok(Val::Map(entries.into_bump_slice())) } else { Err(NoValue::new("a key is there twice")) }
}

/// A value as JSON, or nothing, where that would be too large.
pub(super) fn encode(value: Val<'_>) -> Option<Json> {
    encode_within(value, &mut { MAX_WRITTEN })
}

fn encode_within(value: Val<'_>, left: &mut usize) -> Option<Json> {
    let bytes = match value {
        Val::String(text) => text.len(),
        Val::Bytes(bytes) => bytes.len(),
        _ => 0,
    };
    *left = left.checked_sub((bytes >> 8).saturating_add(1))?;
    Some(match value {
        Val::Null => json!(["null"]),
        Val::Bool(b) => json!(["bool", b]),
        Val::Int(n) => json!(["int", n.to_string()]),
        Val::Uint(n) => json!(["uint", n.to_string()]),
        Val::Double(n) => json!(["double", double_text(n)]),
        Val::String(text) => json!(["string", text]),
        Val::Bytes(bytes) => json!(["bytes", base64_text(bytes)]),
        Val::Timestamp(at) => json!(["timestamp", at.seconds().to_string(), at.nanos()]),
        Val::Duration(span) => json!(["duration", span.seconds().to_string(), span.nanos()]),
        Val::List(items) => {
            let items = items.iter().map(|item| encode_within(*item, left));
            json!(["list", items.collect::<Option<Vec<_>>>()?])
        }
        Val::Map(entries) => {
            let entries = entries
                .iter()
                .map(|(key, value)| Some(json!([encode_within(*key, left)?, encode_within(*value, left)?])));
            json!(["map", entries.collect::<Option<Vec<_>>>()?])
        }
        Val::Optional(None) => json!(["optional"]),
        Val::Optional(Some(inner)) => json!(["optional", encode_within(*inner, left)?]),
        Val::Type(name) => json!(["type", name]),
        Val::Ip(address) => json!(["net.IP", address.to_string()]),
        Val::Cidr(range) => json!(["net.CIDR", format!("{}/{}", range.address, range.bits)]),
    })
}

/// A double in the fewest digits that give it back: `1.0`, `-0.0`, `1e-05`, `1.5e+18`, `inf`, `nan`, as the cases have it.
fn double_text(double: f64) -> String {
    if double.is_nan() {
        return "nan".to_owned();
    }
    let text = format!("{double:?}");
    match text.split_once('e') {
        None => text,
        Some((digits, exponent)) => {
            let (sign, exponent) = exponent.strip_prefix('-').map_or(('+', exponent), |rest| ('-', rest));
            format!("{digits}e{sign}{exponent:0>2}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubles_are_written_as_the_cases_write_them() {
        for (double, text) in [
            (1.0, "1.0"),
            (-0.0, "-0.0"),
            (0.1, "0.1"),
            (1e15, "1000000000000000.0"),
            (9.223_372_036_854_776e18, "9.223372036854776e+18"),
            (1.797_693e308, "1.797693e+308"),
            (1e-5, "1e-05"),
            (f64::INFINITY, "inf"),
            (f64::NEG_INFINITY, "-inf"),
            (f64::NAN, "nan"),
        ] {
            assert_eq!(double_text(double), text);
        }
    }

    #[test]
    fn a_value_comes_back_as_it_went_in() {
        for json in [
            json!(["null"]),
            json!(["int", "9223372036854775807"]),
            json!(["uint", "18446744073709551615"]),
            json!(["double", "-inf"]),
            json!(["bytes", "/+8="]),
            json!(["timestamp", "-62135596800", 999_999_999]),
            json!(["duration", "-9223372036", -854_775_808]),
            json!(["optional"]),
            json!(["optional", ["list", [["null"], ["type", "int"]]]]),
            json!([
                "map",
                [[["bool", true], ["int", "1"]], [["int", "1"], ["null"]], [["string", "1"], ["null"]]]
            ]),
            json!(["net.IP", "::1"]),
            json!(["net.CIDR", "10.0.0.0/8"]),
        ] {
            assert_eq!(decode(&Bump::new(), &json).map(encode), Ok(Some(json)));
        }
    }

    #[test]
    fn what_is_no_value_says_where_and_what_would_be_one() {
        let kind = r#": write a kind and what it needs, such as ["int", "3"]"#;
        let int = r#": write ["int", "-3"], with 64 bits"#;
        let timestamp = r#": write ["timestamp", seconds, nanoseconds], in the years 1 to 9999"#;
        for (json, why) in [
            (json!(1), kind),
            (json!([]), kind),
            (json!(["int"]), int),
            (json!(["int", "1.0"]), int),
            (json!(["int", "9223372036854775808"]), int),
            (json!(["uint", "-1"]), r#": write ["uint", "3"], with 64 bits"#),
            (json!(["double", "1,5"]), r#": write ["double", "1.5"], or "inf", "-inf", "nan""#),
            (json!(["bool", "true"]), r#": write ["bool", true]"#),
            (json!(["bytes", "/+8*"]), r#": write ["bytes", "aGk="], in base64"#),
            (json!(["timestamp", "0"]), timestamp),
            (json!(["timestamp", "253402300800", 0]), timestamp),
            (json!(["timestamp", "0", 1_000_000_000]), timestamp),
            (json!(["duration", "9223372037", 0]), r#": write ["duration", seconds, nanoseconds]"#),
            (json!(["list"]), r#": write ["list", [value, …]]"#),
            (
                json!(["list", [["null"], ["what", "1"]]]),
                " at [1][1]: there is no kind `what`: it is one of null, bool, int, uint, double, string, bytes, list, map, type, timestamp, duration, net.IP, net.CIDR, optional",
            ),
            (
                json!(["integer", "1"]),
                ": there is no kind `integer`: it is one of null, bool, int, uint, double, string, bytes, list, map, type, timestamp, duration, net.IP, net.CIDR, optional",
            ),
            (json!(["strin", "1"]), ": there is no kind `strin`; did you mean `string`?"),
            (
                json!(["optional", ["list", [["int", "x"]]]]),
                r#" at [1][1][0]: write ["int", "-3"], with 64 bits"#,
            ),
            (
                json!(["map", [[["double", "1.0"], ["null"]]]]),
                " at [1][0][0]: a key is a bool, an int, a uint or a string, not a double",
            ),
            (
                json!(["map", [[["int", "1"], ["null"]], [["uint", "1"], ["null"]]]]),
                " at [1]: a key is there twice",
            ),
            (json!(["map", [[["int", "1"]]]]), " at [1][0]: an entry is written [key, value]"),
            (json!(["type", "what"]), r#": write ["type", "int"], with the name of a type"#),
            (json!(["net.IP", "nope"]), r#": write ["net.IP", "::1"]"#),
        ] {
            assert_eq!(decode(&Bump::new(), &json).unwrap_err().to_string(), why, "{json}");
        }
        let deep = (0..65).fold(json!(["null"]), |inner, _| json!(["optional", inner]));
        assert!(
            decode(&Bump::new(), &deep)
                .unwrap_err()
                .to_string()
                .ends_with(": values are at most 64 levels deep")
        );
    }
}
