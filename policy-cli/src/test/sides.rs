//! Which rules the cases have seen match, and which not.

use policy_core::decision::Decision;
use policy_core::explain::{Outcome, outcomes};
use policy_core::policy::Policy;
use serde::Serialize;
use std::collections::BTreeMap;

/// A rule of which no case shows both that it matches and that it does not.
#[derive(Debug, Serialize)]
pub(super) struct Unseen {
    pub(super) rule: String,
    /// A case is missing in which it matches.
    pub(super) matching: bool,
    /// A case is missing in which it is asked and does not match.
    pub(super) other: bool,
}

/// What the cases have shown of each rule.
#[derive(Debug)]
pub(super) struct Sides<'p> {
    policy: &'p Policy,
    seen: BTreeMap<&'p str, Seen>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    matching: bool,
    other: bool,
}

impl<'p> Sides<'p> {
    pub(super) fn new(policy: &'p Policy) -> Self {
        Self { policy, seen: BTreeMap::new() }
    }

    /// Takes down what one decision has shown.
    pub(super) fn take(&mut self, action: &str, decision: &Decision) {
        for (rule, outcome) in outcomes(self.policy, action, decision) {
            let seen = self.seen.entry(&rule.id).or_default();
            seen.matching |= outcome == Some(Outcome::Matched);
            seen.other |= outcome == Some(Outcome::NotMatched);
        }
    }

    /// The rules that lack a case, in the order of the policy.
    pub(super) fn unseen(&self) -> Vec<Unseen> {
        self.policy
            .rules
            .iter()
            .filter_map(|rule| {
                let seen = self.seen.get(rule.id.as_str()).copied().unwrap_or_default();
                // One without a condition always matches.
                let (matching, other) = (!seen.matching, !seen.other && rule.when.is_some());
                (matching || other).then(|| Unseen { rule: rule.id.clone(), matching, other })
            })
            .collect()
    }
}
