//! A request's history: events in canonical form, numbered, each carrying the digest of the one before.

use super::AdvanceError;
use super::event::Event;
use super::pinned::Pinned;
use super::state::State;
use crate::wire;
use serde::Deserialize;

/// The events so far, those that are being appended, and the state after all of them.
#[derive(Debug)]
pub(super) struct History<'a> {
    pub(super) state: State<'a>,
    /// The canonical JSON of each appended event.
    pub(super) appended: Vec<String>,
    seq: u32,
    prev: String,
}

impl<'a> History<'a> {
    /// Folds stored events, after checking that they are what this fold wrote.
    pub(super) fn replay(pinned: &'a Pinned, events: &[String]) -> Result<Self, AdvanceError> {
        let mut history =
            Self { state: State::new(pinned), appended: Vec::new(), seq: 0, prev: pinned.genesis.clone() };
        for text in events {
            let number = history.seq.saturating_add(1);
            history.take(text).map_err(|fault| {
                AdvanceError::BrokenHistory(format!("event {number} of the history: {fault}"))
            })?;
        }
        Ok(history)
    }

    fn take(&mut self, text: &str) -> Result<(), String> {
        let json = wire::json::parse(text).map_err(|error| format!("it is not JSON: {error}"))?;
        let canonical = wire::canonical_text(&json).map_err(|error| error.message)?;
        if canonical != text {
            return Err("it is not in canonical form; store events byte for byte".to_owned());
        }
        let event = Event::deserialize(json).map_err(|error| format!("it is no event: {error}"))?;
        if Some(event.seq) != self.seq.checked_add(1) {
            return Err(format!("its number is {}", event.seq));
        }
        if event.prev != self.prev {
            return Err("`prev` is not the digest of what precedes it".to_owned());
        }
        self.advance(&event, text)
    }

    /// Appends an event that has just happened.
    pub(super) fn append(&mut self, mut event: Event) -> Result<(), AdvanceError> {
        event.seq = self.seq.checked_add(1).ok_or_else(|| internal("there are too many events"))?;
        event.prev.clone_from(&self.prev);
        let text = wire::canonical_text(&event).map_err(|error| internal(&error.message))?;
        self.advance(&event, &text).map_err(|fault| internal(&fault))?;
        self.appended.push(text);
        Ok(())
    }

    fn advance(&mut self, event: &Event, text: &str) -> Result<(), String> {
        self.state.apply(event)?;
        self.seq = event.seq;
        self.prev = wire::digest(text.as_bytes());
        Ok(())
    }
}

fn internal(fault: &str) -> AdvanceError {
    AdvanceError::Internal(format!("an event that was to be appended does not fit: {fault}"))
}
