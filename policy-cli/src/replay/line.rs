//! A line of the decision log, and what a policy says about it.

use policy_core::context::decode;
use policy_core::decide::decide;
use policy_core::decision::Decision;
use policy_core::explain::filled;
use policy_core::policy::Policy;
use serde::Deserialize;
use serde_json::{Map, Value as Json};

/// What is kept of a decision (docs/decision-log.md); members that are not needed here are passed over.
#[derive(Debug, Deserialize)]
pub(super) struct Line {
    pub(super) v: u32,
    pub(super) id: String,
    pub(super) at: String,
    pub(super) action: String,
    pub(super) hash: String,
    effect: String,
    rule: Option<String>,
    #[serde(default)]
    obligations: Map<String, Json>,
    /// The share of its kind that is kept.
    #[serde(default = "one")]
    pub(super) rate: f64,
    context: Json,
    #[serde(default)]
    redacted: Vec<String>,
}

fn one() -> f64 {
    1.0
}

/// What was or would be decided, as far as anybody notices.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Said {
    pub(super) effect: String,
    pub(super) rule: Option<String>,
    /// What has to be done, in words: levels, chains, for how long.
    pub(super) must: String,
}

/// What came of a line.
#[derive(Debug)]
pub(super) enum Came {
    To(Said),
    /// Nobody can tell, and why.
    Unknown(String),
}

impl Line {
    /// How many decisions it stands for.
    pub(super) fn weight(&self) -> f64 {
        // A share that is none would make an infinite estimate of a damaged line.
        if self.rate > 0.0 && self.rate <= 1.0 { self.rate.recip() } else { 1.0 }
    }

    /// What was decided.
    pub(super) fn recorded(&self) -> Said {
        Said {
            effect: self.effect.clone(),
            rule: self.rule.clone(),
            must: must(&Json::Object(self.obligations.clone())),
        }
    }

    /// What a policy decides on the same facts.
    pub(super) fn under(&self, policy: &Policy) -> Came {
        if let Some(path) = self.redacted.iter().find(|path| is_read(policy, &self.action, path)) {
            return Came::Unknown(format!("{path} was taken out"));
        }
        // Nothing reads what was taken out: what stands there makes no difference.
        let context = if self.redacted.is_empty() {
            self.context.clone()
        } else {
            filled(&self.context, &self.action, &self.redacted)
        };
        let decision = match decode(&context) {
            Ok(facts) => decide(policy, &facts).map_err(|error| error.message),
            Err(problems) => {
                Err(problems.first().map_or_else(String::new, |it| format!("{} {}", it.path, it.message)))
            }
        };
        match decision {
            Ok(decision) => Came::To(Said::of(&decision)),
            Err(why) => Came::Unknown(why),
        }
    }

    /// A text of the context.
    pub(super) fn fact(&self, group: &str, name: &str) -> Option<&str> {
        self.context.get(group)?.get(name)?.as_str()
    }
}

impl Said {
    fn of(decision: &Decision) -> Self {
        let obligations = serde_json::to_value(&decision.obligations).unwrap_or_default();
        Self {
            effect: decision.effect.name().to_owned(),
            rule: decision.rule.clone(),
            must: must(&obligations),
        }
    }

    /// Whether somebody would notice the difference; which rule says the same is none.
    pub(super) fn is_noticed(&self, other: &Self) -> bool {
        (&self.effect, &self.must) != (&other.effect, &other.must)
    }
}

/// Obligations in words, in a fixed order.
fn must(obligations: &Json) -> String {
    let mut words = Vec::new();
    if let Some(stages) = obligations.pointer("/approval/stages").and_then(Json::as_array) {
        let ids: Vec<&str> = stages.iter().filter_map(|stage| stage.get("id")?.as_str()).collect();
        words.push(ids.join(" → "));
    }
    words.extend(obligations.get("acr").and_then(Json::as_str).map(|acr| format!("acr {acr}")));
    let seconds =
        |path: &str| obligations.pointer(path).and_then(Json::as_u64).and_then(|it| u32::try_from(it).ok());
    let shown = |path: &str| seconds(path).map(policy_core::policy::duration::show);
    words.extend(shown("/grant/seconds").map(|length| format!("good for {length}")));
    words.extend(shown("/remember").map(|length| format!("remembered for {length}")));
    words.join(", ")
}

/// Whether an enforced rule for the action reads a path that was taken out, or all of what it is in.
fn is_read(policy: &Policy, action: &str, path: &str) -> bool {
    let Some(reads) = policy.reads.get(action) else { return false };
    let mut end = Some(path.len());
    while let Some(at) = end {
        if path.get(..at).is_some_and(|whole| reads.contains(whole)) {
            return true;
        }
        end = path.get(..at).and_then(|whole| whole.rfind('.'));
    }
    false
}
