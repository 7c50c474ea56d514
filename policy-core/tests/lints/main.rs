//! Golden warnings: what a policy's author reads. `INSTA_UPDATE=always cargo test -p policy-core --test lints` writes them anew.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use policy_core::policy::{Severity, load};

macro_rules! policies {
    ($($name:literal)*) => {
        const POLICIES: &[(&str, &str)] = &[$(($name, include_str!(concat!("policies/", $name, ".yaml")))),*];
    };
}

policies! {
    "allow-is-no-exception"
    "asked-anyway"
    "behind-a-wider-one"
    "behind-all"
    "behind-several"
    "clock"
    "contradiction"
    "denied-anyway"
    "empty-name"
    "empty-range"
    "inside-a-macro"
    "literal-only"
    "login-only"
    "never"
    "no-address"
    "no-page"
    "one-person-twice"
    "other-action"
    "requester-is-the-approver"
    "same-condition"
    "same-condition-first-match"
    "tautology"
    "too-few-approvers"
    "unknown-action"
}

#[test]
fn warnings_read_as_they_are_kept() {
    for (name, text) in POLICIES {
        let loaded = load(text, &format!("{name}.yaml")).unwrap_or_else(|found| panic!("{name}: {found:#?}"));
        assert!(loaded.warnings.iter().all(|it| it.severity == Severity::Warning));
        let shown: Vec<&str> = loaded.warnings.iter().map(|it| it.rendered.as_str()).collect();
        assert!(!shown.is_empty(), "{name}");
        insta::assert_snapshot!(*name, shown.join("\n\n"));
    }
}
