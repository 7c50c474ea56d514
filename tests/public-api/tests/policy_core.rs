//! The public API of `policy-core` is what is written down.

#![allow(
    clippy::disallowed_methods,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that panics fails, which is what it is for"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// One line for each item, without what the compiler derives.
fn public_api() -> String {
    // Of its own: whoever runs this test holds the usual one.
    let target = root().join("target/public-api");
    // rustdoc's JSON is not stable; the toolchain is pinned, and `public-api` with it.
    let written = Command::new(env!("CARGO"))
        .args(["rustdoc", "--quiet", "--locked", "-p", "policy-core", "--lib", "--target-dir"])
        .arg(&target)
        .args(["--", "-Z", "unstable-options", "--output-format", "json", "--cap-lints", "allow"])
        .env("RUSTC_BOOTSTRAP", "1")
        .current_dir(root())
        .status()
        .unwrap();
    assert!(written.success(), "rustdoc failed");
    let api = public_api::Builder::from_rustdoc_json(target.join("doc/policy_core.json"))
        .omit_blanket_impls(true)
        .omit_auto_trait_impls(true)
        .omit_auto_derived_impls(true)
        .build()
        .unwrap();
    api.items().map(|item| format!("{item}\n")).collect()
}

#[test]
fn the_public_api_is_what_is_written_down() {
    let path = root().join("policy-core/public-api.txt");
    let api = public_api();
    if std::env::var("JIT_BLESS").is_ok() {
        fs::write(&path, &api).unwrap();
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    let (written, api): (Vec<&str>, Vec<&str>) = (written.lines().collect(), api.lines().collect());
    let gone: Vec<_> = written.iter().filter(|line| !api.contains(line)).collect();
    let new: Vec<_> = api.iter().filter(|line| !written.contains(line)).collect();
    assert!(
        gone.is_empty() && new.is_empty(),
        "the public API of policy-core has changed. Is that meant? Then run `JIT_BLESS=1 cargo test -p public-api-check`, and tell it in the \
         changelog.\n\ngone: {gone:#?}\n\nnew: {new:#?}"
    );
}
