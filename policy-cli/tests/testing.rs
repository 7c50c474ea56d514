//! `jit-policy test` as a shell meets it: the files in tests/tested, and what goes wrong with others.

#![allow(
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that panics fails, which is what it is for"
)]

mod common;

use serde_json::Value;
use std::fs;
use std::path::Path;
use tempfile::TempDir;

const POLICY: &str = include_str!("tested/finance.yaml");
const TESTS: &str = include_str!("tested/finance.test.yaml");

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

fn run(folder: &Path, arguments: &[&str]) -> (String, String, i32) {
    common::run(folder, &[&["test"], arguments].concat(), "")
}

fn shown(files: &[(&str, &str)], arguments: &[&str]) -> String {
    common::shown(folder(files).path(), &[&["test"], arguments].concat(), "")
}

/// Tests that go wrong, in place of those of the file.
fn instead(cases: &str) -> String {
    let (head, _) = TESTS.split_once("cases:\n").unwrap();
    format!("{head}cases:\n{cases}")
}

#[test]
fn what_passes_is_counted() {
    let files = [("finance.yaml", POLICY), ("finance.test.yaml", TESTS)];
    insta::assert_snapshot!("passed", shown(&files, &[]));
    insta::assert_snapshot!(
        "passed-verbose",
        shown(&files, &["--verbose", "--deny-warnings", "finance.yaml"])
    );
}

#[test]
fn what_fails_says_what_was_expected() {
    let cases = "\
\x20 - { name: everything is different, given: outside, expect: { effect: deny, rule: night, reason: null, chain: [a, b], acr: \"2\", confirm: true, remember: 90m, grant: 1d, matched: [night], errors: night } }
  - { name: it is allowed, given: office, expect: require_approval }
  - { name: an error that nobody expects, given: { action: update-email }, expect: deny }
";
    insta::assert_snapshot!(
        "failed",
        shown(&[("finance.yaml", POLICY), ("finance.test.yaml", &instead(cases))], &[])
    );
}

#[test]
fn a_case_that_makes_no_sense_fails_and_says_why() {
    let cases = "\
\x20 - { name: no such fragment, given: offce, expect: allow }
  - { name: no such effect, expect: alow }
  - { name: no such part of a decision, expect: { efect: allow } }
  - { name: nothing is expected, given: office }
  - { name: no such fact, given: { user: { role: finance } }, expect: allow }
  - { name: no such action, given: { action: logn }, expect: allow }
  - { name: of the wrong type, given: { user: { roles: finance } }, expect: allow }
  - { name: given is a number, given: [office, 7], expect: allow }
  - { name: a level without quotes, expect: { acr: 2 } }
  - { name: no duration, expect: { remember: 8 hours } }
  - { name: no such column, table: { columns: [user.role, effect], rows: [[a, allow]] } }
  - { name: a short row, table: { columns: [user.roles, effect], rows: [[[a]]] } }
  - { name: no rows, table: { columns: [effect], rows: [] } }
";
    insta::assert_snapshot!(
        "no-sense",
        shown(&[("finance.yaml", POLICY), ("finance.test.yaml", &instead(cases))], &[])
    );
}

#[test]
fn rules_without_both_sides_and_policies_without_tests_are_named() {
    let cases = "  - { name: one, given: outside, expect: require_approval }\n";
    let files =
        [("p/finance.yaml", POLICY), ("p/finance.test.yaml", &instead(cases)), ("p/other.yaml", POLICY)];
    insta::assert_snapshot!("unseen", shown(&files, &["p"]));
    assert_eq!(run(folder(&files).path(), &["--deny-warnings"]).2, 1);
}

#[test]
fn rules_that_nobody_asked_have_shown_nothing() {
    let policy = "apiVersion: jit-approval.dev/v1\nname: p\ncombine: first_match\nrules:\n\
                  \x20 - { id: one, on: [login], when: user.federated, effect: confirm }\n\
                  \x20 - { id: tried, on: [login], when: client.public, effect: deny, mode: observe }\n\
                  \x20 - { id: two, on: [login], when: user.service_account, effect: deny }\n\
                  \x20 - { id: always, on: [login, ciba], effect: confirm }\n";
    let tests = "cases:\n  - { name: a, given: { user: { federated: true } }, expect: { rule: one } }\n";
    insta::assert_snapshot!("unasked", shown(&[("p.yaml", policy), ("p.test.yaml", tests)], &[]));
}

#[test]
fn what_cannot_be_run_is_told() {
    let refused = POLICY.replace("user.roles", "user.role");
    let files = [
        ("a.test.yaml", "cases: []\n"),
        ("b.test.yaml", "cases:\n  - { nam: x, expect: allow }\n"),
        ("c.test.yaml", "policy: nowhere.yaml\ncases:\n  - { name: x, expect: allow }\n"),
        ("d.test.yaml", "cases: [\u{1b}\n"),
        ("finance.yaml", &refused),
        ("finance.test.yaml", TESTS),
    ];
    insta::assert_snapshot!("not-run", shown(&files, &[]));
    insta::assert_snapshot!("nothing-to-run", shown(&[("finance.yaml", POLICY)], &[]));
    insta::assert_snapshot!("policy-without-tests", shown(&[("finance.yaml", POLICY)], &["finance.yaml"]));
}

#[test]
fn some_cases_may_be_chosen() {
    let files = [("finance.yaml", POLICY), ("finance.test.yaml", TESTS)];
    insta::assert_snapshot!("filtered", shown(&files, &["--filter", "at night", "-v"]));
    insta::assert_snapshot!("nothing-chosen", shown(&files, &["--filter", "nobody"]));
}

#[test]
fn programs_read_json_and_junit() {
    let cases = "  - { name: \"a < b & \\\"c\\\" \\u0001\", given: outside, expect: allow }\n  - { name: fine, given: office, expect: allow }\n";
    let folder = folder(&[
        ("finance.yaml", POLICY),
        ("finance.test.yaml", &instead(cases)),
        ("z.test.yaml", "cases: []"),
    ]);
    let (out, _, code) = run(folder.path(), &["--format", "json", "--junit", "report.xml"]);
    assert_eq!(code, 2);
    insta::assert_snapshot!("junit", fs::read_to_string(folder.path().join("report.xml")).unwrap());
    let report: Value = serde_json::from_str(&out).unwrap();
    insta::assert_snapshot!("json", serde_json::to_string_pretty(&report).unwrap());
    let (_, err, code) = run(folder.path(), &["--junit", "no/such/folder.xml"]);
    assert!(code == 2 && err.contains("no/such/folder.xml cannot be written"), "{err}");
}

#[test]
fn what_no_case_has_seen_decide_is_named() {
    let cases = "\
\x20 - { name: one, given: outside, expect: require_approval }
  - { name: two, given: [office, { user: { roles: [staff] } }], expect: allow }
  - { name: makes no sense, given: { user: { role: x } }, expect: allow }
";
    let files = [("finance.yaml", POLICY), ("finance.test.yaml", &*instead(cases))];
    insta::assert_snapshot!("coverage", shown(&files, &["--coverage"]));
    let whole = [("finance.yaml", POLICY), ("finance.test.yaml", TESTS)];
    insta::assert_snapshot!("coverage-whole", shown(&whole, &["--coverage", "--deny-warnings"]));

    let folder = folder(&files);
    let (out, ..) = run(folder.path(), &["--coverage", "--format", "json", "--lcov", "lcov.info"]);
    let report: Value = serde_json::from_str(&out).unwrap();
    insta::assert_snapshot!(
        "coverage-json",
        serde_json::to_string_pretty(&report["files"][0]["coverage"]).unwrap()
    );
    insta::assert_snapshot!("lcov", fs::read_to_string(folder.path().join("lcov.info")).unwrap());
}

#[test]
fn a_clause_that_is_not_covered_is_denied() {
    let missing = TESTS.replace("[[carol], allow, []]", "[[bob], deny, []]");
    let files = [("finance.yaml", POLICY), ("finance.test.yaml", &*missing)];
    assert_eq!(run(folder(&files).path(), &["--coverage"]).2, 0);
    assert_eq!(run(folder(&files).path(), &["--coverage", "--deny-warnings"]).2, 1);
}

#[test]
fn timelines_walk_the_chain() {
    let policy = include_str!("tested/chain.yaml");
    let tests = include_str!("tested/chain.test.yaml");
    let shown = |tests: &str| shown(&[("chain.yaml", policy), ("chain.test.yaml", tests)], &[]);
    assert!(shown(tests).starts_with("3 cases passed"), "{}", shown(tests));
    let (head, _) = tests.split_once("cases:\n").unwrap();
    let faults = "\
\x20 - name: everything is different
    timeline:
      - { at: 1m, carol: approves, then: approved, stage: security }
      - { at: 2m, bob: approves, rejected: not_eligible }
      - { at: 3m, carol: approves, rejected: terminal }
      - { at: 4m, frank: approves }
  - { name: no such verb, timeline: [{ at: 1m, bob: aproves }] }
  - { name: no time, timeline: [{ bob: approves }] }
  - { name: no such status, timeline: [{ at: 1m, bob: approves, then: aproved }] }
  - { name: back in time, timeline: [{ at: 3m }, { at: 1m, bob: approves }] }
  - { name: two at once, timeline: [{ at: 1m, bob: approves, carol: approves }] }
  - { name: no text, timeline: [{ at: 1m, bob: approves, comment: 7 }] }
  - { name: no flag, timeline: [{ at: 1m, bob: approves, acr: high }] }
  - { name: nobody is asked, given: { action: ciba }, timeline: [{ at: 1m, bob: approves }] }
  - { name: nobody could approve, given: { user: { attributes: null } }, timeline: [{ at: 1m, bob: approves }] }
";
    insta::assert_snapshot!("timeline-faults", shown(&format!("{head}cases:\n{faults}")));
}

#[test]
fn what_new_writes_is_clean_and_tested() {
    let folder = folder(&[]);
    let jit_policy = |arguments: &[&str]| common::run(folder.path(), arguments, "");
    let (out, _, code) = jit_policy(&["new", "production"]);
    assert_eq!(code, 0);
    insta::assert_snapshot!("new", out);
    // The commands that it names work as they stand.
    for line in out.lines().filter_map(|line| line.trim().strip_prefix("jit-policy ")) {
        let arguments: Vec<&str> = line.split(' ').collect();
        assert_eq!(jit_policy(&arguments).2, 0, "{line}");
    }
    assert_eq!(jit_policy(&["check", "--deny-warnings", "."]).2, 0);
    assert_eq!(jit_policy(&["test", "--coverage", "--deny-warnings"]).2, 0);

    let before = fs::read_to_string(folder.path().join("production.yaml")).unwrap();
    let (_, err, code) = jit_policy(&["new", "production"]);
    assert!(code == 2 && err.contains("is there already"), "{err}");
    assert_eq!(fs::read_to_string(folder.path().join("production.yaml")).unwrap(), before);
    for name in ["Production", "../up", "a b", ""] {
        let (_, err, code) = jit_policy(&["new", name]);
        assert!(code == 2 && err.contains("such as `production`"), "{name}: {err}");
    }
}

#[test]
fn shells_and_editors_are_helped() {
    let out = |arguments: &[&str]| {
        let (out, _, code) = common::run(Path::new("."), arguments, "");
        assert_eq!(code, 0);
        out
    };
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        assert!(out(&["completions", shell]).contains("simulate"), "{shell}");
    }
    assert!(out(&["schema"]).contains("https://json-schema.org/draft/2020-12/schema"));
    assert!(out(&["schema", "tests"]).contains("policy-tests-v1.json"));
    assert_eq!(out(&["schema", "context"]), policy_core::context::reference_markdown());
}

#[test]
fn nothing_is_green_that_was_not_tested() {
    let code = |files: &[(&str, &str)], arguments: &[&str]| run(folder(files).path(), arguments).2;
    let passing = [("finance.yaml", POLICY), ("finance.test.yaml", TESTS)];
    let other = TESTS.replace("defaults:", "policy: other.yaml\ndefaults:");
    let of_another = [("finance.yaml", "refused"), ("other.yaml", POLICY), ("finance.test.yaml", &*other)];
    assert_eq!(code(&of_another, &["finance.yaml"]), 2, "its tests are of another policy");
    assert_eq!(code(&of_another, &["."]), 1, "a policy without tests is refused");
    assert_eq!(code(&passing, &["finance.yml"]), 2, "there is no such policy");
    assert_eq!(code(&[passing[0], passing[1], ("broken.yaml", "rules: []")], &["."]), 1);
    assert_eq!(code(&[passing[0], passing[1], ("package.json", "{}")], &["--deny-warnings", "."]), 0);
    let (out, ..) = run(folder(&passing).path(), &["finance.yaml", "finance.test.yaml", "."]);
    assert!(out.starts_with("10 cases passed"), "each once: {out}");

    let cut = format!("{TESTS}\n#{}\n  - {{ name: behind all that, expect: deny }}\n", "x".repeat(4 << 20));
    assert_eq!(code(&[passing[0], ("finance.test.yaml", &cut)], &[]), 2, "what would be cut off is not run");
    let absolute = TESTS.replace("defaults:", "policy: /etc/hostname\ndefaults:");
    let (_, err, code) = run(folder(&[("finance.test.yaml", &absolute)]).path(), &[]);
    assert!(code == 2 && err.contains("a path from where the tests are"), "{err}");
}

#[test]
fn a_clause_is_covered_for_each_rule_by_itself() {
    let policy = "apiVersion: jit-approval.dev/v1\nname: p\nvariables: { trader: '\"trader\" in user.roles' }\nrules:\n\
                  \x20 - { id: a, on: [login], when: trader && user.federated, effect: confirm }\n\
                  \x20 - { id: b, on: [login], when: trader && client.public, effect: deny }\n";
    let tests = "defaults: { user: { roles: [trader] } }\ncases:\n\
                 \x20 - { name: a, given: { user: { federated: true } }, expect: confirm }\n\
                 \x20 - { name: not a, given: { user: { roles: [], federated: true } }, expect: allow }\n\
                 \x20 - { name: b, given: { client: { public: true } }, expect: deny }\n";
    let shown = shown(&[("p.yaml", policy), ("p.test.yaml", tests)], &["--coverage"]);
    let gap = "warning: p.yaml:3:23, rule `b`, `\"trader\" in user.roles`: no case in which it does not hold and decides\n";
    assert!(shown.contains(gap), "{shown}");
}

#[test]
fn dotted_facts_are_not_lost() {
    let cases = "  - { name: flat, given: { user.roles: [finance] }, expect: allow }\n";
    let shown = shown(&[("finance.yaml", POLICY), ("finance.test.yaml", &instead(cases))], &[]);
    assert!(shown.contains("`user.roles` must be written inside of `user`, as `roles`"), "{shown}");
}

/// The first thing that somebody reads.
#[test]
fn the_help_names_every_command() {
    insta::assert_snapshot!("help", common::run(Path::new("."), &["--help"], "").0);
}

#[test]
fn what_is_wrong_with_tests_is_said_whichever_file_is_named() {
    for broken in ["case: []\n", "cases: []\n", "cases:\n - { name: a, expct: allow }\n", ""] {
        let folder = folder(&[("finance.yaml", POLICY), ("finance.test.yaml", broken)]);
        let told = |arguments: &[&str]| {
            let (out, err, code) = run(folder.path(), arguments);
            assert_eq!(code, 2, "{out}{err}");
            assert!(
                !out.contains("has no tests beside it") && !err.contains("of another policy"),
                "{out}{err}"
            );
            err
        };
        let by_tests = told(&["finance.test.yaml"]);
        assert!(by_tests.contains("finance.test.yaml"), "{by_tests}");
        assert_eq!(told(&["finance.yaml"]), by_tests);
        assert_eq!(told(&["."]), by_tests);
    }
}
