//! `invalid/`: policies that must be refused, with every diagnostic in its place.

use crate::compare;
use crate::host::{Host, Session};
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// A file of `invalid/`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct File {
    pub(crate) cases: Vec<Case>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Case {
    pub(crate) name: String,
    policy: String,
    expect: Vec<Map<String, Value>>,
}

impl Case {
    pub(crate) fn run<H: Host>(&self, session: &mut Session<H>) -> Result<(), String> {
        let answer = session.ask("validate", &json!({ "source": self.policy, "file": "policy.yaml" }))?;
        compare::error(&answer, "policy_invalid", None)?;
        let diagnostics =
            answer.pointer("/error/diagnostics").and_then(Value::as_array).cloned().unwrap_or_default();
        if self.expect.is_empty() || diagnostics.len() != self.expect.len() {
            let found: Vec<String> = diagnostics.iter().map(brief).collect();
            return Err(format!("expected {} diagnostics, got:\n{}", self.expect.len(), found.join("\n")));
        }
        let faults: Vec<String> = self
            .expect
            .iter()
            .zip(&diagnostics)
            .filter_map(|(expect, actual)| {
                check(expect, actual).err().map(|fault| format!("{fault}\n{}", brief(actual)))
            })
            .collect();
        if faults.is_empty() { Ok(()) } else { Err(faults.join("\n")) }
    }
}

fn check(expect: &Map<String, Value>, actual: &Value) -> Result<(), String> {
    for (key, expect) in expect {
        match (key.as_str(), expect, actual.get(key)) {
            ("message" | "help" | "rendered", Value::String(part), Some(Value::String(text)))
                if text.contains(part) => {}
            (_, expect, Some(actual)) if expect == actual => {}
            (_, expect, actual) => {
                return Err(format!("{key} is {}, expected {expect}", actual.unwrap_or(&Value::Null)));
            }
        }
    }
    Ok(())
}

fn brief(diagnostic: &Value) -> String {
    let mut diagnostic = diagnostic.clone();
    if let Some(map) = diagnostic.as_object_mut() {
        map.remove("rendered");
        map.remove("source");
    }
    diagnostic.to_string()
}
