//! `approvals/`: a request goes through steps.

mod body;
mod check;
mod format;
mod time;

use crate::host::{Host, Session};
use body::Course;
pub(crate) use format::File;
use format::{Chain, ChainRef, Step};
use serde_json::Value;
use std::collections::BTreeMap;

/// Stages of a case are all of one chain.
const PREFIX: &str = "test/";
/// The digest of the facts of every request in the corpus.
const DIGEST: &str = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

/// A case, with what its file says for all filled in.
#[derive(Debug)]
pub(crate) struct Case {
    pub(crate) name: String,
    chain: Chain,
    people: BTreeMap<String, format::Account>,
    pinned: Option<Value>,
    steps: Vec<Step>,
}

pub(crate) fn cases(file: &str, content: File) -> Result<Vec<Case>, String> {
    let File { people, chains, cases } = content;
    cases
        .into_iter()
        .map(|case| {
            let chain = match case.chain {
                ChainRef::Written(chain) => chain,
                ChainRef::Named(name) => chains
                    .get(&name)
                    .cloned()
                    .ok_or_else(|| format!("{file}: {}: there is no chain `{name}`", case.name))?,
            };
            if case.steps.is_empty() {
                return Err(format!("{file}: {}: it has no steps", case.name));
            }
            Ok(Case {
                name: case.name,
                chain,
                people: people.clone(),
                pinned: case.pinned,
                steps: case.steps,
            })
        })
        .collect()
}

impl Case {
    pub(crate) fn run<H: Host>(&self, session: &mut Session<H>) -> Result<(), String> {
        let mut course = Course::new(self)?;
        for (index, step) in self.steps.iter().enumerate() {
            let body = course.body(step).map_err(|fault| at_step(index, step, &fault))?;
            let answer = session.ask("advance", &body)?;
            check::check(&step.then, &answer).map_err(|fault| at_step(index, step, &fault))?;
            course.take(&answer);
        }
        Ok(())
    }
}

fn at_step(index: usize, step: &Step, fault: &str) -> String {
    format!("step {} ({}): {fault}", index.saturating_add(1), step.command)
}
