//! JSON Merge Patch.

use serde_json::{Map, Value as Json};

/// Merges a patch into a value (RFC 7396): objects member by member, `null` takes a member away, everything else is replaced.
///
/// # Example: a member more, and one less
///
/// ```
/// use serde_json::json;
///
/// let mut target = json!({ "a": { "b": 1, "c": 2 }, "d": 3 });
/// policy_core::testing::merge(&mut target, &json!({ "a": { "b": null, "e": { "f": 4 } }, "d": [5] }));
/// assert_eq!(target, json!({ "a": { "c": 2, "e": { "f": 4 } }, "d": [5] }));
/// ```
pub fn merge(target: &mut Json, patch: &Json) {
    let Json::Object(patch) = patch else {
        target.clone_from(patch);
        return;
    };
    if !target.is_object() {
        *target = Json::Object(Map::new());
    }
    let Json::Object(target) = target else { return };
    for (key, value) in patch {
        if value.is_null() {
            target.remove(key);
        } else {
            merge(target.entry(key.clone()).or_insert(Json::Null), value);
        }
    }
}

/// The patch that sets one member, by its path.
///
/// # Example: a role
///
/// ```
/// let patch = policy_core::testing::patch("user.roles", serde_json::json!(["admin"]));
/// assert_eq!(patch, serde_json::json!({ "user": { "roles": ["admin"] } }));
/// ```
#[must_use]
pub fn patch(path: &str, value: Json) -> Json {
    path.rsplit('.').fold(value, |value, name| Json::Object(Map::from_iter([(name.to_owned(), value)])))
}

#[cfg(test)]
mod tests {
    use super::merge;
    use serde_json::{Value, json};

    fn merged(mut target: Value, patch: &Value) -> Value {
        merge(&mut target, patch);
        target
    }

    /// Some of the RFC's own cases (appendix A).
    #[test]
    fn it_does_as_the_rfc_says() {
        for (target, patch, result) in [
            (json!({"a": "b"}), json!({"a": null}), json!({})),
            (json!({"a": ["b"]}), json!({"a": "c"}), json!({"a": "c"})),
            (json!({"a": {"b": "c"}}), json!({"a": {"b": "d", "c": null}}), json!({"a": {"b": "d"}})),
            (json!({"a": [{"b": "c"}]}), json!({"a": [1]}), json!({"a": [1]})),
            (json!({"e": null}), json!({"a": 1}), json!({"e": null, "a": 1})),
            (json!([1, 2]), json!({"a": "b", "c": null}), json!({"a": "b"})),
            (json!({}), json!({"a": {"bb": {"ccc": null}}}), json!({"a": {"bb": {}}})),
            (json!({"a": "foo"}), json!(null), json!(null)),
        ] {
            assert_eq!(merged(target.clone(), &patch), result, "{target} {patch}");
        }
    }
}
