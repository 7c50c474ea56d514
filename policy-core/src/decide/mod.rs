//! A policy and a context into a decision.
//!
//! Enforced rules are evaluated first, with their reason and approvers, and rules that are only observed
//! after them: a costly rule under observation can neither change a decision nor starve one.

mod combine;
mod evaluator;
mod obligations;
mod text;

use std::collections::BTreeSet;

use crate::context::{self, Facts};
use crate::decision::{Decision, Effect, Failure, Match, Obligations, Outcome, Part, PolicyName};
use crate::policy::{Combine, DefaultEffect, Mode, OnError, Policy, Rule, Then};
use crate::wire::WireError;

use combine::{Verdict, Votes};
use evaluator::{Evaluator, Failed};

/// Decides. A pure function: the same policy and facts give the same decision.
///
/// # Errors
///
/// `internal`, where the facts cannot be digested; no facts that were decoded are such.
pub fn decide(policy: &Policy, facts: &Facts) -> Result<Decision, WireError> {
    let evaluator = Evaluator::new(policy, facts);
    let rules: Vec<(usize, &Rule)> =
        policy.rules.iter().enumerate().filter(|(_, rule)| rule.on.contains(facts.action())).collect();
    let (enforced, observed): (Vec<_>, Vec<_>) =
        rules.into_iter().partition(|(_, rule)| rule.mode == Mode::Enforce);

    let mut votes = Votes::default();
    for (order, rule) in &enforced {
        match vote(&evaluator, rule, &mut votes.failures, *order) {
            Verdict::No => {}
            verdict => {
                let exhausted = verdict == Verdict::Exhausted;
                votes.cast(*order, rule, verdict);
                if exhausted || policy.combine == Combine::FirstMatch {
                    break;
                }
            }
        }
    }
    let mut outcome = settle(policy, &votes);
    if outcome.effect == Effect::RequireApproval
        || outcome.effect == Effect::StepUp
        || outcome.effect == Effect::Confirm
    {
        match obligations::of(policy, &votes, &evaluator) {
            Ok(obligations) => outcome.obligations = obligations,
            Err((order, failure)) => {
                outcome = Settled {
                    effect: Effect::Deny,
                    rule: Some(failure.rule.clone()),
                    deciding: None,
                    obligations: Obligations::default(),
                };
                votes.failures.push((order, failure));
            }
        }
    }
    let reason = reason(&evaluator, &outcome, &mut votes.failures);
    observe(&evaluator, &observed, &mut votes);

    votes.matched.sort_by_key(|(order, _)| *order);
    votes.failures.sort_by_key(|(order, _)| *order);
    Ok(Decision {
        policy: PolicyName { name: policy.name.clone(), hash: policy.hash.clone() },
        effect: outcome.effect,
        obligations: outcome.obligations,
        rule: outcome.rule,
        matched: votes.matched.into_iter().map(|(_, matched)| matched).collect(),
        reason,
        errors: votes.failures.into_iter().map(|(_, failure)| failure).collect(),
        digest: context::digest(facts, policy.reads.get(facts.action()).unwrap_or(&BTreeSet::new()))?,
    })
}

/// What the enforced rules come to.
struct Settled<'p> {
    effect: Effect,
    rule: Option<String>,
    /// The rule whose reason is told, with its place in the policy.
    deciding: Option<(usize, &'p Rule)>,
    obligations: Obligations,
}

fn settle<'p>(policy: &Policy, votes: &Votes<'p>) -> Settled<'p> {
    let Some(strictest) = votes.strictest() else {
        // A policy under observation never holds anything, not even by its default.
        let effect = match policy.default {
            DefaultEffect::Deny if policy.mode == Mode::Enforce => Effect::Deny,
            _ => Effect::Allow,
        };
        return Settled { effect, rule: None, deciding: None, obligations: Obligations::default() };
    };
    Settled {
        effect: strictest.effect,
        rule: Some(strictest.rule.id.clone()),
        // A rule that could not be evaluated has nothing true to say; `errors` tells what happened.
        deciding: (!strictest.failed).then_some((strictest.order, strictest.rule)),
        obligations: Obligations::default(),
    }
}

/// Evaluates an enforced rule's condition and applies `on_error`.
fn vote(
    evaluator: &Evaluator<'_>,
    rule: &Rule,
    failures: &mut Vec<(usize, Failure)>,
    order: usize,
) -> Verdict {
    let Some(when) = &rule.when else { return Verdict::Yes };
    let failed = match evaluator.condition(when) {
        Ok(true) => return Verdict::Yes,
        Ok(false) => return Verdict::No,
        Err(failed) => failed,
    };
    let (outcome, verdict) = match (failed.exhausted, rule.on_error) {
        (true, _) => (Outcome::Deny, Verdict::Exhausted),
        (false, OnError::Deny) => (Outcome::Deny, Verdict::Failed),
        (false, OnError::Match) => (Outcome::Match, Verdict::Yes),
        (false, OnError::Skip) => (Outcome::Skip, Verdict::No),
    };
    failures.push((order, failure(rule, Part::When, failed, outcome)));
    verdict
}

fn failure(rule: &Rule, part: Part, failed: Failed, outcome: Outcome) -> Failure {
    Failure { rule: rule.id.clone(), part, message: failed.message, outcome }
}

/// The sentence of the rule that decided; one that fails changes nothing.
fn reason(
    evaluator: &Evaluator<'_>,
    outcome: &Settled<'_>,
    failures: &mut Vec<(usize, Failure)>,
) -> Option<String> {
    let (order, rule) = outcome.deciding?;
    match evaluator.text(rule.reason.as_ref()?) {
        Ok(sentence) => text::sentence(&sentence),
        Err(failed) => {
            failures.push((order, failure(rule, Part::Reason, failed, Outcome::None)));
            None
        }
    }
}

/// Evaluates the rules under observation: what matches is listed, what fails is recorded, nothing changes.
fn observe(evaluator: &Evaluator<'_>, observed: &[(usize, &Rule)], votes: &mut Votes<'_>) {
    for (order, rule) in observed {
        let result = rule.when.as_ref().map_or(Ok(true), |when| evaluator.condition(when));
        match result {
            Ok(false) => {}
            Ok(true) => votes.list(*order, rule, rule.then.effect()),
            Err(failed) => {
                let exhausted = failed.exhausted;
                votes.failures.push((*order, failure(rule, Part::When, failed, Outcome::None)));
                if exhausted {
                    return;
                }
            }
        }
    }
}

impl Then {
    /// The effect, without what it needs.
    #[must_use]
    pub fn effect(&self) -> Effect {
        match self {
            Self::Allow => Effect::Allow,
            Self::Deny => Effect::Deny,
            Self::Confirm { .. } => Effect::Confirm,
            Self::StepUp { .. } => Effect::StepUp,
            Self::RequireApproval { .. } => Effect::RequireApproval,
        }
    }
}

impl<'p> Votes<'p> {
    /// Takes down what an enforced rule says.
    fn cast(&mut self, order: usize, rule: &'p Rule, verdict: Verdict) {
        let failed = matches!(verdict, Verdict::Failed | Verdict::Exhausted);
        let effect = if failed { Effect::Deny } else { rule.then.effect() };
        self.votes.push(combine::Vote { order, rule, effect, failed });
        if !failed {
            self.list(order, rule, effect);
        }
    }

    fn list(&mut self, order: usize, rule: &Rule, effect: Effect) {
        self.matched.push((order, Match { rule: rule.id.clone(), effect, mode: rule.mode }));
    }
}
