//! A set of rules and contexts, as tests/bench/engine/cases.js writes it.

use serde::Deserialize;

/// Rules and contexts.
#[derive(Deserialize)]
pub(crate) struct Case {
    pub(crate) name: String,
    /// All rules as a policy for the engine.
    pub(crate) policy: String,
    /// The same one by one.
    pub(crate) rules: Vec<Rule>,
    /// What is decided, in turn.
    pub(crate) steps: Vec<Step>,
}

#[derive(Deserialize)]
pub(crate) struct Rule {
    pub(crate) id: String,
    pub(crate) effect: Effect,
    pub(crate) guard: Guard,
    /// The condition without the guard.
    pub(crate) when: String,
    /// The condition with the guard.
    pub(crate) full: String,
}

/// What an index may be built on.
#[derive(Deserialize)]
pub(crate) struct Guard {
    pub(crate) action: String,
    pub(crate) client: Option<String>,
}

#[derive(Deserialize)]
pub(crate) struct Step {
    /// JSON.
    pub(crate) context: String,
    pub(crate) expect: Verdict,
}

/// What a decision comes to.
#[derive(Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct Verdict {
    pub(crate) effect: Effect,
    pub(crate) rule: String,
}

/// The strictest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Effect {
    Deny,
    Confirm,
    Allow,
}

impl Case {
    /// Reads the case of this name.
    pub(crate) fn read(folder: &str, name: &str) -> Self {
        #[expect(clippy::disallowed_methods, reason = "a benchmark, not the engine, reads its cases")]
        let text = std::fs::read_to_string(format!("{folder}/{name}.json")).expect("the case can be read");
        serde_json::from_str(&text).expect("the case is one")
    }
}
