//! Who can still vote in a stage, and whether that is enough.

use super::chain::{Quorum, Stage};
use super::facts::Eligible;
use std::collections::BTreeSet;

/// Who of a stage's eligible people may vote there: not the requester, nor who approved another stage already,
/// unless the stage allows that.
#[derive(Debug)]
pub(super) struct Available<'a> {
    /// Those who are known by key.
    pub(super) people: BTreeSet<&'a str>,
    /// At least how many there are beyond those.
    unlisted: u32,
    /// Whether `people` is everyone.
    complete: bool,
}

impl<'a> Available<'a> {
    /// Takes the excluded person keys out of the eligible people.
    pub(super) fn new(eligible: &'a Eligible, excluded: &BTreeSet<&str>) -> Self {
        let people: BTreeSet<&str> =
            eligible.people.iter().map(String::as_str).filter(|key| !excluded.contains(key)).collect();
        let beyond = eligible.count.saturating_sub(count(eligible.people.len()));
        let excluded_unseen = excluded.iter().filter(|key| !eligible.people.contains(**key)).count();
        Self { people, unlisted: beyond.saturating_sub(count(excluded_unseen)), complete: beyond == 0 }
    }

    /// Everyone who may vote, where all of them are known.
    pub(super) fn everyone(&self) -> Option<&BTreeSet<&'a str>> {
        self.complete.then_some(&self.people)
    }

    /// At least how many may vote.
    fn count(&self) -> u32 {
        count(self.people.len()).saturating_add(self.unlisted)
    }

    /// Why a stage that is entered now can never be approved, as a stable code; none if it can.
    pub(super) fn obstacle(&self, stage: &Stage) -> Option<&'static str> {
        match (self.count(), stage.quorum) {
            (0, _) => Some("no_eligible_approver"),
            (_, Quorum::All) if !self.complete => Some("too_many_eligible"),
            (people, Quorum::AtLeast(quorum)) if people < quorum => Some("quorum_unreachable"),
            _ => None,
        }
    }
}

fn count(people: usize) -> u32 {
    u32::try_from(people).unwrap_or(u32::MAX)
}
