//! What the host looked up in the directory for a command. Recorded in the event, so that a history replays
//! without the directory.

use super::chain::{Quorum, Stage};
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
    /// The facts as an event keeps them: of these stages, how many people could vote there, and who they are only
    /// where the quorum is `all`, since a history is read at every step and has to stay small.
    pub(super) fn recorded<'a>(&self, stages: impl IntoIterator<Item = &'a Stage>) -> Self {
        let eligible = stages.into_iter().filter_map(|stage| {
            let mut eligible = self.eligible.get(&stage.id)?.clone();
            if stage.quorum != Quorum::All {
                eligible.people.clear();
            }
            Some((stage.id.clone(), eligible))
        });
        Self {
            matches: self.matches.clone(),
            acr: self.acr,
            match_code: self.match_code,
            eligible: eligible.collect(),
        }
    }
}
