//! What docs/cookbook.md says works.

#![allow(clippy::disallowed_methods, reason = "a test reads a document of the repository")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use policy_core::testing::PolicyTest;
use std::path::Path;

fn page() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/cookbook.md");
    std::fs::read_to_string(path).unwrap()
}

/// The conditions of the tables, each with the action that it is for.
fn conditions(page: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let tables = page.lines().filter(|line| line.starts_with("| ") && !line.contains("`when`"));
    for line in tables.take_while(|line| !line.starts_with("| seen ")) {
        let text = line.replace("\\|", "\u{1}");
        let cells: Vec<String> =
            text.trim_matches('|').split('|').map(|cell| cell.trim().replace('\u{1}', "|")).collect();
        let code =
            |cell: &String| cell.strip_prefix('`').and_then(|cell| cell.strip_suffix('`')).map(str::to_owned);
        match cells.as_slice() {
            [_, when] => found.extend(code(when).map(|when| ("login".to_owned(), when))),
            [_, action, when] => found.extend(code(action).zip(code(when))),
            _ => {}
        }
    }
    found
}

#[test]
fn every_condition_loads_without_a_warning_and_decides() {
    let conditions = conditions(&page());
    assert!(conditions.len() >= 30, "the page is no longer read rightly: {}", conditions.len());
    for (action, when) in conditions {
        let when = serde_json::to_string(&when).unwrap();
        let text = format!(
            "apiVersion: jit-approval.dev/v1\nname: p\nrules:\n  - {{ id: r, on: [{action}], when: {when}, effect: confirm }}\n"
        );
        let policy = PolicyTest::new(&text).unwrap_or_else(|error| panic!("{when}\n{error}"));
        let warnings: Vec<&str> = policy.warnings().iter().map(|it| it.rendered.as_str()).collect();
        assert!(warnings.is_empty(), "{}", warnings.join("\n\n"));
        let decision = policy.on(&action).decide().unwrap();
        assert_eq!(decision.errors, [], "{when}");
    }
}

#[test]
fn every_policy_loads_without_a_warning() {
    let page = page();
    let policies: Vec<&str> =
        page.split("```yaml\n").skip(1).map(|rest| rest.split("```").next().unwrap()).collect();
    assert!(policies.len() >= 7, "the page is no longer read rightly");
    for text in policies {
        let policy = PolicyTest::named(text, "cookbook.md").unwrap();
        let warnings: Vec<&str> = policy.warnings().iter().map(|it| it.rendered.as_str()).collect();
        assert!(warnings.is_empty(), "{}", warnings.join("\n\n"));
    }
}
