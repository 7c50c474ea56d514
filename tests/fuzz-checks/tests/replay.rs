//! The seeds, and everything that fuzzing has found: `./jit fuzz` leaves it in `tests/fuzz-corpus/<target>/`.

#![allow(
    clippy::disallowed_methods,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test reads files, and one that panics fails"
)]

use fuzz_checks::{TARGETS, check, seeds};
use std::path::{Path, PathBuf};

fn tests() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

#[test]
fn the_seeds_hold() {
    let seeds = seeds(&tests().join("corpus")).unwrap();
    for (target, input) in &seeds {
        check(target, input);
    }
    for (target, fewest) in
        [("policy", 250), ("cel", 200), ("context", 100), ("envelope", 700), ("events", 12)]
    {
        let count = seeds.iter().filter(|(of, _)| *of == target).count();
        assert!(count >= fewest, "{count} seeds for `{target}`");
    }
}

#[test]
fn what_fuzzing_found_holds() {
    let mut count = 0_usize;
    for entry in std::fs::read_dir(tests().join("fuzz-corpus")).unwrap() {
        let folder = entry.unwrap().path();
        if !folder.is_dir() {
            continue;
        }
        let target = folder.file_name().unwrap().to_str().unwrap();
        assert!(TARGETS.iter().any(|(name, _)| *name == target), "there is no fuzz target `{target}`");
        for file in std::fs::read_dir(&folder).unwrap() {
            let path = file.unwrap().path();
            println!("{}", path.display());
            check(target, &std::fs::read(&path).unwrap());
            count = count.saturating_add(1);
        }
    }
    println!("{count} inputs");
}
