//! What came of each rule of a policy, by what a decision says.

use std::collections::{BTreeMap, BTreeSet};

use super::Outcome;
use super::kept::Kept;
use crate::cel::EvalError;
use crate::decision::{self, Decision, Part};
use crate::policy::{Combine, Mode, Policy, Rule};

/// What a decision says about each rule of its policy, in the order of the policy; nothing of those that are not for the action.
///
/// # Example: under `first_match`, the rules behind the one that decides
///
/// ```
/// use policy_core::explain::{Outcome, outcomes};
/// use policy_core::testing::PolicyTest;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let test = PolicyTest::new(
///     "apiVersion: jit-approval.dev/v1
/// name: p
/// combine: first_match
/// rules:
///   - { id: public, on: [login], when: client.public, effect: deny }
///   - { id: local, on: [login], when: '!user.federated', effect: allow }
///   - { id: all, on: [login], effect: confirm }
///   - { id: new, on: [register], effect: confirm }",
/// )?;
/// let decision = test.on("login").decide()?;
/// let came: Vec<_> = outcomes(test.policy(), "login", &decision).map(|(_, outcome)| outcome).collect();
/// assert_eq!(came, [Some(Outcome::NotMatched), Some(Outcome::Matched), Some(Outcome::NotAsked), None]);
/// # Ok(())
/// # }
/// ```
pub fn outcomes<'p>(
    policy: &'p Policy,
    action: &str,
    decision: &Decision,
) -> impl Iterator<Item = (&'p Rule, Option<Outcome>)> {
    Known::of(decision).outcomes(policy, action)
}

/// What a decision tells of the rules that were asked.
#[derive(Debug)]
pub(super) struct Known<'d> {
    matched: BTreeSet<&'d str>,
    failed: BTreeMap<&'d str, Failed>,
}

/// How the condition of a rule failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Failed {
    /// The rule was passed over.
    Skipped,
    /// It counts for something.
    Counts,
    /// The budget was used up, which is one for all rules.
    Exhausted,
}

impl<'d> Known<'d> {
    pub(super) fn of(decision: &'d Decision) -> Self {
        let exhausted = EvalError::BudgetExhausted.to_string();
        let failed = decision.errors.iter().filter(|failure| failure.part == Part::When).map(|failure| {
            let failed =
                if failure.message == exhausted { Failed::Exhausted } else { Failed::by(failure.outcome) };
            (failure.rule.as_str(), failed)
        });
        Self {
            matched: decision.matched.iter().map(|it| it.rule.as_str()).collect(),
            failed: failed.collect(),
        }
    }

    /// Messages are not kept, so that a used up budget is any other failure here.
    pub(super) fn kept(kept: &'d Kept) -> Self {
        let failed = kept.errors.iter().filter(|failure| failure.part == Part::When);
        Self {
            matched: kept.matched.iter().map(|it| it.rule.as_str()).collect(),
            failed: failed.map(|it| (it.rule.as_str(), Failed::by(it.outcome))).collect(),
        }
    }

    /// What came of each rule of the policy; nothing of those that are not for the action.
    pub(super) fn outcomes<'p>(
        &self,
        policy: &'p Policy,
        action: &str,
    ) -> impl Iterator<Item = (&'p Rule, Option<Outcome>)> + use<'p> {
        // Of the rules that are enforced, and of those that are observed: whether the rest of them is asked.
        let (mut enforced_over, mut observed_over) = (false, false);
        let outcomes: Vec<_> = policy
            .rules
            .iter()
            .map(|rule| {
                if !rule.on.contains(action) {
                    return (rule, None);
                }
                let enforced = rule.mode == Mode::Enforce;
                let over = if enforced { &mut enforced_over } else { &mut observed_over };
                let ends = enforced && policy.combine == Combine::FirstMatch;
                let outcome = match self.failed.get(rule.id.as_str()) {
                    _ if *over => Outcome::NotAsked,
                    Some(failed) => {
                        *over = *failed == Failed::Exhausted || (ends && *failed != Failed::Skipped);
                        Outcome::Failed
                    }
                    None if self.matched.contains(rule.id.as_str()) => {
                        *over = ends;
                        Outcome::Matched
                    }
                    None => Outcome::NotMatched,
                };
                (rule, Some(outcome))
            })
            .collect();
        outcomes.into_iter()
    }
}

impl Failed {
    fn by(outcome: decision::Outcome) -> Self {
        if outcome == decision::Outcome::Skip { Self::Skipped } else { Self::Counts }
    }
}
