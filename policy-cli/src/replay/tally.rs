//! How many decisions change, from what to what, and for whom.

use super::line::{Line, Said};
use serde::Serialize;
use std::collections::BTreeMap;

/// How many decisions of a kind are named, to be looked at.
const EXAMPLES: usize = 3;

/// What came of a whole log.
#[derive(Debug, Default, Serialize)]
pub(super) struct Tally {
    /// Lines that were decided again.
    pub(super) replayed: u64,
    /// As many as these, and as are unknown, with samples scaled up by the rate at which they were taken.
    pub(super) replayed_estimate: f64,
    pub(super) unknown_estimate: f64,
    pub(super) same: u64,
    /// Of these, those that another rule decides.
    pub(super) by_another_rule: u64,
    pub(super) changed: u64,
    /// As many as changed, with samples scaled up by the rate at which they were taken.
    pub(super) changed_estimate: f64,
    pub(super) unknown: u64,
    /// Why, and how often.
    pub(super) unknown_because: BTreeMap<String, u64>,
    /// Lines of the very policy that decides again, and decides otherwise: an engine of another version.
    pub(super) drifted: u64,
    pub(super) first: Option<String>,
    pub(super) last: Option<String>,
    #[serde(skip)]
    kinds: BTreeMap<(Said, Said), Kind>,
}

/// Decisions that change alike.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct Kind {
    pub(super) count: u64,
    pub(super) estimate: f64,
    pub(super) users: BTreeMap<String, u64>,
    pub(super) clients: BTreeMap<String, u64>,
    pub(super) actions: BTreeMap<String, u64>,
    /// Ids of some of them.
    pub(super) examples: Vec<String>,
}

impl Tally {
    /// A decision was compared.
    pub(super) fn compare(&mut self, line: &Line, before: Said, after: Said, same_policy: bool) {
        self.see(line);
        if !before.is_noticed(&after) {
            add(&mut self.same);
            if before.rule != after.rule {
                add(&mut self.by_another_rule);
            }
            return;
        }
        add(&mut self.changed);
        if same_policy {
            add(&mut self.drifted);
        }
        let weight = line.weight();
        self.changed_estimate += weight;
        let kind = self.kinds.entry((before, after)).or_default();
        add(&mut kind.count);
        kind.estimate += weight;
        let named = [
            (&mut kind.users, line.fact("user", "username")),
            (&mut kind.clients, line.fact("client", "id")),
        ];
        for (names, name) in named.into_iter().chain([(&mut kind.actions, Some(line.action.as_str()))]) {
            add(names.entry(name.unwrap_or("unknown").to_owned()).or_default());
        }
        if kind.examples.len() < EXAMPLES {
            kind.examples.push(line.id.clone());
        }
    }

    /// Nobody can tell what would have been decided.
    pub(super) fn unknown(&mut self, line: &Line, why: String) {
        self.see(line);
        add(&mut self.unknown);
        self.unknown_estimate += line.weight();
        add(self.unknown_because.entry(why).or_default());
    }

    fn see(&mut self, line: &Line) {
        add(&mut self.replayed);
        self.replayed_estimate += line.weight();
        if self.first.as_ref().is_none_or(|first| *first > line.at) {
            self.first = Some(line.at.clone());
        }
        if self.last.as_ref().is_none_or(|last| *last < line.at) {
            self.last = Some(line.at.clone());
        }
    }

    /// What changes alike, the most frequent first.
    pub(super) fn kinds(&self) -> Vec<(&Said, &Said, &Kind)> {
        let mut kinds: Vec<_> =
            self.kinds.iter().map(|((before, after), kind)| (before, after, kind)).collect();
        kinds.sort_by_key(|(.., kind)| std::cmp::Reverse(kind.count));
        kinds
    }
}

fn add(count: &mut u64) {
    *count = count.saturating_add(1);
}
