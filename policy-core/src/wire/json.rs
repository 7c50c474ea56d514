//! JSON into a tree, within bounds, and without the liberties that readers differ about.

use std::cell::Cell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

/// How deep objects and lists may nest. Everything we read is flatter; the wall keeps a hostile request from
/// running out of stack on a thread with 512 KB.
pub(super) const DEEPEST: u32 = 32;

/// Reads one JSON value.
///
/// # Errors
///
/// No JSON, a key that stands twice in an object (readers differ about which one counts), or too deep nesting.
///
/// # Example: a key that stands twice
///
/// ```
/// use policy_core::wire::parse_json;
///
/// assert!(parse_json(r#"{ "effect": "deny" }"#).is_ok());
/// let error = parse_json(r#"{ "effect": "deny", "effect": "allow" }"#).unwrap_err();
/// assert!(error.to_string().starts_with("the key `effect` stands twice in an object"), "{error}");
/// ```
pub fn parse(text: &str) -> Result<Value, serde_json::Error> {
    let depth = Cell::new(0);
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let value = Bounded { depth: &depth }.deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(value)
}

#[derive(Clone, Copy)]
struct Bounded<'d> {
    depth: &'d Cell<u32>,
}

impl Bounded<'_> {
    fn enter<E: Error>(self) -> Result<(), E> {
        self.depth.set(self.depth.get().saturating_add(1));
        if self.depth.get() > DEEPEST {
            Err(E::custom(format!("it nests deeper than {DEEPEST} levels")))
        } else {
            Ok(())
        }
    }

    fn leave(self) {
        self.depth.set(self.depth.get().saturating_sub(1));
    }
}

impl<'de> DeserializeSeed<'de> for Bounded<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Bounded<'_> {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        self.enter()?;
        let mut items = Vec::new();
        while let Some(item) = access.next_element_seed(self)? {
            items.push(item);
        }
        self.leave();
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        self.enter()?;
        let mut entries = Map::new();
        while let Some(key) = access.next_key::<String>()? {
            let value = access.next_value_seed(self)?;
            if entries.contains_key(&key) {
                let shown: String = key.chars().take(64).collect();
                return Err(A::Error::custom(format!("the key `{shown}` stands twice in an object")));
            }
            entries.insert(key, value);
        }
        self.leave();
        Ok(Value::Object(entries))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nesting_is_bounded_and_siblings_do_not_count() {
        let nested = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        assert!(parse(&nested(32)).is_ok());
        assert!(parse(&nested(33)).is_err());
        assert!(parse(&format!("[{}]", vec!["[]"; 1000].join(","))).is_ok());
        assert!(parse(&"[".repeat(1_000_000)).is_err());
    }

    #[test]
    fn a_key_that_stands_twice_is_refused() {
        assert!(parse(r#"{"a":1,"b":{"a":1}}"#).is_ok());
        assert!(parse(r#"{"a":{"b":1,"b":2}}"#).unwrap_err().to_string().contains("stands twice"));
        assert!(parse(r#"{"a":1,"\u0061":2}"#).is_err());
    }

    #[test]
    fn nothing_may_follow() {
        assert!(parse("{} ").is_ok());
        assert!(parse("{} {}").is_err());
    }
}
