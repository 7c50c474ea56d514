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
            take(&mut course, session, step).map_err(|fault| at_step(index, step, &fault))?;
        }
        Ok(())
    }
}

/// Plays one step. What cannot be pinned answers in the place of the first.
fn take<'a, H: Host>(
    course: &mut Course<'a>,
    session: &mut Session<H>,
    step: &'a Step,
) -> Result<(), String> {
    if let Some(wanted) = course.to_pin() {
        let answer = session.ask("pin", wanted)?;
        if answer.get("error").is_some() {
            return check::check(&step.then, &answer);
        }
        course.pin(&answer)?;
    }
    match step.command.as_str() {
        "host verifies" => check::check(&step.then, &session.ask("verify", &course.stored(step)?)?),
        "host erases" => {
            let answer = session.ask("erase", &course.to_erase(step)?)?;
            check::check(&step.then, &answer)?;
            course.erase(&answer)
        }
        _ => {
            let body = course.body(step)?;
            let answer = session.ask("advance", &body)?;
            check::check(&step.then, &answer)?;
            course.take(&answer);
            Ok(())
        }
    }
}

fn at_step(index: usize, step: &Step, fault: &str) -> String {
    format!("step {} ({}): {fault}", index.saturating_add(1), step.command)
}
