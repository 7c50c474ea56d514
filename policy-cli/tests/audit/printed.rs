//! The command as a person, or a program, meets it.

use crate::checkpoints::{jwks, payload, sign};
use crate::world::{export, text, three};
use jsonwebtoken::Algorithm;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

fn run(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_jit-policy")).args(args).current_dir(folder).output().unwrap()
}

/// Everything there is to see.
fn seen(output: &Output) -> String {
    format!(
        "{}{}exit {}\n",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
        output.status.code().unwrap()
    )
}

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let requests = three();
    let whole = text(&export(&requests));
    fs::write(folder.path().join("export.ndjson"), &whole).unwrap();
    let damaged = whole
        .replace(r#""id":"r1""#, r#""id":"r\u001b[2J1""#)
        .replacen(r#""comment":"because""#, r#""comment":"bicause""#, 1)
        .replacen(r#""acr":true"#, r#""acr":false"#, 2);
    fs::write(folder.path().join("damaged.ndjson"), damaged).unwrap();
    let jws = sign(&payload(12, None, &requests), Algorithm::ES256, "jit-checkpoint");
    fs::write(folder.path().join("checkpoints"), jws).unwrap();
    fs::write(folder.path().join("jwks.json"), jwks()).unwrap();
    folder
}

#[test]
fn an_intact_export() {
    let folder = folder();
    let args = ["audit", "verify", "export.ndjson", "--checkpoint", "checkpoints", "--jwks", "jwks.json"];
    insta::assert_snapshot!("intact", seen(&run(folder.path(), &args)));
}

#[test]
fn a_damaged_export() {
    let folder = folder();
    insta::assert_snapshot!("damaged", seen(&run(folder.path(), &["audit", "verify", "damaged.ndjson"])));
}

#[test]
fn a_damaged_export_for_programs() {
    let folder = folder();
    let args = ["audit", "verify", "damaged.ndjson", "--format", "json"];
    insta::assert_snapshot!("damaged-json", seen(&run(folder.path(), &args)));
}

#[test]
fn what_cannot_be_read() {
    let folder = folder();
    insta::assert_snapshot!("absent", seen(&run(folder.path(), &["audit", "verify", "absent.ndjson"])));
    insta::assert_snapshot!("no-export", seen(&run(folder.path(), &["audit", "verify", "jwks.json"])));
}

#[test]
fn a_checkpoint_needs_keys() {
    let folder = folder();
    let args = ["audit", "verify", "export.ndjson", "--checkpoint", "checkpoints"];
    let output = run(folder.path(), &args);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("--jwks"));
}

/// Nothing that others wrote moves a terminal's cursor, and no colour goes where none is wanted.
#[test]
fn no_escape_reaches_the_output() {
    let folder = folder();
    let output = run(folder.path(), &["audit", "verify", "damaged.ndjson"]);
    assert!(!output.stdout.contains(&0x1b));
}
