//! What holds for every policy and every request.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "tests"
)]

use policy_core::wire::{Engine, canonical};
use proptest::prelude::*;
use serde_json::{Value, json};

const ACTIONS: &[&str] = &["login", "x-transfer"];

/// Conditions that are true, false, or cannot be evaluated, whatever the action. A custom action has none of the context's fields for
/// certain, so that each is guarded.
const CONDITIONS: &[&str] = &[
    "true",
    "false",
    "client.?id.orValue('') == 'app'",
    "has(user.roles) && 'admin' in user.roles",
    "has(user.attributes) && user.attributes['none'][0] == ''",
    "has(user.roles) && user.roles[500] != ''",
    "risk.?failed_logins.orValue(0) > 3",
    "slow",
];

/// A rule as YAML (JSON is YAML), whose id comes later.
fn rule() -> impl Strategy<Value = Value> {
    let effects = prop_oneof![
        Just(json!({ "effect": "allow" })),
        Just(json!({ "effect": "confirm" })),
        (1..30_u8).prop_map(|acr| json!({ "effect": "step_up", "acr": acr.to_string() })),
        (0..3_u8, prop::option::of((10..100_u32, bindings()))).prop_map(|(chain, grant)| {
            let mut rule = json!({ "effect": "require_approval", "chain": format!("c{chain}") });
            if let Some((seconds, bound_to)) = grant {
                rule["grant"] = json!({ "for": format!("{seconds}s"), "bound_to": bound_to });
            }
            rule
        }),
        Just(json!({ "effect": "deny" })),
    ];
    let settings = (
        prop::sample::select(CONDITIONS),
        prop::sample::select(&["deny", "match", "skip"][..]),
        prop::sample::select(&["enforce", "enforce", "observe"][..]),
        prop::sample::subsequence(ACTIONS.to_vec(), 1..=2),
    );
    (effects, settings).prop_map(|(mut rule, (when, on_error, mode, on))| {
        for (key, value) in
            [("when", json!(when)), ("on_error", json!(on_error)), ("mode", json!(mode)), ("on", json!(on))]
        {
            rule[key] = value;
        }
        rule
    })
}

fn bindings() -> impl Strategy<Value = Vec<&'static str>> {
    prop::sample::subsequence(vec!["client", "scopes", "device", "session"], 1..=4)
}

fn policy(rules: &[Value], combine: &str, default: &str) -> String {
    let rules: Vec<Value> = rules
        .iter()
        .enumerate()
        .map(|(number, rule)| {
            let mut rule = rule.clone();
            rule["id"] = json!(format!("r{number}"));
            rule
        })
        .collect();
    json!({
        "apiVersion": "jit-approval.dev/v1", "name": "p", "combine": combine, "default": default,
        "variables": { "slow": "user.?roles.orValue([]).exists(a, user.?roles.orValue([]).exists(b, a + b == 'never'))" },
        "chains": {
            "c0": [{ "name": "s", "approvers": [{ "user": "bob" }] }],
            "c1": { "use_by": "1m", "justification": true, "stages": [{ "name": "s", "approvers": [{ "role": "boss" }], "quorum": 2 }] },
            "c2": [{ "name": "s", "approvers": [{ "cel": "has(user.attributes) ? user.attributes['deputies'] : []" }] }]
        },
        "rules": rules
    })
    .to_string()
}

fn context(action: &str, admin: bool, deputies: bool, roles: usize) -> Value {
    let mut roles: Vec<String> = (0..roles).map(|number| format!("role-{number}")).collect();
    if admin {
        roles.push("admin".to_owned());
    }
    json!({
        "action": action, "now": "2026-11-24T14:32:38.000Z", "realm": { "name": "demo" }, "flow": { "alias": "browser" },
        "client": { "id": "app", "public": false, "attributes": {} },
        "user": { "id": "1", "username": "alice", "email_verified": true, "roles": roles, "client_roles": {}, "groups": [],
                  "attributes": if deputies { json!({ "deputies": ["carol"] }) } else { json!({}) },
                  "federated": false, "service_account": false },
        "request": { "ip": "203.0.113.7", "scopes": [], "headers": {} }, "session": { "sso": false }
    })
}

fn call(engine: &mut Engine, op: &str, body: &Value) -> Value {
    let answer = engine.call(json!({ "v": 1, "op": op, "body": body }).to_string().as_bytes());
    let json: Value = serde_json::from_slice(&answer).unwrap();
    assert_eq!(canonical(&json).unwrap(), answer, "the answer is not canonical");
    json
}

fn decide(source: &str, context: &Value) -> Value {
    let mut engine = Engine::new();
    let loaded = call(&mut engine, "load", &json!({ "source": source, "file": "p.yaml" }));
    let hash = loaded["ok"]["hash"].clone();
    assert!(hash.is_string(), "{loaded}");
    call(&mut engine, "decide", &json!({ "policy": hash, "context": context }))["ok"].clone()
}

fn strictness(decision: &Value) -> usize {
    let effects = ["allow", "confirm", "step_up", "require_approval", "deny"];
    effects.iter().position(|effect| decision["effect"] == *effect).unwrap()
}

fn stages(decision: &Value) -> Vec<String> {
    let stages = decision["obligations"]["approval"]["stages"].as_array().cloned().unwrap_or_default();
    stages.iter().map(|stage| stage["id"].to_string()).collect()
}

/// What a condition comes to: as its rule says, with an error that `on_error` is for, or with the budget used up.
fn outcome(condition: &str, action: &str, admin: bool, roles: usize) -> &'static str {
    let rule = json!({ "effect": "confirm", "when": condition, "on_error": "skip", "on": ACTIONS });
    let decision = decide(&policy(&[rule], "strictest", "allow"), &context(action, admin, true, roles));
    match (decision["effect"].as_str(), decision["errors"][0]["outcome"].as_str()) {
        (Some("confirm"), None) => "true",
        (Some("allow"), None) => "false",
        (Some("allow"), Some("skip")) => "error",
        (Some("deny"), Some("deny")) => "exhausted",
        _ => panic!("{decision}"),
    }
}

/// The properties below say little where the conditions do not come to everything that a condition can come to.
#[test]
fn the_conditions_hold_do_not_hold_fail_and_exhaust_the_budget() {
    for action in ACTIONS {
        let few: Vec<_> = CONDITIONS.iter().map(|it| outcome(it, action, false, 1)).collect();
        assert_eq!(few, ["true", "false", "true", "false", "error", "error", "false", "false"]);
        let many: Vec<_> = CONDITIONS.iter().map(|it| outcome(it, action, true, 600)).collect();
        assert_eq!(many, ["true", "false", "true", "true", "error", "true", "false", "exhausted"]);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Under `strictest`, a rule more never makes the outcome weaker: not the effect, and unless it denies, no obligation.
    #[test]
    fn adding_a_rule_never_weakens(
        mut rules in prop::collection::vec(rule(), 1..6), more in rule(), at in 0..6_usize,
        admin: bool, deputies: bool, big: bool, action in prop::sample::select(ACTIONS),
    ) {
        let context = context(action, admin, deputies, if big { 600 } else { 1 });
        let before = decide(&policy(&rules, "strictest", "allow"), &context);
        rules.insert(at.min(rules.len()), more);
        let after = decide(&policy(&rules, "strictest", "allow"), &context);
        prop_assert!(strictness(&after) >= strictness(&before), "{before}\n{after}");
        if after["effect"] != "deny" {
            let acr = |decision: &Value| decision["obligations"]["acr"].as_str().and_then(|acr| acr.parse::<u32>().ok());
            prop_assert!(acr(&after) >= acr(&before));
            prop_assert!(after["obligations"]["confirm"] == true || before["obligations"]["confirm"] != true);
            let (had, has) = (stages(&before), stages(&after));
            prop_assert!(had.iter().all(|stage| has.contains(stage)), "{had:?} {has:?}");
            if !had.is_empty() {
                let seconds = |decision: &Value| decision["obligations"]["grant"]["seconds"].as_u64().unwrap_or(0);
                prop_assert!(seconds(&after) <= seconds(&before));
                let bound = |decision: &Value| decision["obligations"]["grant"]["bound_to"].as_array().cloned().unwrap_or_default();
                let (had, has) = (bound(&before), bound(&after));
                prop_assert!(seconds(&after) == 0 || had.iter().all(|it| has.contains(it)), "{had:?} {has:?}");
            }
        }
    }

    /// Rules under observation change neither the effect nor anything that is obliged.
    #[test]
    fn observing_changes_nothing(
        rules in prop::collection::vec(rule(), 1..6), admin: bool, deputies: bool, big: bool,
        combine in prop::sample::select(&["strictest", "first_match"][..]), default in prop::sample::select(&["allow", "deny"][..]),
    ) {
        let context = context("login", admin, deputies, if big { 600 } else { 1 });
        let enforced: Vec<Value> = rules.iter().filter(|rule| rule["mode"] == "enforce").cloned().collect();
        prop_assume!(!enforced.is_empty());
        let all = decide(&policy(&rules, combine, default), &context);
        let without = decide(&policy(&enforced, combine, default), &context);
        for key in ["effect", "obligations", "reason", "digest"] {
            prop_assert_eq!(&all[key], &without[key]);
        }
    }

    /// The effect is explained: by a rule that matched or failed, or by the default.
    #[test]
    fn the_effect_is_that_of_the_rule_named(
        rules in prop::collection::vec(rule(), 1..6), admin: bool, deputies: bool,
        combine in prop::sample::select(&["strictest", "first_match"][..]), default in prop::sample::select(&["allow", "deny"][..]),
    ) {
        let decision = decide(&policy(&rules, combine, default), &context("login", admin, deputies, 1));
        let matched = decision["matched"].as_array().unwrap();
        let errors = decision["errors"].as_array().unwrap();
        match decision["rule"].as_str() {
            None => {
                prop_assert_eq!(&decision["effect"], default);
                prop_assert!(matched.iter().all(|it| it["mode"] == "observe"));
            }
            Some(rule) => {
                let by_match = matched.iter().any(|it| it["rule"] == rule && it["mode"] == "enforce" && it["effect"] == decision["effect"]);
                let by_failure = decision["effect"] == "deny" && errors.iter().any(|it| it["rule"] == rule && it["outcome"] == "deny");
                prop_assert!(by_match || by_failure, "{decision}");
            }
        }
    }

    #[test]
    fn no_bytes_make_the_engine_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), tail in "\\PC{0,100}") {
        let mut engine = Engine::new();
        for request in [bytes, tail.clone().into_bytes(), format!(r#"{{"v":1,"op":"load","body":{tail}}}"#).into_bytes()] {
            let answer = engine.call(&request);
            let json: Value = serde_json::from_slice(&answer).unwrap();
            prop_assert!(json["error"]["code"].is_string());
        }
    }

    /// Any text is a policy or explained, and every place that is named is in it.
    #[test]
    fn no_text_makes_validation_panic(
        lines in prop::collection::vec(prop::sample::select(&[
            "apiVersion: jit-approval.dev/v1", "name: p", "rules:", "  - id: a", "    on: [login]", "    effect: deny", "    when: |", "      user.x",
            "chains:", "  c:", "    - name: s", "      approvers: [{ cel: '[' }]", "  - {", "}", "variables: { a: b, b: a }", "é: \"\\x41", "'", "\t", "- -", "? ", "&a", "*a", "!x",
            "    on_timeout: { escalate: s }", "---", "%YAML 1.2", "\u{feff}", "\r", "[[[[", "rules: [{ id: a, on: [login], effect: deny, when: 'x' }]", ": :", "> ",
        ][..]), 0..14),
        join in prop::sample::select(&["\n", "\r\n", " ", ""][..]),
    ) {
        let source = lines.join(join);
        let answer = call(&mut Engine::new(), "validate", &json!({ "source": source, "file": "p.yaml" }));
        let count = source.split(['\n', '\r']).count() as u64;
        let widest = source.split('\n').map(|line| line.chars().count()).max().unwrap() as u64;
        let findings = answer["error"]["diagnostics"].as_array().or(answer["ok"]["warnings"].as_array()).unwrap();
        prop_assert!(answer["ok"].is_object() || findings.iter().any(|it| it["severity"] == "error"));
        for finding in findings {
            let (line, end) = (finding["line"].as_u64().unwrap(), finding["end_line"].as_u64().unwrap());
            prop_assert!(1 <= line && line <= end && end <= count, "{finding}");
            // Not against the finding's own `source`, which of a long line is the part around the column.
            prop_assert!(finding["column"].as_u64().unwrap() <= widest + 1, "{finding}");
            prop_assert!(source.contains(finding["source"].as_str().unwrap()), "{finding}");
        }
    }
}
