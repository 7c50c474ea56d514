//! The context of one step: of a case of the policy's tests, of a file, and of what is set.

use crate::args::StepArgs;
use crate::test::{LONGEST_PATH, Named, beside, case_named};
use crate::{Trouble, files, yaml};
use policy_core::testing::{context_with, merge, patch};
use serde_json::{Value as Json, json};
use std::io::Read;

/// All that is given, over a step at which nothing is remarkable.
pub(crate) fn context(args: &StepArgs, stdin: impl Read) -> Result<Json, Trouble> {
    let mut facts = case(args)?.map_or_else(|| json!({}), |case| case.context);
    if let Some(path) = &args.context {
        let files::File { name, text } = files::read_or(path, stdin);
        let given: Json = yaml::read(&text.map_err(Trouble)?, &name).map_err(Trouble)?;
        if !given.is_object() {
            return Err(Trouble(format!("{name} is no context: it is not a mapping")));
        }
        merge(&mut facts, &given);
    }
    for set in &args.set {
        merge(&mut facts, &fact(set)?);
    }
    Ok(context_with(&facts))
}

/// The case of the tests that was named.
pub(crate) fn case(args: &StepArgs) -> Result<Option<Named>, Trouble> {
    let Some(name) = &args.case else { return Ok(None) };
    let tests = beside(&args.policy);
    let tests = tests.ok_or_else(|| Trouble(format!("{} has no tests beside it", args.policy.display())))?;
    case_named(&tests, name).map(Some)
}

/// `user.roles=[a, b]`: a path, and a value as YAML has it.
fn fact(set: &str) -> Result<Json, Trouble> {
    let (path, value) = set
        .split_once('=')
        .ok_or_else(|| Trouble(format!("{set:?} is no `PATH=VALUE`, such as `user.roles=[staff]`")))?;
    if path.split('.').count() > LONGEST_PATH {
        return Err(Trouble("a fact is named by a path of at most eight names".to_owned()));
    }
    let value: Json = yaml::read(value, path).map_err(Trouble)?;
    Ok(patch(path.trim(), value))
}
