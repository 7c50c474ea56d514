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
}

pub(crate) fn cases(file: File) -> impl Iterator<Item = Case> {
    let File { policy, context, cases } = file;
    cases.into_iter().map(move |case| {
        let mut merged = if context.is_object() { context.clone() } else { empty() };
        compare::merge(&mut merged, &case.context);
        Case {
            name: case.name,
            policy: case.policy.or_else(|| policy.clone()),
            context: merged,
            expect: case.expect,
            error: case.error,
        }
    })
}

impl Case {
    pub(crate) fn run<H: Host>(&self, session: &mut Session<H>) -> Result<(), String> {
        let source = self.policy.as_ref().ok_or("neither the case nor its file has a `policy`")?;
        let loaded = session.ask("load", &json!({ "source": source, "file": "policy.yaml" }))?;
        let hash = compare::success(&loaded)?.get("hash").cloned().unwrap_or_default();
        let answer = session.ask("decide", &json!({ "policy": hash, "context": self.context }))?;
        match (&self.expect, &self.error) {
            (Some(expect), None) => compare::subset(expect, compare::success(&answer)?),
            (None, Some(error)) => compare::error(&answer, &error.code, error.message.as_deref()),
            _ => Err("a case has either `expect` or `error`".to_owned()),
        }
    }
}

fn empty() -> Value {
    json!({})
}
