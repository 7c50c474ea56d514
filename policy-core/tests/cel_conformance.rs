//! google/cel-spec's conformance cases, with a ratchet: the checked-in list of known failures must be exact, so that
//! neither a regression nor an unnoticed improvement passes.

#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test reads files, tells what it skipped, and panics where a case is not as it must be"
)]

use std::collections::BTreeSet;
use std::path::PathBuf;

use policy_core::cel::conformance::evaluate;
use serde_json::Value;

/// Equal as CEL values: doubles by value, maps in any order.
fn same(a: &Value, b: &Value) -> bool {
    let (Some(x), Some(y)) = (a.as_array(), b.as_array()) else { return a == b };
    let parts = |v: &[Value]| v.get(1).and_then(Value::as_array).cloned().unwrap_or_default();
    match (x.first().and_then(Value::as_str), y.first().and_then(Value::as_str)) {
        (Some("double"), Some("double")) => {
            let number = |v: &[Value]| v[1].as_str().and_then(|s| s.parse::<f64>().ok());
            match (number(x), number(y)) {
                (Some(m), Some(n)) => m == n || (m.is_nan() && n.is_nan()),
                _ => false,
            }
        }
        (Some("list"), Some("list")) => {
            let (m, n) = (parts(x), parts(y));
            m.len() == n.len() && m.iter().zip(&n).all(|(m, n)| same(m, n))
        }
        (Some("map"), Some("map")) => {
            let (m, n) = (parts(x), parts(y));
            m.len() == n.len() && m.iter().all(|e| n.iter().any(|f| same(&e[0], &f[0]) && same(&e[1], &f[1])))
        }
        _ => a == b,
    }
}

fn passes(case: &Value) -> Result<(), String> {
    let source = case["expr"].as_str().expect("an expression");
    let outcome = evaluate(source, &case["bindings"]);
    let want = match case["matcher"].as_str() {
        Some("eval_error") => {
            return match outcome {
                Err((true, _)) => Ok(()),
                other => Err(format!("want an error, got {other:?}")),
            };
        }
        Some("default_true") => serde_json::json!(["bool", true]),
        _ => case["want"].clone(),
    };
    match outcome {
        Ok(value) if same(&value, &want) => Ok(()),
        other => Err(format!("want {want}, got {other:?}")),
    }
}

#[test]
fn the_cases_of_cel_spec_pass_but_for_the_known_failures() {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let path = here.join("../../shared/conformance/cel-spec.jsonl");
    let Ok(cases) = std::fs::read_to_string(&path) else {
        eprintln!("skipped: there are no conformance cases beside the repository");
        return;
    };
    let known: BTreeSet<&str> = include_str!("cel_conformance_known_failures.txt")
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .collect();
    let (mut total, mut failed, mut surprises) = (0, BTreeSet::new(), Vec::new());
    for line in cases.lines() {
        let case: Value = serde_json::from_str(line).expect("a case a line");
        let name = ["file", "section", "name"].map(|key| case[key].as_str().unwrap_or_default()).join("/");
        total += 1;
        if let Err(why) = passes(&case) {
            if !known.contains(name.as_str()) {
                surprises.push(format!("{name}: {}: {why}", case["expr"]));
            }
            failed.insert(name);
        }
    }
    surprises.extend(
        known.iter().filter(|name| !failed.contains(**name)).map(|name| format!("{name}: passes now")),
    );
    eprintln!("{} of {total} cases pass", total - failed.len());
    assert!(surprises.is_empty(), "{} surprises:\n{}", surprises.len(), surprises.join("\n"));
}
