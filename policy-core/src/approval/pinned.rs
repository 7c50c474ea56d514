//! What a request is opened with and never changes.

use super::chain::Chain;
use super::person::Person;
use super::soundness;
use crate::time::Timestamp;
use crate::wire;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The pinned part of a request: its chain, its requester, and the facts that it was asked for.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Value")]
pub struct Pinned {
    /// The resolved chain, sound as [`soundness`] has it.
    pub chain: Chain,
    /// Who asks.
    pub requester: Person,
    /// When the request came to be. The first stage begins with the event `opened`, which may be later.
    pub opened_at: Timestamp,
    /// The digest of the facts that the decision used.
    pub digest: String,
    /// What the first event's `prev` holds: the digest of what was stored, in canonical form.
    pub(super) genesis: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenPinned {
    chain: Chain,
    requester: Person,
    opened_at: Timestamp,
    digest: String,
}

impl TryFrom<Value> for Pinned {
    type Error = String;

    /// The genesis is taken from the JSON as the host stored it and not from what this engine makes of it: a later
    /// engine, whose chains have more keys, must find the same.
    fn try_from(written: Value) -> Result<Self, String> {
        let genesis = wire::canonical(&written).map_err(|error| error.message)?;
        let WrittenPinned { chain, requester, opened_at, digest } =
            WrittenPinned::deserialize(written).map_err(|error| format!("`pinned`: {error}"))?;
        soundness::check(&chain).map_err(|fault| format!("`pinned.chain`: {fault}"))?;
        if let Some(fault) = requester.fault() {
            return Err(format!("`pinned.requester`: {fault}"));
        }
        if digest.trim().is_empty() {
            return Err("`pinned.digest` is empty".to_owned());
        }
        Ok(Self { chain, requester, opened_at, digest, genesis: wire::digest(&genesis) })
    }
}
