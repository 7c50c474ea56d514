//! Explaining a decision later, from what the decision log has of it.

use super::outcomes::Known;
use super::{Explained, Explainer, Outcome, Room};
use crate::context::decode;
use crate::decision::{self, Decision, Match, Part};
use crate::testing::{self, merge, patch};
use crate::wire::WireError;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

/// For a page, and for readers of JSON that give up at 128 levels, of which a clause takes two.
const ROOM: Room = Room { all: 1 << 20, one: 128 << 10, deep: 48 };

/// What was kept of a decision (docs/decision-log.md).
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kept {
    /// The action that was decided on, which the host knows, even where it was taken out of the context.
    pub action: String,
    /// What was decided on, with `null` in the place of what was taken out.
    pub context: Json,
    /// The paths that were taken out, such as `user.email`.
    #[serde(default)]
    pub redacted: Vec<String>,
    /// The rules that matched.
    #[serde(default)]
    pub matched: Vec<Match>,
    /// What could not be evaluated.
    #[serde(default)]
    pub errors: Vec<KeptFailure>,
}

/// Something that could not be evaluated, without the message, which may repeat a fact.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeptFailure {
    /// The rule that it belongs to.
    pub rule: String,
    /// The expression of the rule.
    pub part: Part,
    /// What came of it.
    pub outcome: decision::Outcome,
}

/// The explanation of what was kept.
#[derive(Clone, Debug, Serialize)]
pub struct Retold {
    /// What this engine decides on the same facts; none where facts were taken out.
    pub decision: Option<Decision>,
    /// Every rule for the action, in the order of the policy; of very many or very long ones, some without their conditions.
    pub rules: Vec<Explained>,
}

impl Explainer {
    /// Explains a decision that was kept. Of a whole context, it decides again, which gives the very explanation of [`Explainer::explain`]. Where facts
    /// were taken out, clauses that read them come to nothing, and what came of each rule is what was kept of it.
    ///
    /// # Errors
    ///
    /// `invalid_context` where the context is none, `internal` as [`decide`](crate::decide::decide) says.
    ///
    /// # Example: a role was taken out before the decision was kept
    ///
    /// ```
    /// use policy_core::explain::{Explainer, Kept, Outcome, WITHHELD};
    /// # use policy_core::testing::{TestError, context_with};
    /// use serde_json::json;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let text = "apiVersion: jit-approval.dev/v1
    /// # name: p
    /// # rules: [{ id: finance, on: [login], when: '\"finance\" in user.roles', effect: confirm }]";
    /// # let explainer = Explainer::new(text, "p.yaml").map_err(TestError::Policy)?;
    /// # let mut context = context_with(&json!({}));
    /// # context["user"]["roles"] = json!(null);
    /// let kept: Kept = serde_json::from_value(json!({
    ///     "action": "login",
    ///     "context": context,
    ///     "redacted": ["user.roles"],
    ///     "matched": [{ "rule": "finance", "effect": "confirm", "mode": "enforce" }]
    /// }))?;
    /// let retold = explainer.retell(&kept)?;
    /// assert!(retold.decision.is_none());
    /// assert_eq!(retold.rules[0].outcome, Outcome::Matched);
    /// let when = retold.rules[0].when.as_ref();
    /// assert_eq!(when.and_then(|clause| clause.error.as_deref()), Some(WITHHELD));
    /// # Ok(())
    /// # }
    /// ```
    pub fn retell(&self, kept: &Kept) -> Result<Retold, WireError> {
        if kept.redacted.is_empty() {
            let facts = decode(&kept.context).map_err(WireError::invalid_context)?;
            let decision = crate::decide::decide(self.policy(), &facts)?;
            let rules = self.rules_asked(&facts, &Known::of(&decision), &[], ROOM);
            return Ok(Retold { decision: Some(decision), rules });
        }
        // What stands in the place of what was taken out makes no difference: no clause that reads it is asked.
        let context = filled(&kept.context, &kept.action, &kept.redacted);
        let facts = decode(&context).map_err(WireError::invalid_context)?;
        let mut rules = self.rules_asked(&facts, &Known::kept(kept), &kept.redacted, ROOM);
        for rule in &mut rules {
            let holds = rule.when.as_ref().and_then(|when| when.holds);
            // It would be among those that matched.
            if rule.outcome == Outcome::NotMatched && holds == Some(true) {
                rule.outcome = Outcome::NotAsked;
            }
        }
        Ok(Retold { decision: None, rules })
    }
}

/// A context of which something was taken out, with something unremarkable in its place where the action requires it, and the action in its own;
/// what is missing besides stays missing.
///
/// # Example: an address that was not kept
///
/// ```
/// use policy_core::explain::filled;
/// use serde_json::json;
///
/// let mut kept = policy_core::testing::context("login");
/// kept["request"]["ip"] = json!(null);
/// kept["user"]["email"] = json!(null);
/// let context = filled(&kept, "login", &["request.ip".to_owned(), "user.email".to_owned()]);
/// assert_eq!(context["request"]["ip"], "192.0.2.1");
/// assert_eq!(context["user"].get("email"), None);
/// ```
#[must_use]
pub fn filled(context: &Json, action: &str, redacted: &[String]) -> Json {
    let unremarkable = testing::context(action);
    let mut filled = context.clone();
    without_nulls(&mut filled);
    for path in redacted {
        let pointer = format!("/{}", path.replace('.', "/"));
        if let Some(value) = unremarkable.pointer(&pointer) {
            merge(&mut filled, &patch(path, value.clone()));
        }
    }
    filled
}

/// A context that is decided on never holds a `null`.
fn without_nulls(value: &mut Json) {
    match value {
        Json::Object(members) => {
            members.retain(|_, member| !member.is_null());
            members.values_mut().for_each(without_nulls);
        }
        Json::Array(items) => {
            items.retain(|item| !item.is_null());
            items.iter_mut().for_each(without_nulls);
        }
        _ => {}
    }
}
