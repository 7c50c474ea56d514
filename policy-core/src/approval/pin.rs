//! Pinning a request: the document that is stored when it is made, and that its hash chain begins with.

use super::AdvanceError;
use super::chain::{Chain, Selector};
use super::grant::Grant;
use super::person::Person;
use super::pinned::{About, PinnedPersonal, WrittenPinned};
use super::salt::{self, Salt};
use super::soundness;
use crate::time::Timestamp;
use crate::wire;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// What is to be pinned.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pin {
    /// What the request is about.
    pub about: About,
    /// The chain that the decision gave.
    pub chain: Chain,
    /// The grant that the decision gave, if any.
    #[serde(default)]
    pub grant: Option<Grant>,
    /// Who asks.
    pub requester: Person,
    /// When the request comes to be.
    pub opened_at: Timestamp,
    /// The digest of the facts that the decision used.
    pub digest: String,
    /// What approvers will be shown.
    pub shown: Screen,
    /// 16 random bytes.
    pub salt: Salt,
}

/// What approvers are shown of a request. Whatever was on their screens can be held against the commitment later.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Screen {
    /// The facts, as the host shows them.
    pub facts: Value,
    /// The policy's sentence for people.
    #[serde(default)]
    pub reason: Option<String>,
    /// Why the requester asks, in their own words.
    #[serde(default)]
    pub justification: Option<String>,
}

/// What the host stores.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PinnedDocument {
    /// Canonical JSON, to be kept byte for byte.
    pub pinned: String,
    /// The hash that the chain begins with.
    pub head: String,
}

impl Screen {
    /// The commitment to this screen, with the salt of the request's [`PinnedPersonal`].
    ///
    /// # Errors
    /// Where the facts hold something that JSON cannot express.
    ///
    /// # Example: a screen is held against what is pinned
    /// ```
    /// use policy_core::approval::{Salt, Screen};
    /// use serde_json::json;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let salt = Salt::try_from("000102030405060708090a0b0c0d0e0f".to_owned())?;
    /// let seen = Screen { facts: json!({ "amount": 100 }), reason: None, justification: None };
    /// let said = Screen { facts: json!({ "amount": 900 }), ..seen.clone() };
    /// assert_ne!(seen.commitment(&salt)?, said.commitment(&salt)?);
    /// # Ok(())
    /// # }
    /// ```
    pub fn commitment(&self, salt: &Salt) -> Result<String, wire::WireError> {
        salt::commitment(&json!({ "salt": salt, "shown": self }))
    }
}

/// Writes the document to be stored: names go where they can be erased, and commitments take their places.
///
/// # Errors
/// [`AdvanceError::BadBody`], where no request could be opened with it.
///
/// # Example: names stand where they can be erased
/// ```
/// use policy_core::approval::{Pin, hash, pin};
/// use serde_json::{Value, json};
///
/// let wanted: Pin = serde_json::from_value(json!({
///     "about": { "request": "r1", "realm": "demo", "action": "login", "policy": "sha256:0" },
///     "chain": { "use_by": 600, "stages": [{
///         "id": "two-eyes/manager", "chain": "two-eyes", "name": "manager", "approvers": [{ "user": "bob" }],
///         "quorum": 1, "timeout": 900, "on_timeout": "deny", "notify": true, "require": {}
///     }] },
///     "requester": { "id": "1", "username": "alice", "person_key": "alice" },
///     "opened_at": "2026-11-24T09:00:00.000Z",
///     "digest": "sha256:1",
///     "shown": { "facts": {} },
///     "salt": "000102030405060708090a0b0c0d0e0f"
/// }))?;
/// let document = pin(wanted)?;
/// let mut pinned: Value = serde_json::from_str(&document.pinned)?;
/// assert_eq!(pinned["personal"]["selectors"], json!([{ "user": "bob" }]));
/// assert_eq!(pinned["chain"]["stages"][0]["approvers"], json!([{ "named": 0 }]));
///
/// // The hash chain begins with what is left without them.
/// pinned["personal"].take();
/// assert_eq!(hash(&pinned)?, document.head);
/// assert!(!pinned.to_string().contains("alice"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[inline(never)]
pub fn pin(wanted: Pin) -> Result<PinnedDocument, AdvanceError> {
    check(&wanted).map_err(AdvanceError::BadBody)?;
    let Pin { about, mut chain, grant, requester, opened_at, digest, shown, salt } = wanted;
    let mut selectors = Vec::new();
    for selector in chain.stages.iter_mut().flat_map(|stage| &mut stage.approvers) {
        if let Selector::User(_) | Selector::Users(_) = selector {
            let number = u32::try_from(selectors.len())
                .map_err(|_| AdvanceError::BadBody("there are too many selectors".to_owned()))?;
            selectors.push(std::mem::replace(selector, Selector::Named(number)));
        }
    }
    let shown = shown.commitment(&salt)?;
    let personal = PinnedPersonal { salt, requester, digest, selectors };
    let commitment = salt::commitment(&personal)?;
    let open = WrittenPinned { about, chain, commitment, grant, opened_at, personal: None, shown };
    let head = salt::commitment(&open)?;
    let pinned = wire::canonical_text(&WrittenPinned { personal: Some(personal), ..open })?;
    Ok(PinnedDocument { pinned, head })
}

fn check(wanted: &Pin) -> Result<(), String> {
    soundness::check(&wanted.chain).map_err(|fault| format!("`chain`: {fault}"))?;
    if let Some(fault) = wanted.grant.as_ref().and_then(Grant::fault) {
        return Err(format!("`grant`: {fault}"));
    }
    let selectors = wanted.chain.stages.iter().flat_map(|stage| &stage.approvers);
    if selectors.clone().any(|selector| matches!(selector, Selector::Named(_))) {
        return Err("`chain`: a selector is `named`, which only a stored chain has".to_owned());
    }
    if let Some(fault) = wanted.requester.fault() {
        return Err(format!("`requester`: {fault}"));
    }
    let About { request, realm, client: _, action, policy, rule: _ } = &wanted.about;
    let blank = [("digest", &wanted.digest), ("about.request", request), ("about.realm", realm)]
        .into_iter()
        .chain([("about.action", action), ("about.policy", policy)])
        .find(|(_, value)| value.trim().is_empty());
    match blank {
        Some((name, _)) => Err(format!("`{name}` is empty")),
        None => Ok(()),
    }
}
