//! Policies at the limits of their size: what fits is loaded and decides, what does not is refused with a sentence that helps.

use policy_core::policy::{self, Diagnostic, LARGEST};
use policy_core::wire::Engine;
use serde_json::{Value, json};

/// A policy with these rules.
fn policy(rules: impl Iterator<Item = String>) -> String {
    let head = "apiVersion: jit-approval.dev/v1\nname: large\nrules:\n".to_owned();
    rules.fold(head, |policy, rule| policy + "  - " + &rule + "\n")
}

/// Rules as a large realm has them: ten for each client, of which the last matches.
fn rule(number: usize) -> String {
    let (client, turn) = (number / 10, number % 10);
    let when = if turn == 9 {
        r#"user.email_verified && "operator" in user.roles && !("/staff/oncall" in user.groups)"#.to_owned()
    } else {
        format!(r#"!user.federated && user.email_verified && user.roles.exists(r, r == "auditor-{number}")"#)
    };
    format!("{{ id: r{number}, on: [login], effect: deny, when: 'client.id == \"app-{client}\" && {when}' }}")
}

fn errors(policy: &str) -> Vec<Diagnostic> {
    policy::load(policy, "p.yaml").err().unwrap_or_default()
}

fn only_error(policy: &str) -> Diagnostic {
    let mut errors = errors(policy);
    assert_eq!(errors.len(), 1, "{:?}", errors.first());
    errors.remove(0)
}

#[test]
fn a_policy_of_ten_thousand_rules_decides() {
    let mut engine = Engine::new();
    let mut call = |op: &str, body: Value| -> Value {
        let request = json!({ "v": 1, "op": op, "body": body }).to_string();
        serde_json::from_slice(&engine.call(request.as_bytes())).unwrap()
    };
    let source = policy((0..10_000).map(rule));
    let loaded = call("load", json!({ "source": source, "file": "p.yaml" }));
    assert_eq!(loaded["ok"]["rules"].as_array().map(Vec::len), Some(10_000), "{}", loaded["error"]);
    assert_eq!(loaded["ok"]["warnings"], json!([]));
    for client in [0, 617, 999] {
        let context = json!({
            "action": "login",
            "now": "2026-11-24T14:32:30.000Z",
            "realm": { "name": "acme" },
            "flow": { "alias": "browser" },
            "client": { "id": format!("app-{client}"), "public": false, "attributes": {} },
            "user": {
                "id": "5b2b6f0e", "username": "bob", "email_verified": true, "roles": ["operator"], "client_roles": {},
                "groups": ["/staff"], "attributes": {}, "federated": false, "service_account": false,
            },
            "request": { "ip": "203.0.113.7", "scopes": [], "headers": {} },
            "session": { "sso": false },
            "risk": {},
        });
        let decision = call("decide", json!({ "policy": loaded["ok"]["hash"], "context": context }));
        assert_eq!(decision["ok"]["effect"], "deny", "{decision}");
        assert_eq!(decision["ok"]["rule"], json!(format!("r{}", client * 10 + 9)));
        assert_eq!(decision["ok"]["errors"], json!([]));
    }
}

#[test]
fn there_is_a_most_of_rules() {
    let small =
        |number| format!("{{ id: r{number}, on: [login], when: client.id == '{number}', effect: deny }}");
    assert!(policy::load(&policy((0..10_000).map(small)), "p.yaml").is_ok());
    let error = only_error(&policy((0..10_001).map(small)));
    assert_eq!(error.code, "out-of-range");
    assert_eq!(error.message, "`rules` has 10001 entries; at most 10000 are allowed");
}

#[test]
fn there_is_a_most_of_bytes() {
    let mut source = policy((0..10).map(rule)) + "# ";
    source.push_str(&"x".repeat(LARGEST - source.len()));
    assert!(policy::load(&source, "p.yaml").is_ok());
    let error = only_error(&(source + "x"));
    assert_eq!(error.code, "too-large");
    assert_eq!(error.message, "the policy has 2097153 bytes; at most 2097152 are allowed");
}

#[test]
fn there_is_a_most_of_values() {
    let error = only_error(&"- x\n".repeat(250_001));
    assert_eq!(error.code, "too-large");
    assert_eq!(error.message, "a policy nests at most 24 levels and has at most 250000 values");
}

#[test]
fn what_stands_in_brackets_is_bounded_before_it_is_read() {
    let json = |rules: usize| {
        let rules = (0..rules).map(|number| {
            json!({ "id": format!("r{number}"), "on": ["login"], "when": format!("client.id == '{number}'"), "effect": "deny" })
        });
        json!({ "apiVersion": "jit-approval.dev/v1", "name": "json", "rules": rules.collect::<Vec<_>>() })
            .to_string()
    };
    assert!(policy::load(&json(10_000), "p.json").is_ok());
    let error = only_error(&format!("- [{}]", "a,".repeat(150_001)));
    assert_eq!((error.code, error.line), ("too-large", 1));
    assert_eq!(error.message, "what stands in brackets here holds more than 150000 values and keys");
}

#[test]
fn the_parts_of_all_expressions_are_bounded_together() {
    // Each condition has 1,601 parts: `&&`, and four for each comparison.
    let condition = |number: usize| {
        let terms: Vec<String> = (0..400).map(|term| format!("client.id!='{number}-{term}'")).collect();
        format!("{{ id: r{number}, on: [login], effect: deny, when: {} }}", terms.join("&&"))
    };
    let most = 300_000 / (4 * 400 + 1);
    assert!(policy::load(&policy((0..most).map(condition)), "p.yaml").is_ok());
    let errors = errors(&policy((0..most + 20).map(condition)));
    let codes: Vec<_> = errors.iter().map(|error| (error.code, error.rule.clone())).collect();
    assert_eq!(codes, [("limit-policy-nodes", Some(format!("r{most}")))], "what follows is not looked at");
    assert!(errors[0].message.contains("300000"), "{}", errors[0].message);
}

#[test]
fn the_memory_of_all_regular_expressions_is_bounded() {
    let matching = |number: usize| {
        format!(
            "{{ id: r{number}, on: [login], effect: deny, when: 'user.username.matches(\"^[a-z]{{1,9}}{number}$\")' }}"
        )
    };
    assert!(policy::load(&policy((0..2_000).map(matching)), "p.yaml").is_ok());
    let error = only_error(&policy((0..10_000).map(matching)));
    assert_eq!(error.code, "limit-policy-regex");
    assert!(error.help.is_some_and(|help| help.contains("startsWith")));
    // A variable is compiled once.
    let shared = policy((0..10_000).map(|number| {
        format!("{{ id: r{number}, on: [login], effect: deny, when: 'named && client.id == \"{number}\"' }}")
    }));
    let shared =
        shared.replace("rules:", "variables:\n  named: user.username.matches('^[a-z]{1,9}$')\nrules:");
    assert!(policy::load(&shared, "p.yaml").is_ok());
}

/// A condition of some nineteen million steps, by estimate: with eleven of them a decision takes too many.
const COSTLY: &str = "lists.range(1660).all(x, lists.range(1660).all(y, x < y))";

#[test]
fn what_counts_is_the_costliest_decision() {
    let guarded = |guard: fn(usize) -> String| {
        policy((0..200).map(|number| {
            format!(
                "{{ id: r{number}, on: [login, x-own], effect: deny, when: '{} && {COSTLY}' }}",
                guard(number)
            )
        }))
    };
    // Ten rules for each of twenty clients.
    let by_client = guarded(|number| format!("client.id == \"app-{}\"", number / 10));
    let by_client_on_login = by_client.replace(", x-own", "");
    assert_eq!(
        policy::load(&by_client_on_login, "p.yaml").map(|loaded| loaded.policy.rules.len()).ok(),
        Some(200)
    );
    // An action of one's own may have no client, and then all of them are looked at.
    let error = only_error(
        &by_client.replace("login, x-own", "x-own").replace("client.id ==", "has(client.id) && client.id =="),
    );
    assert_eq!((error.code, error.rule.as_deref()), ("limit-policy-cost", Some("r10")));
    // Nothing tells these apart.
    let error =
        only_error(&guarded(|number| format!("\"role-{number}\" in user.roles")).replace(", x-own", ""));
    assert_eq!((error.code, error.rule.as_deref()), ("limit-policy-cost", Some("r10")));
    assert!(error.message.contains("one decision on `login`"), "{}", error.message);
    // One client has too many.
    let one_client =
        guarded(|number| format!("client.id == \"app-{}\"", if number > 180 { 0 } else { number / 10 }));
    let error = only_error(&one_client.replace(", x-own", ""));
    assert_eq!((error.code, error.rule.as_deref()), ("limit-policy-cost", Some("r181")));
    // A variable is evaluated once, however many use it.
    let shared =
        policy((0..200).map(|number| format!("{{ id: r{number}, on: [login], effect: deny, when: v }}")));
    let shared = shared.replace("rules:", &format!("variables:\n  v: {COSTLY}\nrules:"));
    assert!(policy::load(&shared, "p.yaml").is_ok());
}

#[test]
fn after_a_thousand_errors_the_rest_is_left_alone() {
    let errors =
        errors(&policy((0..10_000).map(|number| {
            format!("{{ id: r{number}, on: [logn], effect: deny, when: usr.rle == {number} }}")
        })));
    assert_eq!(errors.len(), 100);
    assert!(errors.iter().all(|error| error.line < 60), "the first are told");
}
