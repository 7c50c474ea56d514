//! What happens to a request as a whole: open, cancel, use, revoke, and the passing of time.

use super::chain::Stage;
use super::event::{Event, EventKind};
use super::person::Actor;
use super::rejection::{Rejection, RejectionCode};
use super::state::Status;
use super::turn::{Refusal, Turn};

impl<'a> Turn<'_, 'a> {
    /// Every stage in line is looked at when the request is opened, so that nobody waits for the first one in vain.
    pub(super) fn open(&mut self) -> Result<(), Refusal> {
        if self.history.state.status.is_some() {
            return Err(RejectionCode::AlreadyOpen.because("The request was opened before.").into());
        }
        self.check_requester()?;
        let comment = self.clean_comment()?;
        if self.pinned().chain.justification && comment.is_none() {
            return Err(RejectionCode::JustificationRequired.because("Write why you ask for this.").into());
        }
        let facts = self.command.facts.recorded(&self.pinned().chain.stages);
        self.append(self.event(EventKind::Opened).saying(comment).knowing(facts))?;
        let in_line: Vec<&'a Stage> =
            self.pinned().chain.stages.iter().filter(|stage| !stage.standby).collect();
        for stage in in_line {
            if self.deny_if_hopeless(stage, Some("eligibility_unknown"))? {
                break;
            }
        }
        Ok(())
    }

    pub(super) fn cancel(&mut self) -> Result<(), Refusal> {
        self.live_status()?;
        if let Actor::User(_) = self.command.actor {
            self.check_requester()?;
        }
        let cancelled = self.with_reason(EventKind::Cancelled)?;
        Ok(self.append(cancelled)?)
    }

    pub(super) fn expire(&mut self) -> Result<(), Refusal> {
        self.live_status()?;
        if let Actor::User(_) = self.command.actor {
            let message = "Only an administrator or the system lets a request expire before its time.";
            return Err(RejectionCode::NotAllowed.because(message).into());
        }
        let expired = self.with_reason(EventKind::TimedOut)?;
        Ok(self.append(expired)?)
    }

    pub(super) fn spend(&mut self) -> Result<(), Refusal> {
        let status = self.live_status()?;
        self.check_requester()?;
        check_approved(status)?;
        let used = self.event(EventKind::Used);
        Ok(self.append(used)?)
    }

    pub(super) fn revoke(&mut self) -> Result<(), Refusal> {
        let status = self.revocable_status()?;
        if let Actor::User(person) = &self.command.actor
            && !self.history.state.was_approved_by(person)
        {
            let message = "Only who approved it, an administrator or the system revokes an approval.";
            return Err(RejectionCode::NotAllowed.because(message).into());
        }
        if status == Status::Pending {
            check_approved(status)?;
        }
        let revoked = self.with_reason(EventKind::Revoked)?;
        Ok(self.append(revoked)?)
    }

    /// What was due has fired before any command, so there is nothing left to do.
    pub(super) fn tick(&mut self) -> Result<(), Refusal> {
        if self.command.actor != Actor::System {
            return Err(RejectionCode::NotAllowed.because("Only the system tells the time.").into());
        }
        match self.history.state.status {
            None => Err(RejectionCode::NotOpen.because("The request has not been opened yet.").into()),
            Some(_) => Ok(()),
        }
    }

    /// The very account that asks, and not another one of the same person.
    fn check_requester(&self) -> Result<(), Rejection> {
        match &self.command.actor {
            Actor::User(person) if self.is_requesting_account(person) => Ok(()),
            _ => Err(RejectionCode::NotRequester.because("Only the requester may do this.")),
        }
    }

    /// The status, where there may be something to take back: an approval until it is used, and its grant until that ends.
    fn revocable_status(&self) -> Result<Status, Rejection> {
        let state = &self.history.state;
        if state.status != Some(Status::Used) {
            return self.live_status();
        }
        match state.grant_until() {
            Some(end) if self.now < end => Ok(Status::Used),
            Some(end) => Err(RejectionCode::Terminal
                .because(format!("The grant of this approval ended on {}.", end.for_people()))),
            None => Err(RejectionCode::Terminal.because(self.what_became(Status::Used))),
        }
    }

    fn with_reason(&self, kind: EventKind) -> Result<Event, Rejection> {
        let stage = self.history.state.current().map(|entry| entry.stage.id.clone());
        let comment = self.clean_comment()?;
        let event = Event { stage, code: self.command.code.clone(), ..self.event(kind) };
        Ok(event.saying(comment))
    }
}

fn check_approved(status: Status) -> Result<(), Rejection> {
    if status == Status::Approved {
        return Ok(());
    }
    Err(RejectionCode::NotApproved.because("The request has not been approved yet."))
}
