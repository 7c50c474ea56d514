//! A context in which nothing is remarkable.

use super::{merge, patch};
use crate::context::schema::{FIELDS, Type};
use serde_json::{Value as Json, json};

/// What texts are where they are required; all others are `test`.
const TEXTS: &[(&str, &str)] = &[
    ("flow.alias", "browser"),
    ("client.id", "app"),
    ("user.id", "00000000-0000-4000-8000-000000000001"),
    ("user.username", "alice"),
    // Of a network that is nobody's (RFC 5737).
    ("request.ip", "192.0.2.1"),
    ("target.type", "user"),
    ("target.id", "00000000-0000-4000-8000-000000000002"),
];

/// A Monday, at noon.
const NOW: &str = "2026-01-05T12:00:00.000Z";

/// A context for an action in which all that is required is there, and nothing is remarkable.
///
/// `alice`, without roles, groups and attributes, comes from `192.0.2.1` to the client `app` of the realm `test`, on Monday the fifth of January
/// 2026 at noon (UTC). Lists and maps are empty, and what is true or false is false. Optional facts are absent.
///
/// # Example: what a login begins with
///
/// ```
/// let context = policy_core::testing::context("login");
/// assert_eq!(context["user"]["username"], "alice");
/// assert!(policy_core::context::decode(&context).is_ok());
/// ```
#[must_use]
pub fn context(action: &str) -> Json {
    let mut context = json!({ "action": action });
    for field in FIELDS.iter().filter(|field| field.path != "action" && field.required.holds_for(action)) {
        let value = match field.ty {
            Type::Bool => json!(false),
            Type::Int => json!(0),
            Type::Timestamp => json!(NOW),
            Type::Texts => json!([]),
            Type::TextMap | Type::TextsMap | Type::TimestampMap => json!({}),
            Type::Text => json!(text(field.path)),
        };
        merge(&mut context, &patch(field.path, value));
    }
    context
}

/// The same with facts merged over it, for the action that they name; without one, a login.
///
/// # Example: somebody with a role
///
/// ```
/// let context = policy_core::testing::context_with(&serde_json::json!({ "user": { "roles": ["admin"] } }));
/// assert_eq!((&context["action"], &context["user"]["username"]), (&"login".into(), &"alice".into()));
/// ```
#[must_use]
pub fn context_with(facts: &Json) -> Json {
    let mut context = context(facts.get("action").and_then(Json::as_str).unwrap_or("login"));
    merge(&mut context, facts);
    context
}

fn text(path: &str) -> &'static str {
    TEXTS.iter().find(|(known, _)| *known == path).map_or("test", |(_, text)| text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::context::{action, decode, schema};

    #[test]
    fn it_is_one_for_each_action() {
        for action in action::names().chain(["x-mine"]) {
            assert_eq!(decode(&context(action)).err(), None, "{action}");
        }
    }

    #[test]
    fn every_text_is_a_field_of_that_type() {
        for (path, _) in TEXTS {
            assert_eq!(schema::find(path).map(|field| field.ty), Some(Type::Text), "{path}");
        }
    }

    #[test]
    fn what_is_optional_is_absent() {
        let context = context("login");
        assert_eq!(context.get("risk"), None);
        assert_eq!(context["user"].get("email"), None);
        assert_eq!(context["now"], NOW);
    }
}
