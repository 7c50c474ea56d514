//! Any text as an expression, wherever a policy takes one.

use crate::policy::load;
use serde_json::{Value, json};

pub(crate) fn check(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    for policy in [condition(text), variable(text), reason(text), approvers(text)] {
        load(&policy.to_string());
    }
}

fn policy(rule: Value) -> Value {
    json!({ "apiVersion": "jit-approval.dev/v1", "name": "p", "rules": [rule] })
}

fn condition(text: &str) -> Value {
    policy(json!({ "id": "a", "on": ["login"], "when": text, "effect": "confirm" }))
}

/// The variable may be of any type.
fn variable(text: &str) -> Value {
    let rule = json!({ "id": "a", "on": ["update-email"], "when": "dyn(v) == dyn(1)", "effect": "deny", "on_error": "match" });
    let mut policy = policy(rule);
    policy["variables"] = json!({ "v": text });
    policy
}

fn reason(text: &str) -> Value {
    policy(json!({ "id": "a", "on": ["login"], "effect": "deny", "reason": text }))
}

fn approvers(text: &str) -> Value {
    let mut policy =
        policy(json!({ "id": "a", "on": ["x-any"], "effect": "require_approval", "chain": "c" }));
    policy["chains"] = json!({ "c": [{ "name": "s", "approvers": [{ "cel": text }] }] });
    policy
}
