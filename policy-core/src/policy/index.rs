//! Which rules can match at all: by action, and by the one fact that most conditions of an action begin with, such as the client.

use std::collections::BTreeMap;

use super::model::Rule;
use crate::bytes::Table;

/// The rules of a policy by what they are for.
#[derive(Debug, Default)]
pub struct Index(Table<Bucket>);

/// The rules for one action, by their place in the policy, in its order.
#[derive(Debug, Default)]
struct Bucket {
    all: Vec<u32>,
    /// The fact by which they are told apart.
    slot: Option<u16>,
    /// Those that want the fact to be this text.
    keyed: Table<Vec<u32>>,
    /// Those that want nothing of it.
    open: Vec<u32>,
}

impl Index {
    /// Of rules whose conditions are linked.
    #[must_use]
    pub fn new(rules: &[Rule]) -> Self {
        let mut actions: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
        for (place, rule) in (0_u32..).zip(rules) {
            for action in &rule.on {
                actions.entry(action).or_default().push(place);
            }
        }
        let sorted = actions.into_iter().map(|(action, all)| (action.to_owned(), Bucket::new(all, rules)));
        Self(Table::new(sorted))
    }

    /// The places of the rules that may match for an action, in the order of the policy. `fact` gives the fact of a slot, where it is
    /// there and a text.
    pub fn candidates<'f>(&self, action: &str, fact: impl FnOnce(u16) -> Option<&'f str>) -> Candidates<'_> {
        let Some(bucket) = self.0.get(action) else { return Candidates::default() };
        // Without the fact each of the conditions is an error of its own, which has to be told.
        match bucket.slot.and_then(fact) {
            None => Candidates { some: &bucket.all, others: &[] },
            Some(text) => {
                let some = bucket.keyed.get(text).map_or(&[][..], Vec::as_slice);
                Candidates { some, others: &bucket.open }
            }
        }
    }
}

/// Places of rules, in the order of the policy.
#[derive(Debug, Clone, Default)]
pub struct Candidates<'i> {
    some: &'i [u32],
    others: &'i [u32],
}

impl Iterator for Candidates<'_> {
    type Item = usize;

    #[inline]
    fn next(&mut self) -> Option<usize> {
        let from = match (self.some.first(), self.others.first()) {
            (Some(one), Some(other)) if other < one => &mut self.others,
            (None, _) => &mut self.others,
            _ => &mut self.some,
        };
        let (first, rest) = from.split_first()?;
        *from = rest;
        usize::try_from(*first).ok()
    }
}

impl Bucket {
    /// Of the rules for one action.
    fn new(all: Vec<u32>, rules: &[Rule]) -> Self {
        let guards = |place: u32| {
            let rule = usize::try_from(place).ok().and_then(|place| rules.get(place));
            rule.and_then(|rule| rule.when.as_ref()).map(|when| when.guards()).unwrap_or_default()
        };
        let mut wanted: BTreeMap<u16, usize> = BTreeMap::new();
        for place in &all {
            for guard in guards(*place) {
                let count = wanted.entry(guard.slot).or_default();
                *count = count.saturating_add(1);
            }
        }
        // Each rule of an action wants that action: what tells none apart is no help.
        let most =
            wanted.into_iter().filter(|(slot, _)| Some(*slot) != crate::context::schema::slot("action"));
        let slot = most.max_by_key(|(slot, count)| (*count, std::cmp::Reverse(*slot))).map(|(slot, _)| slot);
        let (mut keyed, mut open): (BTreeMap<String, Vec<u32>>, Vec<u32>) = (BTreeMap::new(), Vec::new());
        for place in &all {
            let guard = guards(*place).into_iter().find(|guard| Some(guard.slot) == slot);
            match guard {
                None => open.push(*place),
                Some(mut guard) => {
                    guard.texts.sort();
                    guard.texts.dedup();
                    for text in guard.texts {
                        keyed.entry(text).or_default().push(*place);
                    }
                }
            }
        }
        Self { all, slot, keyed: Table::new(keyed), open }
    }
}
