//! The policies that an instance holds.

use std::collections::BTreeMap;

use crate::policy::Policy;

/// The most policies of an instance.
const MOST_POLICIES: usize = 64;

/// The most bytes that their sources may have together: the compiled form grows with them.
const MOST_BYTES: usize = 4 * 1024 * 1024;

/// Policies by hash. Where there are too many, the one goes that was not asked for the longest.
#[derive(Debug, Default)]
pub(super) struct Cache {
    policies: BTreeMap<String, Held>,
    /// Counts the uses: a clock that is the same on every host.
    uses: u64,
}

#[derive(Debug)]
struct Held {
    policy: Policy,
    bytes: usize,
    last_use: u64,
}

impl Cache {
    /// Keeps a policy whose source has this many bytes, and gives it back.
    pub(super) fn insert(&mut self, policy: Policy, bytes: usize) -> &Policy {
        let hash = policy.hash.clone();
        self.policies.remove(&hash);
        while self.policies.len() >= MOST_POLICIES || self.bytes().saturating_add(bytes) > MOST_BYTES {
            let Some(oldest) =
                self.policies.iter().min_by_key(|(_, held)| held.last_use).map(|(hash, _)| hash.clone())
            else {
                break;
            };
            self.policies.remove(&oldest);
        }
        self.uses = self.uses.saturating_add(1);
        let held = Held { policy, bytes, last_use: self.uses };
        &self.policies.entry(hash).or_insert(held).policy
    }

    /// The policy with this hash, which counts as used.
    pub(super) fn get(&mut self, hash: &str) -> Option<&Policy> {
        self.uses = self.uses.saturating_add(1);
        let held = self.policies.get_mut(hash)?;
        held.last_use = self.uses;
        Some(&held.policy)
    }

    /// The policy with this hash, which does not count as used.
    pub(super) fn peek(&self, hash: &str) -> Option<&Policy> {
        self.policies.get(hash).map(|held| &held.policy)
    }

    /// Forgets a policy, and says whether it was there.
    pub(super) fn remove(&mut self, hash: &str) -> bool {
        self.policies.remove(hash).is_some()
    }

    fn bytes(&self) -> usize {
        self.policies.values().fold(0, |sum, held| sum.saturating_add(held.bytes))
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

    #[test]
    fn the_policy_that_was_not_used_for_longest_goes_first() {
        let mut cache = Cache::default();
        let hashes: Vec<String> =
            (0..MOST_POLICIES).map(|n| cache.insert(policy(&format!("p{n}")), 100).hash.clone()).collect();
        assert!(cache.get(&hashes[0]).is_some());
        cache.insert(policy("another"), 100);
        assert!(cache.get(&hashes[0]).is_some());
        assert!(cache.get(&hashes[1]).is_none());
        assert_eq!(cache.policies.len(), MOST_POLICIES);
    }

    #[test]
    fn sources_are_bounded_together() {
        let mut cache = Cache::default();
        for name in ["a", "b", "c"] {
            cache.insert(policy(name), MOST_BYTES / 2);
        }
        assert_eq!(cache.policies.len(), 2);
        let again = cache.insert(policy("c"), MOST_BYTES / 2).hash.clone();
        assert_eq!(cache.policies.len(), 2);
        assert!(cache.remove(&again));
        assert!(!cache.remove(&again));
    }
}
