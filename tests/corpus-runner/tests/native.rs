//! The corpus on native Rust. Writes the replay that the other hosts play.

use corpus_runner::{Native, run, write_replay};
use std::path::Path;

#[test]
fn native_rust_answers_the_corpus() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let report = run(&root.join("tests/corpus"), Native::default).unwrap();
    write_replay(&report, &root.join("target/corpus/replay.jsonl")).unwrap();
    assert!(
        report.failures.is_empty(),
        "{} cases failed:\n{}",
        report.failures.len(),
        report.failures.join("\n")
    );
    assert!(report.decisions >= 300, "{} decisions", report.decisions);
    assert!(report.approvals >= 150, "{} approvals", report.approvals);
    assert!(report.invalid >= 150, "{} invalid policies", report.invalid);
}
