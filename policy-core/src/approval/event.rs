//! What happened to a request. Events are only ever appended.

use super::facts::Facts;
use super::person::Actor;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// One entry of a request's history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// Counts from 1, without a gap.
    pub seq: u32,
    /// When it happened: for a deadline, the deadline itself, however late it was noticed.
    pub at: Timestamp,
    /// What happened.
    pub kind: EventKind,
    /// The id of the stage in which it happened; none outside of a stage.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<String>,
    /// With `escalated`: the id of the stage that took over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// Who did it.
    pub actor: Actor,
    /// What they said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// Why, as a stable code, where the system or an administrator did it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// What the host had looked up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub facts: Option<Facts>,
    /// The digest of the canonical bytes of the event before; of the canonical `pinned`, for the first.
    pub prev: String,
}

/// The kinds of events.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    /// The request was opened, and its first stage entered.
    Opened,
    /// Somebody approved the current stage.
    Approved,
    /// Somebody, or the system, denied the request.
    Denied,
    /// The request was taken back.
    Cancelled,
    /// Somebody said something.
    Commented,
    /// A stage's time, or an approval's, was up, and the request expired.
    TimedOut,
    /// A stage's time was up, and another stage took over.
    Escalated,
    /// The approval was spent.
    Used,
    /// The approval was taken back.
    Revoked,
}

impl Event {
    /// An event that has no place in a history yet; [`super::history::History::append`] gives it one.
    pub(super) fn new(kind: EventKind, at: Timestamp, actor: Actor) -> Self {
        Self {
            seq: 0,
            at,
            kind,
            stage: None,
            to: None,
            actor,
            comment: None,
            code: None,
            facts: None,
            prev: String::new(),
        }
    }
}
