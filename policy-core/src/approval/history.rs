//! A request's history: events in canonical form, numbered, each carrying the digest of the one before.

use super::AdvanceError;
use super::event::{Event, Personal};
use super::pinned::Pinned;
use super::salt::{self, Salt};
use super::state::State;
use crate::wire;
use serde::Deserialize;
use serde_json::Value;

/// The events so far, those that are being appended, and the state after all of them.
#[derive(Debug)]
pub(super) struct History<'a> {
    pub(super) state: State<'a>,
    /// The canonical JSON of each appended event.
    pub(super) appended: Vec<String>,
    seq: u32,
    head: String,
    /// The numbers of the events whose personal part was erased.
    erased: Vec<u32>,
}

impl<'a> History<'a> {
    /// Folds stored events, after checking that they are what this fold wrote.
    pub(super) fn replay(pinned: &'a Pinned, events: &[String]) -> Result<Self, AdvanceError> {
        if !pinned.unedited {
            let fault = "`pinned.personal` is not what `pinned.commitment` was given for".to_owned();
            return Err(AdvanceError::BrokenHistory(fault));
        }
        let mut history = Self::new(pinned);
        for text in events {
            let number = history.seq.saturating_add(1);
            history.take(text).map_err(|fault| {
                AdvanceError::BrokenHistory(format!("event {number} of the history: {fault}"))
            })?;
        }
        Ok(history)
    }

    fn new(pinned: &'a Pinned) -> Self {
        Self {
            state: State::new(pinned),
            appended: Vec::new(),
            seq: 0,
            head: pinned.genesis.clone(),
            erased: Vec::new(),
        }
    }

    /// The number of the last event; 0 before the first.
    pub(super) fn seq(&self) -> u32 {
        self.seq
    }

    /// The hash of the last event; of `pinned` before the first.
    pub(super) fn head(&self) -> &str {
        &self.head
    }

    /// The numbers of the events whose personal part was erased.
    pub(super) fn erased(&self) -> &[u32] {
        &self.erased
    }

    /// Refuses to go on with a request that is not over, and of which something was erased: what people may still do
    /// depends on who did what before.
    pub(super) fn check_whole(&self) -> Result<(), AdvanceError> {
        if self.state.status.is_some_and(super::Status::is_terminal) {
            return Ok(());
        }
        let part = match (self.state.pinned.personal.is_none(), self.erased.first()) {
            (true, _) => "`pinned`".to_owned(),
            (false, Some(seq)) => format!("event {seq}"),
            (false, None) => return Ok(()),
        };
        Err(AdvanceError::ErasedHistory(format!(
            "the personal part of {part} was erased, though the request has not ended: nothing can be decided on it any more"
        )))
    }

    fn take(&mut self, text: &str) -> Result<(), String> {
        let mut json = wire::json::parse(text).map_err(|error| format!("it is not JSON: {error}"))?;
        let canonical = wire::canonical_text(&json).map_err(|error| error.message)?;
        if canonical != text {
            return Err("it is not in canonical form; store events byte for byte".to_owned());
        }
        let mut event = Event::deserialize(&json).map_err(|error| format!("it is no event: {error}"))?;
        if Some(event.seq) != self.seq.checked_add(1) {
            return Err(format!("its number is {}", event.seq));
        }
        if event.prev != self.head {
            return Err("`prev` is not the digest of what precedes it".to_owned());
        }
        check_commitment(&event, json.get("personal"))?;
        let facts = event.facts.clone();
        self.state.apply(&mut event)?;
        if event.facts != facts {
            return Err(
                "it miscounts those who are still missing from a stage that asks for everyone".to_owned()
            );
        }
        if event.commitment.is_some() && event.personal.is_none() {
            self.erased.push(event.seq);
        }
        if let Some(members) = json.as_object_mut() {
            members.remove("personal");
        }
        self.seq = event.seq;
        self.head = salt::commitment(&json).map_err(|error| error.message)?;
        Ok(())
    }

    /// Appends an event that has just happened, with a salt of its own for what it says about people.
    pub(super) fn append(&mut self, mut event: Event, salt: &Salt) -> Result<(), AdvanceError> {
        event.seq = self.seq.checked_add(1).ok_or_else(|| internal("there are too many events"))?;
        event.prev.clone_from(&self.head);
        self.state.apply(&mut event).map_err(|fault| internal(&fault))?;
        let personal = event
            .personal
            .take()
            .filter(|personal| !personal.is_empty())
            .map(|personal| Personal { salt: salt.derive(event.seq), ..personal });
        event.commitment = personal.as_ref().map(salt::commitment).transpose()?;
        self.seq = event.seq;
        self.head = salt::commitment(&event)?;
        self.appended.push(wire::canonical_text(&Event { personal, ..event })?);
        Ok(())
    }
}

fn check_commitment(event: &Event, personal: Option<&Value>) -> Result<(), String> {
    match (&event.commitment, personal) {
        (None, None) if event.actor.kind == super::ActorKind::System => Ok(()),
        (None, _) => Err("it has no commitment to who did it".to_owned()),
        (Some(_), None) => Ok(()),
        (Some(commitment), Some(personal)) => {
            let actual = salt::commitment(personal).map_err(|error| error.message)?;
            if actual == *commitment {
                Ok(())
            } else {
                Err("`personal` is not what `commitment` was given for".to_owned())
            }
        }
    }
}

fn internal(fault: &str) -> AdvanceError {
    AdvanceError::Internal(format!("an event that was to be appended does not fit: {fault}"))
}
