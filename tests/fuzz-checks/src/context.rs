//! Any JSON as a context, against a policy that looks at much of it.

use crate::answer::Twins;
use crate::decision;
use serde_json::{Value, json};
use std::cell::RefCell;

const POLICY: &str = include_str!("context.yaml");

/// The engines with the policy loaded, and its hash: they are kept, so that what an input leaves behind would show.
struct Loaded {
    twins: Twins,
    hash: String,
}

impl Loaded {
    fn new() -> Self {
        let mut twins = Twins::default();
        let loaded = twins.ask("load", &json!({ "source": POLICY, "file": "context.yaml" }));
        let hash = loaded["ok"]["hash"].as_str().unwrap_or_else(|| panic!("{loaded}")).to_owned();
        Self { twins, hash }
    }
}

thread_local! {
    static LOADED: RefCell<Loaded> = RefCell::new(Loaded::new());
}

pub(crate) fn check(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    LOADED.with_borrow_mut(|Loaded { twins, hash }| {
        let request =
            |op: &str| format!(r#"{{"v":1,"op":"{op}","body":{{"policy":"{hash}","context":{text}}}}}"#);
        let decided = twins.call(request("decide").as_bytes());
        let redacted = twins.call(request("redact").as_bytes());
        let code = |answer: &Value| answer["error"]["code"].clone();
        assert_eq!(code(&decided), code(&redacted), "what cannot be decided on is not let through either");
        if !decided["ok"].is_object() {
            return;
        }
        decision::sound(&decided["ok"]);
        // It was decided on, so it is JSON; only the engine's own reader may say what is.
        let context: Value = serde_json::from_str(text).unwrap();
        later(twins, hash, &context, &decided);
        taken_out(twins, hash, &context, &redacted);
    });
}

/// The digest is of facts that do not move by themselves.
fn later(twins: &mut Twins, hash: &str, context: &Value, decided: &Value) {
    let mut later = context.clone();
    later["now"] = json!("2031-01-01T00:00:00.000Z");
    let again = twins.ask_twice("decide", &json!({ "policy": hash, "context": later }));
    let (before, after) = (&decided["ok"]["digest"], &again["ok"]["digest"]);
    // The hour may have made it an `allow`, which has none.
    if before.is_string() && after.is_string() {
        assert_eq!(before, after, "other facts by the clock alone");
    }
}

/// Nothing but what was named became null, and nobody decides on what is left.
fn taken_out(twins: &mut Twins, hash: &str, context: &Value, redacted: &Value) {
    let (left, paths) = (&redacted["ok"]["context"], redacted["ok"]["redacted"].as_array().unwrap());
    if paths.is_empty() {
        assert_eq!(left, context);
        return;
    }
    let mut expected = context.clone();
    for path in paths {
        let mut steps = path.as_str().unwrap().splitn(3, '.');
        let place = steps.by_ref().fold(&mut expected, |place, step| &mut place[step]);
        assert!(!place.is_null(), "{path} was not there");
        *place = Value::Null;
    }
    assert_eq!(*left, expected);
    let again = twins.ask("decide", &json!({ "policy": hash, "context": left }));
    assert_eq!(again["error"]["code"], "invalid_context");
}
