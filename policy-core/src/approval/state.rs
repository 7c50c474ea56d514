//! The state of a request: a fold over its events, and nothing else.

use super::chain::{Chain, OnTimeout, Quorum, Stage};
use super::eligibility::Available;
use super::event::{Event, EventKind};
use super::facts::Eligible;
use super::person::{ActorKind, Person};
use super::pinned::Pinned;
use crate::time::Timestamp;
use serde::Serialize;
use std::collections::BTreeSet;

/// Where a request stands.
///
/// # Example: an approval that was not used yet can still be taken back
///
/// ```
/// use policy_core::approval::Status;
///
/// assert!(!Status::Approved.is_terminal());
/// assert!(Status::Used.is_terminal());
/// assert_eq!(Status::Cancelled.name(), "cancelled");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// People are being asked.
    Pending,
    /// Every stage that was walked to its end had its quorum. The approval waits to be used.
    Approved,
    /// An approver said no, or the system did.
    Denied,
    /// Taken back before it was used.
    Cancelled,
    /// A stage's time, or the approval's, was up.
    Expired,
    /// The approval was spent. Where it gave a grant, that can still be revoked until its end.
    Used,
    /// The approval, or its grant, was taken back.
    Revoked,
}

impl Status {
    /// As it is written in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Approved => "approved",
            Self::Denied => "denied",
            Self::Cancelled => "cancelled",
            Self::Expired => "expired",
            Self::Used => "used",
            Self::Revoked => "revoked",
        }
    }

    /// Whether nothing can happen to the request any more, but that a grant is revoked.
    #[must_use]
    pub fn is_terminal(self) -> bool {
        !matches!(self, Self::Pending | Self::Approved)
    }
}

/// One walk through a stage. A standby stage can be entered more than once, each time from the beginning.
#[derive(Debug)]
pub(super) struct Entry<'a> {
    pub(super) stage: &'a Stage,
    pub(super) approvals: Vec<Approver>,
    pub(super) progress: Progress,
    /// How many approvals the stage needs; none for a quorum of `all` while nobody has said who that is.
    pub(super) needed: Option<u32>,
    deadline: Timestamp,
}

/// Somebody who approved. Who was erased still counts, as a person of their own.
#[derive(Debug)]
pub(super) enum Approver {
    Known(Person),
    Erased,
}

impl Approver {
    fn known(&self) -> Option<&Person> {
        match self {
            Self::Known(person) => Some(person),
            Self::Erased => None,
        }
    }
}

impl Entry<'_> {
    pub(super) fn known_approvers(&self) -> impl Iterator<Item = &Person> {
        self.approvals.iter().filter_map(Approver::known)
    }

    pub(super) fn has_approval_of(&self, person: &Person) -> bool {
        self.known_approvers().any(|other| other.is(person))
    }
}

/// How far a walk through a stage has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Progress {
    Current,
    Done,
    TimedOut,
}

/// The state after some events.
#[derive(Debug)]
pub(super) struct State<'a> {
    pub(super) pinned: &'a Pinned,
    /// None before the request is opened.
    pub(super) status: Option<Status>,
    /// When it came to that status.
    pub(super) since: Timestamp,
    /// When the last stage approved.
    approved_at: Option<Timestamp>,
    /// When the last event happened; before the first, when the request came to be.
    pub(super) last: Timestamp,
    /// In the order in which they were entered; the last one is current while the request is pending.
    pub(super) entries: Vec<Entry<'a>>,
    /// How many comments there are.
    pub(super) comments: usize,
    /// Some of what came before is not known any more, so that nobody can be counted anew.
    erased: bool,
    /// The index of the stage in line that is current, or that a standby stage stands in for.
    line: usize,
}

impl<'a> State<'a> {
    pub(super) fn new(pinned: &'a Pinned) -> Self {
        let start = pinned.opened_at;
        Self {
            pinned,
            status: None,
            since: start,
            approved_at: None,
            last: start,
            entries: Vec::new(),
            comments: 0,
            erased: pinned.personal.is_none(),
            line: 0,
        }
    }

    /// The walk through the current stage, while the request is pending.
    pub(super) fn current(&self) -> Option<&Entry<'a>> {
        self.entries.last().filter(|_| self.status == Some(Status::Pending))
    }

    /// The end of the current stage's time, or of the approval's.
    pub(super) fn deadline(&self) -> Option<Timestamp> {
        match self.status? {
            Status::Pending => self.current().map(|entry| entry.deadline),
            Status::Approved => Some(self.since.plus_seconds(self.use_by())),
            _ => None,
        }
    }

    /// How long an approval may be used: one whose grant ends sooner is of no use after that.
    fn use_by(&self) -> u32 {
        let use_by = self.pinned.chain.use_by;
        self.pinned.grant.as_ref().map_or(use_by, |grant| use_by.min(grant.seconds))
    }

    /// When the grant ends, as long as nobody has taken it back.
    pub(super) fn grant_until(&self) -> Option<Timestamp> {
        if !matches!(self.status?, Status::Approved | Status::Used) {
            return None;
        }
        Some(self.approved_at?.plus_seconds(self.pinned.grant.as_ref()?.seconds))
    }

    /// Whether somebody approved a stage, in whichever walk.
    pub(super) fn was_approved_by(&self, person: &Person) -> bool {
        self.entries.iter().any(|entry| entry.has_approval_of(person))
    }

    /// The stage that takes over when the current stage's time is up. One in line is always the next in line, so
    /// that an escalation skips nothing.
    pub(super) fn successor(&self) -> Option<&'a Stage> {
        let OnTimeout::Escalate(target) = &self.current()?.stage.on_timeout else {
            return None;
        };
        let chain: &'a Chain = &self.pinned.chain;
        let standby = chain.stages.iter().find(|stage| stage.id == *target && stage.standby);
        standby.or_else(|| self.next_in_line().map(|(_, stage)| stage))
    }

    /// Who approved a stage other than the current one before, in whichever walk.
    pub(super) fn earlier_approvers(&self) -> impl Iterator<Item = (&'a Stage, &Person)> {
        let earlier = self.entries.len().saturating_sub(1);
        self.entries
            .iter()
            .take(earlier)
            .flat_map(|entry| entry.known_approvers().map(move |person| (entry.stage, person)))
    }

    /// Who of a stage's eligible people could vote, were the stage the current one.
    pub(super) fn available<'e>(&self, stage: &Stage, eligible: &'e Eligible) -> Available<'e> {
        let requester = self.pinned.requester().map(|requester| requester.person_key.as_str());
        let mut excluded: BTreeSet<&str> = requester.into_iter().collect();
        if !stage.allow_repeat {
            excluded.extend(self.earlier_approvers().map(|(_, person)| person.person_key.as_str()));
        }
        Available::new(eligible, &excluded)
    }

    /// Takes an event in, and counts in it who is still missing from a stage that asks for everyone.
    ///
    /// # Errors
    /// A sentence that says why this event cannot have happened in this state. The history that holds it was not
    /// written by this fold.
    pub(super) fn apply(&mut self, event: &mut Event) -> Result<(), String> {
        check_actor(event)?;
        self.erased |= event.personal.is_none() && event.commitment.is_some();
        self.check_time(event)?;
        match (event.kind, self.status) {
            (EventKind::Opened, None) => self.open(event)?,
            (EventKind::Opened, Some(_)) => return Err("the request was opened before".to_owned()),
            (_, None) => return Err("the request was not opened yet".to_owned()),
            (EventKind::Commented, Some(Status::Pending)) => self.comments = self.comments.saturating_add(1),
            (EventKind::Approved, Some(Status::Pending)) => self.approve(event)?,
            (EventKind::Denied, Some(Status::Pending)) => self.end(Status::Denied, event),
            (EventKind::Escalated, Some(Status::Pending)) => self.escalate(event)?,
            (EventKind::TimedOut, Some(Status::Pending | Status::Approved)) => self.time_out(event)?,
            (EventKind::Cancelled, Some(Status::Pending | Status::Approved)) => {
                self.end(Status::Cancelled, event)
            }
            (EventKind::Used, Some(Status::Approved)) => self.end(Status::Used, event),
            (EventKind::Revoked, Some(Status::Approved | Status::Used)) => self.revoke(event)?,
            (kind, Some(status)) => {
                return Err(format!("{kind:?} cannot follow while the request is {status:?}"));
            }
        }
        self.last = event.at;
        self.learn(event);
        Ok(())
    }

    /// Deadlines come first: what they end happens at the deadline, and everything else before it.
    fn check_time(&self, event: &Event) -> Result<(), String> {
        if event.at < self.last {
            return Err(format!("it happened at {}, before the event that precedes it", event.at));
        }
        let of_time = event.is_of_the_clock();
        match self.deadline() {
            Some(deadline) if of_time && event.at != deadline => Err(format!("the deadline is {deadline}")),
            Some(deadline) if !of_time && event.at >= deadline => {
                Err(format!("it came after the deadline {deadline}"))
            }
            _ => Ok(()),
        }
    }

    fn open(&mut self, event: &Event) -> Result<(), String> {
        let known = actor(event).zip(self.pinned.requester());
        if event.actor.kind != ActorKind::User || known.is_some_and(|(person, asks)| person.id != asks.id) {
            return Err("somebody else than the requester opened the request".to_owned());
        }
        let first = self.in_line(0).ok_or("the chain has no stage in line")?;
        self.set(Status::Pending, event.at);
        self.enter_in_line(first, event.at);
        Ok(())
    }

    fn approve(&mut self, event: &mut Event) -> Result<(), String> {
        if event.actor.kind != ActorKind::User {
            return Err("only users approve".to_owned());
        }
        let person = actor(event).cloned();
        let known = person.as_ref();
        if known.zip(self.pinned.requester()).is_some_and(|(person, asks)| person.is(asks)) {
            return Err("the requester approved their own request".to_owned());
        }
        let entry = self.entries.last().ok_or("no stage was entered")?;
        if event.stage.as_ref() != Some(&entry.stage.id) {
            return Err(format!("the stage is `{}`", entry.stage.id));
        }
        let repeated = |person: &&Person| {
            entry.has_approval_of(person)
                || (!entry.stage.allow_repeat && self.earlier_approvers().any(|(_, other)| other.is(person)))
        };
        if let Some(person) = known.filter(repeated) {
            return Err(format!("{} approved twice", person.username));
        }
        if let Some(entry) = self.entries.last_mut() {
            entry.approvals.push(person.map_or(Approver::Erased, Approver::Known));
        }
        if self.has_quorum(event) {
            self.finish_stage(event.at);
        }
        Ok(())
    }

    fn has_quorum(&mut self, event: &mut Event) -> bool {
        let missing = self.learn(event);
        let Some(entry) = self.entries.last() else {
            return false;
        };
        match entry.stage.quorum {
            Quorum::AtLeast(people) => count(entry.approvals.len()) >= people,
            Quorum::All => missing == Some(0),
        }
    }

    fn finish_stage(&mut self, at: Timestamp) {
        self.leave(Progress::Done);
        match self.next_in_line() {
            Some(next) => self.enter_in_line(next, at),
            None => {
                self.approved_at = Some(at);
                self.set(Status::Approved, at);
            }
        }
    }

    fn escalate(&mut self, event: &Event) -> Result<(), String> {
        let successor = self.successor().ok_or("the stage escalates to nobody")?;
        if event.to.as_ref() != Some(&successor.id) {
            return Err(format!("the stage escalates to `{}`", successor.id));
        }
        self.leave(Progress::TimedOut);
        if successor.standby {
            self.enter(successor, event.at);
        } else if let Some(next) = self.next_in_line() {
            self.enter_in_line(next, event.at);
        }
        Ok(())
    }

    fn time_out(&mut self, event: &Event) -> Result<(), String> {
        if event.is_of_the_clock() {
            if self.successor().is_some() {
                return Err("the stage escalates instead".to_owned());
            }
            if self.status == Some(Status::Pending) {
                self.leave(Progress::TimedOut);
            }
        }
        self.end(Status::Expired, event);
        Ok(())
    }

    fn revoke(&mut self, event: &Event) -> Result<(), String> {
        if self.status == Some(Status::Used) && self.grant_until().is_none_or(|end| event.at >= end) {
            return Err("there was no grant any more that could be revoked".to_owned());
        }
        // Once somebody who approved was erased, it may have been them.
        let stranger = |person: &&Person| !self.erased && !self.was_approved_by(person);
        let by_user = event.actor.kind == ActorKind::User;
        if let Some(person) = actor(event).filter(|_| by_user).filter(stranger) {
            return Err(format!("{} had not approved it", person.username));
        }
        self.end(Status::Revoked, event);
        Ok(())
    }

    /// Takes in how many are still missing where the current stage asks for everyone, and records it in the event.
    fn learn(&mut self, event: &mut Event) -> Option<u32> {
        let entry = self.current().filter(|entry| entry.stage.quorum == Quorum::All)?;
        let missing = if self.erased {
            event.facts.as_ref()?.eligible.get(&entry.stage.id)?.missing
        } else {
            self.missing(entry, event)
        };
        let needed = missing.map(|missing| count(entry.approvals.len()).saturating_add(missing));
        let recorded = event.facts.as_mut().and_then(|facts| facts.eligible.get_mut(&entry.stage.id));
        if let Some(recorded) = recorded {
            recorded.missing = missing;
        }
        if let (Some(needed), Some(entry)) = (needed, self.entries.last_mut()) {
            entry.needed = Some(needed);
        }
        missing
    }

    /// How many of everyone have not approved; none where it is not known who everyone is.
    fn missing(&self, entry: &Entry<'_>, event: &Event) -> Option<u32> {
        let eligible = event.eligible(&entry.stage.id)?;
        let available = self.available(entry.stage, &eligible);
        let approved = |key: &&&str| entry.known_approvers().any(|person| person.person_key == ***key);
        Some(count(available.everyone()?.iter().filter(|key| !approved(key)).count()))
    }

    /// The stage in line that comes next, once the current one is over.
    pub(super) fn next_in_line(&self) -> Option<(usize, &'a Stage)> {
        self.in_line(self.line.saturating_add(1))
    }

    fn in_line(&self, from: usize) -> Option<(usize, &'a Stage)> {
        let chain: &'a Chain = &self.pinned.chain;
        chain.stages.iter().enumerate().skip(from).find(|(_, stage)| !stage.standby)
    }

    fn enter_in_line(&mut self, (index, stage): (usize, &'a Stage), at: Timestamp) {
        self.line = index;
        self.enter(stage, at);
    }

    fn enter(&mut self, stage: &'a Stage, at: Timestamp) {
        let needed = match stage.quorum {
            Quorum::AtLeast(people) => Some(people),
            Quorum::All => None,
        };
        let deadline = at.plus_seconds(stage.timeout);
        self.entries.push(Entry {
            stage,
            approvals: Vec::new(),
            progress: Progress::Current,
            needed,
            deadline,
        });
    }

    fn leave(&mut self, progress: Progress) {
        if let Some(entry) = self.entries.last_mut() {
            entry.progress = progress;
        }
    }

    fn end(&mut self, status: Status, event: &Event) {
        self.set(status, event.at);
    }

    fn set(&mut self, status: Status, at: Timestamp) {
        self.status = Some(status);
        self.since = at;
    }
}

/// The person behind an event, where that is known.
fn actor(event: &Event) -> Option<&Person> {
    event.personal.as_ref()?.actor.as_ref()
}

/// Who acts is named, unless it was erased; and nobody but the clock acts in the clock's name.
fn check_actor(event: &Event) -> Result<(), String> {
    let system = event.actor.kind == ActorKind::System;
    if event.personal.as_ref().is_some_and(|personal| personal.actor.is_none() != system) {
        return Err("its `actor` and the one in `personal` do not go together".to_owned());
    }
    if event.is_of_the_clock() && !system {
        return Err("only the system tells the time".to_owned());
    }
    if event.kind == EventKind::TimedOut && event.actor.kind == ActorKind::User {
        return Err("no user ends a request as expired".to_owned());
    }
    Ok(())
}

fn count(people: usize) -> u32 {
    u32::try_from(people).unwrap_or(u32::MAX)
}
