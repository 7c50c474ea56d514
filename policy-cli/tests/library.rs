//! The policies in examples/policies: clean, wholly covered, and tested so that no clause could be turned round unnoticed.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test that panics fails, which is what it is for"
)]

use policy_core::explain::{Explainer, Span};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn library() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/policies")
}

fn policies() -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(library()).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| {
        path.extension().is_some_and(|it| it == "yaml") && !path.to_str().unwrap().ends_with(".test.yaml")
    });
    paths.sort();
    paths
}

fn jit_policy(arguments: &[&str], path: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_jit-policy")).args(arguments).arg(path).output().unwrap()
}

fn succeeds(arguments: &[&str]) {
    let output = jit_policy(arguments, &library());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

#[test]
fn nothing_is_wrong_with_them() {
    assert!(policies().len() >= 12);
    succeeds(&["check", "--deny-warnings"]);
}

#[test]
fn their_tests_cover_them_wholly() {
    succeeds(&["test", "--coverage", "--deny-warnings"]);
}

#[test]
fn each_has_its_paragraph() {
    let page = fs::read_to_string(library().join("README.md")).unwrap();
    for policy in policies() {
        let name = policy.file_name().unwrap().to_str().unwrap();
        assert!(page.contains(&format!("]({name})")), "{name}");
    }
}

/// The byte of a place that counts lines and characters from 1.
fn offset(text: &str, line: usize, column: usize) -> usize {
    let before: usize = text.split_inclusive('\n').take(line - 1).map(str::len).sum();
    let rest = &text[before..];
    before + rest.char_indices().nth(column - 1).map_or(rest.len(), |(at, _)| at)
}

/// The policy with one clause turned round. (`!` would be a tag of YAML's where a plain scalar begins with it.)
fn turned_round(text: &str, span: Span) -> String {
    let (start, end) = (offset(text, span.line, span.column), offset(text, span.end_line, span.end_column));
    format!("{}({}) == false{}", &text[..start], &text[start..end], &text[end..])
}

#[test]
fn a_clause_that_is_turned_round_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let (mut refused, mut failed) = (0, 0);
    for path in policies() {
        let text = fs::read_to_string(&path).unwrap();
        let name = path.file_name().unwrap();
        let policy = folder.path().join(name);
        fs::copy(path.with_extension("test.yaml"), policy.with_extension("test.yaml")).unwrap();
        let spans: BTreeMap<Span, String> = Explainer::new(&text, "")
            .unwrap()
            .clauses()
            .into_iter()
            .map(|((_, span), text)| (span, text.to_owned()))
            .collect();
        for (span, clause) in spans {
            let mutant = turned_round(&text, span);
            fs::write(&policy, &mutant).unwrap();
            // Without its guard, a read may be an error that nobody would let pass.
            match Explainer::new(&mutant, "") {
                Err(_) => refused += 1,
                Ok(_) => {
                    failed += 1;
                    let output = jit_policy(&["test"], &policy);
                    let shown = String::from_utf8_lossy(&output.stdout);
                    assert_eq!(output.status.code(), Some(1), "{}: `{clause}`\n{shown}", policy.display());
                    assert!(shown.contains("failed"), "{shown}");
                }
            }
        }
    }
    assert!(failed >= 35 && refused <= failed / 4, "{failed} failed, {refused} refused");
}
