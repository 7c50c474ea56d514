//! What an approval must rest on, told from the events alone and written without the fold's own code.

use crate::world::{PEOPLE, Step};
use policy_core::time::Timestamp;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// What the events of a request say.
#[derive(Debug, Default)]
pub(crate) struct Told {
    /// By walk (how many escalations came before, and the stage): the approvals, as (id, person key).
    approvals: BTreeMap<(usize, String), Vec<(String, String)>>,
    /// Who had to approve at the last approval of a walk, for a quorum of all.
    everyone: BTreeMap<(usize, String), BTreeSet<String>>,
    /// Stages whose time was up, and where it went on: (from, to).
    escalations: Vec<(String, String)>,
    /// When each event happened, with its kind and who did it.
    events: Vec<(Timestamp, String, Value)>,
}

impl Told {
    /// Reads the events that the steps appended, with the facts that the host gave them.
    pub(crate) fn by(steps: &[Step]) -> Self {
        let mut told = Self::default();
        for step in steps {
            for event in step.outcome.append.iter().map(|text| serde_json::from_str::<Value>(text).unwrap()) {
                told.take(&event, &step.body["command"]["facts"]);
            }
        }
        told
    }

    fn take(&mut self, event: &Value, facts: &Value) {
        let at = Timestamp::parse(event["at"].as_str().unwrap()).unwrap();
        let kind = event["kind"].as_str().unwrap().to_owned();
        self.events.push((at, kind, event.clone()));
        let text = |key: &str| event[key].as_str().unwrap_or_default().to_owned();
        match event["kind"].as_str().unwrap() {
            "escalated" => self.escalations.push((text("stage"), text("to"))),
            "approved" => {
                let walk = (self.escalations.len(), text("stage"));
                let earlier: BTreeSet<String> = self
                    .approvals
                    .iter()
                    .filter(|(other, _)| **other != walk)
                    .flat_map(|(_, approvals)| approvals.iter().map(|(_, key)| key.clone()))
                    .collect();
                let eligible = facts["eligible"][&walk.1]["people"].as_array().into_iter().flatten();
                let everyone = eligible
                    .map(|key| key.as_str().unwrap().to_owned())
                    .filter(|key| key != PEOPLE[0].1)
                    .map(|key| if earlier.contains(&key) { format!("{key} (earlier)") } else { key })
                    .collect();
                let actor = |key: &str| event["personal"]["actor"][key].as_str().unwrap().to_owned();
                assert_eq!(event["actor"]["kind"], "user");
                self.approvals.entry(walk.clone()).or_default().push((actor("id"), actor("person_key")));
                self.everyone.insert(walk, everyone);
            }
            _ => {}
        }
    }

    /// Why these events do not justify an approval.
    pub(crate) fn fault(&self, chain: &Value) -> Option<String> {
        let stages = chain["stages"].as_array().unwrap();
        let requester = PEOPLE[0];
        for (walk, approvals) in &self.approvals {
            let ids: BTreeSet<&str> = approvals.iter().map(|(id, _)| id.as_str()).collect();
            let keys: BTreeSet<&str> = approvals.iter().map(|(_, key)| key.as_str()).collect();
            if ids.len() < approvals.len() || keys.len() < approvals.len() {
                return Some(format!("somebody counts twice in {walk:?}"));
            }
            if ids.contains(requester.0) || keys.contains(requester.1) {
                return Some(format!("the requester approved {walk:?}"));
            }
        }
        for stage in stages.iter().filter(|stage| stage["standby"] == false) {
            let id = stage["id"].as_str().unwrap();
            if !self.escalations.iter().any(|(from, _)| from == id) && !self.has_quorum(stage) {
                return Some(format!("{id} was neither approved nor did it time out"));
            }
        }
        self.escalations.iter().enumerate().find_map(|(index, (_, to))| {
            let stage = stages.iter().find(|stage| stage["id"] == **to).unwrap();
            let left_again = self.escalations.get(index + 1).is_some_and(|(from, _)| from == to);
            let quorum = self.walk_has_quorum(stage, index + 1);
            (!left_again && !quorum).then(|| format!("{to} took over and was not approved"))
        })
    }

    /// Why these events do not justify that a grant was taken back.
    pub(crate) fn revocation_fault(&self, grant: Option<u32>) -> Option<String> {
        let last = |kind: &str| self.events.iter().rev().find(|(_, other, _)| other == kind);
        let Some(seconds) = grant else { return Some("there was no grant".to_owned()) };
        let (approved, ..) = last("approved").unwrap();
        let (at, _, revoked) = last("revoked").unwrap();
        if *at >= approved.plus_seconds(seconds) {
            return Some("the grant had ended".to_owned());
        }
        let key = revoked["personal"]["actor"]["person_key"].as_str();
        let id = revoked["personal"]["actor"]["id"].as_str();
        let approved_it = self
            .approvals
            .values()
            .flatten()
            .any(|(by_id, by_key)| Some(by_id.as_str()) == id || Some(by_key.as_str()) == key);
        let by_user = revoked["actor"]["kind"] == "user";
        (by_user && !approved_it).then(|| "who revoked it had not approved it".to_owned())
    }

    fn has_quorum(&self, stage: &Value) -> bool {
        (0..=self.escalations.len()).any(|walk| self.walk_has_quorum(stage, walk))
    }

    fn walk_has_quorum(&self, stage: &Value, escalations: usize) -> bool {
        let walk = (escalations, stage["id"].as_str().unwrap().to_owned());
        let Some(approvals) = self.approvals.get(&walk) else {
            return false;
        };
        match stage["quorum"].as_u64() {
            Some(quorum) => approvals.len() as u64 >= quorum,
            None => self.everyone[&walk].iter().all(|key| {
                let earlier = key.strip_suffix(" (earlier)");
                let excused = earlier.is_some() && stage["allow_repeat"] == false;
                excused || approvals.iter().any(|(_, other)| other == earlier.unwrap_or(key))
            }),
        }
    }
}
