//! The engine beside the crate `cel`, an implementation of CEL by others: they must come to the same values and fail alike.
//! Messages, budgets and the order of maps are not compared.

#![expect(
    clippy::arithmetic_side_effects,
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test reads files, tells what it skipped, and panics where a case is not as it must be"
)]

mod absorption;
#[path = "../common/cases.rs"]
mod cases;
mod exceptions;
mod generate;
mod oracle;

use std::cell::Cell;

use cases::{Outcome, same};
use exceptions::{EXCEPTIONS, Seen};
use generate::expression;
use oracle::Oracle;
use policy_core::cel::conformance::{Case, run};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

/// What the engine makes of an expression. The crate has no checker, so that ours is left out as well.
fn ours(source: &str) -> Outcome {
    let case = Case { expr: source.to_owned(), disable_check: true, ..Case::default() };
    run(&case).map_err(|error| (true, error.message))
}

fn agree(ours: &Outcome, theirs: &Outcome) -> bool {
    match (ours, theirs) {
        (Ok(ours), Ok(theirs)) => same(ours, theirs),
        (Err(_), Err(_)) => true,
        _ => false,
    }
}

#[test]
fn where_the_crate_passes_a_case_of_cel_spec_the_engine_agrees() {
    let Some(cases) = cases::load() else { return };
    let oracle = Oracle::new();
    let (mut passed, mut surprises) = (0, Vec::new());
    for case in &cases {
        let theirs = oracle.outcome_of(case);
        if cases::verdict(case, &theirs).is_err() {
            continue;
        }
        passed += 1;
        let ours = cases::outcome(case);
        if !agree(&ours, &theirs) {
            surprises.push(format!(
                "{}: {}: ours {ours:?}, theirs {theirs:?}",
                cases::name(case),
                case["expr"]
            ));
        }
    }
    assert!(passed * 10 > cases.len() * 8, "the crate passes {passed} of {} cases", cases.len());
    assert!(surprises.is_empty(), "{} surprises:\n{}", surprises.len(), surprises.join("\n"));
}

#[test]
fn random_expressions_come_to_the_same() {
    let oracle = Oracle::new();
    let (values, errors, excepted) = (Cell::new(0_u32), Cell::new(0_u32), Cell::new(0_u32));
    let config = Config { failure_persistence: None, max_shrink_iters: 20_000, ..Config::default() };
    let config = Config { cases: if config.cases == 256 { 10_000 } else { config.cases }, ..config };
    // The same expressions every time, so that nobody's build fails for what nobody changed; `JIT_SEED=…` gives others.
    let mut seed = [0; 32];
    let text = std::env::var("JIT_SEED").unwrap_or_default();
    for (byte, letter) in seed.iter_mut().zip(text.bytes()) {
        *byte = letter;
    }
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &seed));
    let outcome = runner.run(&prop::collection::vec(any::<u8>(), 0..160), |choices| {
        let source = expression(&choices);
        let (ours, theirs) = (ours(&source), oracle.outcome(&source));
        if agree(&ours, &theirs) {
            let counter = if ours.is_ok() { &values } else { &errors };
            counter.set(counter.get() + 1);
            return Ok(());
        }
        let seen = Seen { source: &source, ours: &ours, theirs: &theirs };
        if EXCEPTIONS.iter().any(|exception| (exception.covers)(&seen)) {
            excepted.set(excepted.get() + 1);
            return Ok(());
        }
        Err(TestCaseError::fail(format!("{source}\nours:   {ours:?}\ntheirs: {theirs:?}")))
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
    let (values, errors, excepted) = (values.get(), errors.get(), excepted.get());
    eprintln!("{values} values, {errors} errors, {excepted} exceptions");
    assert!(
        values * 5 > errors,
        "too few expressions have a value to tell anything: {values}, {errors} fail"
    );
    assert!(
        excepted * 20 < values + errors,
        "the exceptions cover too much: {excepted} of {}",
        values + errors
    );
}

#[test]
fn every_exception_is_one() {
    let oracle = Oracle::new();
    for exception in EXCEPTIONS {
        let (ours, theirs) = (ours(exception.example), oracle.outcome(exception.example));
        let seen = Seen { source: exception.example, ours: &ours, theirs: &theirs };
        assert!(
            !agree(&ours, &theirs),
            "no exception any more: {} ({})",
            exception.example,
            exception.reason
        );
        assert!((exception.covers)(&seen), "not covered: {}: {ours:?}, {theirs:?}", exception.example);
    }
}
