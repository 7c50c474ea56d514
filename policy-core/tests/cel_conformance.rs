//! google/cel-spec's conformance cases, with a ratchet: the checked-in list of known failures must be exact, so that
//! neither a regression nor an unnoticed improvement passes, and it must not grow.

#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test reads files, tells what it skipped, and panics where a case is not as it must be"
)]

#[path = "common/cases.rs"]
mod cases;

use std::collections::{BTreeMap, BTreeSet};

/// How many cases may fail. Only ever make this smaller.
const MOST: usize = 2;

/// The cases that are known to fail, and why.
fn known() -> BTreeMap<&'static str, &'static str> {
    include_str!("cel_conformance_known_failures.txt")
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| line.split_once(": ").expect("a known failure is written `file/section/name: reason`"))
        .collect()
}

#[test]
fn the_list_of_known_failures_does_not_grow() {
    let known = known();
    assert!(known.len() <= MOST, "{} cases are listed as failing, more than {MOST}", known.len());
    assert!(known.values().all(|reason| reason.len() > 20), "every known failure says why it is one");
}

#[test]
fn the_cases_of_cel_spec_pass_but_for_the_known_failures() {
    let Some(cases) = cases::load() else { return };
    let known = known();
    let (mut failed, mut surprises) = (BTreeSet::new(), Vec::new());
    for case in &cases {
        let name = cases::name(case);
        if let Err(why) = cases::verdict(case, &cases::outcome(case)) {
            if !known.contains_key(name.as_str()) {
                surprises.push(format!("{name}: {}: {why}", case["expr"]));
            }
            failed.insert(name);
        }
    }
    surprises.extend(
        known.keys().filter(|name| !failed.contains(**name)).map(|name| format!("{name}: passes now")),
    );
    eprintln!("{} of {} cases pass", cases.len() - failed.len(), cases.len());
    assert!(surprises.is_empty(), "{} surprises:\n{}", surprises.len(), surprises.join("\n"));
}
