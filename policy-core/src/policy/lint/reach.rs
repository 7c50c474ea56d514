//! Under `first_match`: rules that another one stands before.

use std::collections::{BTreeMap, BTreeSet};

use super::Rules;
use super::index::Index;
use crate::cel::analysis::Analysis;
use crate::policy::codes;
use crate::policy::model::OnError;
use crate::policy::reader::Reader;

/// Warns of rules that can never match because those before them have matched; gives their places.
///
/// A rule that fails stops the search too, unless it is skipped then: so what follows such a rule must see it match.
#[inline(never)]
pub(super) fn check(
    reader: &mut Reader<'_>,
    rules: &Rules<'_>,
    analysis: &mut Analysis<'_>,
) -> BTreeSet<usize> {
    let mut told = BTreeSet::new();
    let mut index = Index::default();
    for (at, linted) in rules.rules.iter().enumerate().filter(|(_, linted)| linted.is_enforced()) {
        let mut behind: BTreeMap<&str, usize> = BTreeMap::new();
        for before in index.candidates(linted, rules, analysis) {
            let Some(first) = rules.rules.get(before) else { continue };
            let both: BTreeSet<String> = first.rule.on.intersection(&linted.rule.on).cloned().collect();
            if both.iter().all(|action| behind.contains_key(action.as_str())) {
                continue;
            }
            let surely = first.rule.on_error == OnError::Skip;
            if analysis.implies(linted.condition, first.condition, &both, surely) {
                for action in first.rule.on.intersection(&linted.rule.on) {
                    behind.entry(action).or_insert(before);
                }
            }
        }
        index.add(at, linted, analysis);
        if behind.len() < linted.rule.on.len() {
            continue;
        }
        // What can never match by itself is told as that.
        if analysis.never_true(linted.condition, Some(&linted.rule.on)) {
            continue;
        }
        let by: BTreeSet<usize> = behind.into_values().collect();
        let Some(first) = by.first().and_then(|before| rules.rules.get(*before)) else { continue };
        let name = &first.rule.id;
        let message = if by.len() > 1 {
            format!("this rule is never reached: `{name}` and others have matched before it")
        } else if analysis.is_true(first.condition) {
            format!("this rule is never reached: `{name}` always matches before it")
        } else {
            format!(
                "this rule is never reached: whenever its condition is true, `{name}` has matched before it"
            )
        };
        reader.rule = Some(linted.rule.id.clone());
        reader.warn(
            codes::UNREACHABLE_RULE,
            linted.range.clone(),
            message,
            format!("move it before `{name}`"),
        );
        told.insert(at);
    }
    reader.rule = None;
    told
}
