//! `jit-policy check` and `jit-policy docs` as a shell meets them.

#![allow(
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that panics fails, which is what it is for"
)]

mod common;

use common::run;
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

const GOOD: &str = "apiVersion: jit-approval.dev/v1\nname: good\nrules:\n  - { id: federated, on: [login], when: user.federated, effect: confirm }\n";
const REMARKED: &str = "apiVersion: jit-approval.dev/v1\nname: remarked\nvariables: { outside: '!user.federated' }\nrules:\n  - { id: a, on: [login], effect: deny }\n";
const BAD: &str = "apiVersion: jit-approval.dev/v1\nname: bad\nrules:\n  - id: a\n    on: [login]\n    when: user.role == \"finance\"\n    effect: block\n";

/// Runs the command in a folder with some policies, and shows all that comes of it.
fn shown(arguments: &[&str], stdin: &str) -> String {
    common::shown(policies().path(), arguments, stdin)
}

fn policies() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let below = folder.path().join("policies/more");
    fs::create_dir_all(&below).unwrap();
    fs::create_dir(folder.path().join("empty")).unwrap();
    for (name, text) in [
        ("policies/good.yaml", GOOD),
        ("policies/good.test.yaml", "cases: []\n"),
        ("policies/README.md", "# Not a policy\n"),
        ("policies/.hidden.yaml", "{"),
        ("policies/more/remarked.yml", REMARKED),
        ("bad.yaml", BAD),
    ] {
        fs::write(folder.path().join(name), text).unwrap();
    }
    fs::write(folder.path().join("latin1.yaml"), b"name: caf\xe9\n").unwrap();
    folder
}

#[test]
fn findings_are_shown_as_compilers_do() {
    insta::assert_snapshot!("check-human", shown(&["check", "policies", "bad.yaml"], ""));
}

#[test]
fn a_policy_may_come_from_standard_input() {
    insta::assert_snapshot!("check-stdin", shown(&["check", "-"], BAD));
}

#[test]
fn json_has_all_that_was_found() {
    insta::assert_snapshot!(
        "check-json",
        shown(&["check", "--format", "json", "policies", "bad.yaml", "none.yaml"], "")
    );
}

#[test]
fn sarif_has_places_rules_and_what_could_not_be_read() {
    insta::assert_snapshot!(
        "check-sarif",
        shown(&["check", "--format", "sarif", "./bad.yaml", "none.yaml"], "")
    );
}

#[test]
fn what_cannot_be_read_is_told_and_the_rest_is_checked() {
    insta::assert_snapshot!(
        "check-unreadable",
        shown(&["check", "none.yaml", "latin1.yaml", "empty", "policies/good.yaml"], "")
    );
}

#[test]
fn warnings_count_where_they_are_denied() {
    let folder = policies();
    let code = |arguments: &[&str]| run(folder.path(), arguments, "").2;
    assert_eq!(code(&["check", "policies"]), 0);
    assert_eq!(code(&["check", "--deny-warnings", "policies"]), 1);
    assert_eq!(code(&["check", "--deny-warnings", "policies/good.yaml"]), 0);
    assert_eq!(code(&["check"]), 2, "the folder has a file that can't be read");
}

#[test]
fn a_policy_that_writes_on_the_terminal_does_not() {
    let policy = GOOD.replace("good", "\u{1b}[2J\u{202e}evil\ttab");
    for format in ["human", "json", "sarif"] {
        let (out, ..) = run(Path::new("."), &["check", "-", "--format", format], &policy);
        assert!(!out.contains(['\u{1b}']), "{out}");
        assert!(format != "human" || (!out.contains('\u{202e}') && out.contains("\ttab")), "{out}");
    }
}

#[test]
fn colours_are_for_terminals_that_want_them() {
    let folder = policies();
    let with = |name: &str, value: &str| {
        let command = env!("CARGO_BIN_EXE_jit-policy");
        let output = Command::new(command)
            .args(["check", "bad.yaml"])
            .current_dir(folder.path())
            .env(name, value)
            .output();
        String::from_utf8(output.unwrap().stdout).unwrap()
    };
    let forced = with("CLICOLOR_FORCE", "1");
    assert!(forced.contains("\u{1b}[1m\u{1b}[31merror[unknown-field]\u{1b}[0m: `user`"), "{forced}");
    assert!(forced.contains("|           \u{1b}[1m\u{1b}[31m^^^^^^^^^\u{1b}[0m\n"), "{forced}");
    assert!(!with("NO_COLOR", "1").contains('\u{1b}'));
}

/// What SARIF's schema asks for, as far as code scanning depends on it.
#[test]
fn sarif_refers_to_its_own_rules() {
    let folder = policies();
    let (out, ..) = run(folder.path(), &["check", "--format", "sarif", "."], "");
    let log: Value = serde_json::from_str(&out).unwrap();
    let [run] = log["runs"].as_array().unwrap().as_slice() else { panic!("{log}") };
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let results = run["results"].as_array().unwrap();
    assert!(results.len() >= 3, "{log}");
    for result in results {
        let rule = &rules[usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap()];
        assert_eq!(rule["id"], result["ruleId"]);
        let place = &result["locations"][0]["physicalLocation"];
        assert!(folder.path().join(place["artifactLocation"]["uri"].as_str().unwrap()).is_file(), "{place}");
        let region = |name: &str| place["region"][name].as_u64().unwrap();
        assert!((region("startLine"), region("startColumn")) < (region("endLine"), region("endColumn")));
    }
}

#[test]
fn a_code_is_explained_with_an_example() {
    insta::assert_snapshot!("docs-code", shown(&["docs", "unguarded-field"], ""));
    insta::assert_snapshot!("docs-warning", shown(&["docs", "always-true"], ""));
    insta::assert_snapshot!("docs-misspelt", shown(&["docs", "unguarded-feild"], ""));
}

#[test]
fn all_codes_are_listed() {
    let (out, ..) = run(Path::new("."), &["docs"], "");
    assert!(out.lines().count() > 60);
    assert!(out.lines().any(|line| line.starts_with("unknown-field ")), "{out}");
}

#[cfg(unix)]
#[test]
fn a_link_that_leads_nowhere_is_told() {
    let folder = tempfile::TempDir::new().unwrap();
    std::fs::write(folder.path().join("a.yaml"), include_str!("tested/finance.yaml")).unwrap();
    std::os::unix::fs::symlink("nowhere", folder.path().join("gone.yaml")).unwrap();
    let (_, err, code) = common::run(folder.path(), &["check", "."], "");
    assert!(code == 2 && err.contains("gone.yaml cannot be read"), "{err}");
}

/// The cookbook's conditions, as somebody copies them without quotes.
#[test]
fn who_forgets_the_quotes_is_told_so() {
    let told = |rule: &str| {
        let policy = format!("apiVersion: jit-approval.dev/v1\nname: p\nrules:\n{rule}");
        common::run(std::path::Path::new("."), &["check", "-"], &policy).0
    };
    for condition in [
        "![\"10.0.0.0/8\"].exists(net, cidr(net).containsIP(request.ip))",
        "!user.?email.orValue(\"\").endsWith(\"@a\")",
        "\"a\" in user.roles && x",
    ] {
        let out = told(&format!("  - id: a\n    on: [login]\n    when: {condition}\n    effect: deny\n"));
        assert!(out.contains("write it in single quotes"), "{condition}\n{out}");
    }
    let out = told("  - id: a\n   on: [login]\n    effect: deny\n");
    assert!(out.contains("error[yaml-syntax]") && !out.contains("single quotes"), "{out}");
}
