//! Rules with the same condition.

use std::collections::{BTreeMap, BTreeSet};

use super::{Linted, Rules};
use crate::cel::analysis::{Analysis, Term};
use crate::policy::codes;
use crate::policy::model::{Combine, Mode, Then};
use crate::policy::reader::Reader;

/// Warns of each rule that has the condition of an earlier one for some action, unless it was `told` of already.
///
/// A rule under observation is often a copy of one that is enforced; that is what observing is for.
#[inline(never)]
pub(super) fn check<'r>(
    reader: &mut Reader<'_>,
    rules: &Rules<'r>,
    analysis: &Analysis<'_>,
    told: &BTreeSet<usize>,
) {
    let mut known: BTreeMap<(Term, bool, &str), usize> = BTreeMap::new();
    for (at, linted) in rules.rules.iter().enumerate() {
        // Effects that are asked for whatever happens are often written one by one.
        if rules.combine == Combine::Strictest && analysis.is_true(linted.condition) {
            continue;
        }
        let observed = linted.rule.mode == Mode::Observe;
        let key = |action: &'r String| (linted.condition, observed, action.as_str());
        let before = linted.rule.on.iter().find_map(|action| {
            Some((action, known.get(&key(action)).and_then(|before| rules.rules.get(*before))?))
        });
        if let Some((action, before)) = before.filter(|_| !told.contains(&at)) {
            reader.rule = Some(linted.rule.id.clone());
            let (message, help) = words(linted, before, action, rules.combine);
            reader.warn(codes::DUPLICATE_CONDITION, linted.range.clone(), message, help);
        }
        for action in &linted.rule.on {
            known.entry(key(action)).or_insert(at);
        }
    }
    reader.rule = None;
}

fn words(linted: &Linted<'_>, before: &Linted<'_>, action: &str, combine: Combine) -> (String, String) {
    let id = &before.rule.id;
    let message = format!("this rule has the condition of `{id}` for `{action}`");
    if linted.rule.then == before.rule.then {
        return (
            format!("{message}, and the same effect"),
            format!("make one rule of the two: `on` of `{id}` may name more actions"),
        );
    }
    match combine {
        Combine::FirstMatch => (
            format!("{message}: it is not reached there"),
            format!("take `{action}` out of one of the two, or write another condition"),
        ),
        Combine::Strictest if Then::Deny == linted.rule.then || Then::Deny == before.rule.then => (
            format!("{message}, and another effect: only the denial counts"),
            "one of the two may be meant for another condition".to_owned(),
        ),
        Combine::Strictest => (
            format!("{message}, and another effect: the two add up"),
            "one of the two may be meant for another condition".to_owned(),
        ),
    }
}
