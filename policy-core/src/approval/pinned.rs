//! What a request is opened with and never changes.

use super::chain::{Chain, Selector};
use super::grant::Grant;
use super::person::Person;
use super::salt::{self, Salt};
use super::soundness;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The pinned part of a request: what it is about, its chain, and who asks. [`super::pin`] writes it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Value")]
pub struct Pinned {
    /// What the request is about.
    pub about: About,
    /// The resolved chain, sound as `soundness` has it; its selectors name nobody, see [`Selector::Named`].
    pub chain: Chain,
    /// How long the approval stays good after it was used; none where it is good for one use.
    pub grant: Option<Grant>,
    /// When the request came to be. The first stage begins with the event `opened`, which may be later.
    pub opened_at: Timestamp,
    /// The commitment to what approvers are shown, see [`super::Screen`].
    pub shown: String,
    /// None once it was erased.
    pub personal: Option<PinnedPersonal>,
    /// What the first event's `prev` holds: the digest of what was stored without `personal`, in canonical form.
    pub(super) genesis: String,
    /// Whether `personal` is what it was when the request was pinned.
    pub(super) unedited: bool,
}

/// What a request is about: ids that the host gives and the engine only keeps, so that no history can be passed off as that of another
/// request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct About {
    /// The request's own id.
    pub request: String,
    /// The id of the realm.
    pub realm: String,
    /// The client that the user is on the way to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client: Option<String>,
    /// The action that waits.
    pub action: String,
    /// The hash of the policy that decided.
    pub policy: String,
    /// The rule that decided; none for the policy's default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
}

/// The part of `pinned` that can be erased.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PinnedPersonal {
    /// Keeps the commitments from being guessed.
    pub salt: Salt,
    /// Who asks.
    pub requester: Person,
    /// The digest of the facts that the decision used. Without a salt of its own: who knows the facts could find it.
    pub digest: String,
    /// The chain's selectors that name people, by [`Selector::Named`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub selectors: Vec<Selector>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenPinned {
    pub(super) about: About,
    pub(super) chain: Chain,
    pub(super) commitment: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) grant: Option<Grant>,
    pub(super) opened_at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) personal: Option<PinnedPersonal>,
    pub(super) shown: String,
}

impl Pinned {
    /// Who asks; none once that was erased.
    #[must_use]
    pub fn requester(&self) -> Option<&Person> {
        self.personal.as_ref().map(|personal| &personal.requester)
    }

    /// Whether this is what the first event's `prev` must hold.
    #[must_use]
    pub fn genesis(&self) -> &str {
        &self.genesis
    }
}

impl TryFrom<Value> for Pinned {
    type Error = String;

    /// The hashes are taken from the JSON as the host stored it and not from what this engine makes of it: a later
    /// engine, whose chains have more keys, must find the same.
    fn try_from(mut written: Value) -> Result<Self, String> {
        let personal = written.as_object_mut().and_then(|members| members.remove("personal"));
        let genesis = salt::commitment(&written).map_err(|error| error.message)?;
        let hidden = personal.as_ref().map(salt::commitment).transpose().map_err(|error| error.message)?;
        let fault = |error| format!("`pinned`: {error}");
        let WrittenPinned { about, chain, commitment, grant, opened_at, shown, .. } =
            WrittenPinned::deserialize(written).map_err(fault)?;
        let personal: Option<PinnedPersonal> =
            personal.map(PinnedPersonal::deserialize).transpose().map_err(fault)?;
        soundness::check(&chain).map_err(|fault| format!("`pinned.chain`: {fault}"))?;
        if let Some(fault) = grant.as_ref().and_then(Grant::fault) {
            return Err(format!("`pinned.grant`: {fault}"));
        }
        if let Some(index) = nameless(&chain, personal.as_ref().map(|personal| personal.selectors.as_slice()))
        {
            return Err(format!("`pinned.chain`: {index}"));
        }
        if let Some(fault) = personal.as_ref().and_then(|personal| personal.requester.fault()) {
            return Err(format!("`pinned.personal.requester`: {fault}"));
        }
        let unedited = hidden.is_none_or(|hidden| hidden == commitment);
        Ok(Self { about, chain, grant, opened_at, shown, personal, genesis, unedited })
    }
}

impl PinnedPersonal {
    /// Whether it is about this person, or names them.
    pub(super) fn names(&self, person: &Person) -> bool {
        self.requester.is(person)
            || self.selectors.iter().any(|selector| match selector {
                Selector::User(name) => *name == person.username,
                Selector::Users(names) => names.contains(&person.username),
                _ => false,
            })
    }
}

/// What is wrong with the selectors of a stored chain: each names people by number only, and each number has its names.
fn nameless(chain: &Chain, names: Option<&[Selector]>) -> Option<String> {
    chain.stages.iter().flat_map(|stage| &stage.approvers).find_map(|selector| match selector {
        Selector::User(_) | Selector::Users(_) => {
            Some("a selector names people; `pin` hides them".to_owned())
        }
        Selector::Named(number) => {
            let known = names.is_none_or(|names| usize::try_from(*number).is_ok_and(|at| at < names.len()));
            (!known).then(|| format!("there are no names for selector {number}"))
        }
        _ => None,
    })
}
