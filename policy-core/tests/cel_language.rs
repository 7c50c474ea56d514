//! The language, example by example, by the code that `jit-policy cel` runs, with and without the checker.

#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test reads files, tells what it skipped, and panics where a case is not as it must be"
)]
#![expect(dead_code, reason = "the cases beside the repository are another test's")]

#[path = "common/cases.rs"]
mod cases;

use policy_core::cel::conformance::{Case, ErrorKind, run};

/// Why the line is wrong, if it is.
fn wrong(source: &str, want: &str) -> Option<String> {
    [true, false].into_iter().find_map(|disable_check| {
        let evaluate = |source: &str, disable_check| {
            run(&Case { expr: source.to_owned(), disable_check, ..Case::default() })
        };
        let got = evaluate(source, disable_check);
        let right = match (want, &got) {
            ("parse error", Err(error)) => error.kind == ErrorKind::Parse,
            ("error", Err(error)) => {
                error.kind != ErrorKind::Parse && (error.kind == ErrorKind::Eval || !disable_check)
            }
            ("parse error" | "error", Ok(_)) => false,
            (want, got) => {
                matches!((got, evaluate(want, true)), (Ok(got), Ok(want)) if cases::same(got, &want))
            }
        };
        let checked = if disable_check { "unchecked" } else { "checked" };
        (!right).then(|| format!("{source} should be {want}; it is, {checked}, {got:?}"))
    })
}

#[test]
fn the_language_is_what_it_says() {
    let mut surprises = Vec::new();
    let mut count = 0_usize;
    for line in
        include_str!("cel_language.txt").lines().filter(|line| !line.is_empty() && !line.starts_with("# "))
    {
        let (marked, line) = line.strip_prefix("~ ").map_or((false, line), |line| (true, line));
        let (source, want) = line.rsplit_once(" => ").unwrap_or_else(|| panic!("no `=>` in {line}"));
        count += 1;
        match (wrong(source, want), marked) {
            (None, true) => surprises.push(format!("{source}: is right now; take the mark away")),
            (Some(why), false) => surprises.push(why),
            (Some(_), true) | (None, false) => {}
        }
    }
    assert!(count > 400, "{count} lines are looked at");
    assert!(surprises.is_empty(), "{} surprises:\n{}", surprises.len(), surprises.join("\n"));
}
