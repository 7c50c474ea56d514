//! What happened to a request. Events are only ever appended.

use super::facts::{Eligible, Facts};
use super::person::{Actor, ActorKind, Person};
use super::salt::Salt;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

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
    /// Who did it, as far as it names nobody.
    pub actor: Role,
    /// Why, as a stable code, where the system or an administrator did it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// What the host had looked up, as far as it names nobody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub facts: Option<RecordedFacts>,
    /// The digest of the canonical bytes of `personal`, as it was written. None where nothing personal was written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commitment: Option<String>,
    /// What identifies people, and what people wrote; no part of what is hashed, and none once it was erased.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub personal: Option<Personal>,
    /// The digest of the canonical bytes of the event before without `personal`; of `pinned`, likewise, for the first.
    pub prev: String,
}

/// In which role the actor acted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Role {
    /// User, administrator or system.
    pub kind: ActorKind,
}

/// What the host had looked up, without anybody's name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordedFacts {
    /// The indexes of the current stage's selectors that the actor matched.
    pub matches: BTreeSet<u32>,
    /// The actor had reached the authentication level that the stage requires.
    pub acr: bool,
    /// The actor had typed the code that the requester's page shows.
    pub match_code: bool,
    /// By stage id: how many could vote there.
    pub eligible: BTreeMap<String, Counted>,
}

/// How many could vote in a stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counted {
    /// How many distinct people, by person key; the requester may be among them.
    pub count: u32,
    /// For the stage that asks for everyone, and is current: how many of them had still to approve it after this event. None where
    /// that was not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missing: Option<u32>,
}

/// The part of an event that can be erased.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Personal {
    /// Keeps the commitment from being guessed.
    pub salt: Salt,
    /// Who did it; none for the system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<Person>,
    /// What they said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// By stage id: the person keys of those who could vote there, where the stage asks for everyone.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub people: BTreeMap<String, BTreeSet<String>>,
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
    /// A stage's time, or an approval's, was up, or an administrator or the system said so: the request expired.
    TimedOut,
    /// A stage's time was up, and another stage took over.
    Escalated,
    /// The approval was spent.
    Used,
    /// The approval was taken back.
    Revoked,
}

/// Why an approval that nobody used has timed out. The clock alone says so.
pub(super) const NOT_USED: &str = "not_used";

impl Event {
    /// An event that has no place in a history yet; [`super::history::History::append`] gives it one, and a salt.
    pub(super) fn new(kind: EventKind, at: Timestamp, actor: &Actor) -> Self {
        Self {
            seq: 0,
            at,
            kind,
            stage: None,
            to: None,
            actor: Role { kind: actor.kind() },
            code: None,
            facts: None,
            commitment: None,
            personal: Some(Personal { actor: actor.person().cloned(), ..Personal::default() }),
            prev: String::new(),
        }
    }

    /// The same, with what the actor wrote.
    pub(super) fn saying(mut self, comment: Option<String>) -> Self {
        if let Some(personal) = &mut self.personal {
            personal.comment = comment;
        }
        self
    }

    /// The same, with what was looked up. Names go where they can be erased.
    pub(super) fn knowing(mut self, facts: Facts) -> Self {
        let Facts { matches, acr, match_code, eligible } = facts;
        let counted = |(id, eligible): (&String, &Eligible)| {
            (id.clone(), Counted { count: eligible.count, missing: None })
        };
        let counts = eligible.iter().map(counted).collect();
        self.facts = Some(RecordedFacts { matches, acr, match_code, eligible: counts });
        if let Some(personal) = &mut self.personal {
            personal.people = eligible
                .into_iter()
                .filter(|(_, eligible)| !eligible.people.is_empty())
                .map(|(id, eligible)| (id, eligible.people))
                .collect();
        }
        self
    }

    /// Whether a clock wrote it, and not somebody who ended the request before its time.
    pub(super) fn is_of_the_clock(&self) -> bool {
        match self.kind {
            EventKind::Escalated => true,
            EventKind::TimedOut => self.code.as_deref().is_none_or(|code| code == NOT_USED),
            _ => false,
        }
    }

    /// Who could vote in a stage, as the event recorded it. None where that was erased or never looked up.
    pub(super) fn eligible(&self, stage: &str) -> Option<Eligible> {
        let counted = self.facts.as_ref()?.eligible.get(stage)?;
        let people = self.personal.as_ref()?.people.get(stage).cloned().unwrap_or_default();
        Some(Eligible { count: counted.count, people })
    }
}

impl Personal {
    /// Whether there is nothing in it that anybody could want to erase.
    pub(super) fn is_empty(&self) -> bool {
        self.actor.is_none() && self.comment.is_none() && self.people.is_empty()
    }

    /// Whether it is about this person, or names them.
    pub(super) fn names(&self, person: &Person) -> bool {
        self.actor.as_ref().is_some_and(|actor| actor.is(person) || actor.username == person.username)
            || self.people.values().any(|people| people.contains(&person.person_key))
    }
}
