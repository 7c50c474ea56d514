//! What one decision can cost at most.
//!
//! A decision is on one action, and its index leaves the rules for one value of the fact that most conditions of the action
//! begin with. So what counts is the costliest action with the costliest value, not the policy as a whole.

use std::collections::BTreeMap;
use std::ops::Range;

use super::codes;
use super::index::Index;
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

/// The steps of the decisions on one action, as far as its rules have been counted.
#[derive(Default)]
struct Worst {
    /// Of the rules that are always looked at.
    open: u64,
    /// Of those that are looked at for one value of the fact.
    keyed: BTreeMap<String, u64>,
    costliest: u64,
    /// Only the rule that decides tells its reason.
    reason: u64,
}

impl Worst {
    fn steps(&self) -> u64 {
        self.open.saturating_add(self.costliest).saturating_add(self.reason)
    }

    fn add(&mut self, values: Option<Vec<String>>, steps: u64) {
        let Some(values) = values else {
            self.open = self.open.saturating_add(steps);
            return;
        };
        for value in values {
            let keyed = self.keyed.entry(value).or_default();
            *keyed = keyed.saturating_add(steps);
            self.costliest = self.costliest.max(*keyed);
        }
    }
}

/// A rule, and where its id stands.
type Placed<'r> = (&'r Rule, Range<usize>);

/// Refuses a policy of which one decision could cost too much, at the rule with which it does. Conditions must be linked.
#[inline(never)]
pub(crate) fn check<'r>(
    reader: &mut Reader<'_>,
    costs: &Costs,
    rules: impl Iterator<Item = (&'r Rule, Range<usize>)>,
    index: &Index,
) {
    let mut actions: BTreeMap<&str, Vec<Placed<'_>>> = BTreeMap::new();
    for (rule, range) in rules {
        for action in &rule.on {
            actions.entry(action).or_default().push((rule, range.clone()));
        }
    }
    for (action, rules) in actions {
        if let Some((rule, range)) = first_beyond(costs, action, rules, index) {
            reader.rule = Some(rule.id.clone());
            let message = format!(
                "with this rule, one decision on `{action}` can take more than {MAX_DECISION_COST} steps, the most that is allowed"
            );
            let help = "begin conditions with a comparison such as `client.id == \"…\"`, so that few rules are looked at, or move what \
                        they share into variables: each is evaluated once";
            reader.error(codes::LIMIT_POLICY_COST, range, message, help);
            reader.rule = None;
            return;
        }
    }
}

#[inline(never)]
fn first_beyond<'r>(
    costs: &Costs,
    action: &str,
    rules: Vec<Placed<'r>>,
    index: &Index,
) -> Option<Placed<'r>> {
    let slot = indexed(action, index);
    let mut worst = Worst::default();
    let of = |costs: &BTreeMap<String, u64>, name: &str| costs.get(name).copied().unwrap_or_default();
    for (rule, range) in rules {
        let id = &rule.id;
        let approvers = match &rule.then {
            Then::RequireApproval { chain, .. } => of(&costs.approvers, chain),
            _ => 0,
        };
        worst.reason = worst.reason.max(of(&costs.reasons, id));
        let guards = rule.when.as_ref().filter(|_| slot.is_some()).map(|when| when.guards());
        let guard = guards.into_iter().flatten().find(|guard| Some(guard.slot) == slot);
        worst.add(guard.map(|guard| guard.texts), of(&costs.conditions, id).saturating_add(approvers));
        if costs.variables.saturating_add(worst.steps()) > MAX_DECISION_COST {
            return Some((rule, range));
        }
    }
    None
}

/// The fact by which the index tells the rules of an action apart, where every context has it: without it, all of them are
/// looked at.
fn indexed(action: &str, index: &Index) -> Option<u16> {
    let mut slot = None;
    let _all = index.candidates(action, |asked| {
        slot = Some(asked);
        None
    });
    slot.filter(|slot| {
        let field = FIELDS.get(usize::from(*slot));
        field.is_some_and(|field| field.required.holds_for(action))
    })
}
