//! Why a policy decides as it does: each clause of each condition, what it came to, and the facts that it read.
//!
//! A policy that decides keeps neither its text nor its trees; explaining reads the text once more. It is for people who ask afterwards, and
//! never part of a decision: [`decide`](crate::decide::decide) makes that, and its answer is what is explained.

mod clauses;
mod conditions;

use crate::cel::{Arena, EvalError, Evaluation};
use crate::context::Facts;
use crate::decide::decide;
use crate::decision::{Decision, Effect, Part};
use crate::policy::{Combine, Diagnostic, Mode, Policy, Rule, load};
use crate::wire::WireError;
use conditions::{Condition, Conditions};
use serde::Serialize;
use std::collections::BTreeMap;

use clauses::Explaining;
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
        let arena = Arena::default();
        let evaluation = Evaluation::new(&arena, facts.by_slot(), &self.policy.variables, BUDGET);
        let mut rules = Vec::new();
        for ((rule, outcome), condition) in
            outcomes(&self.policy, facts.action(), &decision).zip(&self.conditions.rules)
        {
            if let Some(outcome) = outcome {
                rules.push(self.rule(rule, condition, outcome, &evaluation, facts));
            }
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
            let mut clause = Explaining::new(&self.conditions.variables, evaluation, facts).explain(when);
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

/// What a decision says about each rule of its policy, in the order of the policy; nothing of those that are not for the action.
pub fn outcomes<'p>(
    policy: &'p Policy,
    action: &str,
    decision: &Decision,
) -> impl Iterator<Item = (&'p Rule, Option<Outcome>)> {
    let exhausted = EvalError::BudgetExhausted.to_string();
    // Of the rules that are enforced, and of those that are observed: whether the rest of them is asked.
    let (mut enforced_over, mut observed_over) = (false, false);
    policy.rules.iter().map(move |rule| {
        if !rule.on.contains(action) {
            return (rule, None);
        }
        let enforced = rule.mode == Mode::Enforce;
        let over = if enforced { &mut enforced_over } else { &mut observed_over };
        let failure =
            decision.errors.iter().find(|failure| failure.rule == rule.id && failure.part == Part::When);
        let matched = decision.matched.iter().any(|matched| matched.rule == rule.id);
        let ends = enforced && policy.combine == Combine::FirstMatch;
        let outcome = match failure {
            _ if *over => Outcome::NotAsked,
            Some(failure) => {
                *over = failure.message == exhausted
                    || (ends && failure.outcome != crate::decision::Outcome::Skip);
                Outcome::Failed
            }
            None if matched => {
                *over = ends;
                Outcome::Matched
            }
            None => Outcome::NotMatched,
        };
        (rule, Some(outcome))
    })
}

#[cfg(test)]
mod tests;
