//! What one decision can cost at most.
//!
//! A decision is on one action, and its index leaves the rules for one value of the fact that most conditions of the action
//! begin with. So what counts is the costliest action with the costliest value, not the policy as a whole.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::codes;
use super::index::{Bucket, Index};
use super::model::{Rule, Then};
use super::reader::Reader;
use crate::cel::limits::MAX_DECISION_COST;
use crate::context::schema::FIELDS;

/// Steps that the expressions of a policy can take at most, by estimate.
#[derive(Debug, Default)]
pub(crate) struct Costs {
    /// All variables: each is evaluated once.
    variables: u64,
    /// Conditions, by the ids of their rules.
    conditions: BTreeMap<String, u64>,
    /// Reasons, by the ids of their rules.
    reasons: BTreeMap<String, u64>,
    /// All approvers of a chain, by its name.
    approvers: BTreeMap<String, u64>,
}

impl Costs {
    pub(crate) fn new(variables: u64) -> Self {
        Self { variables, ..Self::default() }
    }

    pub(crate) fn add_condition(&mut self, rule: &str, steps: u64) {
        self.conditions.insert(rule.to_owned(), steps);
    }

    pub(crate) fn add_reason(&mut self, rule: &str, steps: u64) {
        self.reasons.insert(rule.to_owned(), steps);
    }

    pub(crate) fn add_approvers(&mut self, chain: &str, steps: u64) {
        let approvers = self.approvers.entry(chain.to_owned()).or_default();
        *approvers = approvers.saturating_add(steps);
    }
}

/// Refuses a policy of which one decision could cost too much, at the rule with which it does. Conditions must be linked; `places` says where
/// the rules stand.
#[inline(never)]
pub(crate) fn check(
    reader: &mut Reader<'_>,
    costs: &Costs,
    rules: &[Rule],
    places: &[Range<usize>],
    index: &Index,
) {
    let steps: Vec<Steps> = rules.iter().map(|rule| Steps::of(costs, rule)).collect();
    let mut seen = BTreeSet::new();
    for (action, number, bucket) in index.buckets() {
        let told_apart = bucket.slot.is_some_and(|slot| is_required(slot, action));
        if !seen.insert((number, told_apart)) {
            continue;
        }
        let Some(place) = first_beyond(&steps, costs.variables, bucket, told_apart) else { continue };
        let (Some(rule), Some(range)) = (rules.get(place), places.get(place)) else { continue };
        reader.rule = Some(rule.id.clone());
        let message = format!(
            "with this rule, one decision on `{action}` can take more than {MAX_DECISION_COST} steps, the most that is allowed"
        );
        let help = "begin conditions with a comparison such as `client.id == \"…\"`, so that few rules are looked at, or move what \
                    they share into variables: each is evaluated once";
        reader.error(codes::LIMIT_POLICY_COST, range.clone(), message, help);
        reader.rule = None;
        return;
    }
}

/// What a rule can cost a decision.
#[derive(Debug, Clone, Copy)]
struct Steps {
    /// Its condition and its approvers.
    weighing: u64,
    /// Only the rule that decides tells its reason.
    reason: u64,
}

impl Steps {
    fn of(costs: &Costs, rule: &Rule) -> Self {
        let of = |costs: &BTreeMap<String, u64>, name: &str| costs.get(name).copied().unwrap_or_default();
        let approvers = match &rule.then {
            Then::RequireApproval { chain, .. } => of(&costs.approvers, chain),
            _ => 0,
        };
        Self {
            weighing: of(&costs.conditions, &rule.id).saturating_add(approvers),
            reason: of(&costs.reasons, &rule.id),
        }
    }
}

/// The rule with which the costliest decision becomes too costly.
#[inline(never)]
fn first_beyond(steps: &[Steps], variables: u64, bucket: &Bucket, told_apart: bool) -> Option<usize> {
    let weighing = |place: usize| steps.get(place).map_or(0, |rule| rule.weighing);
    let mut costliest = if told_apart { bucket.costliest(weighing) } else { bucket.everything() };
    let (mut weighed, mut reason) = (variables, 0);
    costliest.find(|place| {
        let Some(rule) = steps.get(*place) else { return false };
        weighed = weighed.saturating_add(rule.weighing);
        reason = rule.reason.max(reason);
        weighed.saturating_add(reason) > MAX_DECISION_COST
    })
}

/// Whether every context of an action has the fact of a slot: without it, all rules of the action are looked at.
fn is_required(slot: u16, action: &str) -> bool {
    FIELDS.get(usize::from(slot)).is_some_and(|field| field.required.holds_for(action))
}
