//! What `advance` answers.

use super::chain::{Quorum, Stage};
use super::history::History;
use super::rejection::Rejection;
use super::state::{Entry, Progress, State, Status};
use crate::time::Timestamp;
use serde::Serialize;

/// What is to be stored and done, and where the request stands afterwards.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Outcome {
    /// The canonical JSON of each event to append, in order. There may be some even when the command was rejected: a
    /// deadline that was due fired first.
    pub append: Vec<String>,
    /// None before the request is opened.
    pub status: Option<Status>,
    /// The id of the current stage, while the request is pending.
    pub stage: Option<String>,
    /// The end of the current stage's time; in `approved`, of the time to use it.
    pub deadline: Option<Timestamp>,
    /// While the request is approved or used: when its grant ends. None where it has none.
    pub grant_until: Option<Timestamp>,
    /// Every stage of the chain, in its order.
    pub stages: Vec<StageView>,
    /// What the host is to do once the events are stored.
    pub effects: Vec<Effect>,
    /// The hash of the last event, of those that are to be appended too: the next one's `prev`.
    pub head: String,
    /// Why the command was not granted.
    pub rejection: Option<Rejection>,
}

/// How far one stage has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StageView {
    /// The stage's id.
    pub id: String,
    /// Where it is in its course.
    pub state: StageState,
    /// How many people have approved it.
    pub approvals: u32,
    /// How many have to; none for a quorum of `all` that is not known yet.
    pub needed: Option<u32>,
    /// Their user names, in the order of their votes; without those that were erased.
    pub approved_by: Vec<String>,
}

/// Where a stage is in its course.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum StageState {
    /// It had its quorum.
    Done,
    /// It is being decided; or the request ended in it, when that is not pending any more.
    Current,
    /// It has not been entered yet.
    Waiting,
    /// Its time was up.
    TimedOut,
    /// On standby, and not entered.
    Standby,
}

/// What the host is to do, after the events are stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Effect {
    /// Tell the stage's approvers that they are asked.
    NotifyStage {
        /// The stage's id.
        stage: String,
    },
    /// Tell the requester, and the approvers that were asked, how it ended.
    NotifyOutcome {
        /// What became of the request.
        status: Status,
    },
}

/// Where a request stood before a command.
#[derive(Clone, Copy, Debug)]
pub(super) struct Before {
    status: Option<Status>,
    pub(super) entries: usize,
}

impl Before {
    pub(super) fn of(state: &State<'_>) -> Self {
        Self { status: state.status, entries: state.entries.len() }
    }
}

impl Outcome {
    pub(super) fn new(history: History<'_>, before: Before, rejection: Option<Rejection>) -> Self {
        let state = &history.state;
        Self {
            status: state.status,
            stage: state.current().map(|entry| entry.stage.id.clone()),
            deadline: state.deadline(),
            grant_until: state.grant_until(),
            stages: state.pinned.chain.stages.iter().map(|stage| view(state, stage)).collect(),
            effects: effects(state, before),
            head: history.head().to_owned(),
            rejection,
            append: history.appended,
        }
    }
}

fn effects(state: &State<'_>, before: Before) -> Vec<Effect> {
    match (state.status, state.current()) {
        (Some(Status::Pending), Some(entry))
            if state.entries.len() > before.entries && entry.stage.notify =>
        {
            vec![Effect::NotifyStage { stage: entry.stage.id.clone() }]
        }
        // Who has just used an approval knows it.
        (None | Some(Status::Pending | Status::Used), _) => Vec::new(),
        (Some(status), _) if before.status == Some(status) => Vec::new(),
        (Some(status), _) => vec![Effect::NotifyOutcome { status }],
    }
}

fn view(state: &State<'_>, stage: &Stage) -> StageView {
    match state.entries.iter().rev().find(|entry| entry.stage.id == stage.id) {
        Some(entry) => entered(entry),
        None => StageView {
            id: stage.id.clone(),
            state: if stage.standby { StageState::Standby } else { StageState::Waiting },
            approvals: 0,
            needed: match stage.quorum {
                Quorum::AtLeast(people) => Some(people),
                Quorum::All => None,
            },
            approved_by: Vec::new(),
        },
    }
}

fn entered(entry: &Entry<'_>) -> StageView {
    StageView {
        id: entry.stage.id.clone(),
        state: match entry.progress {
            Progress::Current => StageState::Current,
            Progress::Done => StageState::Done,
            Progress::TimedOut => StageState::TimedOut,
        },
        approvals: u32::try_from(entry.approvals.len()).unwrap_or(u32::MAX),
        needed: entry.needed,
        approved_by: entry.known_approvers().map(|person| person.username.clone()).collect(),
    }
}
