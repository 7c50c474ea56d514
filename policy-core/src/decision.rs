//! What a policy says about a step.

use serde::{Deserialize, Serialize};

use crate::approval::Grant;
use crate::approval::chain::Chain;
use crate::policy::Mode;

/// What happens to the step, from the least strict to the strictest.
///
/// # Example: the stricter one of two
///
/// ```
/// use policy_core::decision::Effect;
///
/// assert_eq!(Effect::StepUp.max(Effect::Confirm), Effect::StepUp);
/// assert!(Effect::Deny > Effect::RequireApproval);
/// assert_eq!(Effect::RequireApproval.name(), "require_approval");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// It goes on.
    Allow,
    /// The user must confirm it.
    Confirm,
    /// The user must use a stronger factor.
    StepUp,
    /// Other people must approve it.
    RequireApproval,
    /// It ends.
    Deny,
}

impl Effect {
    /// As it is written in JSON and in policies.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Confirm => "confirm",
            Self::StepUp => "step_up",
            Self::RequireApproval => "require_approval",
            Self::Deny => "deny",
        }
    }
}

/// The answer to `decide`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Decision {
    // In the order of their names, so that what serde writes is canonical.
    /// Of the facts that the decision used, where somebody answers for it: under `confirm`, `step_up` and `require_approval`.
    pub digest: Option<String>,
    /// The strictest of what the enforced rules say.
    pub effect: Effect,
    /// What could not be evaluated.
    pub errors: Vec<Failure>,
    /// Every rule that matched, in the policy's order.
    pub matched: Vec<Match>,
    /// What must be done before the step goes on; empty under `allow` and `deny`.
    pub obligations: Obligations,
    /// The policy that was asked.
    pub policy: PolicyName,
    /// A sentence for people.
    pub reason: Option<String>,
    /// The rule that decided: the first of the strictest. `None`: the policy's default.
    pub rule: Option<String>,
}

/// A policy and its version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PolicyName {
    /// The hash of the file.
    pub hash: String,
    /// The name in the file.
    pub name: String,
}

/// What must be done before the step goes on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Obligations {
    /// The level that the user must reach.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acr: Option<String>,
    /// The user must confirm.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub confirm: bool,
    /// How long the confirmation holds in the browser that gave it, in seconds; `None`: for this once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remember: Option<u32>,
    /// The people who must approve.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub approval: Option<Chain>,
    /// How long the approval stays good, and for what; `None`: for this once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grant: Option<Grant>,
}

/// A rule that matched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Match {
    /// What it says.
    pub effect: Effect,
    /// Whether that counts.
    pub mode: Mode,
    /// Its id.
    pub rule: String,
}

/// Something that could not be evaluated.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Failure {
    /// What went wrong.
    pub message: String,
    /// What came of it.
    pub outcome: Outcome,
    /// The expression of the rule.
    pub part: Part,
    /// The rule that it belongs to.
    pub rule: String,
}

/// An expression of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// The condition.
    When,
    /// The sentence for people.
    Reason,
    /// A `cel` selector in the rule's chain.
    Approvers,
    /// The levels that several rules ask for together.
    Acr,
}

/// What came of a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The decision is `deny`.
    Deny,
    /// The rule counts as matched.
    Match,
    /// The rule was left out.
    Skip,
    /// Nothing: the decision does not depend on it.
    None,
}
