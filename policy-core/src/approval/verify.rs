//! Proving a history, and taking out of it what people may ask to have erased.

use super::AdvanceError;
use super::history::History;
use super::person::Person;
use super::pinned::Pinned;
use super::state::Status;
use crate::wire;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What is stored of a request.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stored {
    /// The pinned document.
    pub pinned: Pinned,
    /// The events, byte for byte, in order.
    pub events: Vec<String>,
}

/// What a whole history proves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Proof {
    /// The number of the last event; 0 where there is none.
    pub seq: u32,
    /// The hash of the last event; of `pinned`, where there is none.
    pub head: String,
    /// Where the request stood after the last event. Deadlines that passed since are not in it.
    pub status: Option<Status>,
    /// What was erased.
    pub erased: Erased,
}

/// The personal parts that are gone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Erased {
    /// That of the pinned document.
    pub pinned: bool,
    /// Those of the events with these numbers.
    pub events: Vec<u32>,
}

/// Verifies a request's hash chain: every event follows from the ones before it, carries the hash of the one before, and has the
/// personal part that it was written with, or none any more.
///
/// # Errors
/// [`AdvanceError::BrokenHistory`], which names the first event that does not fit.
///
/// # Example: a name in the history is edited
/// ```
/// use policy_core::approval::{Pinned, verify};
/// # use policy_core::approval::{Advance, Pin, advance, pin};
/// # use serde_json::json;
/// # let chain = json!({ "use_by": 600, "stages": [{
/// #     "id": "two-eyes/manager", "chain": "two-eyes", "name": "manager", "approvers": [{ "user": "bob" }],
/// #     "quorum": 1, "timeout": 900, "on_timeout": "deny", "notify": true, "require": {}
/// # }] });
/// # let alice = json!({ "id": "1", "username": "alice", "person_key": "alice" });
/// # let wanted: Pin = serde_json::from_value(json!({
/// #     "about": { "request": "r1", "realm": "demo", "action": "login", "policy": "sha256:0" },
/// #     "chain": chain, "requester": alice, "opened_at": "2026-11-24T09:00:00.000Z", "digest": "sha256:1",
/// #     "shown": { "facts": {} }, "salt": "000102030405060708090a0b0c0d0e0f" }))?;
/// # let document = pin(wanted)?;
/// # let pinned: Pinned = serde_json::from_str(&document.pinned)?;
/// # let request: Advance = serde_json::from_value(json!({
/// #     "pinned": serde_json::from_str::<serde_json::Value>(&document.pinned)?, "events": [], "now": "2026-11-24T09:00:00.000Z",
/// #     "command": { "kind": "open", "salt": "0f0e0d0c0b0a09080706050403020100",
/// #         "actor": { "kind": "user", "id": "1", "username": "alice", "person_key": "alice" },
/// #         "facts": { "eligible": { "two-eyes/manager": { "count": 1, "people": ["bob"] } } } } }))?;
/// # let events = advance(&request)?.append;
/// let proof = verify(&pinned, &events)?;
/// assert_eq!(proof.seq, 1);
///
/// let edited = [events[0].replace("alice", "mallory")];
/// let fault = verify(&pinned, &edited).unwrap_err().to_string();
/// assert_eq!(fault, "event 1 of the history: `personal` is not what `commitment` was given for");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[inline(never)]
pub fn verify(pinned: &Pinned, events: &[String]) -> Result<Proof, AdvanceError> {
    let history = History::replay(pinned, events)?;
    Ok(Proof {
        seq: history.seq(),
        head: history.head().to_owned(),
        status: history.state.status,
        erased: Erased { pinned: pinned.personal.is_none(), events: history.erased().to_vec() },
    })
}

/// What to erase.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Erase {
    /// The pinned document, as it is stored.
    pub pinned: Value,
    /// The events, byte for byte, in order.
    pub events: Vec<String>,
    /// Only the parts that are about this person or name them; left out: all.
    #[serde(default)]
    pub person: Option<Person>,
}

/// A request without the personal parts that were to go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Remains {
    /// The pinned document, in canonical form.
    pub pinned: String,
    /// The events, in canonical form.
    pub events: Vec<String>,
    /// What is gone now, and before.
    pub erased: Erased,
}

/// Takes personal parts out of a request that has ended. Its hashes stay what they were.
///
/// # Errors
/// [`AdvanceError::NotEnded`] while the request is live, and [`AdvanceError::BrokenHistory`] where its history does not hold: erasing
/// would hide that.
///
/// # Example: alice asks to be forgotten
/// ```
/// use policy_core::approval::{Erase, erase};
/// use serde_json::{Value, json};
/// # use policy_core::approval::{Advance, Pin, advance, pin};
/// # let alice = json!({ "id": "1", "username": "alice", "person_key": "alice" });
/// # let wanted: Pin = serde_json::from_value(json!({
/// #     "about": { "request": "r1", "realm": "demo", "action": "login", "policy": "sha256:0" },
/// #     "chain": { "use_by": 600, "stages": [{
/// #         "id": "two-eyes/manager", "chain": "two-eyes", "name": "manager", "approvers": [{ "user": "bob" }],
/// #         "quorum": 1, "timeout": 900, "on_timeout": "deny", "notify": true, "require": {} }] },
/// #     "requester": alice, "opened_at": "2026-11-24T09:00:00.000Z", "digest": "sha256:1",
/// #     "shown": { "facts": {} }, "salt": "000102030405060708090a0b0c0d0e0f" }))?;
/// # let pinned: Value = serde_json::from_str(&pin(wanted)?.pinned)?;
/// # let mut by = alice.clone();
/// # by["kind"] = json!("user");
/// # let mut request = json!({ "pinned": pinned, "events": [], "now": "2026-11-24T09:00:00.000Z",
/// #     "command": { "kind": "open", "salt": "0f0e0d0c0b0a09080706050403020100", "actor": by,
/// #         "facts": { "eligible": { "two-eyes/manager": { "count": 1, "people": ["bob"] } } } } });
/// # let mut events = advance(&serde_json::from_value::<Advance>(request.clone())?)?.append;
/// let live: Erase = serde_json::from_value(json!({ "pinned": pinned, "events": events, "person": alice }))?;
/// let refused = erase(&live).unwrap_err().to_string();
/// assert_eq!(refused, "the request has not ended yet; only what has ended is erased");
///
/// // Its time passes, and nobody has voted.
/// # request["events"] = json!(events);
/// # request["command"] = json!({ "kind": "tick", "salt": "0f0e0d0c0b0a09080706050403020101", "actor": { "kind": "system" } });
/// # request["now"] = json!("2026-11-24T09:20:00.000Z");
/// # events.extend(advance(&serde_json::from_value::<Advance>(request)?)?.append);
/// let ended: Erase = serde_json::from_value(json!({ "pinned": pinned, "events": events, "person": alice }))?;
/// let remains = erase(&ended)?;
/// assert_eq!((remains.erased.pinned, remains.erased.events), (true, vec![1]));
/// assert!(!remains.pinned.contains("alice") && !remains.events.concat().contains("alice"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[inline(never)]
pub fn erase(request: &Erase) -> Result<Remains, AdvanceError> {
    let pinned = Pinned::try_from(request.pinned.clone()).map_err(AdvanceError::BadBody)?;
    if !verify(&pinned, &request.events)?.status.is_some_and(Status::is_terminal) {
        return Err(AdvanceError::NotEnded(
            "the request has not ended yet; only what has ended is erased".to_owned(),
        ));
    }
    let person = request.person.as_ref();
    let mut document = request.pinned.clone();
    if person.is_none_or(|person| pinned.personal.as_ref().is_some_and(|personal| personal.names(person))) {
        strip(&mut document);
    }
    let events = request
        .events
        .iter()
        .map(|text| without(text, person))
        .collect::<Result<Vec<String>, AdvanceError>>()?;
    let left = Pinned::try_from(document.clone()).map_err(AdvanceError::Internal)?;
    let erased = verify(&left, &events)?.erased;
    Ok(Remains { pinned: wire::canonical_text(&document)?, events, erased })
}

fn without(text: &str, person: Option<&Person>) -> Result<String, AdvanceError> {
    let mut event: Value =
        wire::json::parse(text).map_err(|error| AdvanceError::Internal(error.to_string()))?;
    let personal = event.get("personal").map(super::event::Personal::deserialize);
    let personal = personal.transpose().map_err(|error| AdvanceError::Internal(error.to_string()))?;
    if person.is_none_or(|person| personal.is_some_and(|personal| personal.names(person))) {
        strip(&mut event);
    }
    Ok(wire::canonical_text(&event)?)
}

fn strip(document: &mut Value) {
    if let Some(members) = document.as_object_mut() {
        members.remove("personal");
    }
}

/// The hash of an event or a pinned document, as the chain has it: of the canonical bytes without `personal`.
///
/// # Errors
/// Where the document holds something that JSON cannot express.
///
/// # Example: what is personal does not count
/// ```
/// use policy_core::approval::hash;
/// use serde_json::json;
///
/// let whole = json!({ "seq": 1, "personal": { "comment": "fine by me" } });
/// assert_eq!(hash(&whole)?, hash(&json!({ "seq": 1 }))?);
/// # Ok::<(), policy_core::wire::WireError>(())
/// ```
pub fn hash(document: &Value) -> Result<String, wire::WireError> {
    let mut document = document.clone();
    strip(&mut document);
    super::salt::commitment(&document)
}

/// The commitment to the personal part of an event or a pinned document.
///
/// # Errors
/// As [`hash`].
pub fn commitment(personal: &Value) -> Result<String, wire::WireError> {
    super::salt::commitment(personal)
}
