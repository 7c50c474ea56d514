//! What the host looked up in the directory for a command. Recorded in the event, so that a history replays
//! without the directory.

use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Facts about the actor and the stages, at the moment of the command.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Facts {
    /// The indexes of the current stage's selectors that the actor matches. Empty: not eligible.
    pub matches: BTreeSet<u32>,
    /// The actor reached the authentication level that the current stage requires.
    pub acr: bool,
    /// The actor typed the code that the requester's page shows.
    pub match_code: bool,
    /// By stage id: who could vote there.
    pub eligible: BTreeMap<String, Eligible>,
}

/// Who could vote in a stage. The requester may be among them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Eligible {
    /// How many distinct people, by person key.
    pub count: u32,
    /// Their person keys; fewer than `count` where there are too many to list.
    pub people: BTreeSet<String>,
}

impl Facts {
    /// Only who could vote in one stage: what a decision of the system rests on.
    pub(super) fn eligible_in(&self, stage: &str) -> Self {
        let eligible = self.eligible.get(stage).map(|eligible| (stage.to_owned(), eligible.clone()));
        Self { eligible: eligible.into_iter().collect(), ..Self::default() }
    }
}
