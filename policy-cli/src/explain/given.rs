//! The context of one step: of a case of the policy's tests, of a file, and of what is set.

use crate::args::StepArgs;
use crate::test::{beside, case_named};
use crate::{Trouble, files};
use policy_core::testing::merge;
use serde_json::{Value as Json, json};
use std::io::Read;

/// All that is given, over a step at which nothing is remarkable.
pub(super) fn context(args: &StepArgs, stdin: impl Read) -> Result<Json, Trouble> {
    let mut facts = json!({});
    if let Some(name) = &args.case {
        let tests = beside(&args.policy)
            .ok_or_else(|| Trouble(format!("{} has no tests beside it", args.policy.display())))?;
        merge(&mut facts, &case_named(&tests, name)?);
    }
    if let Some(path) = &args.context {
        let files::File { name, text } = files::read_or(path, stdin);
        let given: Json = serde_saphyr::from_str(&text.map_err(Trouble)?)
            .map_err(|error| Trouble(format!("{name} is no context: {error}")))?;
        if !given.is_object() {
            return Err(Trouble(format!("{name} is no context: it is not a mapping")));
        }
        merge(&mut facts, &given);
    }
    for set in &args.set {
        merge(&mut facts, &patch(set)?);
    }
    let action = facts.get("action").and_then(Json::as_str).unwrap_or("login");
    let mut context = policy_core::testing::context(action);
    merge(&mut context, &facts);
    Ok(context)
}

/// `user.roles=[a, b]`: a path, and a value as YAML has it.
fn patch(set: &str) -> Result<Json, Trouble> {
    let (path, value) = set
        .split_once('=')
        .ok_or_else(|| Trouble(format!("{set:?} is no `PATH=VALUE`, such as `user.roles=[staff]`")))?;
    let value: Json = serde_saphyr::from_str(value)
        .map_err(|error| Trouble(format!("the value of `{path}` is no YAML: {error}")))?;
    Ok(path.trim().rsplit('.').fold(value, |value, name| json!({ name: value })))
}
