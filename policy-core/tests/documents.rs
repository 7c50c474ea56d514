//! The documents that the source keeps true.

#![allow(
    clippy::disallowed_methods,
    reason = "a test reads and, when asked to, rewrites files of the repository"
)]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use policy_core::approval::{Advance, advance, pin};
use policy_core::wire::{canonical_text, digest};
use serde_json::{Value, json};
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

/// The policies of docs/policy-reference.md load as they stand there.
#[test]
fn the_examples_of_the_policy_reference_are_policies() {
    let page = std::fs::read_to_string(document("policy-reference.md")).unwrap();
    let examples = page.split("```yaml\n").skip(1).map(|rest| rest.split("```").next().unwrap());
    let names: Vec<String> = examples
        .map(|example| match policy_core::policy::load(example, "policy-reference.md") {
            Ok(loaded) => loaded.policy.name,
            Err(diagnostics) => {
                panic!(
                    "{}",
                    diagnostics.iter().map(|it| it.rendered.clone()).collect::<Vec<_>>().join("\n\n")
                )
            }
        })
        .collect();
    assert_eq!(names, ["production", "doors"]);
}

/// Who copies a policy from the documents is not warned of anything.
#[test]
fn the_policies_of_the_documents_give_no_warnings() {
    let mut policies = vec![(
        "demo.yaml",
        std::fs::read_to_string(document("../examples/demo/policies/demo.yaml")).unwrap(),
    )];
    for name in ["policy-reference.md", "install.md", "../README.md"] {
        let page = std::fs::read_to_string(document(name)).unwrap();
        let examples = page.split("```yaml\n").skip(1).filter_map(|rest| rest.split("```").next());
        policies.extend(examples.filter(|it| it.contains("apiVersion:")).map(|it| (name, it.to_owned())));
    }
    assert!(policies.len() >= 5, "the pages are no longer read rightly");
    for (name, text) in policies {
        let warnings = policy_core::policy::load(&text, name).unwrap().warnings;
        assert!(
            warnings.is_empty(),
            "{}",
            warnings.iter().map(|it| it.rendered.as_str()).collect::<Vec<_>>().join("\n\n")
        );
    }
}

/// The bytes of docs/wire-format.md are what the engine writes, and hash to what the page says.
#[test]
fn the_example_of_the_hash_chain_is_true() {
    let path = document("wire-format.md");
    let page = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = page.split_once("<!-- begin example -->\n").unwrap();
    let (written, after) = rest.split_once("<!-- end example -->").unwrap();
    let example = hash_chain_example();
    if std::env::var("JIT_BLESS").is_ok() {
        std::fs::write(
            &path,
            format!("{before}<!-- begin example -->\n{example}<!-- end example -->{after}"),
        )
        .unwrap();
        return;
    }
    assert!(
        written == example,
        "docs/wire-format.md: run `JIT_BLESS=1 cargo test -p policy-core --test documents`"
    );
    let lines: Vec<&str> = written.lines().collect();
    let hashed = lines.windows(2).filter(|pair| pair[1].starts_with("sha256:"));
    let mut count = 0;
    for pair in hashed {
        assert_eq!(digest(pair[0].as_bytes()), pair[1]);
        count += 1;
    }
    assert_eq!(count, 5);
}

fn hash_chain_example() -> String {
    let stage = json!({
        "id": "two-eyes/manager", "chain": "two-eyes", "name": "manager", "approvers": [{ "user": "bob" }], "quorum": 1, "timeout": 900,
        "on_timeout": "deny", "notify": true, "require": {},
    });
    let wanted = json!({
        "about": { "request": "8a1e", "realm": "5f0c", "action": "login", "policy": "sha256:00" },
        "chain": { "stages": [stage], "use_by": 600 }, "opened_at": "2026-11-24T09:00:00.000Z", "digest": "sha256:11",
        "requester": { "id": "1", "username": "alice", "person_key": "1" },
        "shown": { "facts": { "client": "Production console" }, "reason": "alice wants into production" },
        "salt": "000102030405060708090a0b0c0d0e0f",
    });
    let shown = json!({
        "salt": wanted["salt"],
        "shown": { "facts": wanted["shown"]["facts"], "reason": wanted["shown"]["reason"], "justification": null },
    });
    let document = pin(serde_json::from_value(wanted).unwrap()).unwrap();
    let mut pinned: Value = serde_json::from_str(&document.pinned).unwrap();
    let request = json!({
        "pinned": pinned, "events": [], "now": "2026-11-24T09:00:00.000Z",
        "command": {
            "kind": "open", "salt": "101112131415161718191a1b1c1d1e1f", "comment": "The disk is full",
            "actor": { "kind": "user", "id": "1", "username": "alice", "person_key": "1" },
            "facts": { "eligible": { "two-eyes/manager": { "count": 1, "people": ["2"] } } },
        },
    });
    let opened = advance(&serde_json::from_value::<Advance>(request).unwrap()).unwrap();
    let mut event: Value = serde_json::from_str(&opened.append[0]).unwrap();
    let personal = event.as_object_mut().unwrap().remove("personal").unwrap();
    let hidden = pinned.as_object_mut().unwrap().remove("personal").unwrap();
    assert_eq!(event["prev"], document.head);
    let mut text = String::new();
    let mut part = |what: &str, value: &Value, hash: &str| {
        text.push_str(&format!("{what}\n\n```\n{}\n{hash}\n```\n\n", canonical_text(value).unwrap()));
    };
    part("`personal` of `pinned`, and `commitment`:", &hidden, pinned["commitment"].as_str().unwrap());
    part("What approvers were shown, and `shown`:", &shown, pinned["shown"].as_str().unwrap());
    part("`pinned` without `personal`, and its hash, the first event's `prev`:", &pinned, &document.head);
    let stored = format!("The first event, as it is stored:\n\n```\n{}\n```\n\n", opened.append[0]);
    part(
        "`personal` of the first event, and `commitment`; its salt is that of the command `1011…1e1f` and `:1`:",
        &personal,
        event["commitment"].as_str().unwrap(),
    );
    part(
        "The first event without `personal`, and its hash, the second event's `prev`:",
        &event,
        &opened.head,
    );
    text.push_str(&stored);
    text
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
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src/cel")];
    while let Some(folder) = folders.pop() {
        for file in std::fs::read_dir(folder).unwrap() {
            let path = file.unwrap().path();
            if path.is_dir() && !path.ends_with("tests") {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                reported.extend(codes_in(&std::fs::read_to_string(path).unwrap()));
            }
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
