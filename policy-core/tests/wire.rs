//! The engine as a host sees it: bytes in, bytes out.

#![allow(clippy::unwrap_used, reason = "tests")]

use policy_core::wire::{Engine, LARGEST_ADVANCE, LARGEST_REQUEST};
use serde_json::{Value, json};

const POLICY: &str = "\
apiVersion: jit-approval.dev/v1
name: production
chains:
  two-eyes:
    - name: manager
      approvers: [{ attribute: manager }]
rules:
  - id: prod-console
    on: [login]
    when: client.id == 'prod-console' && !cidr('10.0.0.0/8').containsIP(request.ip)
    effect: require_approval
    chain: two-eyes
    reason: user.username + ' wants into production'
";

fn call(engine: &mut Engine, op: &str, body: Value) -> Value {
    let request = json!({ "v": 1, "op": op, "body": body }).to_string();
    serde_json::from_slice(&engine.call(request.as_bytes())).unwrap()
}

fn context() -> Value {
    json!({
        "action": "login", "now": "2026-11-24T14:32:38.000Z",
        "realm": { "name": "demo" }, "flow": { "alias": "browser" },
        "client": { "id": "prod-console", "public": false, "attributes": {} },
        "user": { "id": "1", "username": "alice", "email_verified": true, "roles": [], "client_roles": {}, "groups": [],
                  "attributes": { "manager": ["bob"] }, "federated": false, "service_account": false },
        "request": { "ip": "203.0.113.7", "scopes": ["openid"], "headers": {} },
        "session": { "sso": false }
    })
}

#[test]
fn a_policy_is_loaded_decides_and_is_unloaded() {
    let mut engine = Engine::new();
    let loaded = call(&mut engine, "load", json!({ "source": POLICY, "file": "production.yaml" }));
    let hash = loaded["ok"]["hash"].clone();
    assert_eq!(
        loaded["ok"],
        json!({ "hash": hash, "name": "production", "mode": "enforce", "actions": ["login"], "rules": ["prod-console"],
            "reads": ["client.id", "request.ip", "user.username"], "decision_log": { "sample": null, "redact": [] }, "warnings": [] })
    );

    let decided = call(&mut engine, "decide", json!({ "policy": hash, "context": context() }));
    let digest = decided["ok"]["digest"].clone();
    assert!(digest.as_str().is_some_and(|digest| digest.len() == 71 && digest.starts_with("sha256:")));
    assert_eq!(
        decided["ok"],
        json!({
            "policy": { "name": "production", "hash": hash },
            "effect": "require_approval",
            "obligations": { "approval": {
                "stages": [{
                    "id": "two-eyes/manager", "chain": "two-eyes", "name": "manager",
                    "approvers": [{ "attribute": "manager" }],
                    "quorum": 1, "timeout": 900, "on_timeout": "deny", "standby": false, "allow_repeat": false, "notify": true,
                    "require": { "comment": false, "match_code": false, "acr": null }
                }],
                "justification": false, "show_approvers": false, "use_by": 600
            } },
            "rule": "prod-console",
            "matched": [{ "rule": "prod-console", "effect": "require_approval", "mode": "enforce" }],
            "reason": "alice wants into production",
            "errors": [],
            "digest": digest
        })
    );

    assert_eq!(call(&mut engine, "unload", json!({ "policy": hash })), json!({ "ok": { "unloaded": true } }));
    assert_eq!(
        call(&mut engine, "unload", json!({ "policy": hash })),
        json!({ "ok": { "unloaded": false } })
    );
    let gone = call(&mut engine, "decide", json!({ "policy": hash, "context": context() }));
    assert_eq!(gone["error"]["code"], "policy_not_loaded");
}

#[test]
fn what_a_policy_names_is_taken_out_of_a_context() {
    let mut engine = Engine::new();
    let source = POLICY.replace(
        "chains:\n",
        "decision_log: { sample: 0.01, redact: [user.email, user.attributes.manager, request.ip] }\nchains:\n",
    );
    let loaded = call(&mut engine, "load", json!({ "source": source, "file": "p.yaml" }));
    assert_eq!(
        loaded["ok"]["decision_log"],
        json!({ "sample": 0.01, "redact": ["user.email", "user.attributes.manager", "request.ip"] })
    );
    let hash = &loaded["ok"]["hash"];
    let redacted = call(&mut engine, "redact", json!({ "policy": hash, "context": context() }));
    let mut left = context();
    left["user"]["attributes"]["manager"] = Value::Null;
    left["request"]["ip"] = Value::Null;
    assert_eq!(
        redacted["ok"],
        json!({ "context": left, "redacted": ["user.attributes.manager", "request.ip"] })
    );

    let again = call(&mut engine, "decide", json!({ "policy": hash, "context": left }));
    assert_eq!(again["error"]["code"], "invalid_context");
    let other = call(&mut engine, "redact", json!({ "policy": "sha256:0", "context": context() }));
    assert_eq!(other["error"]["code"], "policy_not_loaded");
    let wrong = call(&mut engine, "redact", json!({ "policy": hash, "context": { "user": ["alice"] } }));
    assert_eq!(wrong["error"]["code"], "invalid_context");
}

#[test]
fn validate_keeps_nothing() {
    let mut engine = Engine::new();
    let valid = call(&mut engine, "validate", json!({ "source": POLICY, "file": "p.yaml" }));
    let decided = call(&mut engine, "decide", json!({ "policy": valid["ok"]["hash"], "context": context() }));
    assert_eq!(decided["error"]["code"], "policy_not_loaded");
}

#[test]
fn an_invalid_policy_is_explained_and_not_kept() {
    let source =
        POLICY.replace("chain: two-eyes\n", "chain: two-eye\n").replace("on: [login]", "on: [logins]");
    let answer = call(&mut Engine::new(), "load", json!({ "source": source, "file": "production.yaml" }));
    assert_eq!(answer["error"]["code"], "policy_invalid");
    assert_eq!(answer["error"]["message"], "2 errors in production.yaml");
    let diagnostics = answer["error"]["diagnostics"].as_array().unwrap();
    assert_eq!(
        diagnostics[1],
        json!({
            "severity": "error", "code": "unknown-chain", "message": "there is no chain `two-eye`", "file": "production.yaml",
            "line": 12, "column": 12, "end_line": 12, "end_column": 19, "rule": "prod-console", "source": "    chain: two-eye",
            "help": "did you mean `two-eyes`?",
            "rendered": "error[unknown-chain]: there is no chain `two-eye`\n  --> production.yaml:12:12\n   |\n12 |     chain: two-eye\n   |            ^^^^^^^\n   = help: did you mean `two-eyes`?"
        })
    );
}

#[test]
fn everything_wrong_with_a_context_is_listed() {
    let mut engine = Engine::new();
    let hash = call(&mut engine, "load", json!({ "source": POLICY, "file": "p.yaml" }))["ok"]["hash"].clone();
    let mut context = context();
    context["user"]["emails"] = json!("x");
    context["user"].as_object_mut().unwrap().remove("username");
    context["client"]["public"] = json!("no");
    context["session"] = Value::Null;
    context["request"]["headers"] = json!({ "cookie": "x" });
    let error = call(&mut engine, "decide", json!({ "policy": hash, "context": context }))["error"].clone();
    assert_eq!(error["code"], "invalid_context");
    let problems: Vec<&str> =
        error["problems"].as_array().unwrap().iter().map(|it| it["path"].as_str().unwrap()).collect();
    assert_eq!(
        problems,
        ["client.public", "user.username", "request.headers.cookie", "session.sso", "session", "user.emails"]
    );
}

#[test]
fn requests_are_bounded() {
    let mut engine = Engine::new();
    let padded = format!(r#"{{"v":1,"op":"version","body":{{}}}}{}"#, " ".repeat(LARGEST_REQUEST));
    for request in [padded.into_bytes(), vec![b' '; LARGEST_ADVANCE + 1]] {
        let answer: Value = serde_json::from_slice(&engine.call(&request)).unwrap();
        assert_eq!(answer["error"]["code"], "too_large");
    }
    let deep = format!(r#"{{"v":1,"op":"version","body":{}1{}}}"#, "[".repeat(100_000), "]".repeat(100_000));
    let answer: Value = serde_json::from_slice(&engine.call(deep.as_bytes())).unwrap();
    assert_eq!(answer["error"]["code"], "bad_json");
}

#[test]
fn the_same_request_gives_the_same_bytes() {
    let request = json!({ "v": 1, "op": "load", "body": { "source": POLICY, "file": "p.yaml" } }).to_string();
    assert_eq!(Engine::new().call(request.as_bytes()), Engine::new().call(request.as_bytes()));
}
