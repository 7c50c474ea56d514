//! Finds the rules whose condition may follow from another rule's.

use std::collections::{BTreeMap, BTreeSet};

use super::{Linted, Rules};
use crate::cel::analysis::{Analysis, Guard};

/// How many rules of one guard are looked at, and how many for one rule in all.
const MOST_LOOKED_AT: usize = 200;
/// How many rules are found for one.
const MOST_FOUND: usize = 24;

/// Rules by what their conditions test, and those that always match, by action.
#[derive(Default)]
pub(super) struct Index<'r> {
    guards: BTreeMap<Guard, Vec<usize>>,
    always: BTreeMap<&'r str, Vec<usize>>,
}

impl<'r> Index<'r> {
    /// Adds a rule that is enforced.
    #[inline(never)]
    pub(super) fn add(&mut self, at: usize, linted: &Linted<'r>, analysis: &mut Analysis<'_>) {
        if analysis.never_false(linted.condition, Some(&linted.rule.on)) {
            for action in &linted.rule.on {
                self.always.entry(action).or_default().push(at);
            }
            return;
        }
        for guard in analysis.answers(linted.condition) {
            self.guards.entry(guard).or_default().push(at);
        }
    }

    /// The rules that may match whenever this one does, in the order of the file.
    #[inline(never)]
    pub(super) fn candidates(
        &self,
        of: &Linted<'r>,
        rules: &Rules<'r>,
        analysis: &mut Analysis<'_>,
    ) -> BTreeSet<usize> {
        let always = of.rule.on.iter().filter_map(|action| self.always.get(action.as_str()));
        let mut found: BTreeSet<usize> =
            always.flat_map(|all| all.iter().take(MOST_FOUND).copied()).collect();
        let mut left = MOST_LOOKED_AT;
        for guard in analysis.needs(of.condition) {
            let all = self.guards.get(&guard).map(Vec::as_slice).unwrap_or_default();
            for at in all.iter().take(left) {
                left = left.saturating_sub(1);
                let other = rules.rules.get(*at);
                if found.len() < MOST_FOUND
                    && other.is_some_and(|other| !other.rule.on.is_disjoint(&of.rule.on))
                {
                    found.insert(*at);
                }
            }
        }
        found
    }
}
