//! The approval state machine: a pure fold over the events of a request.
//!
//! [`advance`] folds the stored events, fires the deadlines that are due, and then does what a command wants, or says
//! why not. The host stores the events that come back, and nothing else changes a request's status. The host looks
//! people up and tells the time; what a vote means is decided here alone.
//!
//! What holds, whatever is asked in whichever order:
//!
//! - No request is approved unless every stage that was entered and did not time out had its quorum of distinct
//!   people, none of them the requester.
//! - Time escalates or ends, and never approves.
//! - What has ended stays so; only a grant, which an approval that was used may give for a while, can be taken back.
//! - The same events give the same state.

mod advance;
pub mod chain;
mod command;
mod comment;
mod deadline;
mod eligibility;
mod event;
mod facts;
mod grant;
mod history;
mod lifecycle;
mod outcome;
mod person;
mod pin;
mod pinned;
mod rejection;
mod salt;
mod soundness;
mod state;
mod turn;
mod verify;
mod votes;

pub use advance::{Advance, AdvanceError, advance};
pub use command::{Command, CommandKind, Shown};
pub use comment::MAX_COMMENT;
pub use event::{Counted, Event, EventKind, Personal, RecordedFacts, Role};
pub use facts::{Eligible, Facts};
pub use grant::{Binding, Grant};
pub use outcome::{Effect, Outcome, StageState, StageView};
pub use person::{Actor, ActorKind, Person};
pub use pin::{Pin, PinnedDocument, Screen, pin};
pub use pinned::{About, Pinned, PinnedPersonal};
pub use rejection::{Rejection, RejectionCode};
pub use salt::Salt;
pub use state::Status;
pub use verify::{Erase, Erased, Proof, Remains, Stored, commitment, erase, hash, verify};
