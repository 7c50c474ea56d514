//! One command on its way through the state machine: what all commands share.

use super::AdvanceError;
use super::chain::Stage;
use super::command::{Command, CommandKind};
use super::comment::{self, MAX_COMMENT};
use super::event::{Event, EventKind, NOT_USED};
use super::facts::Facts;
use super::history::History;
use super::person::{Actor, Person};
use super::pinned::Pinned;
use super::rejection::{Rejection, RejectionCode};
use super::state::Status;
use crate::time::Timestamp;

/// A command, the history that it meets, and the moment.
#[derive(Debug)]
pub(super) struct Turn<'h, 'a> {
    pub(super) history: &'h mut History<'a>,
    pub(super) command: &'a Command,
    pub(super) now: Timestamp,
    /// A deadline changed the stage just now, under the feet of the command: its facts are of the stage before.
    pub(super) moved: bool,
}

/// Why a command is not granted.
#[derive(Debug)]
pub(super) enum Refusal {
    /// The state machine says no.
    Rejected(Rejection),
    /// The host asked in a way that has no answer.
    Failed(AdvanceError),
}

impl From<Rejection> for Refusal {
    fn from(rejection: Rejection) -> Self {
        Self::Rejected(rejection)
    }
}

impl From<AdvanceError> for Refusal {
    fn from(error: AdvanceError) -> Self {
        Self::Failed(error)
    }
}

impl<'a> Turn<'_, 'a> {
    pub(super) fn handle(&mut self) -> Result<(), Refusal> {
        self.check_body()?;
        match self.command.kind {
            CommandKind::Open => self.open(),
            CommandKind::Approve => self.approve(),
            CommandKind::Deny => self.deny(),
            CommandKind::Comment => self.comment(),
            CommandKind::Cancel => self.cancel(),
            CommandKind::Expire => self.expire(),
            CommandKind::Use => self.spend(),
            CommandKind::Revoke => self.revoke(),
            CommandKind::Tick => self.tick(),
        }
    }

    /// After a stage was entered: denies when it can never be approved.
    ///
    /// Where the host has not said who is eligible there, the stage is not let through either. Only time passes without a look-up:
    /// with `unknown` the stage stays open, and its own time-out ends it.
    pub(super) fn deny_if_hopeless(
        &mut self,
        stage: &Stage,
        unknown: Option<&str>,
    ) -> Result<bool, AdvanceError> {
        let obstacle = match self.command.facts.eligible.get(&stage.id) {
            Some(eligible) => self.history.state.available(stage, eligible).obstacle(stage),
            None => unknown,
        };
        let Some(code) = obstacle else {
            return Ok(false);
        };
        let eligible = self.command.facts.recorded([stage]).eligible;
        let denied = Event {
            stage: Some(stage.id.clone()),
            code: Some(code.to_owned()),
            ..Event::new(EventKind::Denied, self.now, &Actor::System)
        };
        self.append(denied.knowing(Facts { eligible, ..Facts::default() }))?;
        Ok(true)
    }

    /// Appends an event of this command.
    pub(super) fn append(&mut self, event: Event) -> Result<(), AdvanceError> {
        self.history.append(event, &self.command.salt)
    }

    /// Whether this is the very account that asks, and not another one of the same person.
    pub(super) fn is_requesting_account(&self, person: &Person) -> bool {
        self.pinned().requester().is_some_and(|requester| requester.id == person.id)
    }

    /// The status, where something can still happen.
    pub(super) fn live_status(&self) -> Result<Status, Rejection> {
        match self.history.state.status {
            None => Err(RejectionCode::NotOpen.because("The request has not been opened yet.")),
            Some(status) if status.is_terminal() => {
                Err(RejectionCode::Terminal.because(self.what_became(status)))
            }
            Some(status) => Ok(status),
        }
    }

    /// A sentence: `The request was denied on 2026-11-24 14:32:38 UTC.`
    pub(super) fn what_became(&self, status: Status) -> String {
        let became = match status {
            Status::Pending => "was opened",
            Status::Approved => "was approved",
            Status::Denied => "was denied",
            Status::Cancelled => "was cancelled",
            Status::Expired => "expired",
            Status::Used => "was used",
            Status::Revoked => "was revoked",
        };
        format!("The request {became} on {}.", self.history.state.since.for_people())
    }

    /// The comment as it is to be stored.
    pub(super) fn clean_comment(&self) -> Result<Option<String>, Rejection> {
        let comment = self.command.comment.as_deref().and_then(comment::clean);
        match comment.as_ref().map(|text| text.chars().count()) {
            Some(length) if length > MAX_COMMENT => Err(RejectionCode::CommentTooLong
                .because(format!("The comment has {length} characters; at most {MAX_COMMENT} are allowed."))),
            _ => Ok(comment),
        }
    }

    /// An event of this command, by its actor, now.
    pub(super) fn event(&self, kind: EventKind) -> Event {
        Event::new(kind, self.now, &self.command.actor)
    }

    pub(super) fn pinned(&self) -> &'a Pinned {
        self.history.state.pinned
    }

    fn check_body(&self) -> Result<(), AdvanceError> {
        let command = self.command;
        let stages = &self.pinned().chain.stages;
        if let Some(id) =
            command.facts.eligible.keys().find(|id| !stages.iter().any(|stage| stage.id == **id))
        {
            return Err(AdvanceError::BadBody(format!(
                "`facts.eligible` names `{id}`, which is no stage of the chain"
            )));
        }
        let may_say_why =
            matches!(command.kind, CommandKind::Cancel | CommandKind::Revoke | CommandKind::Expire)
                && !matches!(command.actor, Actor::User(_));
        match command.code.as_deref() {
            Some(_) if !may_say_why => Err(AdvanceError::BadBody(
                "a `code` goes with a `cancel`, `revoke` or `expire` by the system or an admin".to_owned(),
            )),
            Some(code) if !is_code(code) => Err(AdvanceError::BadBody(
                "`code` has 1 to 64 lower-case letters, digits and underscores".to_owned(),
            )),
            Some(NOT_USED) if command.kind == CommandKind::Expire => {
                Err(AdvanceError::BadBody(format!("`{NOT_USED}` is the clock's own `code`")))
            }
            None if may_say_why && command.kind == CommandKind::Expire => {
                Err(AdvanceError::BadBody("`expire` says in `code` why".to_owned()))
            }
            None if may_say_why && command.actor == Actor::System => {
                Err(AdvanceError::BadBody("the system says in `code` why it cancels or revokes".to_owned()))
            }
            _ => Ok(()),
        }
    }
}

fn is_code(code: &str) -> bool {
    (1..=64).contains(&code.len())
        && code.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_'))
}
