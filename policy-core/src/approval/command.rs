//! What somebody wants to happen to a request.

use super::facts::Facts;
use super::person::Actor;
use super::salt::Salt;
use serde::{Deserialize, Serialize};

/// A command to the state machine: wanted, not yet granted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Command {
    /// What is wanted.
    pub kind: CommandKind,
    /// 16 random bytes of the host's, from which the event's own salt is made.
    pub salt: Salt,
    /// By whom. The host authenticated them; it never takes an identity from a request's body.
    pub actor: Actor,
    /// What an approver's screen showed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shown: Option<Shown>,
    /// A comment; the justification, with `open`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// With `cancel`, `revoke` and `expire` by the system or an administrator: why, as a stable code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// What the host looked up.
    #[serde(default)]
    pub facts: Facts,
}

/// The kinds of commands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CommandKind {
    /// The requester opens the request, with a justification where the chain asks for one.
    Open,
    /// An approver approves the current stage.
    Approve,
    /// An approver denies the request.
    Deny,
    /// The requester or an approver says something.
    Comment,
    /// The requester, an administrator or the system takes the request back.
    Cancel,
    /// An administrator or the system ends the request as if its time were up.
    Expire,
    /// The requester spends the approval.
    Use,
    /// Who approved it, an administrator or the system takes an approval back, or its grant.
    Revoke,
    /// Time has passed.
    Tick,
}

/// What was on the screen of the person who decides. A vote holds for that and nothing else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shown {
    /// The digest of the facts.
    pub digest: String,
    /// The id of the stage.
    pub stage: String,
}
