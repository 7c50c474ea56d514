//! Why a policy decides as it does: each clause of each condition, what it came to, and the facts that it read.
//!
//! A policy that decides keeps neither its text nor its trees; explaining reads the text once more. It is for people who ask afterwards, and
//! never part of a decision: [`decide`](crate::decide::decide) makes that, and its answer is what is explained.

mod clauses;
mod conditions;

use crate::cel::{Arena, Evaluation};
use crate::context::Facts;
use crate::decide::decide;
use crate::decision::{Decision, Effect, Part};
use crate::policy::{Combine, Diagnostic, Mode, Policy, Rule, load};
use crate::wire::WireError;
use conditions::{Condition, Conditions};
use serde::Serialize;
use std::collections::BTreeMap;

pub use clauses::{Clause, Kind, Read, Span};

/// How much work may be done to explain one decision: ten times what may be done to make it, as every clause is asked for, those too that the
/// decision could do without.
const BUDGET: u64 = 10 * crate::cel::limits::DEFAULT_BUDGET;

/// A policy that can say why.
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
#[derive(Clone, Debug, Serialize)]
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
    /// Its condition; none: it always matches.
    pub when: Option<Clause>,
}

/// What came of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Its condition held.
    Matched,
    /// Its condition did not hold.
    NotMatched,
    /// Its condition could not be evaluated.
    Failed,
    /// A rule before it had decided already.
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

    /// Every clause without parts that the rules have, as it is written and where: those of variables too, each once.
    #[must_use]
    pub fn clauses(&self) -> BTreeMap<Span, &str> {
        let mut clauses = BTreeMap::new();
        self.conditions.tests(&mut |parts| {
            clauses.insert(parts.span, parts.text.as_str());
        });
        clauses
    }

    /// Decides, and explains the decision.
    ///
    /// # Errors
    ///
    /// `internal`, as [`decide`] says.
    pub fn explain(&self, facts: &Facts) -> Result<Explanation, WireError> {
        let decision = decide(&self.policy, facts)?;
        let arena = Arena::default();
        let evaluation = Evaluation::new(&arena, facts.by_slot(), &self.policy.variables, BUDGET);
        let mut decided = false;
        let mut rules = Vec::new();
        for (rule, condition) in self.policy.rules.iter().zip(&self.conditions.rules) {
            if !rule.on.contains(facts.action()) {
                continue;
            }
            let outcome = outcome(rule, &decision, decided);
            let ends = self.policy.combine == Combine::FirstMatch && rule.mode == Mode::Enforce;
            decided |= ends && matches!(outcome, Outcome::Matched | Outcome::Failed);
            rules.push(self.rule(rule, condition, outcome, &evaluation, facts));
        }
        Ok(Explanation { decision, rules })
    }

    fn rule<'a>(
        &'a self,
        rule: &Rule,
        condition: &'a Condition,
        outcome: Outcome,
        evaluation: &Evaluation<'a>,
        facts: &Facts,
    ) -> Explained {
        let when = condition.when.as_ref().map(|when| {
            let mut clause = clauses::explain(when, &self.conditions.variables, evaluation, facts);
            clause.weigh();
            clause
        });
        Explained {
            rule: rule.id.clone(),
            line: condition.line,
            effect: rule.then.effect(),
            mode: rule.mode,
            outcome,
            when,
        }
    }
}

/// What the decision says about a rule for its action.
fn outcome(rule: &Rule, decision: &Decision, decided: bool) -> Outcome {
    let failed = decision.errors.iter().any(|failure| failure.rule == rule.id && failure.part == Part::When);
    if failed {
        Outcome::Failed
    } else if decision.matched.iter().any(|matched| matched.rule == rule.id) {
        Outcome::Matched
    } else if decided && rule.mode == Mode::Enforce {
        Outcome::NotAsked
    } else {
        Outcome::NotMatched
    }
}

#[cfg(test)]
mod tests;
