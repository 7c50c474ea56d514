//! The documents that the source keeps true.

#![allow(
    clippy::disallowed_methods,
    reason = "a test reads and, when asked to, rewrites files of the repository"
)]

use std::collections::BTreeSet;
use std::path::Path;

fn document(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs").join(name)
}

#[test]
fn the_context_reference_is_the_schema() {
    let path = document("context-reference.md");
    let generated = policy_core::context::reference_markdown();
    if std::env::var("JIT_BLESS").is_ok() {
        std::fs::write(&path, &generated).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        written == generated,
        "docs/context-reference.md is out of date: run `JIT_BLESS=1 cargo test -p policy-core --test documents`"
    );
}

/// The policy of docs/policy-reference.md loads as it stands there.
#[test]
fn the_example_of_the_policy_reference_is_a_policy() {
    let page = std::fs::read_to_string(document("policy-reference.md")).unwrap();
    let example = page.split("```yaml\n").nth(1).unwrap().split("```").next().unwrap();
    match policy_core::policy::load(example, "policy-reference.md") {
        Ok(loaded) => assert_eq!(loaded.policy.name, "production"),
        Err(diagnostics) => {
            panic!("{}", diagnostics.iter().map(|it| it.rendered.clone()).collect::<Vec<_>>().join("\n\n"))
        }
    }
}

/// Every code that the source can report is explained, and nothing is explained that does not exist.
#[test]
fn every_error_code_is_explained() {
    let page = std::fs::read_to_string(document("error-codes.md")).unwrap();
    let explained: BTreeSet<&str> = page
        .lines()
        .filter(|line| line.starts_with("| `"))
        .filter_map(|line| line.split('|').nth(1))
        .flat_map(|cell| cell.split('`').skip(1).step_by(2))
        .collect();
    let mut reported: BTreeSet<String> =
        policy_core::policy::codes::ALL.iter().map(|code| (*code).to_owned()).collect();
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/cel");
    for file in std::fs::read_dir(sources).unwrap() {
        let path = file.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "rs") {
            reported.extend(codes_in(&std::fs::read_to_string(path).unwrap()));
        }
    }
    assert!(
        reported.contains("unknown-field") && reported.contains("syntax"),
        "the source is no longer read rightly"
    );
    let reported: BTreeSet<&str> = reported.iter().map(String::as_str).collect();
    let missing: Vec<_> = reported.difference(&explained).collect();
    let stale: Vec<_> = explained.difference(&reported).collect();
    assert!(
        missing.is_empty() && stale.is_empty(),
        "not explained: {missing:?}; no longer reported: {stale:?}"
    );
}

/// The string literals of a source file that have the shape of a code.
fn codes_in(source: &str) -> impl Iterator<Item = String> {
    let is_code = |text: &str| {
        text == "syntax"
            || (text.contains('-')
                && text
                    .split('-')
                    .all(|word| !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase())))
    };
    source.split('"').filter(move |text| is_code(text)).map(str::to_owned)
}
