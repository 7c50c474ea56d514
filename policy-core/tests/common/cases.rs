//! google/cel-spec's conformance cases, and when one passes.

use std::path::PathBuf;

use policy_core::cel::conformance::{Case, ErrorKind, run};
use serde_json::{Value, json};

/// A value, or whether the failure counts as an error of the evaluation or of its types, and the message.
pub(crate) type Outcome = Result<Value, (bool, String)>;

/// The cases, where they stand beside the repository.
pub(crate) fn load() -> Option<Vec<Value>> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/conformance/cel-spec.jsonl");
    let Ok(cases) = std::fs::read_to_string(&path) else {
        eprintln!("skipped: there are no conformance cases beside the repository");
        return None;
    };
    Some(cases.lines().map(|line| serde_json::from_str(line).expect("a case a line")).collect())
}

pub(crate) fn name(case: &Value) -> String {
    ["file", "section", "name"].map(|key| case[key].as_str().unwrap_or_default()).join("/")
}

/// What the engine makes of a case, by the code that `jit-policy cel` runs.
pub(crate) fn outcome(case: &Value) -> Outcome {
    let read = Case::read(case.to_string().as_bytes()).map_err(|why| (false, why))?;
    run(&read).map_err(|error| {
        // That a function is missing is no type error, but for the case that is about it.
        let missing = error.message.contains("there is no function");
        let counts = error.kind == ErrorKind::Eval || (error.kind == ErrorKind::Check && !missing);
        (counts, error.message)
    })
}

/// Equal as CEL values: doubles by value, maps in any order.
pub(crate) fn same(a: &Value, b: &Value) -> bool {
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
        (Some("optional"), Some("optional")) if x.len() == 2 && y.len() == 2 => same(&x[1], &y[1]),
        _ => a == b,
    }
}

/// Why the case does not pass with this outcome, where it does not.
pub(crate) fn verdict(case: &Value, outcome: &Outcome) -> Result<(), String> {
    let want = match case["matcher"].as_str() {
        Some("eval_error") => {
            return match outcome {
                Err((true, _)) => Ok(()),
                other => Err(format!("want an error, got {other:?}")),
            };
        }
        Some("default_true") => json!(["bool", true]),
        _ => case["want"].clone(),
    };
    match outcome {
        Ok(value) if same(value, &want) => Ok(()),
        other => Err(format!("want {want}, got {other:?}")),
    }
}
