//! The one way in which anything happens to a request.

use super::command::Command;
use super::deadline;
use super::history::History;
use super::outcome::{Before, Outcome};
use super::pinned::Pinned;
use super::turn::{Refusal, Turn};
use crate::time::Timestamp;
use crate::wire::WireError;
use serde::Deserialize;

/// A request's whole past, and what is wanted now.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Advance {
    /// What the request was opened with.
    pub pinned: Pinned,
    /// The stored events, byte for byte, in order.
    pub events: Vec<String>,
    /// What is wanted.
    pub command: Command,
    /// The host's clock. Where it is behind the last event, that event's time holds.
    pub now: Timestamp,
}

/// Why there is no outcome. A command that is understood and not granted is no error but a [`super::Rejection`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AdvanceError {
    /// The host asked for something that makes no sense.
    #[error("{0}")]
    BadBody(String),
    /// The stored events are not what this state machine wrote.
    #[error("{0}")]
    BrokenHistory(String),
    /// Personal parts were erased of a request that has not ended.
    #[error("{0}")]
    ErasedHistory(String),
    /// Only what has ended is erased.
    #[error("{0}")]
    NotEnded(String),
    /// A fault of the engine.
    #[error("{0}")]
    Internal(String),
}

impl From<WireError> for AdvanceError {
    fn from(error: WireError) -> Self {
        Self::Internal(error.message)
    }
}

/// Folds the events, fires what is due, and then does what the command wants, or says why not.
///
/// # Errors
/// [`AdvanceError`]. The request is then as it was, and nothing may be stored.
///
/// # Example: a request is opened, and bob's time passes
/// ```
/// use policy_core::approval::{Advance, Pin, Status, advance, pin};
/// use serde_json::{Value, json};
///
/// let wanted: Pin = serde_json::from_value(json!({
///     "about": { "request": "8a1e", "realm": "demo", "action": "login", "policy": "sha256:5f…" },
///     "chain": { "use_by": 600, "stages": [{
///         "id": "two-eyes/manager", "chain": "two-eyes", "name": "manager", "approvers": [{ "user": "bob" }],
///         "quorum": 1, "timeout": 900, "on_timeout": "deny", "notify": true, "require": {}
///     }] },
///     "requester": { "id": "1", "username": "alice", "person_key": "alice" },
///     "opened_at": "2026-11-24T09:00:00.000Z",
///     "digest": "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
///     "shown": { "facts": { "client": "Production console" }, "reason": "alice wants into production" },
///     "salt": "000102030405060708090a0b0c0d0e0f"
/// }))?;
/// let mut request = json!({
///     "pinned": serde_json::from_str::<Value>(&pin(wanted)?.pinned)?,
///     "events": [],
///     "command": {
///         "kind": "open",
///         "salt": "101112131415161718191a1b1c1d1e1f",
///         "actor": { "kind": "user", "id": "1", "username": "alice", "person_key": "alice" },
///         "facts": { "eligible": { "two-eyes/manager": { "count": 1, "people": ["bob"] } } }
///     },
///     "now": "2026-11-24T09:00:00.000Z"
/// });
/// let opened = advance(&serde_json::from_value::<Advance>(request.clone())?)?;
/// assert_eq!(opened.status, Some(Status::Pending));
/// assert_eq!(opened.deadline.map(|at| at.to_string()).as_deref(), Some("2026-11-24T09:15:00.000Z"));
///
/// request["events"] = json!(opened.append);
/// request["command"] = json!({ "kind": "tick", "salt": "202122232425262728292a2b2c2d2e2f", "actor": { "kind": "system" } });
/// request["now"] = json!("2026-11-24T09:20:00.000Z");
/// let later = advance(&serde_json::from_value::<Advance>(request)?)?;
/// assert_eq!(later.status, Some(Status::Expired));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[inline(never)]
pub fn advance(request: &Advance) -> Result<Outcome, AdvanceError> {
    let mut history = History::replay(&request.pinned, &request.events)?;
    history.check_whole()?;
    let before = Before::of(&history.state);
    let now = request.now.max(history.state.last);
    deadline::fire(&mut history, now, &request.command.salt)?;
    let moved = history.state.entries.len() > before.entries;
    let mut turn = Turn { history: &mut history, command: &request.command, now, moved };
    if moved && let Some(stage) = turn.history.state.current().map(|entry| entry.stage) {
        turn.deny_if_hopeless(stage, None)?;
    }
    match turn.handle() {
        Ok(()) => Ok(Outcome::new(history, before, None)),
        Err(Refusal::Rejected(rejection)) => Ok(Outcome::new(history, before, Some(rejection))),
        Err(Refusal::Failed(error)) => Err(error),
    }
}
