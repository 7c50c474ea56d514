//! What the passing of time does: it escalates or ends, and never approves.

use super::AdvanceError;
use super::event::{Event, EventKind, NOT_USED};
use super::history::History;
use super::person::Actor;
use super::salt::Salt;
use super::state::Status;
use crate::time::Timestamp;

/// Fires every deadline that is due, each at its own instant: a stage that takes over late may be over already, too.
pub(super) fn fire(history: &mut History<'_>, now: Timestamp, salt: &Salt) -> Result<(), AdvanceError> {
    while let Some(deadline) = history.state.deadline().filter(|deadline| *deadline <= now) {
        let event = at_deadline(history, deadline);
        history.append(event, salt)?;
    }
    Ok(())
}

fn at_deadline(history: &History<'_>, deadline: Timestamp) -> Event {
    let state = &history.state;
    let successor = state.successor().map(|stage| stage.id.clone());
    let kind = if successor.is_some() { EventKind::Escalated } else { EventKind::TimedOut };
    let code = (state.status == Some(Status::Approved)).then(|| NOT_USED.to_owned());
    let stage = state.current().map(|entry| entry.stage.id.clone());
    Event { stage, to: successor, code, ..Event::new(kind, deadline, &Actor::System) }
}
