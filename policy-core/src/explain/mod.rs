//! Why a policy decides as it does: each clause of each condition, what it came to, and the facts that it read.
//!
//! A policy that decides keeps neither its text nor its trees; explaining reads the text once more. It is for people who ask afterwards, and
//! never part of a decision: [`decide`] makes that, and its answer is what is explained.

mod clauses;
mod conditions;
mod explaining;
mod kept;
mod outcomes;
mod withheld;

use crate::cel::{Arena, Evaluation};
use crate::context::Facts;
use crate::decide::decide;
use crate::decision::{Decision, Effect};
use crate::policy::{Diagnostic, Mode, Policy, Rule, load};
use crate::wire::WireError;
use conditions::{Condition, Conditions};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

pub use clauses::{Clause, Kind, Read, Span, WITHHELD};
use explaining::{Explaining, Room};
pub use kept::{Kept, KeptFailure, Retold, filled};
use outcomes::Known;
pub use outcomes::outcomes;

/// How much work may be done to explain one decision: ten times what may be done to make it, as every clause is asked for, those too that the
/// decision could do without.
const BUDGET: u64 = 10 * crate::cel::limits::DEFAULT_BUDGET;

/// For somebody at a terminal, more than anybody reads.
const ROOM: Room = Room { all: 64 << 20, one: 16 << 20, deep: 1_000 };

/// A policy that can say why.
///
/// # Example: why a rule did not match
///
/// ```
/// use policy_core::context::decode;
/// use policy_core::explain::{Clause, Explainer, Outcome};
/// use policy_core::testing::{TestError, context};
/// use serde_json::json;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let text = r#"apiVersion: jit-approval.dev/v1
/// name: p
/// rules:
///   - { id: finance, on: [login], when: '"finance" in user.roles && !client.public', effect: confirm }
/// "#;
/// let explainer = Explainer::new(text, "p.yaml").map_err(TestError::Policy)?;
/// let facts = decode(&context("login")).map_err(TestError::Context)?;
/// let rules = explainer.explain(&facts)?.rules;
/// assert_eq!((rules[0].line, rules[0].outcome), (4, Outcome::NotMatched));
///
/// // What the condition came to is told with the facts that it read.
/// let tests: Vec<&Clause> = rules[0].when.iter().flat_map(Clause::tests).collect();
/// assert_eq!((tests[0].text.as_str(), tests[0].holds), (r#""finance" in user.roles"#, Some(false)));
/// assert_eq!((tests[0].reads[0].path.as_str(), &tests[0].reads[0].value), ("user.roles", &Some(json!([]))));
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Explainer {
    policy: Policy,
    conditions: Conditions,
}

/// A decision, and why it came out like that.
#[derive(Clone, Debug, Serialize)]
pub struct Explanation {
    /// The decision itself.
    pub decision: Decision,
    /// Every rule for the action, in the order of the policy.
    pub rules: Vec<Explained>,
}

/// A rule, and what came of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Explained {
    /// Its id.
    pub rule: String,
    /// The line of its id.
    pub line: usize,
    /// What it asks for.
    pub effect: Effect,
    /// Whether that counts.
    pub mode: Mode,
    /// What came of it.
    pub outcome: Outcome,
    /// Its condition; none: it always matches, or is left out here.
    pub when: Option<Clause>,
    /// Whether its condition is left out, as there was no room for it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub left_out: bool,
}

/// What came of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Its condition held.
    Matched,
    /// Its condition did not hold.
    NotMatched,
    /// Its condition could not be evaluated.
    Failed,
    /// A rule before it had decided already, or used up what a decision may cost.
    NotAsked,
}

impl Explainer {
    /// Loads a policy, and keeps what explaining needs. `file` is the name to use in messages.
    ///
    /// # Errors
    ///
    /// All that is wrong with it, as [`load`] says.
    pub fn new(text: &str, file: &str) -> Result<Self, Vec<Diagnostic>> {
        let policy = load(text, file)?.policy;
        let conditions = Conditions::read(text, file, &policy);
        Ok(Self { policy, conditions })
    }

    /// The policy.
    #[must_use]
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// Every rule, and the line of its id.
    pub fn rules(&self) -> impl Iterator<Item = (&Rule, usize)> {
        self.policy.rules.iter().zip(self.conditions.rules.iter().map(|condition| condition.line))
    }

    /// Every clause without parts that each rule has, by the rule's id and its place, as it is written: those of variables too, for each rule
    /// that uses them.
    ///
    /// # Example: the clauses that tests should cover
    ///
    /// ```
    /// use policy_core::explain::Explainer;
    ///
    /// let explainer = Explainer::new(
    ///     "apiVersion: jit-approval.dev/v1
    /// name: p
    /// rules: [{ id: a, on: [login], when: 'client.public || user.federated', effect: confirm }]",
    ///     "p.yaml",
    /// )?;
    /// let clauses: Vec<_> = explainer.clauses().into_iter().map(|((rule, at), text)| (rule, at.line, text)).collect();
    /// assert_eq!(clauses, [("a", 3, "client.public"), ("a", 3, "user.federated")]);
    /// # Ok::<(), Vec<policy_core::policy::Diagnostic>>(())
    /// ```
    #[must_use]
    pub fn clauses(&self) -> BTreeMap<(&str, Span), &str> {
        let mut clauses = BTreeMap::new();
        for (rule, condition) in self.policy.rules.iter().zip(&self.conditions.rules) {
            self.conditions.tests(condition, &mut |parts| {
                clauses.insert((rule.id.as_str(), parts.span), parts.text.as_str());
            });
        }
        clauses
    }

    /// Decides, and explains the decision.
    ///
    /// # Errors
    ///
    /// `internal`, as [`decide`] says.
    pub fn explain(&self, facts: &Facts) -> Result<Explanation, WireError> {
        let decision = decide(&self.policy, facts)?;
        let rules = self.rules_asked(facts, &Known::of(&decision), &[], ROOM);
        Ok(Explanation { decision, rules })
    }

    /// The rules for the action, in the order of the policy. Those that matched or failed come first where there is not room for all.
    fn rules_asked(
        &self,
        facts: &Facts,
        known: &Known<'_>,
        withheld: &[String],
        room: Room,
    ) -> Vec<Explained> {
        let arena = Arena::default();
        let evaluation = Evaluation::new(&arena, facts.by_slot(), &self.policy.variables, BUDGET);
        let asked = known.outcomes(&self.policy, facts.action()).zip(&self.conditions.rules).enumerate();
        let mut asked: Vec<_> =
            asked.filter_map(|(at, ((rule, outcome), it))| Some((at, rule, outcome?, it))).collect();
        asked
            .sort_by_key(|(at, _, outcome, _)| (!matches!(outcome, Outcome::Matched | Outcome::Failed), *at));
        let mut explaining = Explaining::new(&self.conditions.variables, &evaluation, facts, withheld, room);
        let mut rules: Vec<_> = asked
            .into_iter()
            .map(|(at, rule, outcome, condition)| (at, explained(rule, condition, outcome, &mut explaining)))
            .collect();
        rules.sort_by_key(|(at, _)| *at);
        rules.into_iter().map(|(_, rule)| rule).collect()
    }
}

fn explained<'a>(
    rule: &Rule,
    condition: &'a Condition,
    outcome: Outcome,
    explaining: &mut Explaining<'_, 'a>,
) -> Explained {
    let when = condition.when.as_ref().and_then(|when| explaining.rule(when));
    Explained {
        rule: rule.id.clone(),
        line: condition.line,
        effect: rule.then.effect(),
        mode: rule.mode,
        outcome,
        left_out: condition.when.is_some() && when.is_none(),
        when,
    }
}

#[cfg(test)]
mod tests;
