//! The documents that the source keeps true.

#![allow(
    clippy::disallowed_methods,
    reason = "a test reads and, when asked to, rewrites files of the repository"
)]

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
