//! What is legal and probably not meant. Only a policy without errors is worth these remarks.

use std::collections::{BTreeMap, BTreeSet};

use super::diagnostic::Severity;
use super::expressions::Expressions;
use super::load::{Chains, ReadRule};
use super::model::{Combine, Mode, Then};
use super::reader::Reader;
use super::{codes, model::Rule};

/// Warns of what nothing uses and of rules that can never decide.
#[inline(never)]
pub(crate) fn lint(
    reader: &mut Reader<'_>,
    expressions: &Expressions<'_>,
    chains: &Chains,
    rules: &[ReadRule],
    combine: Combine,
) {
    if reader.findings.iter().any(|finding| finding.severity == Severity::Error) {
        return;
    }
    unused(reader, expressions, chains, rules);
    for rule in rules {
        reader.rule = Some(rule.value.id.clone());
        if constant(&rule.value) == Some(false) {
            reader.warn(
                codes::UNREACHABLE_RULE,
                rule.range.clone(),
                "this rule never matches: its condition is `false`",
                "to try a rule out, write `mode: observe`",
            );
        }
    }
    reader.rule = None;
    if combine == Combine::FirstMatch {
        shadowed(reader, rules);
    }
}

fn unused(reader: &mut Reader<'_>, expressions: &Expressions<'_>, chains: &Chains, rules: &[ReadRule]) {
    for (name, range) in expressions.unused() {
        reader.warn(
            codes::UNUSED_VARIABLE,
            range,
            format!("nothing uses the variable `{name}`"),
            "remove it, or use it",
        );
    }
    let used: BTreeSet<&str> = rules
        .iter()
        .filter_map(|rule| match &rule.value.then {
            Then::RequireApproval { chain, .. } => Some(chain.as_str()),
            _ => None,
        })
        .collect();
    for (name, chain) in chains.iter().filter(|(name, _)| !used.contains(name.as_str())) {
        reader.warn(
            codes::UNUSED_CHAIN,
            chain.range.clone(),
            format!("no rule uses the chain `{name}`"),
            "remove it, or name it in a rule",
        );
    }
}

/// Under `first_match`, nothing behind a rule that always matches is ever asked for the same actions.
fn shadowed(reader: &mut Reader<'_>, rules: &[ReadRule]) {
    let mut taken: BTreeMap<&str, &str> = BTreeMap::new();
    for rule in rules {
        let first = rule.value.on.iter().next().and_then(|action| taken.get(action.as_str()));
        if let (Some(by), true) =
            (first, rule.value.on.iter().all(|action| taken.contains_key(action.as_str())))
        {
            reader.rule = Some(rule.value.id.clone());
            let message = format!("this rule is never reached: `{by}` always matches before it");
            reader.warn(
                codes::UNREACHABLE_RULE,
                rule.range.clone(),
                message,
                format!("move it before `{by}`"),
            );
        }
        if rule.value.mode == Mode::Enforce && constant(&rule.value) == Some(true) {
            for action in &rule.value.on {
                taken.entry(action).or_insert(&rule.value.id);
            }
        }
    }
    reader.rule = None;
}

/// The value of a condition that says so itself.
fn constant(rule: &Rule) -> Option<bool> {
    match rule.when.as_ref().map(|when| when.source().trim()) {
        None | Some("true") => Some(true),
        Some("false") => Some(false),
        Some(_) => None,
    }
}
