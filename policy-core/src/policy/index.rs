//! Which rules can match at all: by action, and by the one fact that most conditions of an action begin with, such as the client.

use std::collections::{BTreeMap, BTreeSet};

use super::model::Rule;
use crate::bytes::Table;

/// The most texts by which rules are told apart, of all actions together. Rules beyond are always looked at.
const MOST_TEXTS: usize = 300_000;

/// The rules of a policy by what they are for.
///
/// # Example: the rules of one client
///
/// ```
/// use policy_core::policy::load;
///
/// let policy = load(
///     "apiVersion: jit-approval.dev/v1
/// name: p
/// rules:
///   - { id: console, on: [login], when: 'client.id == \"console\" && user.federated', effect: confirm }
///   - { id: wiki, on: [login], when: 'client.id == \"wiki\" && user.federated', effect: confirm }
///   - { id: abroad, on: [login], when: 'request.ip != \"192.0.2.1\"', effect: confirm }",
///     "p.yaml",
/// )?
/// .policy;
/// // Only the rules for this client, and those that name none, can match.
/// let places: Vec<usize> = policy.index.candidates("login", |_| Some("wiki")).collect();
/// assert_eq!(places, [1, 2]);
/// assert_eq!(policy.index.candidates("register", |_| None).count(), 0);
/// # Ok::<(), Vec<policy_core::policy::Diagnostic>>(())
/// ```
#[derive(Debug, Default)]
pub struct Index {
    /// The place of each action's bucket; actions with the same rules share one.
    actions: Table<usize>,
    buckets: Vec<Bucket>,
}

/// The rules for one action, by their place in the policy, in its order.
#[derive(Debug, Default)]
pub(super) struct Bucket {
    pub(super) all: Vec<u32>,
    /// The fact by which they are told apart.
    pub(super) slot: Option<u16>,
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
        let mut alike: BTreeMap<Vec<u32>, Vec<&str>> = BTreeMap::new();
        for (action, all) in actions {
            alike.entry(all).or_default().push(action);
        }
        let (mut named, mut buckets, mut left) = (Vec::new(), Vec::new(), MOST_TEXTS);
        for (all, actions) in alike {
            named.extend(actions.into_iter().map(|action| (action.to_owned(), buckets.len())));
            buckets.push(Bucket::new(all, rules, &mut left));
        }
        Self { actions: Table::new(named), buckets }
    }

    fn bucket(&self, action: &str) -> Option<&Bucket> {
        self.buckets.get(*self.actions.get(action)?)
    }

    /// The actions that have rules, sorted, each with its bucket and the number of that.
    pub(super) fn buckets(&self) -> impl Iterator<Item = (&str, usize, &Bucket)> {
        let mut actions: Vec<(&str, usize)> = self.actions.iter().map(|(action, at)| (action, *at)).collect();
        actions.sort_unstable();
        actions.into_iter().filter_map(|(action, at)| Some((action, at, self.buckets.get(at)?)))
    }

    /// The places of the rules that may match for an action, in the order of the policy. `fact` gives the fact of a slot, where it is
    /// there and a text.
    pub fn candidates<'f>(&self, action: &str, fact: impl FnOnce(u16) -> Option<&'f str>) -> Candidates<'_> {
        let Some(bucket) = self.bucket(action) else { return Candidates::default() };
        // Without the fact each of the conditions is an error of its own, which has to be told.
        match bucket.slot.and_then(fact) {
            None => bucket.everything(),
            Some(text) => bucket.with(bucket.keyed.get(text).map_or(&[], Vec::as_slice)),
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
    /// Of the rules for one action; `left` is how many texts may still be told apart.
    fn new(all: Vec<u32>, rules: &[Rule], left: &mut usize) -> Self {
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
            let has_guard = guard.is_some();
            let texts: BTreeSet<String> = guard.map(|guard| guard.texts).into_iter().flatten().collect();
            match left.checked_sub(texts.len()) {
                Some(rest) if has_guard => {
                    *left = rest;
                    for text in texts {
                        keyed.entry(text).or_default().push(*place);
                    }
                }
                _ => open.push(*place),
            }
        }
        Self { all, slot, keyed: Table::new(keyed), open }
    }

    /// All of its rules.
    pub(super) fn everything(&self) -> Candidates<'_> {
        Candidates { some: &self.all, others: &[] }
    }

    /// The rules that are looked at for the text of the fact that makes them cost most.
    pub(super) fn costliest(&self, cost: impl Fn(usize) -> u64) -> Candidates<'_> {
        let sum = |places: &[u32]| {
            let places = places.iter().filter_map(|place| usize::try_from(*place).ok());
            places.map(&cost).fold(0, u64::saturating_add)
        };
        let keyed = self.keyed.iter().map(|(_, some)| some.as_slice());
        // Of several that cost as much, the one that comes first in the policy: the order of the table means nothing.
        self.with(keyed.max_by_key(|some| (sum(some), std::cmp::Reverse(*some))).unwrap_or_default())
    }

    fn with<'i>(&'i self, some: &'i [u32]) -> Candidates<'i> {
        Candidates { some, others: &self.open }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Policy;

    fn policy(rules: &[(&str, &str)]) -> Policy {
        let rules = rules
            .iter()
            .enumerate()
            .map(|(n, (on, when))| format!("  - {{ id: r{n}, on: [{on}], effect: deny, when: '{when}' }}\n"));
        let head = "apiVersion: jit-approval.dev/v1\nname: p\nrules:\n";
        let text = std::iter::once(head.to_owned()).chain(rules).collect::<String>();
        crate::policy::load(&text, "p.yaml").unwrap().policy
    }

    const RULES: [(&str, &str); 4] = [
        ("login, device", r#"client.id in ["a", "b", "a"] && user.username != "x""#),
        ("login, device", r#"user.username != "y""#),
        ("login, device, ciba", r#"client.id == "b" && user.username != "z""#),
        ("ciba", r#"client.id == "c""#),
    ];

    fn places(index: &Index, action: &str, client: Option<&str>) -> Vec<usize> {
        index.candidates(action, |_| client).collect()
    }

    #[test]
    fn rules_are_found_in_the_order_of_the_policy() {
        let index = policy(&RULES).index;
        assert_eq!(places(&index, "login", Some("a")), [0, 1]);
        assert_eq!(places(&index, "device", Some("b")), [0, 1, 2]);
        assert_eq!(places(&index, "login", Some("none")), [1]);
        assert_eq!(places(&index, "login", None), [0, 1, 2]);
        assert_eq!(places(&index, "ciba", Some("c")), [3]);
        assert_eq!(places(&index, "register", Some("a")), [0_usize; 0]);
    }

    #[test]
    fn actions_with_the_same_rules_share_them() {
        let index = policy(&RULES).index;
        let numbers: Vec<_> = index.buckets().map(|(action, number, _)| (action, number)).collect();
        let [("ciba", ciba), ("device", device), ("login", login)] = numbers.as_slice() else {
            panic!("{numbers:?}")
        };
        assert!(device == login && ciba != login);
    }

    #[test]
    fn what_cannot_be_told_apart_any_more_is_always_looked_at() {
        let rules = policy(&RULES).rules;
        let mut left = 2;
        let bucket = Bucket::new(vec![0, 1, 2], &rules, &mut left);
        let found = |client: &str| -> Vec<usize> {
            bucket.with(bucket.keyed.get(client).map_or(&[], Vec::as_slice)).collect()
        };
        assert_eq!(left, 0);
        assert_eq!((found("a"), found("b"), found("c")), (vec![0, 1, 2], vec![0, 1, 2], vec![1, 2]));
        assert_eq!(bucket.costliest(|place| u64::from(place == 0)).collect::<Vec<_>>(), [0, 1, 2]);
    }
}
