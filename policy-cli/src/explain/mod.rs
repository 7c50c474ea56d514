//! `jit-policy eval` and `jit-policy explain`: what a policy decides about one step, and why.

pub(crate) mod given;
mod human;

pub(crate) use human::each;

use crate::args::{Format, StepArgs};
use crate::text::write_json;
use crate::{Ending, Trouble, files, reported};
use policy_core::context::decode;
use policy_core::decide::decide;
use policy_core::decision::Decision;
use policy_core::explain::{Explained, Explainer};
use serde::Serialize;
use std::io::{Read, Write};

/// The version of what `--format json` writes; it grows when a member is renamed, dropped, or means something else.
const FORMAT_VERSION: u32 = 1;

/// What is written as JSON.
#[derive(Debug, Serialize)]
struct Answer<'a> {
    version: u32,
    decision: &'a Decision,
    #[serde(skip_serializing_if = "Option::is_none")]
    rules: Option<&'a [Explained]>,
}

/// Decides about one step, and writes the decision; with its reasons where `why`.
///
/// # Errors
/// Where the policy or the context can't be read, or is none.
pub(crate) fn run(
    args: &StepArgs,
    why: bool,
    stdin: impl Read,
    out: &mut impl Write,
) -> Result<Ending, Trouble> {
    let files::File { name, text } = files::read(&args.policy);
    let text = text.map_err(Trouble)?;
    let explainer = Explainer::new(&text, &name).map_err(|found| Trouble::refused("the policy", &found))?;
    let context = given::context(args, stdin)?;
    let facts = decode(&context).map_err(|problems| {
        let problems: Vec<String> =
            problems.iter().map(|it| format!("`{}` {}", it.path, it.message)).collect();
        Trouble(format!("no server gives such a context: {}", problems.join("; ")))
    })?;
    // Explaining asks for every clause, which a decision alone can do without.
    let asked = if why {
        explainer.explain(&facts).map(|it| (it.decision, Some(it.rules)))
    } else {
        decide(explainer.policy(), &facts).map(|decision| (decision, None))
    };
    let (decision, rules) = asked.map_err(|error| Trouble(error.to_string()))?;
    let rules = rules.as_deref();
    let written = match args.format {
        Format::Human => human::write(&name, facts.action(), &decision, rules, out),
        Format::Json => {
            let answer = Answer { version: FORMAT_VERSION, decision: &decision, rules };
            write_json(&answer, out)
        }
    };
    reported(written)?;
    Ok(Ending::Good)
}
