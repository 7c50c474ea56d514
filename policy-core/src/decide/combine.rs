//! What the enforced rules said, and which of them decides.

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

/// All that the evaluation gave, each with its rule's place in the policy.
#[derive(Debug, Default)]
pub(super) struct Votes<'p> {
    pub(super) votes: Vec<Vote<'p>>,
    pub(super) matched: Vec<(usize, Match)>,
    pub(super) failures: Vec<(usize, Failure)>,
}

impl<'p> Votes<'p> {
    /// The first of the strictest.
    pub(super) fn strictest(&self) -> Option<Vote<'p>> {
        let strictest = self.votes.iter().map(|vote| vote.effect).max()?;
        self.votes.iter().find(|vote| vote.effect == strictest).copied()
    }
}
