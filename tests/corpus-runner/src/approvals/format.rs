//! The files of `approvals/` as they are written.

use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct File {
    #[serde(default)]
    pub(super) people: BTreeMap<String, Account>,
    #[serde(default)]
    pub(super) chains: BTreeMap<String, Chain>,
    pub(super) cases: Vec<WrittenCase>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenCase {
    pub(super) name: String,
    pub(super) chain: ChainRef,
    /// Merged into `pinned` at the end.
    pub(super) pinned: Option<Value>,
    pub(super) steps: Vec<Step>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum ChainRef {
    Named(String),
    Written(Chain),
}

#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Chain {
    Stages(Vec<Stage>),
    Mapping(ChainSettings),
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ChainSettings {
    pub(super) stages: Vec<Stage>,
    #[serde(default)]
    pub(super) justification: bool,
    #[serde(default)]
    pub(super) show_approvers: bool,
    pub(super) use_by: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Stage {
    pub(super) stage: String,
    pub(super) people: Vec<String>,
    pub(super) approvers: Option<Value>,
    pub(super) quorum: Option<Value>,
    pub(super) timeout: Option<String>,
    pub(super) escalate: Option<String>,
    #[serde(default)]
    pub(super) standby: bool,
    #[serde(default)]
    pub(super) allow_repeat: bool,
    pub(super) notify: Option<bool>,
    pub(super) require: Option<Value>,
}

/// What is known about a person, where it is not what their name says.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Account {
    pub(super) id: Option<String>,
    pub(super) username: Option<String>,
    pub(super) person_key: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Step {
    #[serde(rename = "do")]
    pub(super) command: String,
    pub(super) at: Option<String>,
    pub(super) comment: Option<String>,
    pub(super) code: Option<String>,
    pub(super) shown: Option<Shown>,
    pub(super) matches: Option<Vec<u32>>,
    pub(super) acr: Option<bool>,
    pub(super) match_code: Option<bool>,
    pub(super) eligible: Option<Eligible>,
    pub(super) person: Option<Account>,
    pub(super) patch: Option<Value>,
    pub(super) history: Option<Tampering>,
    pub(super) then: Then,
}

/// The word `none`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Nothing {
    None,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Shown {
    Nothing(Nothing),
    Something(ShownParts),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ShownParts {
    pub(super) digest: Option<String>,
    pub(super) stage: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Eligible {
    Nothing(Nothing),
    Stages(BTreeMap<String, EligibleThere>),
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum EligibleThere {
    Nothing(Nothing),
    People(Vec<String>),
    Counted(Counted),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Counted {
    pub(super) count: u32,
    pub(super) people: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Tampering {
    Drop(usize),
    Swap(usize, usize),
    Replace { event: usize, old: String, new: String },
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Then {
    pub(super) status: Option<String>,
    pub(super) stage: Option<String>,
    pub(super) deadline: Option<String>,
    pub(super) grant_until: Option<String>,
    pub(super) append: Option<Vec<String>>,
    pub(super) stages: Option<BTreeMap<String, String>>,
    pub(super) effects: Option<Vec<String>>,
    pub(super) rejected: Option<String>,
    pub(super) error: Option<String>,
    pub(super) message: Option<String>,
    pub(super) stored_comment: Option<String>,
    pub(super) erased: Option<String>,
}
