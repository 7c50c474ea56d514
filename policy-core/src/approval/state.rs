//! The state of a request: a fold over its events, and nothing else.

use super::chain::{Chain, OnTimeout, Quorum, Stage};
use super::eligibility::Available;
use super::event::{Event, EventKind};
use super::facts::{Eligible, Facts};
use super::person::{Actor, Person};
use super::pinned::Pinned;
use crate::time::Timestamp;
use serde::Serialize;
use std::collections::BTreeSet;

/// Where a request stands.
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
    /// The approval was spent.
    Used,
    /// The approval was taken back by an administrator or the system.
    Revoked,
}

impl Status {
    /// Whether nothing can happen to the request any more.
    #[must_use]
    pub fn is_terminal(self) -> bool {
        !matches!(self, Self::Pending | Self::Approved)
    }
}

/// One walk through a stage. A standby stage can be entered more than once, each time from the beginning.
#[derive(Debug)]
pub(super) struct Entry<'a> {
    pub(super) stage: &'a Stage,
    pub(super) approvals: Vec<Person>,
    pub(super) progress: Progress,
    /// How many approvals the stage needs; none for a quorum of `all` while nobody has said who that is.
    pub(super) needed: Option<u32>,
    deadline: Timestamp,
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
    /// When the last event happened; before the first, when the request came to be.
    pub(super) last: Timestamp,
    /// In the order in which they were entered; the last one is current while the request is pending.
    pub(super) entries: Vec<Entry<'a>>,
    /// How many comments there are.
    pub(super) comments: usize,
    /// The index of the stage in line that is current, or that a standby stage stands in for.
    line: usize,
}

impl<'a> State<'a> {
    pub(super) fn new(pinned: &'a Pinned) -> Self {
        let start = pinned.opened_at;
        Self { pinned, status: None, since: start, last: start, entries: Vec::new(), comments: 0, line: 0 }
    }

    /// The walk through the current stage, while the request is pending.
    pub(super) fn current(&self) -> Option<&Entry<'a>> {
        self.entries.last().filter(|_| self.status == Some(Status::Pending))
    }

    /// The end of the current stage's time, or of the approval's.
    pub(super) fn deadline(&self) -> Option<Timestamp> {
        match self.status? {
            Status::Pending => self.current().map(|entry| entry.deadline),
            Status::Approved => Some(self.since.plus_seconds(self.pinned.chain.use_by)),
            _ => None,
        }
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
            .flat_map(|entry| entry.approvals.iter().map(move |person| (entry.stage, person)))
    }

    /// Who of a stage's eligible people could vote, were the stage the current one.
    pub(super) fn available<'e>(&self, stage: &Stage, eligible: &'e Eligible) -> Available<'e> {
        let mut excluded = BTreeSet::from([self.pinned.requester.person_key.as_str()]);
        if !stage.allow_repeat {
            excluded.extend(self.earlier_approvers().map(|(_, person)| person.person_key.as_str()));
        }
        Available::new(eligible, &excluded)
    }

    /// Takes an event in.
    ///
    /// # Errors
    /// A sentence that says why this event cannot have happened in this state. The history that holds it was not
    /// written by this fold.
    pub(super) fn apply(&mut self, event: &Event) -> Result<(), String> {
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
            (EventKind::Revoked, Some(Status::Approved)) => self.end(Status::Revoked, event),
            (kind, Some(status)) => {
                return Err(format!("{kind:?} cannot follow while the request is {status:?}"));
            }
        }
        self.last = event.at;
        self.learn(event.facts.as_ref());
        Ok(())
    }

    /// Deadlines come first: what they end happens at the deadline, and everything else before it.
    fn check_time(&self, event: &Event) -> Result<(), String> {
        if event.at < self.last {
            return Err(format!("it happened at {}, before the event that precedes it", event.at));
        }
        let of_time = matches!(event.kind, EventKind::TimedOut | EventKind::Escalated);
        match self.deadline() {
            Some(deadline) if of_time && event.at != deadline => Err(format!("the deadline is {deadline}")),
            Some(deadline) if !of_time && event.at >= deadline => {
                Err(format!("it came after the deadline {deadline}"))
            }
            _ => Ok(()),
        }
    }

    fn open(&mut self, event: &Event) -> Result<(), String> {
        match &event.actor {
            Actor::User(person) if person.id == self.pinned.requester.id => {}
            _ => return Err("somebody else than the requester opened the request".to_owned()),
        }
        let first = self.in_line(0).ok_or("the chain has no stage in line")?;
        self.set(Status::Pending, event.at);
        self.enter_in_line(first, event.at);
        Ok(())
    }

    fn approve(&mut self, event: &Event) -> Result<(), String> {
        let Actor::User(person) = &event.actor else {
            return Err("only users approve".to_owned());
        };
        if person.is(&self.pinned.requester) {
            return Err("the requester approved their own request".to_owned());
        }
        let entry = self.entries.last().ok_or("no stage was entered")?;
        if event.stage.as_ref() != Some(&entry.stage.id) {
            return Err(format!("the stage is `{}`", entry.stage.id));
        }
        let repeated = entry.approvals.iter().any(|other| other.is(person))
            || (!entry.stage.allow_repeat && self.earlier_approvers().any(|(_, other)| other.is(person)));
        if repeated {
            return Err(format!("{} approved twice", person.username));
        }
        if let Some(entry) = self.entries.last_mut() {
            entry.approvals.push(person.clone());
        }
        self.learn(event.facts.as_ref());
        if self.has_quorum(event.facts.as_ref()) {
            self.finish_stage(event.at);
        }
        Ok(())
    }

    fn has_quorum(&self, facts: Option<&Facts>) -> bool {
        let Some(entry) = self.entries.last() else {
            return false;
        };
        match entry.stage.quorum {
            Quorum::AtLeast(people) => {
                u32::try_from(entry.approvals.len()).is_ok_and(|given| given >= people)
            }
            Quorum::All => facts
                .and_then(|facts| facts.eligible.get(&entry.stage.id))
                .and_then(|eligible| self.available(entry.stage, eligible).everyone().cloned())
                .is_some_and(|everyone| everyone.iter().all(|key| has_key(&entry.approvals, key))),
        }
    }

    fn finish_stage(&mut self, at: Timestamp) {
        self.leave(Progress::Done);
        match self.next_in_line() {
            Some(next) => self.enter_in_line(next, at),
            None => self.set(Status::Approved, at),
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
        if self.successor().is_some() {
            return Err("the stage escalates instead".to_owned());
        }
        if self.status == Some(Status::Pending) {
            self.leave(Progress::TimedOut);
        }
        self.end(Status::Expired, event);
        Ok(())
    }

    /// Takes in who everyone is, where the current stage asks for everyone.
    fn learn(&mut self, facts: Option<&Facts>) {
        let needed = self.current().filter(|entry| entry.stage.quorum == Quorum::All).and_then(|entry| {
            let available = self.available(entry.stage, facts?.eligible.get(&entry.stage.id)?);
            let given = entry.approvals.len();
            let open = available.everyone()?.iter().filter(|key| !has_key(&entry.approvals, key)).count();
            u32::try_from(given.saturating_add(open)).ok()
        });
        if let (Some(needed), Some(entry)) = (needed, self.entries.last_mut()) {
            entry.needed = Some(needed);
        }
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

fn has_key(approvals: &[Person], key: &str) -> bool {
    approvals.iter().any(|person| person.person_key == key)
}
