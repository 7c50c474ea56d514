//! Which rules can match at all: by action, and by the one fact that most conditions of an action begin with, such as the client.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::model::Rule;

/// The rules of a policy by what they are for.
#[derive(Debug, Default)]
pub struct Index(BTreeMap<String, Bucket>);

/// The rules for one action, by their place in the policy, in its order.
#[derive(Debug, Default)]
struct Bucket {
    all: Vec<u32>,
    /// The fact by which they are told apart.
    slot: Option<u16>,
    /// Those that want the fact to be this text.
    keyed: BTreeMap<String, Vec<u32>>,
    /// Those that want nothing of it.
    open: Vec<u32>,
}

impl Index {
    /// Of rules whose conditions are linked.
    #[must_use]
    pub fn new(rules: &[Rule]) -> Self {
        let mut index = Self::default();
        for (place, rule) in (0_u32..).zip(rules) {
            for action in &rule.on {
                index.0.entry(action.clone()).or_default().all.push(place);
            }
        }
        for bucket in index.0.values_mut() {
            bucket.sort_out(rules);
        }
        index
    }

    /// The places of the rules that may match for an action, in the order of the policy. `fact` gives the fact of a slot, where it is
    /// there and a text.
    pub fn candidates<'f>(&self, action: &str, fact: impl FnOnce(u16) -> Option<&'f str>) -> Cow<'_, [u32]> {
        let Some(bucket) = self.0.get(action) else { return Cow::default() };
        // Without the fact each of the conditions is an error of its own, which has to be told.
        match bucket.slot.and_then(fact) {
            None => Cow::Borrowed(&bucket.all),
            Some(text) => merged(bucket.keyed.get(text).map_or(&[][..], Vec::as_slice), &bucket.open),
        }
    }
}

impl Bucket {
    fn sort_out(&mut self, rules: &[Rule]) {
        let guards = |place: u32| {
            let rule = usize::try_from(place).ok().and_then(|place| rules.get(place));
            rule.and_then(|rule| rule.when.as_ref()).map(|when| when.guards()).unwrap_or_default()
        };
        let mut wanted: BTreeMap<u16, usize> = BTreeMap::new();
        for place in &self.all {
            for guard in guards(*place) {
                let count = wanted.entry(guard.slot).or_default();
                *count = count.saturating_add(1);
            }
        }
        // Each rule of an action wants that action: what tells none apart is no help.
        let most =
            wanted.into_iter().filter(|(slot, _)| Some(*slot) != crate::context::schema::slot("action"));
        self.slot = most.max_by_key(|(slot, count)| (*count, std::cmp::Reverse(*slot))).map(|(slot, _)| slot);
        for place in &self.all {
            let guard = guards(*place).into_iter().find(|guard| Some(guard.slot) == self.slot);
            match guard {
                None => self.open.push(*place),
                Some(mut guard) => {
                    guard.texts.sort();
                    guard.texts.dedup();
                    for text in guard.texts {
                        self.keyed.entry(text).or_default().push(*place);
                    }
                }
            }
        }
    }
}

/// Two sorted lists as one.
fn merged<'i>(a: &'i [u32], b: &'i [u32]) -> Cow<'i, [u32]> {
    match (a, b) {
        (a, []) => Cow::Borrowed(a),
        ([], b) => Cow::Borrowed(b),
        (a, b) => {
            let mut all = [a, b].concat();
            all.sort_unstable();
            Cow::Owned(all)
        }
    }
}
