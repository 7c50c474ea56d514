//! `jit-policy eval`, `explain` and `simulate` as a shell meets them, on the policies in tests/tested.

#![allow(
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that panics fails, which is what it is for"
)]

mod common;

use serde_json::Value;
use std::path::{Path, PathBuf};

fn run(arguments: &[&str], stdin: &str) -> (String, String, i32) {
    common::run(&tested(), arguments, stdin)
}

fn shown(arguments: &[&str], stdin: &str) -> String {
    common::shown(&tested(), arguments, stdin)
}

fn tested() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tested")
}

#[test]
fn a_case_of_the_tests_is_explained() {
    insta::assert_snapshot!(
        "case",
        shown(&["explain", "finance.yaml", "--case", "from outside, finance"], "")
    );
}

#[test]
fn facts_come_from_a_file_and_from_the_command_line() {
    let context = r#"{"action": "update-email", "user": {"roles": ["a"]}}"#;
    let arguments = ["explain", "finance.yaml", "--context", "-", "--set", "user.attributes.manager=[carol]"];
    insta::assert_snapshot!("context", shown(&arguments, context));
    insta::assert_snapshot!("failed", shown(&["explain", "finance.yaml", "--context", "-"], context));
}

#[test]
fn a_value_cannot_write_on_the_terminal() {
    let context = r#"{"user": {"roles": ["\u001b[2J\u202e", "finance"]}}"#;
    let (out, ..) = run(&["explain", "finance.yaml", "--context", "-"], context);
    assert!(out.contains("finance") && !out.contains(['\u{1b}', '\u{202e}']), "{out}");
}

#[test]
fn a_decision_is_shown_with_all_that_must_be_done() {
    insta::assert_snapshot!("eval", shown(&["eval", "everything.yaml", "--set", "user.roles=[admin]"], ""));
    insta::assert_snapshot!(
        "eval-default",
        shown(&["eval", "finance.yaml", "--set", "request.ip=10.1.1.1"], "")
    );
}

#[test]
fn programs_read_json() {
    let (out, _, code) =
        run(&["explain", "finance.yaml", "--case", "at night (2026-01-05T04", "--format", "json"], "");
    let answer: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, &answer["version"], &answer["decision"]["effect"]), (0, &1.into(), &"confirm".into()));
    insta::assert_snapshot!("json", serde_json::to_string_pretty(&answer["rules"][1]).unwrap());
    let (out, ..) = run(&["eval", "finance.yaml", "--format", "json"], "");
    let answer: Value = serde_json::from_str(&out).unwrap();
    assert!(answer.get("rules").is_none() && answer["decision"]["effect"] == "allow", "{answer}");
}

#[test]
fn what_makes_no_sense_is_told() {
    let told = [
        &["explain", "nowhere.yaml"][..],
        &["explain", "finance.yaml", "--case", "nobody"],
        &["explain", "finance.yaml", "--case", "at night"],
        &["explain", "everything.yaml", "--case", "any"],
        &["explain", "finance.yaml", "--set", "user.roles"],
        &["explain", "finance.yaml", "--set", "user.roles=[a"],
        &["explain", "finance.yaml", "--set", "user.role=a"],
        &["explain", "finance.yaml", "--context", "-"],
        &["explain", "finance.test.yaml"],
    ]
    .map(|arguments| format!("$ {}\n{}", arguments.join(" "), shown(arguments, "[]")));
    insta::assert_snapshot!("told", told.join("\n"));
}

#[test]
fn a_chain_is_walked_along_a_timeline() {
    insta::assert_snapshot!("simulated", shown(&["simulate", "chain.yaml", "--case", "all approve"], ""));
    insta::assert_snapshot!("simulated-refusals", shown(&["simulate", "chain.yaml", "--case", "wrongs"], ""));
    let mut arguments = vec!["simulate", "finance.yaml", "--set", "user.roles=[finance]"];
    arguments.extend([
        "--person",
        "bob={roles: [finance-lead]}",
        "--does",
        "at: 2m, bob: approves",
        "--does",
        "at: 20m, alice: uses",
    ]);
    insta::assert_snapshot!("simulated-from-arguments", shown(&arguments, ""));
    let (out, _, code) = run(&["simulate", "chain.yaml", "--case", "nobody", "--format", "json"], "");
    let answer: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(
        (code, &answer["steps"][2]["outcome"]["status"], answer["faults"].as_array().unwrap().len()),
        (0, &"expired".into(), 0)
    );
}

#[test]
fn what_cannot_be_simulated_is_told() {
    let told = [
        &["simulate", "finance.yaml", "--set", "request.ip=10.1.1.1"][..],
        &["simulate", "finance.yaml", "--set", "user.roles=[finance]"],
        &["simulate", "chain.yaml", "--case", "nobody", "--does", "bob: approves"],
        &["simulate", "chain.yaml", "--case", "nobody", "--does", "at: 1m, }"],
        &["simulate", "chain.yaml", "--case", "nobody", "--person", "bob={role: x}"],
    ]
    .map(|arguments| format!("$ {}\n{}", arguments.join(" "), shown(arguments, "")));
    insta::assert_snapshot!("not-simulated", told.join("\n"));
}

#[test]
fn a_policy_is_timed_on_a_step() {
    let arguments = ["bench", "finance.yaml", "--case", "from outside, finance", "--seconds", "1"];
    let (out, err, code) = run(&arguments, "");
    assert_eq!((err.as_str(), code), ("", 0));
    let lines: Vec<&str> = out.lines().collect();
    assert_eq!(lines[0], "finance.yaml: 3 rules, require_approval by the rule `finance-from-outside`");
    assert!(lines[1].starts_with("  load    ") && lines[1].ends_with(" µs"), "{out}");
    assert!(lines[2].starts_with("  decide  ") && lines[2].contains(" ns, 99th percentile "), "{out}");
    let (json, ..) = run(&[&arguments[..], &["--format", "json"]].concat(), "");
    let measured: Value = serde_json::from_str(&json).unwrap();
    let number = |name: &str| measured[name].as_u64().unwrap();
    assert!(number("load") > 0 && number("p99") >= number("median") && number("median") > 0, "{json}");
    assert_eq!(measured["version"], 1);
    insta::assert_snapshot!("not-timed", shown(&["bench", "finance.yaml", "--set", "user.role=a"], ""));
}
