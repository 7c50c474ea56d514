//! `decisions/`: a policy meets a context.

use crate::compare;
use crate::host::{Host, Session};
use serde::Deserialize;
use serde_json::{Value, json};

/// A file of `decisions/`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct File {
    policy: Option<String>,
    #[serde(default)]
    context: Value,
    cases: Vec<Written>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    name: String,
    policy: Option<String>,
    #[serde(default = "empty")]
    context: Value,
    expect: Option<Value>,
    error: Option<WrittenError>,
    redacted: Option<Redacted>,
    explained: Option<Value>,
}

/// What `redact` gives for the same policy and context.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Redacted {
    /// What was taken out, in order.
    paths: Vec<String>,
    /// A part of what is left; `null` where something was taken out.
    context: Value,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenError {
    code: String,
    message: Option<String>,
}

/// A case, with what its file says for all filled in.
#[derive(Debug)]
pub(crate) struct Case {
    pub(crate) name: String,
    policy: Option<String>,
    context: Value,
    expect: Option<Value>,
    error: Option<WrittenError>,
    redacted: Option<Redacted>,
    explained: Option<Value>,
}

pub(crate) fn cases(file: File) -> impl Iterator<Item = Case> {
    let File { policy, context, cases } = file;
    cases.into_iter().map(move |case| {
        let mut merged = if context.is_object() { context.clone() } else { empty() };
        policy_core::testing::merge(&mut merged, &case.context);
        Case {
            name: case.name,
            policy: case.policy.or_else(|| policy.clone()),
            context: merged,
            expect: case.expect,
            error: case.error,
            redacted: case.redacted,
            explained: case.explained,
        }
    })
}

impl Case {
    pub(crate) fn run<H: Host>(&self, session: &mut Session<H>) -> Result<(), String> {
        let source = self.policy.as_ref().ok_or("neither the case nor its file has a `policy`")?;
        let loaded = session.ask("load", &json!({ "source": source, "file": "policy.yaml" }))?;
        let hash = compare::success(&loaded)?.get("hash").cloned().unwrap_or_default();
        let answer = session.ask("decide", &json!({ "policy": hash, "context": self.context }))?;
        if let Some(redacted) = &self.redacted {
            let answer = session.ask("redact", &json!({ "policy": hash, "context": self.context }))?;
            redacted.check(compare::success(&answer)?)?;
        }
        if let Some(explained) = &self.explained {
            let redacted = session.ask("redact", &json!({ "policy": hash, "context": self.context }))?;
            let kept = kept(&self.context, compare::success(&answer)?, compare::success(&redacted)?);
            let told =
                session.ask("explain", &json!({ "source": source, "file": "policy.yaml", "kept": kept }))?;
            compare::subset(explained, compare::success(&told)?)?;
        }
        match (&self.expect, &self.error) {
            (Some(expect), None) => compare::subset(expect, compare::success(&answer)?),
            (None, Some(error)) => compare::error(&answer, &error.code, error.message.as_deref()),
            _ => Err("a case has either `expect` or `error`".to_owned()),
        }
    }
}

/// What the decision log has of a decision.
fn kept(context: &Value, decision: &Value, redacted: &Value) -> Value {
    let errors = decision["errors"].as_array().into_iter().flatten();
    let errors = errors.map(|it| json!({ "rule": it["rule"], "part": it["part"], "outcome": it["outcome"] }));
    json!({ "action": context["action"], "context": redacted["context"], "redacted": redacted["redacted"], "matched": decision["matched"],
        "errors": errors.collect::<Vec<_>>() })
}

impl Redacted {
    fn check(&self, answer: &Value) -> Result<(), String> {
        compare::subset(&json!({ "redacted": self.paths, "context": self.context }), answer)?;
        // Absent is not null: only what was taken out leaves a null behind.
        let left = answer.get("context").map_or(0, nulls);
        if left == self.paths.len() {
            return Ok(());
        }
        Err(format!("{left} facts are null, and {} were taken out", self.paths.len()))
    }
}

fn nulls(value: &Value) -> usize {
    match value {
        Value::Null => 1,
        Value::Array(items) => items.iter().map(nulls).sum(),
        Value::Object(members) => members.values().map(nulls).sum(),
        _ => 0,
    }
}

fn empty() -> Value {
    json!({})
}
