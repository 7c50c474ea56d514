//! Values as JSON, in the form of the conformance cases.
//!
//! A value is `[kind, …]`, such as `["int", "3"]`, `["list", […]]`, `["map", [[key, value], …]]`, `["bytes", base64]` or
//! `["timestamp", seconds, nanos]`. 64-bit integers, seconds and doubles are strings. An optional is `["optional"]` or
//! `["optional", value]`.

use bumpalo::Bump;
use bumpalo::collections::Vec as List;
use serde_json::{Value as Json, json};

use super::compare::key_order;
use super::functions::type_value;
use super::library::network::{parse_cidr, parse_ip};
use super::library::{base64_bytes, base64_text};
use super::time::{Instant, Span};
use super::val::{Cidr, Val};

/// Deeper values are refused.
const MAX_NESTING: usize = 64;
/// What is written at most, in units of one value or 256 bytes. Values share what they hold: one that took 60 steps to make can be
/// larger than any memory once it is written out.
const MAX_WRITTEN: usize = 1 << 18;

/// The value that `json` stands for, or nothing, where it stands for none.
pub(super) fn decode<'a>(arena: &'a Bump, json: &Json) -> Option<Val<'a>> {
    decode_within(arena, json, MAX_NESTING)
}

fn decode_within<'a>(arena: &'a Bump, json: &Json, depth: usize) -> Option<Val<'a>> {
    let below = depth.checked_sub(1)?;
    let parts = json.as_array()?;
    let text = |at: usize| parts.get(at).and_then(Json::as_str);
    let number = |at: usize| {
        let part = parts.get(at)?;
        part.as_i64().or_else(|| part.as_str()?.parse().ok())
    };
    Some(match text(0)? {
        "null" => Val::Null,
        "bool" => Val::Bool(parts.get(1)?.as_bool()?),
        "int" => Val::Int(number(1)?),
        "uint" => Val::Uint(parts.get(1)?.as_u64().or_else(|| text(1)?.parse().ok())?),
        "double" => Val::Double(parts.get(1)?.as_f64().or_else(|| text(1)?.parse().ok())?),
        "string" => Val::String(arena.alloc_str(text(1)?)),
        "bytes" => Val::Bytes(arena.alloc_slice_copy(&base64_bytes(text(1)?)?)),
        "list" => {
            let mut items = List::new_in(arena);
            for item in parts.get(1)?.as_array()? {
                items.push(decode_within(arena, item, below)?);
            }
            Val::List(items.into_bump_slice())
        }
        "map" => decode_map(arena, parts.get(1)?.as_array()?, below)?,
        "type" => Val::Type(type_value(text(1)?)?),
        "timestamp" => Val::Timestamp(Instant::new(number(1)?, u32::try_from(number(2)?).ok()?)?),
        "duration" => Val::Duration(Span::new(number(1)?, number(2)?)?),
        "optional" => match parts.get(1) {
            None => Val::Optional(None),
            Some(inner) => Val::Optional(Some(arena.alloc(decode_within(arena, inner, below)?))),
        },
        "net.IP" => Val::Ip(parse_ip(text(1)?).ok()?),
        "net.CIDR" => {
            let (address, bits) = parse_cidr(text(1)?).ok()?;
            Val::Cidr(Cidr { address, bits })
        }
        _ => return None,
    })
}

fn decode_map<'a>(arena: &'a Bump, given: &[Json], depth: usize) -> Option<Val<'a>> {
    let mut entries = List::new_in(arena);
    for entry in given {
        let key = decode_within(arena, entry.get(0)?, depth)?;
        if !matches!(key, Val::Bool(_) | Val::Int(_) | Val::Uint(_) | Val::String(_)) {
            return None;
        }
        entries.push((key, decode_within(arena, entry.get(1)?, depth)?));
    }
    entries.sort_by(|(a, _), (b, _)| key_order(*a, *b));
    let distinct = entries.windows(2).all(|pair| match pair {
        [(a, _), (b, _)] => key_order(*a, *b).is_lt(),
        _ => true,
    });
    distinct.then(|| Val::Map(entries.into_bump_slice()))
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
            assert_eq!(decode(&Bump::new(), &json).and_then(encode), Some(json));
        }
    }

    #[test]
    fn what_is_no_value_is_refused() {
        for json in [
            json!(1),
            json!([]),
            json!(["int"]),
            json!(["int", "1.0"]),
            json!(["int", "9223372036854775808"]),
            json!(["uint", "-1"]),
            json!(["double", "1,5"]),
            json!(["bytes", "/+8*"]),
            json!(["timestamp", "253402300800", 0]),
            json!(["timestamp", "0", 1_000_000_000]),
            json!(["duration", "9223372037", 0]),
            json!(["map", [[["double", "1.0"], ["null"]]]]),
            json!(["map", [[["int", "1"], ["null"]], [["uint", "1"], ["null"]]]]),
            json!(["map", [[["int", "1"]]]]),
            json!(["list", [["what", "1"]]]),
            json!(["type", "what"]),
        ] {
            assert!(decode(&Bump::new(), &json).is_none(), "{json}");
        }
    }
}
