//! Why a command was not granted.

use serde::Serialize;

/// A command that the state machine did not grant. Nothing that the command wanted has happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Rejection {
    /// A stable code.
    pub code: RejectionCode,
    /// A sentence for people.
    pub message: String,
}

/// The codes of rejections.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RejectionCode {
    /// The request has not been opened.
    NotOpen,
    /// The request was opened before.
    AlreadyOpen,
    /// The request has ended.
    Terminal,
    /// The request is not approved, so there is nothing to use or revoke.
    NotApproved,
    /// The requester, or another account of theirs, tried to decide.
    SelfApproval,
    /// The actor matches none of the current stage's selectors.
    NotEligible,
    /// The actor approved this stage, or another one, before.
    AlreadyVoted,
    /// What the screen showed is not what is pinned, or no longer current.
    Conflict,
    /// The stage asks for a comment.
    CommentRequired,
    /// The comment is too long.
    CommentTooLong,
    /// There are too many comments already.
    TooManyComments,
    /// The stage asks for the code that the requester's page shows.
    MatchCodeRequired,
    /// The stage asks for an authentication level that the actor has not reached.
    AcrRequired,
    /// The chain asks the requester to say why.
    JustificationRequired,
    /// Only the requester may do this.
    NotRequester,
    /// This kind of actor may not do this.
    NotAllowed,
    /// The stage asks for everyone, and there are too many to list.
    TooManyEligible,
    /// The stage asks for everyone, and the host did not say who that is.
    EligibilityUnknown,
}

impl RejectionCode {
    /// The rejection with this code.
    pub(super) fn because(self, message: impl Into<String>) -> Rejection {
        Rejection { code: self, message: message.into() }
    }
}
