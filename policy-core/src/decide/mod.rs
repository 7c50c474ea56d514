//! A policy and a context into a decision.
//!
//! Enforced rules are evaluated first, with their reason and approvers, and rules that are only observed
//! after them: a costly rule under observation can neither change a decision nor starve one.

mod combine;
mod evaluator;
mod obligations;
mod text;

use std::collections::BTreeSet;

use bumpalo::collections::Vec as List;

use crate::cel::{self, Arena};
use crate::context::{self, Facts, table};
use crate::decision::{Decision, Effect, Failure, Obligations, Outcome, Part, PolicyName};
use crate::policy::{Candidates, Combine, DefaultEffect, Mode, OnError, Policy, Rule, Then};
use crate::wire::WireError;

use combine::{Verdict, Votes};
use evaluator::{Evaluator, Failed};

pub(crate) use combine::Matched;

/// What a policy says about a step, in the policy's own words.
#[derive(Debug)]
pub(crate) struct Weighed<'p> {
    pub(crate) effect: Effect,
    /// The id of the rule that decided.
    pub(crate) rule: Option<&'p str>,
    pub(crate) matched: List<'p, Matched<'p>>,
    pub(crate) failures: Vec<(usize, Failure)>,
    pub(crate) reason: Option<String>,
    obligations: Obligations,
}

/// Decides. A pure function: the same policy and facts give the same decision.
///
/// # Errors
///
/// `internal`, where the facts cannot be digested; no facts that were decoded are such.
///
/// # Example: a login from outside needs a stronger factor
///
/// ```
/// use policy_core::context::decode;
/// use policy_core::decide::decide;
/// use policy_core::decision::Effect;
/// use policy_core::policy::load;
/// use policy_core::testing::{TestError, context};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let text = r#"apiVersion: jit-approval.dev/v1
/// name: p
/// rules:
///   - id: outside
///     on: [login]
///     when: '!cidr("10.0.0.0/8").containsIP(request.ip)'
///     effect: step_up
///     acr: "2"
///     reason: '"from " + request.ip'
/// "#;
/// let policy = load(text, "p.yaml").map_err(TestError::Policy)?.policy;
/// let facts = decode(&context("login")).map_err(TestError::Context)?;
/// let decision = decide(&policy, &facts)?;
/// assert_eq!((decision.effect, decision.rule.as_deref()), (Effect::StepUp, Some("outside")));
/// assert_eq!(decision.reason.as_deref(), Some("from 192.0.2.1"));
/// assert_eq!(decision.obligations.acr.as_deref(), Some("2"));
/// # Ok(())
/// # }
/// ```
pub fn decide(policy: &Policy, facts: &Facts) -> Result<Decision, WireError> {
    let arena = Arena::default();
    let evaluator = Evaluator::new(&arena, policy, facts);
    let candidates = policy.index.candidates(facts.action(), |slot| facts.text(slot));
    let weighed = weigh(policy, &arena, &evaluator, &candidates);
    let digest = if binds(weighed.effect) {
        let none = BTreeSet::new();
        Some(context::digest(facts, policy.reads.get(facts.action()).unwrap_or(&none))?)
    } else {
        None
    };
    Ok(Decision {
        digest,
        effect: weighed.effect,
        errors: weighed.failures.into_iter().map(|(_, failure)| failure).collect(),
        matched: weighed.matched.into_iter().map(Into::into).collect(),
        obligations: weighed.obligations,
        policy: PolicyName { hash: policy.hash.clone(), name: policy.name.clone() },
        reason: weighed.reason,
        rule: weighed.rule.map(str::to_owned),
    })
}

/// Decides on facts that were read without all of them being kept: nothing where the decision needs a digest of them.
#[inline(never)]
pub(crate) fn decide_unbound<'a>(
    policy: &'a Policy,
    arena: &'a Arena,
    facts: cel::Facts<'a>,
) -> Option<Weighed<'a>> {
    let action = facts.as_text(table::action_slot()).unwrap_or_default();
    let candidates = policy.index.candidates(action, |slot| facts.as_text(slot));
    let evaluator = Evaluator::of(arena, policy, facts);
    Some(weigh(policy, arena, &evaluator, &candidates)).filter(|weighed| !binds(weighed.effect))
}

/// Whether somebody answers for the decision, and so for the facts behind it.
fn binds(effect: Effect) -> bool {
    matches!(effect, Effect::Confirm | Effect::StepUp | Effect::RequireApproval)
}

#[inline(never)]
fn weigh<'p>(
    policy: &'p Policy,
    arena: &'p Arena,
    evaluator: &Evaluator<'p>,
    candidates: &Candidates<'p>,
) -> Weighed<'p> {
    let rules = || candidates.clone().filter_map(|place| Some((place, policy.rules.get(place)?)));
    let mut votes = Votes::new(arena);
    enforce(policy, evaluator, rules().filter(|(_, rule)| rule.mode == Mode::Enforce), &mut votes);
    let mut outcome = settle(policy, &votes);
    if binds(outcome.effect) {
        oblige(policy, &mut votes, evaluator, &mut outcome);
    }
    let reason = reason(evaluator, &outcome, &mut votes.failures);
    if policy.observes {
        observe(evaluator, rules().filter(|(_, rule)| rule.mode == Mode::Observe), &mut votes);
    }

    if votes.matched.len() > 1 || votes.failures.len() > 1 {
        votes.sort();
    }
    Weighed {
        effect: outcome.effect,
        rule: outcome.rule,
        matched: votes.matched,
        failures: votes.failures,
        reason,
        obligations: outcome.obligations,
    }
}

/// Adds what has to be done; a chain that can't be had denies.
#[inline(never)]
fn oblige<'p>(
    policy: &'p Policy,
    votes: &mut Votes<'p>,
    evaluator: &Evaluator<'p>,
    outcome: &mut Settled<'p>,
) {
    match obligations::of(policy, votes, evaluator) {
        Ok(obligations) => outcome.obligations = obligations,
        Err((order, failure)) => {
            *outcome = Settled {
                effect: Effect::Deny,
                rule: policy.rules.get(order).map(|rule| rule.id.as_str()),
                deciding: None,
                obligations: Obligations::default(),
            };
            votes.failures.push((order, failure));
        }
    }
}

/// Evaluates the enforced rules, as far as their order lets them.
#[inline(never)]
fn enforce<'p>(
    policy: &Policy,
    evaluator: &Evaluator<'p>,
    enforced: impl Iterator<Item = (usize, &'p Rule)>,
    votes: &mut Votes<'p>,
) {
    for (order, rule) in enforced {
        match vote(evaluator, rule, &mut votes.failures, order) {
            Verdict::No => {}
            verdict => {
                let exhausted = verdict == Verdict::Exhausted;
                votes.cast(order, rule, verdict);
                if exhausted || policy.combine == Combine::FirstMatch {
                    break;
                }
            }
        }
    }
}

/// What the enforced rules come to.
struct Settled<'p> {
    effect: Effect,
    rule: Option<&'p str>,
    /// The rule whose reason is told, with its place in the policy.
    deciding: Option<(usize, &'p Rule)>,
    obligations: Obligations,
}

#[inline(never)]
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
        rule: Some(&strictest.rule.id),
        // A rule that could not be evaluated has nothing true to say; `errors` tells what happened.
        deciding: (!strictest.failed).then_some((strictest.order, strictest.rule)),
        obligations: Obligations::default(),
    }
}

/// Evaluates an enforced rule's condition and applies `on_error`.
#[inline(never)]
fn vote<'p>(
    evaluator: &Evaluator<'p>,
    rule: &'p Rule,
    failures: &mut Vec<(usize, Failure)>,
    order: usize,
) -> Verdict {
    let Some(when) = &rule.when else { return Verdict::Yes };
    match evaluator.holds(when) {
        Ok(true) => Verdict::Yes,
        Ok(false) => Verdict::No,
        Err(unheld) => failed(rule, evaluator.why(when, unheld), failures, order),
    }
}

#[cold]
#[inline(never)]
fn failed(rule: &Rule, failed: Failed, failures: &mut Vec<(usize, Failure)>, order: usize) -> Verdict {
    let (outcome, verdict) = match (failed.exhausted, rule.on_error) {
        (true, _) => (Outcome::Deny, Verdict::Exhausted),
        (false, OnError::Deny) => (Outcome::Deny, Verdict::Failed),
        (false, OnError::Match) => (Outcome::Match, Verdict::Yes),
        (false, OnError::Skip) => (Outcome::Skip, Verdict::No),
    };
    failures.push((order, failure(rule, Part::When, failed, outcome)));
    verdict
}

#[inline(never)]
fn failure(rule: &Rule, part: Part, failed: Failed, outcome: Outcome) -> Failure {
    Failure { rule: rule.id.clone(), part, message: failed.message, outcome }
}

/// The sentence of the rule that decided; one that fails changes nothing.
#[inline(never)]
fn reason<'p>(
    evaluator: &Evaluator<'p>,
    outcome: &Settled<'p>,
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
#[inline(never)]
fn observe<'p>(
    evaluator: &Evaluator<'p>,
    observed: impl Iterator<Item = (usize, &'p Rule)>,
    votes: &mut Votes<'p>,
) {
    for (order, rule) in observed {
        let Some(when) = &rule.when else {
            votes.list(order, rule, rule.then.effect());
            continue;
        };
        match evaluator.holds(when) {
            Ok(false) => {}
            Ok(true) => votes.list(order, rule, rule.then.effect()),
            Err(unheld) => {
                let failed = evaluator.why(when, unheld);
                let exhausted = failed.exhausted;
                votes.failures.push((order, failure(rule, Part::When, failed, Outcome::None)));
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
