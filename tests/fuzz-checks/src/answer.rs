//! Asking the engine, and what holds for every answer.

use policy_core::wire::{Engine, canonical};
use serde_json::{Value, json};

/// The codes that docs/wire-format.md lists, without `internal`, which no input may cause, and `bad_buffer`, which only a
/// host that shares memory can get.
const CODES: [&str; 13] = [
    "bad_utf8",
    "bad_json",
    "bad_envelope",
    "unsupported_version",
    "unknown_op",
    "bad_body",
    "policy_not_loaded",
    "policy_invalid",
    "invalid_context",
    "broken_history",
    "erased_history",
    "not_ended",
    "too_large",
];

/// The most bytes of an error beyond what it repeats of the request: a hundred findings, each with its line twice.
const LARGEST_ERROR: usize = 1 << 20;
/// The most bytes of an answer beyond what it repeats of the request: what a decision's whole budget can write.
const LARGEST_ANSWER: usize = 16 << 20;

const MOST_DIAGNOSTICS: usize = 100;
const MOST_PROBLEMS: usize = 50;

/// Two instances that are always asked the same.
#[derive(Default)]
pub(crate) struct Twins {
    one: Engine,
    other: Engine,
}

impl Twins {
    /// The answer to a request: the same bytes from both.
    pub(crate) fn call(&mut self, request: &[u8]) -> Value {
        let answer = self.one.call(request);
        assert_eq!(answer, self.other.call(request), "two instances differ");
        // A decision. Behind a blank the same request is read the long way, which is the judge of what the short one answers.
        if answer.starts_with(br#"{"ok":{"digest":"#) {
            let judged = self.other.call(&[request, b" "].concat());
            let shown = String::from_utf8_lossy(&judged);
            assert_eq!(String::from_utf8_lossy(&answer), shown, "the two ways of reading differ");
        }
        sound(&answer, request.len())
    }

    /// The answer to an operation.
    pub(crate) fn ask(&mut self, op: &str, body: &Value) -> Value {
        self.call(json!({ "v": 1, "op": op, "body": body }).to_string().as_bytes())
    }

    /// The answer to an operation that changes nothing: asked again, it is the same.
    pub(crate) fn ask_twice(&mut self, op: &str, body: &Value) -> Value {
        let answer = self.ask(op, body);
        assert_eq!(answer, self.ask(op, body), "`{op}` answers differently the second time");
        answer
    }
}

/// Checks an answer to a request of so many bytes, and gives it as JSON.
fn sound(answer: &[u8], request: usize) -> Value {
    let json: Value = serde_json::from_slice(answer).unwrap();
    assert_eq!(canonical(&json).unwrap(), answer, "the answer is not canonical");
    let envelope = json.as_object().unwrap();
    assert_eq!(envelope.len(), 1, "an answer is either `ok` or `error`");
    let beyond = answer.len().saturating_sub(request.saturating_mul(2));
    match envelope.get("error") {
        None => {
            assert!(envelope.contains_key("ok"), "an answer is either `ok` or `error`");
            assert!(beyond <= LARGEST_ANSWER, "an answer of {} bytes", answer.len());
        }
        Some(error) => {
            let code = error["code"].as_str().unwrap();
            assert!(CODES.contains(&code), "the error `{code}`: {}", error["message"]);
            assert!(!error["message"].as_str().unwrap().is_empty());
            assert!(beyond <= LARGEST_ERROR, "an error of {} bytes", answer.len());
            assert!(count(&error["diagnostics"]) <= MOST_DIAGNOSTICS);
            assert!(count(&error["problems"]) <= MOST_PROBLEMS);
        }
    }
    json
}

fn count(list: &Value) -> usize {
    list.as_array().map_or(0, Vec::len)
}

#[cfg(test)]
mod tests {
    use super::sound;

    #[test]
    fn a_sound_answer_is_let_through() {
        assert_eq!(sound(br#"{"ok":{"a":1,"b":2}}"#, 0)["ok"]["b"], 2);
        assert_eq!(sound(br#"{"error":{"code":"bad_json","message":"no"}}"#, 0)["error"]["code"], "bad_json");
    }

    #[test]
    #[should_panic(expected = "not canonical")]
    fn an_answer_that_is_not_canonical_is_told() {
        sound(br#"{"ok":{"b":2,"a":1}}"#, 0);
    }

    #[test]
    #[should_panic(expected = "the error `internal`")]
    fn an_internal_error_is_told() {
        sound(br#"{"error":{"code":"internal","message":"oh"}}"#, 0);
    }

    #[test]
    #[should_panic(expected = "either `ok` or `error`")]
    fn an_answer_of_two_minds_is_told() {
        sound(br#"{"error":{"code":"bad_json","message":"no"},"ok":{}}"#, 0);
    }

    #[test]
    #[should_panic(expected = "an error of")]
    fn an_error_that_is_too_long_is_told() {
        let message = "x".repeat(2 << 20);
        sound(format!(r#"{{"error":{{"code":"bad_json","message":"{message}"}}}}"#).as_bytes(), 100);
    }
}
