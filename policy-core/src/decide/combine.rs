//! What the enforced rules said, and which of them decides.

use bumpalo::collections::Vec as List;

use crate::cel::Arena;
use crate::decision::{Effect, Failure, Match};
use crate::policy::Rule;

/// What came of a rule's condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It matched, or counts as if it had.
    Yes,
    /// It did not match, or was left out.
    No,
    /// It failed, and denies.
    Failed,
    /// The budget is used up: it denies, and nothing after it is evaluated.
    Exhausted,
}

/// A rule that has a say.
#[derive(Clone, Copy, Debug)]
pub(super) struct Vote<'p> {
    /// Its place in the policy.
    pub(super) order: usize,
    pub(super) rule: &'p Rule,
    pub(super) effect: Effect,
    /// It denies because it could not be evaluated.
    pub(super) failed: bool,
}

/// A rule that matched.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Matched<'p> {
    /// Its place in the policy.
    order: usize,
    pub(crate) rule: &'p Rule,
    pub(crate) effect: Effect,
}

impl From<Matched<'_>> for Match {
    fn from(Matched { rule, effect, .. }: Matched<'_>) -> Self {
        Self { rule: rule.id.clone(), effect, mode: rule.mode }
    }
}

/// All that the evaluation gave.
#[derive(Debug)]
pub(super) struct Votes<'p> {
    pub(super) votes: List<'p, Vote<'p>>,
    pub(super) matched: List<'p, Matched<'p>>,
    /// Each with its rule's place in the policy.
    pub(super) failures: Vec<(usize, Failure)>,
}

impl<'p> Votes<'p> {
    pub(super) fn new(arena: &'p Arena) -> Self {
        Self { votes: arena.list(), matched: arena.list(), failures: Vec::new() }
    }

    /// The first of the strictest.
    pub(super) fn strictest(&self) -> Option<Vote<'p>> {
        let strictest = self.votes.iter().map(|vote| vote.effect).max()?;
        self.votes.iter().find(|vote| vote.effect == strictest).copied()
    }

    /// In the policy's order.
    #[inline(never)]
    pub(super) fn sort(&mut self) {
        self.matched.sort_by_key(|matched| matched.order);
        self.failures.sort_by_key(|(order, _)| *order);
    }

    /// Takes down what an enforced rule says.
    #[inline(never)]
    pub(super) fn cast(&mut self, order: usize, rule: &'p Rule, verdict: Verdict) {
        let failed = matches!(verdict, Verdict::Failed | Verdict::Exhausted);
        let effect = if failed { Effect::Deny } else { rule.then.effect() };
        self.votes.push(Vote { order, rule, effect, failed });
        if !failed {
            self.list(order, rule, effect);
        }
    }

    pub(super) fn list(&mut self, order: usize, rule: &'p Rule, effect: Effect) {
        self.matched.push(Matched { order, rule, effect });
    }
}
