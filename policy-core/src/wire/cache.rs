//! The policies that an instance holds.

use super::swift;
use crate::bytes::{same, starts_with};
use crate::policy::Policy;

/// The most policies of an instance.
const MOST_POLICIES: usize = 64;

/// The most bytes that their sources may have together: the compiled form grows with them.
const MOST_BYTES: usize = 4 * 1024 * 1024;

/// Policies by hash. Where there are too many, the one goes that was not asked for the longest.
#[derive(Debug, Default)]
pub(super) struct Cache {
    /// An instance mostly has one or two.
    policies: Vec<Held>,
    /// Counts the uses: a clock that is the same on every host.
    uses: u64,
}

#[derive(Debug)]
pub(super) struct Held {
    pub(super) policy: Policy,
    /// How a request about it begins, up to the context.
    begin: Box<[u8]>,
    /// See [`swift::middle`].
    pub(super) middle: Box<[u8]>,
    bytes: usize,
    last_use: u64,
}

impl Cache {
    /// Keeps a policy whose source has this many bytes.
    pub(super) fn insert(&mut self, policy: Policy, bytes: usize) {
        self.remove(&policy.hash);
        while self.policies.len() >= MOST_POLICIES || self.bytes().saturating_add(bytes) > MOST_BYTES {
            let oldest = self.policies.iter().enumerate().min_by_key(|(_, held)| held.last_use);
            let Some((oldest, _)) = oldest else { break };
            self.policies.swap_remove(oldest);
        }
        self.uses = self.uses.saturating_add(1);
        let begin = swift::begin(&policy.hash).into_bytes().into();
        let middle = swift::middle(&policy).into_bytes().into();
        self.policies.push(Held { policy, begin, middle, bytes, last_use: self.uses });
    }

    /// Where the policy with this hash is, until the next change.
    fn place(&self, hash: &[u8]) -> Option<usize> {
        self.policies.iter().position(|held| same(held.policy.hash.as_bytes(), hash))
    }

    /// The policy at this place, which does not count as used.
    pub(super) fn peek(&self, place: usize) -> Option<&Policy> {
        self.policies.get(place).map(|held| &held.policy)
    }

    /// The policy at this place, which counts as used.
    pub(super) fn take_up(&mut self, place: usize) -> Option<&Held> {
        self.uses = self.uses.saturating_add(1);
        let held = self.policies.get_mut(place)?;
        held.last_use = self.uses;
        Some(held)
    }

    /// Where the policy is that a request is about, as hosts write one, and where its context begins.
    #[inline]
    pub(super) fn asked(&self, request: &[u8]) -> Option<(usize, usize)> {
        let mut policies = self.policies.iter().enumerate();
        let (place, held) = policies.find(|(_, held)| starts_with(request, &held.begin))?;
        Some((place, held.begin.len()))
    }

    /// The policy with this hash, which counts as used.
    pub(super) fn get(&mut self, hash: &str) -> Option<&Policy> {
        let place = self.place(hash.as_bytes())?;
        self.take_up(place).map(|held| &held.policy)
    }

    /// Forgets a policy, and says whether it was there.
    pub(super) fn remove(&mut self, hash: &str) -> bool {
        let place = self.place(hash.as_bytes());
        place.map(|place| self.policies.swap_remove(place)).is_some()
    }

    fn bytes(&self) -> usize {
        self.policies.iter().fold(0, |sum, held| sum.saturating_add(held.bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(name: &str) -> Policy {
        let text = format!(
            "apiVersion: jit-approval.dev/v1\nname: {name}\nrules:\n  - {{ id: a, on: [login], effect: deny }}\n"
        );
        crate::policy::load(&text, "p.yaml").unwrap().policy
    }

    /// Its hash.
    fn insert(cache: &mut Cache, name: &str, bytes: usize) -> String {
        let policy = policy(name);
        let hash = policy.hash.clone();
        cache.insert(policy, bytes);
        hash
    }

    #[test]
    fn the_policy_that_was_not_used_for_longest_goes_first() {
        let mut cache = Cache::default();
        let hashes: Vec<String> =
            (0..MOST_POLICIES).map(|n| insert(&mut cache, &format!("p{n}"), 100)).collect();
        assert!(cache.get(&hashes[0]).is_some());
        insert(&mut cache, "another", 100);
        assert!(cache.get(&hashes[0]).is_some());
        assert!(cache.get(&hashes[1]).is_none());
        assert_eq!(cache.policies.len(), MOST_POLICIES);
    }

    #[test]
    fn sources_are_bounded_together() {
        let mut cache = Cache::default();
        for name in ["a", "b", "c"] {
            insert(&mut cache, name, MOST_BYTES / 2);
        }
        assert_eq!(cache.policies.len(), 2);
        let again = insert(&mut cache, "c", MOST_BYTES / 2);
        assert_eq!(cache.policies.len(), 2);
        assert!(cache.remove(&again));
        assert!(!cache.remove(&again));
    }
}
