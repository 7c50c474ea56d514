//! The digest of the facts that a decision used.
//!
//! An approval is good for these facts only: the approver votes on the digest, and the host asks for it again
//! before it lets the requester go on. Facts that say who does what are always in it; others where a rule
//! for this action reads them; those that move by themselves (`now`, counters) never, or no approval would last.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::facts::{Facts, to_json};
use super::schema::{FIELDS, Pinned, root};
use crate::wire::{WireError, canonical, digest as sha256};

/// `sha256:` and the SHA-256 of the canonical JSON of the pinned facts that are there, `{ "<path>": value, … }`.
///
/// `read` holds the paths that the policy reads for this action; a group (`user`) reads all its fields.
///
/// # Errors
///
/// `internal`, where a fact cannot be written as JSON; no fact of the schema is such.
///
/// # Example: what the policy read moves it, the clock does not
///
/// ```
/// use policy_core::context::{decode, digest};
/// use policy_core::testing::{TestError, context_with};
/// use serde_json::{Value, json};
/// use std::collections::BTreeSet;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let of = |patch: Value| -> Result<String, Box<dyn std::error::Error>> {
///     let facts = decode(&context_with(&patch)).map_err(TestError::Context)?;
///     Ok(digest(&facts, &BTreeSet::from(["user.roles".to_owned()]))?)
/// };
/// let before = of(json!({}))?;
/// assert_eq!(of(json!({ "now": "2026-01-05T13:00:00.000Z" }))?, before);
/// assert_ne!(of(json!({ "user": { "roles": ["finance"] } }))?, before);
/// # Ok(())
/// # }
/// ```
pub fn digest(facts: &Facts, read: &BTreeSet<String>) -> Result<String, WireError> {
    let mut pinned: BTreeMap<&str, Value> = BTreeMap::new();
    for field in FIELDS {
        let wanted = match field.pinned {
            Pinned::Always => true,
            Pinned::WhenRead => read.contains(field.path) || read.contains(root(field)),
            Pinned::Never => false,
        };
        if let (true, Some(fact)) = (wanted, facts.get(field.path)) {
            pinned.insert(field.path, to_json(fact));
        }
    }
    Ok(sha256(&canonical(&pinned)?))
}
