//! What must be done before the step goes on: the obligations of all matching rules add up.

use crate::approval::Grant;
use crate::approval::chain::{Chain, OnTimeout, Selector, Stage};
use crate::decision::{Failure, Obligations, Outcome, Part};
use crate::policy::{ChainPlan, Policy, SelectorPlan, StagePlan, Then, higher};

use super::combine::{Vote, Votes};
use super::evaluator::{Evaluator, Failed};

/// The most people that one CEL selector may name.
const MOST_USERS: usize = 1_000;

/// A failure that makes the decision deny, with its rule's place in the policy.
type Denied = (usize, Failure);

/// Adds up what the matching rules ask for.
///
/// # Errors
///
/// Approvers that cannot be evaluated, or levels that cannot be compared: the decision denies.
pub(super) fn of<'p>(
    policy: &'p Policy,
    votes: &Votes<'p>,
    evaluator: &Evaluator<'p>,
) -> Result<Obligations, Denied> {
    let confirmations = confirmations(votes);
    let confirm = !confirmations.is_empty();
    let remember =
        confirmations.into_iter().collect::<Option<Vec<u32>>>().and_then(|all| all.into_iter().min());
    let approval = approval(policy, votes, evaluator)?;
    let grant = if approval.is_some() { grant(votes) } else { None };
    Ok(Obligations { acr: acr(votes)?, confirm, remember, approval, grant })
}

/// How long each confirmation that is asked for may be remembered. The shortest counts; one that may not be remembered is
/// shorter than any.
fn confirmations(votes: &Votes<'_>) -> Vec<Option<u32>> {
    votes
        .votes
        .iter()
        .filter_map(|vote| match &vote.rule.then {
            Then::Confirm { remember } => Some(*remember),
            _ => None,
        })
        .collect()
}

/// The highest level: `acr` values are compared as numbers. Validation refuses policies in which other values
/// could meet; should they meet all the same, nobody can tell which one is higher.
fn acr(votes: &Votes<'_>) -> Result<Option<String>, Denied> {
    let mut highest: Option<&str> = None;
    for vote in &votes.votes {
        let (Then::StepUp { acr } | Then::RequireApproval { acr: Some(acr), .. }) = &vote.rule.then else {
            continue;
        };
        highest = match highest {
            None => Some(acr),
            Some(before) => match higher(before, acr) {
                Some(higher) => Some(higher),
                None => {
                    let message = format!("cannot tell which level is higher, `{before}` or `{acr}`");
                    return Err(denied(vote, Part::Acr, message));
                }
            },
        };
    }
    Ok(highest.map(str::to_owned))
}

/// The shortest grant, bound to whatever one of the rules names; a rule without one asks for an approval each time, which is shorter
/// than any.
fn grant(votes: &Votes<'_>) -> Option<Grant> {
    let grants: Option<Vec<&Grant>> = votes
        .votes
        .iter()
        .filter_map(|vote| match &vote.rule.then {
            Then::RequireApproval { grant, .. } => Some(grant.as_ref()),
            _ => None,
        })
        .collect();
    let mut grants = grants?.into_iter();
    let first = grants.next()?.clone();
    Some(grants.fold(first, Grant::strictest))
}

/// The chains of all matching rules, one after the other, the same chain once.
fn approval<'p>(
    policy: &'p Policy,
    votes: &Votes<'p>,
    evaluator: &Evaluator<'p>,
) -> Result<Option<Chain>, Denied> {
    let mut joined: Option<Chain> = None;
    let mut seen: Vec<&str> = Vec::new();
    for vote in &votes.votes {
        let Then::RequireApproval { chain: name, .. } = &vote.rule.then else { continue };
        if seen.contains(&name.as_str()) {
            continue;
        }
        seen.push(name);
        let Some(plan) = policy.chains.get(name) else {
            return Err(denied(vote, Part::Approvers, format!("there is no chain `{name}`")));
        };
        let chain =
            resolve(name, plan, evaluator).map_err(|failed| denied(vote, Part::Approvers, failed.message))?;
        joined = Some(match joined {
            None => chain,
            Some(before) => join(before, chain),
        });
    }
    Ok(joined)
}

fn denied(vote: &Vote<'_>, part: Part, message: String) -> Denied {
    (vote.order, Failure { rule: vote.rule.id.clone(), part, message, outcome: Outcome::Deny })
}

fn join(mut first: Chain, second: Chain) -> Chain {
    first.stages.extend(second.stages);
    Chain {
        stages: first.stages,
        justification: first.justification || second.justification,
        show_approvers: first.show_approvers && second.show_approvers,
        use_by: first.use_by.min(second.use_by),
    }
}

fn resolve<'p>(name: &str, plan: &'p ChainPlan, evaluator: &Evaluator<'p>) -> Result<Chain, Failed> {
    let stages =
        plan.stages.iter().map(|stage| resolve_stage(name, stage, evaluator)).collect::<Result<_, _>>()?;
    Ok(Chain {
        stages,
        justification: plan.justification,
        show_approvers: plan.show_approvers,
        use_by: plan.use_by,
    })
}

fn resolve_stage<'p>(chain: &str, plan: &'p StagePlan, evaluator: &Evaluator<'p>) -> Result<Stage, Failed> {
    let approvers = plan
        .approvers
        .iter()
        .map(|selector| match selector {
            SelectorPlan::Fixed(selector) => Ok(selector.clone()),
            SelectorPlan::Cel(expression) => {
                users(evaluator.names(expression)?, &plan.name).map(Selector::Users)
            }
        })
        .collect::<Result<_, _>>()?;
    Ok(Stage {
        id: format!("{chain}/{}", plan.name),
        chain: chain.to_owned(),
        name: plan.name.clone(),
        approvers,
        quorum: plan.quorum,
        timeout: plan.timeout,
        on_timeout: plan
            .escalate
            .as_ref()
            .map_or(OnTimeout::Deny, |stage| OnTimeout::Escalate(format!("{chain}/{stage}"))),
        standby: plan.standby,
        allow_repeat: plan.allow_repeat,
        notify: plan.notify,
        require: plan.require.clone(),
    })
}

/// Each name once, in the order given.
fn users(names: Vec<String>, stage: &str) -> Result<Vec<String>, Failed> {
    let mut seen = std::collections::BTreeSet::new();
    let mut users = Vec::new();
    for name in names {
        if name.trim().is_empty() {
            return Err(Failed::new(format!("the approvers of stage `{stage}` hold an empty user name")));
        }
        if seen.insert(name.clone()) {
            users.push(name);
        }
    }
    if users.len() > MOST_USERS {
        return Err(Failed::new(format!(
            "stage `{stage}` names {} approvers; at most {MOST_USERS} are allowed",
            users.len()
        )));
    }
    Ok(users)
}
