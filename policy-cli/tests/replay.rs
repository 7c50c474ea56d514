//! `jit-policy replay` as a shell meets it, on a log that this policy would have left.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that panics fails, which is what it is for"
)]

mod common;

use policy_core::testing::PolicyTest;
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use tempfile::TempDir;

const BEFORE: &str = include_str!("tested/finance.yaml");

/// Somebody else approves, for longer, and mornings are not asked about any more.
fn after() -> String {
    BEFORE
        .replace("role: finance-lead", "role: finance-head")
        .replace("name: lead", "name: head")
        .replace("grant: 4h", "grant: 1h")
        .replace("< 6", "< 5")
}

/// A line of the log: what the policy decides about these facts.
fn line(number: usize, facts: &Value, rest: &Value) -> Value {
    let policy = PolicyTest::new(BEFORE).unwrap();
    let step = policy.on(facts["action"].as_str().unwrap_or("login")).merged(facts);
    let decision = serde_json::to_value(step.decide().unwrap()).unwrap();
    let mut line = json!({
        "v": 1, "id": format!("d{number}"), "at": format!("2026-11-{:02}T12:00:00.000Z", number + 1), "realm": "acme",
        "action": step.context()["action"], "policy": "finance", "hash": policy.policy().hash, "effect": decision["effect"],
        "rule": decision["rule"], "matched": decision["matched"], "obligations": decision["obligations"], "digest": decision["digest"],
        "request": null, "mode": "enforce", "sampled": false, "rate": 1.0, "context": step.context(), "redacted": [],
    });
    policy_core::testing::merge(&mut line, rest);
    line
}

fn log() -> String {
    let outside = |name: &str| json!({"user": {"username": name, "roles": ["finance"]}, "request": {"ip": "203.0.113.7"}});
    let early =
        json!({"now": "2026-01-05T04:30:00Z", "request": {"ip": "10.1.2.3"}, "client": {"id": "wiki"}});
    let lines = [
        line(0, &outside("alice"), &json!({})),
        line(1, &outside("alice"), &json!({})),
        line(2, &outside("bob"), &json!({"rate": 1.0})),
        line(3, &json!({"request": {"ip": "10.1.2.3"}}), &json!({"sampled": true, "rate": 0.01})),
        line(4, &early, &json!({})),
        line(
            5,
            &json!({"action": "update-email", "user": {"attributes": {"manager": ["carol"]}}}),
            &json!({"sampled": true, "rate": 0.01}),
        ),
        // What was taken out is read by a rule on this action, and by none on that one.
        line(6, &outside("carol"), &json!({"redacted": ["request.ip"]})),
        line(
            7,
            &json!({"action": "update-email", "user": {"attributes": {"manager": ["bob"], "phone": ["1"]}}}),
            &json!({"redacted": ["request.ip", "user.email"]}),
        ),
        line(
            8,
            &json!({"action": "update-email", "user": {"attributes": {"manager": ["bob"]}}}),
            &json!({"redacted": ["user.attributes.manager"]}),
        ),
    ];
    let mut text: String = lines
        .iter()
        .enumerate()
        .map(|(at, line)| {
            let mut line = line.clone();
            // As the export has it: null in the place of what was taken out.
            for path in line["redacted"].as_array().unwrap().clone() {
                let pointer = format!("/context/{}", path.as_str().unwrap().replace('.', "/"));
                if let Some(taken) = line.pointer_mut(&pointer) {
                    *taken = Value::Null;
                }
            }
            format!("{line}\n{}", if at == 4 { "\n" } else { "" })
        })
        .collect();
    text.push_str(
        &line(9, &json!({"request": {"ip": "10.1.2.3"}}), &json!({"context": {"user": {"shoe_size": 44}}}))
            .to_string(),
    );
    text
}

fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in [("before.yaml", BEFORE), ("after.yaml", &*after()), ("decisions.ndjson", &*log())] {
        fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

fn run(folder: &Path, arguments: &[&str], stdin: &str) -> (String, String, i32) {
    common::run(folder, &[&["replay"], arguments].concat(), stdin)
}

#[test]
fn what_changes_is_told_for_whom_and_how_often() {
    let folder = folder();
    let (out, err, code) =
        run(folder.path(), &["after.yaml", "decisions.ndjson", "--list", "changes.ndjson"], "");
    assert_eq!((err.as_str(), code), ("", 0));
    insta::assert_snapshot!("human", out);
    insta::assert_snapshot!("list", fs::read_to_string(folder.path().join("changes.ndjson")).unwrap());
    let (out, ..) = run(folder.path(), &["after.yaml", "decisions.ndjson", "--format", "json"], "");
    let mut report: Value = serde_json::from_str(&out).unwrap();
    report["changes"].as_array_mut().unwrap().truncate(1);
    insta::assert_snapshot!("json", serde_json::to_string_pretty(&report).unwrap());
}

#[test]
fn two_policies_are_compared() {
    let folder = folder();
    let with_log = |arguments: &[&str]| run(folder.path(), arguments, &log()).0;
    let recorded = with_log(&["after.yaml", "-"]);
    let compared = with_log(&["after.yaml", "-", "--against", "before.yaml"]);
    let without_title = |text: &str| text.split_once('\n').unwrap().1.to_owned();
    assert_eq!(
        without_title(&recorded),
        without_title(&compared),
        "the log is what the policy before decided"
    );
    let same = with_log(&["before.yaml", "-"]);
    assert!(same.contains("          0 changed\n"), "{same}");
}

#[test]
fn the_same_policy_that_decides_otherwise_is_named() {
    let folder = folder();
    let tampered = log().replace(r#""effect":"allow""#, r#""effect":"deny""#);
    let (out, ..) = run(folder.path(), &["before.yaml", "-"], &tampered);
    assert!(out.contains("2 of the changes are decisions of this very policy"), "{out}");
}

#[test]
fn more_change_than_may_is_a_failure() {
    let folder = folder();
    let code = |arguments: &[&str]| {
        let mut all = vec!["after.yaml", "decisions.ndjson"];
        all.extend(arguments);
        let (_, err, code) = run(folder.path(), &all, "");
        (err, code)
    };
    let kept = (String::new(), 0);
    // Four change, and of three nobody can tell, of ten lines that stand for 208 decisions.
    assert_eq!(code(&["--max-changed", "1.93", "--max-unknown", "1.45"]), kept);
    let broken = "jit-policy: --max-changed 1.92: 1.9 % of the decisions are changed\n";
    assert_eq!(code(&["--max-changed", "1.92"]), (broken.to_owned(), 1));
    let broken = "jit-policy: --max-unknown 0: 1.4 % of the decisions are unknown\n";
    assert_eq!(code(&["--max-unknown", "0"]), (broken.to_owned(), 1));
}

#[test]
fn a_log_that_is_none_is_told() {
    let folder = folder();
    let told = |log: &str| {
        let (out, err, code) = run(folder.path(), &["after.yaml", "-"], log);
        assert_eq!((out.as_str(), code), ("", 2));
        err
    };
    assert!(told("{}\n").starts_with("jit-policy: <stdin>:1: no line of a decision log: missing field"));
    let cut = log();
    assert!(
        told(&cut[..cut.len() - 5]).starts_with("jit-policy: <stdin>:11: no line of a decision log: EOF")
    );
    let later = log().replace(r#""v":1"#, r#""v":2"#);
    assert!(told(&later).contains("a line of version 2; this jit-policy reads version 1"));
    let (_, err, code) = run(folder.path(), &["after.yaml", "-"], &format!("\u{FEFF}{}", log()));
    assert_eq!((err.as_str(), code), ("", 0));
    let (out, err, code) = run(folder.path(), &["after.yaml", "-"], "");
    assert!(code == 0 && out.starts_with("The log has no decisions"), "{out}{err}");
    assert_eq!(run(folder.path(), &["nowhere.yaml", "-"], "").2, 2);
    assert_eq!(run(folder.path(), &["after.yaml", "nowhere.ndjson"], "").2, 2);
}
