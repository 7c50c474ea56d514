//! Contexts to decide on, made of the schema's own examples.

use policy_core::context::schema::FIELDS;
use serde_json::{Map, Value, json};

/// Stands in the facts about the user, and in no policy unless its author put it there: no message may hold it.
pub(crate) const SECRET: &str = "qx7-secret-of-alice";

/// A context with every field of the schema.
pub(crate) fn full(action: &str) -> Value {
    let mut context = filled(action, |_| true);
    for field in ["username", "email"] {
        context["user"][field] = json!(SECRET);
    }
    context["user"]["attributes"] =
        json!({ "manager": [SECRET], "deputies": ["carol", "dave"], "number": ["7"] });
    context["request"]["user_agent"] = json!(SECRET);
    context
}

/// A context with what the action requires, and nothing else.
pub(crate) fn bare(action: &str) -> Value {
    filled(action, |required| required)
}

fn filled(action: &str, wanted: impl Fn(bool) -> bool) -> Value {
    let mut context = Map::new();
    for field in FIELDS {
        if !wanted(field.required.holds_for(action)) {
            continue;
        }
        let value: Value = serde_json::from_str(field.example).unwrap();
        match field.path.split_once('.') {
            None => drop(context.insert(field.path.to_owned(), value)),
            Some((group, name)) => {
                let group = context.entry(group).or_insert_with(|| json!({}));
                group[name] = value;
            }
        }
    }
    context.insert("action".to_owned(), json!(action));
    Value::Object(context)
}

#[cfg(test)]
mod tests {
    use super::*;
    use policy_core::context::{action, decode};

    #[test]
    fn they_fit_the_schema_for_every_action() {
        for action in action::names().chain(["x-transfer"]) {
            for context in [full(action), bare(action)] {
                assert!(decode(&context).is_ok(), "{action}: {:?}", decode(&context));
            }
        }
    }
}
