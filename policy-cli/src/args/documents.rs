//! The commands of the documents are commands.

use super::Args;
use clap::Parser;
use std::fs;
use std::path::{Path, PathBuf};

/// Documents in which commands stand, besides all of docs/.
const OTHERS: [&str; 4] =
    ["README.md", "CHANGELOG.md", "examples/policies/README.md", "examples/policy-tests/README.md"];

fn documents() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let docs = fs::read_dir(root.join("docs")).unwrap().map(|entry| entry.unwrap().path());
    let docs = docs.filter(|path| path.extension().is_some_and(|extension| extension == "md"));
    docs.chain(OTHERS.map(|name| root.join(name))).collect()
}

/// What follows `jit-policy` on the lines of blocks of code, as a shell would take it apart; up to where it goes to another command.
fn commands(page: &str) -> Vec<Vec<String>> {
    let mut fenced = false;
    let mut found = Vec::new();
    for line in page.replace("\\\n", " ").lines() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
            continue;
        }
        if !fenced && !line.starts_with("    ") {
            continue;
        }
        let is_command = |before: &str| {
            let before = before.trim();
            ["", "$", "-", "run:", "target/release/", "- run:"].contains(&before)
        };
        if let Some((before, after)) = line.split_once("jit-policy ")
            && is_command(before)
        {
            let words = shlex::split(after).unwrap_or_else(|| panic!("no words: {line}"));
            let ends = |word: &String| ["|", ">", "<", "&&", ";", "#"].contains(&word.as_str());
            found.push(words.into_iter().take_while(|word| !ends(word)).collect());
        }
    }
    found
}

#[test]
fn every_command_in_the_documents_is_one() {
    let mut count = 0;
    for path in documents() {
        for words in commands(&fs::read_to_string(&path).unwrap()) {
            count += 1;
            let parsed = Args::try_parse_from(std::iter::once("jit-policy".to_owned()).chain(words.clone()));
            if let Err(error) = parsed {
                panic!("{}: jit-policy {}\n{error}", path.display(), words.join(" "));
            }
        }
    }
    assert!(count >= 35, "the documents are no longer read rightly: {count}");
}
