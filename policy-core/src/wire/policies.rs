//! The operations on policies: `validate`, `load`, `unload`, `decide`, `redact` and `explain`.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::WireError;
use super::cache::Cache;
use crate::context::FieldPath;
use crate::explain::{Explainer, Kept, Retold};
use crate::policy::{self, DecisionLog, Diagnostic, Loaded, Mode, Severity};
use crate::{context, decide};

/// The longest name of a file, in characters.
const LONGEST_FILE_NAME: usize = 255;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Source {
    source: String,
    file: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Unload {
    policy: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Decide {
    policy: String,
    context: Value,
}

/// A policy, and a decision of it that was kept.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Explain {
    source: String,
    file: String,
    kept: Kept,
}

/// A context that may be kept.
#[derive(Serialize)]
pub(super) struct Redacted {
    context: Value,
    redacted: Vec<FieldPath>,
}

/// What a host may know of a policy without reading it.
#[derive(Serialize)]
pub(super) struct Summary {
    hash: String,
    name: String,
    mode: Mode,
    actions: Vec<String>,
    rules: Vec<String>,
    reads: BTreeSet<String>,
    decision_log: DecisionLog,
    warnings: Vec<Diagnostic>,
}

#[derive(Serialize)]
pub(super) struct Unloaded {
    unloaded: bool,
}

#[inline(never)]
pub(super) fn validate(body: &Source) -> Result<Summary, WireError> {
    read(body).map(summary)
}

#[inline(never)]
pub(super) fn load(cache: &mut Cache, body: &Source) -> Result<Summary, WireError> {
    let Loaded { policy, warnings } = read(body)?;
    let summary = describe(&policy, warnings);
    cache.insert(policy, body.source.len());
    Ok(summary)
}

#[inline(never)]
pub(super) fn unload(cache: &mut Cache, body: &Unload) -> Unloaded {
    Unloaded { unloaded: cache.remove(&body.policy) }
}

#[inline(never)]
pub(super) fn decide(cache: &mut Cache, body: &Decide) -> Result<crate::decision::Decision, WireError> {
    let policy = held(cache, &body.policy)?;
    let facts = context::decode(&body.context).map_err(WireError::invalid_context)?;
    decide::decide(policy, &facts)
}

/// Only a context that fits the schema is let through: in any other, what must not be kept could stand anywhere.
#[inline(never)]
pub(super) fn redact(cache: &mut Cache, body: Decide) -> Result<Redacted, WireError> {
    let policy = held(cache, &body.policy)?;
    context::decode(&body.context).map_err(WireError::invalid_context)?;
    let mut context = body.context;
    let redacted = context::redact(&mut context, &policy.decision_log.redact);
    Ok(Redacted { redacted: redacted.into_iter().cloned().collect(), context })
}

/// The policy comes with the request: one that decides keeps neither its text nor its trees.
#[inline(never)]
pub(super) fn explain(body: Explain) -> Result<Retold, WireError> {
    let Explain { source, file, kept } = body;
    check_name(&file)?;
    let explainer = Explainer::new(&source, &file).map_err(|found| invalid(&file, found))?;
    explainer.retell(&kept)
}

fn held<'c>(cache: &'c mut Cache, hash: &str) -> Result<&'c policy::Policy, WireError> {
    cache.get(hash).ok_or_else(|| {
        WireError::new("policy_not_loaded", "this instance does not hold the policy: load it and ask again")
    })
}

/// How much memory a policy takes while it is read, as a multiple of its bytes.
const ROOM: usize = 12;
/// Memory is taken in blocks of this size: what is free is in parts, of which most are large enough.
const BLOCK: usize = 1 << 20;

/// Takes the memory beforehand that reading a large policy will need. A WebAssembly memory grows by pages of 64 KiB otherwise, and a
/// host that has it in one array copies all of it each time: for a policy of 10,000 rules, some 500 times.
#[inline(never)]
fn make_room(source: &str) {
    let blocks = source.len().saturating_mul(ROOM) / BLOCK;
    let block = || {
        let mut block: Vec<u8> = Vec::new();
        block.try_reserve_exact(BLOCK).ok().map(|()| block)
    };
    // What cannot be had in blocks may still be had in parts.
    let room: Vec<Vec<u8>> = std::iter::repeat_with(block).take(blocks).map_while(|block| block).collect();
    std::hint::black_box(&room);
}

fn read(body: &Source) -> Result<Loaded, WireError> {
    check_name(&body.file)?;
    if body.source.len() <= policy::LARGEST {
        make_room(&body.source);
    }
    policy::load(&body.source, &body.file).map_err(|diagnostics| invalid(&body.file, diagnostics))
}

fn check_name(file: &str) -> Result<(), WireError> {
    if file.chars().count() > LONGEST_FILE_NAME || file.chars().any(char::is_control) {
        return Err(WireError::new(
            "bad_body",
            format!("`file` is one line of at most {LONGEST_FILE_NAME} characters"),
        ));
    }
    Ok(())
}

fn invalid(file: &str, diagnostics: Vec<Diagnostic>) -> WireError {
    let errors = diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error).count();
    let message = format!("{errors} {} in {file}", if errors == 1 { "error" } else { "errors" });
    WireError { diagnostics, ..WireError::new("policy_invalid", message) }
}

fn summary(loaded: Loaded) -> Summary {
    describe(&loaded.policy, loaded.warnings)
}

fn describe(policy: &policy::Policy, warnings: Vec<Diagnostic>) -> Summary {
    let mut actions: Vec<String> = policy.rules.iter().flat_map(|rule| rule.on.iter().cloned()).collect();
    actions.sort();
    actions.dedup();
    Summary {
        hash: policy.hash.clone(),
        name: policy.name.clone(),
        mode: policy.mode,
        actions,
        rules: policy.rules.iter().map(|rule| rule.id.clone()).collect(),
        reads: policy.reads_at_all.clone(),
        decision_log: policy.decision_log.clone(),
        warnings,
    }
}
