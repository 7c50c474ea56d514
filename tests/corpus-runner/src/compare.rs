//! Comparing answers with what a case expects of them.

use serde_json::Value;

/// Where an answer differs: each key that is expected must be there and equal; objects may have more.
pub(crate) fn subset(expected: &Value, actual: &Value) -> Result<(), String> {
    let mut faults = Vec::new();
    differences("", expected, actual, &mut faults);
    if faults.is_empty() { Ok(()) } else { Err(faults.join("\n")) }
}

fn differences(path: &str, expected: &Value, actual: &Value, faults: &mut Vec<String>) {
    match (expected, actual) {
        (Value::Object(expected), Value::Object(actual)) => {
            for (key, expected) in expected {
                let actual = actual.get(key).unwrap_or(&Value::Null);
                differences(&format!("{path}.{key}"), expected, actual, faults);
            }
        }
        (Value::Array(expected), Value::Array(actual)) if expected.len() == actual.len() => {
            for (index, (expected, actual)) in expected.iter().zip(actual).enumerate() {
                differences(&format!("{path}[{index}]"), expected, actual, faults);
            }
        }
        _ if expected == actual => {}
        _ => faults.push(format!("{path} is {actual}, expected {expected}")),
    }
}

/// The body of a successful answer.
pub(crate) fn success(answer: &Value) -> Result<&Value, String> {
    answer.get("ok").ok_or_else(|| format!("expected an answer, got {answer}"))
}

/// Checks that an answer is the error with this code, whose message holds this part.
pub(crate) fn error(answer: &Value, code: &str, message: Option<&str>) -> Result<(), String> {
    let error = answer.get("error").ok_or_else(|| format!("expected the error `{code}`, got {answer}"))?;
    let text = |key: &str| error.get(key).and_then(Value::as_str).unwrap_or_default();
    if text("code") != code {
        return Err(format!("expected the error `{code}`, got {error}"));
    }
    match message {
        Some(part) if !text("message").contains(part) => {
            Err(format!("the message is {:?}, expected it to say {part:?}", text("message")))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn objects_may_have_more_keys_and_lists_must_not() {
        assert!(subset(&json!({ "a": { "b": [1] } }), &json!({ "a": { "b": [1], "c": 2 }, "d": 3 })).is_ok());
        assert!(subset(&json!({ "a": [1] }), &json!({ "a": [1, 2] })).is_err());
        assert!(subset(&json!({ "a": 1 }), &json!({})).is_err());
        assert!(subset(&json!({ "a": null }), &json!({})).is_ok(), "null stands for an absent key");
    }
}
