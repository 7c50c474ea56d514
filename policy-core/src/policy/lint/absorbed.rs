//! Under `strictest`: rules that ask for nothing that another one does not ask for anyway.

use std::collections::{BTreeMap, BTreeSet};

use super::Rules;
use super::index::Index;
use crate::cel::analysis::Analysis;
use crate::decision::Effect;
use crate::policy::codes;
use crate::policy::levels::higher;
use crate::policy::model::{DefaultEffect, OnError, Rule, Then};
use crate::policy::reader::Reader;

/// Warns of rules that add nothing; gives their places.
#[inline(never)]
pub(super) fn check(
    reader: &mut Reader<'_>,
    rules: &Rules<'_>,
    analysis: &mut Analysis<'_>,
    default: DefaultEffect,
) -> BTreeSet<usize> {
    let mut index = Index::default();
    for (at, linted) in rules.rules.iter().enumerate().filter(|(_, linted)| linted.is_enforced()) {
        index.add(at, linted, analysis);
    }
    let mut told = BTreeSet::new();
    for (at, linted) in rules.rules.iter().enumerate().filter(|(_, linted)| linted.is_enforced()) {
        reader.rule = Some(linted.rule.id.clone());
        if linted.rule.then == Then::Allow && default == DefaultEffect::Allow {
            let message = "`allow` changes nothing here: under `combine: strictest` it is no exception from other rules, \
                           and what no rule matches is allowed anyway";
            let help =
                "write the exception into the conditions of the other rules, or use `combine: first_match`";
            reader.warn(codes::ABSORBED_RULE, linted.range.clone(), message, help);
            told.insert(at);
            continue;
        }
        let mut beside: BTreeMap<&str, usize> = BTreeMap::new();
        for other in index.candidates(linted, rules, analysis) {
            let Some(second) = rules.rules.get(other).filter(|_| other != at) else { continue };
            let both: BTreeSet<String> = second.rule.on.intersection(&linted.rule.on).cloned().collect();
            let surely = second.rule.on_error == OnError::Skip;
            if both.iter().any(|action| !beside.contains_key(action.as_str()))
                && absorbs(second.rule, linted.rule, other < at)
                && analysis.implies(linted.condition, second.condition, &both, surely)
            {
                for action in second.rule.on.intersection(&linted.rule.on) {
                    beside.entry(action).or_insert(other);
                }
            }
        }
        if beside.len() < linted.rule.on.len() || analysis.never_true(linted.condition, Some(&linted.rule.on))
        {
            continue;
        }
        let by: BTreeSet<usize> = beside.into_values().collect();
        let Some(second) = by.first().and_then(|other| rules.rules.get(*other)) else { continue };
        let and_others = if by.len() > 1 { " (or another rule)" } else { "" };
        let does = if second.rule.then == Then::Deny { "denies the step anyway" } else { "asks for as much" };
        let message = format!(
            "this rule adds nothing: whenever its condition is true, `{}`{and_others} {does}",
            second.rule.id
        );
        let help = format!("remove it, or make the condition of `{}` narrower", second.rule.id);
        reader.warn(codes::ABSORBED_RULE, linted.range.clone(), message, help);
        told.insert(at);
    }
    reader.rule = None;
    told
}

/// Whether a decision on which `one` has a say is the same with and without the other's. `earlier`: `one` stands first.
#[inline(never)]
fn absorbs(one: &Rule, other: &Rule, earlier: bool) -> bool {
    let (first, second) = (one.then.effect(), other.then.effect());
    // Of rules with the same effect the first decides: its reason is shown, and its chain comes first.
    if second > first || (second == first && !earlier) {
        return false;
    }
    match (&one.then, &other.then) {
        (Then::Deny, _) => true,
        (_, Then::Allow) => first > Effect::Allow || earlier,
        (Then::Confirm { remember: one }, Then::Confirm { remember: other }) => shorter(*one, *other),
        (
            Then::StepUp { acr } | Then::RequireApproval { acr: Some(acr), .. },
            Then::StepUp { acr: other },
        ) => is_highest(acr, other),
        (
            Then::RequireApproval { chain, acr, grant },
            Then::RequireApproval { chain: other_chain, acr: other_acr, grant: other_grant },
        ) => {
            let level = match (acr, other_acr) {
                (_, None) => true,
                (Some(one), Some(other)) => is_highest(one, other),
                (None, Some(_)) => false,
            };
            // An approval for this once is the strictest.
            chain == other_chain && level && (grant.is_none() || grant == other_grant)
        }
        _ => false,
    }
}

fn is_highest(one: &str, other: &str) -> bool {
    higher(one, other) == Some(one)
}

/// Whether the first of two times to remember is no longer than the second; none is the shortest.
fn shorter(one: Option<u32>, other: Option<u32>) -> bool {
    match (one, other) {
        (None, _) => true,
        (Some(_), None) => false,
        (Some(one), Some(other)) => one <= other,
    }
}
