//! What approvers do: approve, deny, comment.

use super::AdvanceError;
use super::chain::{Quorum, Stage};
use super::event::{Event, EventKind};
use super::person::{Actor, Person};
use super::rejection::{Rejection, RejectionCode};
use super::state::Status;
use super::turn::{Refusal, Turn};
use std::iter;

/// How many comments a request may have: a history is read at every step.
const MAX_COMMENTS: usize = 50;

impl<'a> Turn<'_, 'a> {
    pub(super) fn approve(&mut self) -> Result<(), Refusal> {
        let stage = self.pending_stage()?;
        let person = self.eligible_person(stage)?;
        self.check_first_vote(person, stage)?;
        let comment = self.clean_comment()?;
        self.check_requirements(stage, comment.as_deref())?;
        self.check_everyone_is_known(stage)?;
        let walked = self.history.state.entries.len();
        let next = self.history.state.next_in_line().map(|(_, next)| next);
        let facts = self.command.facts.recorded(iter::once(stage).chain(next));
        let vote = self.in_stage(EventKind::Approved, stage, comment).knowing(facts);
        self.append(vote)?;
        if self.history.state.entries.len() > walked
            && let Some(next) = self.history.state.current().map(|entry| entry.stage)
        {
            self.deny_if_hopeless(next, Some("eligibility_unknown"))?;
        }
        Ok(())
    }

    /// A denial asks for less than an approval: saying no is the safe side, and must be easy.
    pub(super) fn deny(&mut self) -> Result<(), Refusal> {
        let stage = self.pending_stage()?;
        self.eligible_person(stage)?;
        let comment = self.clean_comment()?;
        check_comment(stage, comment.as_deref())?;
        let vote = self.in_stage(EventKind::Denied, stage, comment);
        Ok(self.append(vote)?)
    }

    pub(super) fn comment(&mut self) -> Result<(), Refusal> {
        let stage = self.pending_stage()?;
        let by_requester =
            matches!(&self.command.actor, Actor::User(person) if self.is_requesting_account(person));
        if !by_requester {
            self.eligible_person(stage)?;
        }
        let comment = self.clean_comment()?;
        if comment.is_none() {
            return Err(RejectionCode::CommentRequired.because("The comment is empty.").into());
        }
        if self.history.state.comments >= MAX_COMMENTS {
            let message = format!("The request has {MAX_COMMENTS} comments already; no more can be added.");
            return Err(RejectionCode::TooManyComments.because(message).into());
        }
        let said = self.in_stage(EventKind::Commented, stage, comment);
        Ok(self.append(said)?)
    }

    fn pending_stage(&self) -> Result<&'a Stage, Rejection> {
        let status = self.live_status()?;
        match self.history.state.current() {
            Some(entry) if status == Status::Pending => Ok(entry.stage),
            _ => Err(RejectionCode::Conflict
                .because(format!("{} There is nothing left to decide.", self.what_became(status)))),
        }
    }

    /// The actor, where they may decide about what they saw.
    fn eligible_person(&self, stage: &Stage) -> Result<&'a Person, Refusal> {
        let Actor::User(person) = &self.command.actor else {
            return Err(RejectionCode::NotAllowed
                .because("Only people who are logged in as themselves decide.")
                .into());
        };
        if self.pinned().requester().is_none_or(|requester| person.is(requester)) {
            let message =
                "You asked for this yourself, so somebody else has to decide. You can cancel the request.";
            return Err(RejectionCode::SelfApproval.because(message).into());
        }
        self.check_shown(stage)?;
        let selectors = stage.approvers.len();
        if let Some(index) = self.command.facts.matches.iter().find(|index| **index as usize >= selectors) {
            let message =
                format!("`facts.matches` names selector {index}; stage `{}` has {selectors}", stage.id);
            return Err(AdvanceError::BadBody(message).into());
        }
        if self.command.facts.matches.is_empty() {
            let message = format!("You are not among those who may decide in the stage {}.", stage.name);
            return Err(RejectionCode::NotEligible.because(message).into());
        }
        Ok(person)
    }

    fn check_shown(&self, stage: &Stage) -> Result<(), Rejection> {
        let message = match &self.command.shown {
            None => "It is not known what your page showed. Open the request again before you decide.",
            Some(shown) if self.pinned_digest() != Some(shown.digest.as_str()) => {
                "Your page showed other facts than the request has. Open it again before you decide."
            }
            Some(shown) if shown.stage != stage.id || self.moved => {
                "The request has moved on to another stage since your page was shown. Open it again before you decide."
            }
            Some(_) => return Ok(()),
        };
        Err(RejectionCode::Conflict.because(message))
    }

    fn pinned_digest(&self) -> Option<&'a str> {
        self.pinned().personal.as_ref().map(|personal| personal.digest.as_str())
    }

    fn check_first_vote(&self, person: &Person, stage: &Stage) -> Result<(), Rejection> {
        let state = &self.history.state;
        if state.current().is_some_and(|entry| entry.has_approval_of(person)) {
            return Err(
                RejectionCode::AlreadyVoted.because("You approved this stage already; nobody counts twice.")
            );
        }
        match state.earlier_approvers().find(|(_, other)| other.is(person)) {
            Some((earlier, _)) if !stage.allow_repeat => Err(RejectionCode::AlreadyVoted.because(format!(
                "You approved the stage {} already; this one needs somebody else.",
                earlier.name
            ))),
            _ => Ok(()),
        }
    }

    fn check_requirements(&self, stage: &Stage, comment: Option<&str>) -> Result<(), Rejection> {
        check_comment(stage, comment)?;
        let facts = &self.command.facts;
        if stage.require.match_code && !facts.match_code {
            let message = "Ask the requester for the code on their page, and enter it to approve.";
            return Err(RejectionCode::MatchCodeRequired.because(message));
        }
        match &stage.require.acr {
            Some(level) if !facts.acr => Err(RejectionCode::AcrRequired.because(format!(
                "This stage asks for a stronger login, level {level}. Log in with it to approve."
            ))),
            _ => Ok(()),
        }
    }

    fn check_everyone_is_known(&self, stage: &Stage) -> Result<(), Rejection> {
        if stage.quorum != Quorum::All {
            return Ok(());
        }
        match self.command.facts.eligible.get(&stage.id) {
            None => Err(RejectionCode::EligibilityUnknown
                .because("This stage needs everyone, and it is not known who that is. Try again.")),
            Some(eligible) if self.history.state.available(stage, eligible).everyone().is_none() => {
                Err(RejectionCode::TooManyEligible.because(format!(
                    "This stage needs everyone, and {} people are too many to ask.",
                    eligible.count
                )))
            }
            Some(_) => Ok(()),
        }
    }

    fn in_stage(&self, kind: EventKind, stage: &Stage, comment: Option<String>) -> Event {
        let event = Event { stage: Some(stage.id.clone()), ..self.event(kind) };
        event.saying(comment).knowing(self.command.facts.recorded([]))
    }
}

fn check_comment(stage: &Stage, comment: Option<&str>) -> Result<(), Rejection> {
    if stage.require.comment && comment.is_none() {
        return Err(RejectionCode::CommentRequired.because("Write a comment that says why you decide so."));
    }
    Ok(())
}
