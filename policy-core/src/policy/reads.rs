//! What a policy reads of the context: an approval is bound to these facts.

use std::collections::{BTreeMap, BTreeSet};

use super::model::{ChainPlan, Mode, Rule, SelectorPlan, Then};
use crate::cel::{Expression, References, Variables};

/// For each action, the paths that enforced rules read, directly, through variables and in their chains.
///
/// All rules for the action count, not only those that matched: whether a rule matches is itself a conclusion
/// from the facts that it reads.
#[inline(never)]
pub(crate) fn by_action(
    rules: &[Rule],
    chains: &BTreeMap<String, ChainPlan>,
    variables: &Variables,
) -> BTreeMap<String, BTreeSet<String>> {
    let variables: BTreeMap<&str, References> =
        variables.iter().map(|(name, it)| (name, it.references())).collect();
    let mut reads: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for rule in rules.iter().filter(|rule| rule.mode == Mode::Enforce) {
        let paths = paths(rule, chains, &variables);
        for action in &rule.on {
            reads.entry(action.clone()).or_default().extend(paths.iter().cloned());
        }
    }
    reads
}

/// The paths that any rule reads for any action, those under observation too: what a host has to find out.
#[inline(never)]
pub(crate) fn at_all(
    rules: &[Rule],
    chains: &BTreeMap<String, ChainPlan>,
    variables: &Variables,
) -> BTreeSet<String> {
    let variables: BTreeMap<&str, References> =
        variables.iter().map(|(name, it)| (name, it.references())).collect();
    rules.iter().flat_map(|rule| paths(rule, chains, &variables)).collect()
}

fn paths(
    rule: &Rule,
    chains: &BTreeMap<String, ChainPlan>,
    variables: &BTreeMap<&str, References>,
) -> BTreeSet<String> {
    let mut paths = BTreeSet::new();
    let mut seen: BTreeSet<String> = BTreeSet::new();
    let mut open: Vec<References> = expressions(rule, chains).map(Expression::references).collect();
    while let Some(references) = open.pop() {
        for path in references.paths {
            // Below a field (`user.attributes["team"]`) nothing is told apart.
            paths.insert(path.iter().take(2).map(String::as_str).collect::<Vec<_>>().join("."));
            paths.extend(path.into_iter().next().filter(|root| crate::context::schema::find(root).is_some()));
        }
        for name in references.names {
            if let Some(variable) = variables.get(name.as_str()).filter(|_| !seen.contains(&name)) {
                open.push(variable.clone());
                seen.insert(name);
            }
        }
    }
    paths
}

/// Every expression of the rules and of the chains, those of chains that no rule names as well.
pub(crate) fn all_expressions<'p>(
    rules: &'p [Rule],
    chains: &'p BTreeMap<String, ChainPlan>,
) -> impl Iterator<Item = &'p Expression> {
    let conditions = rules.iter().flat_map(|rule| rule.when.iter().chain(&rule.reason));
    conditions.chain(chains.values().flat_map(selectors))
}

/// The expressions that name the approvers of a chain.
fn selectors(chain: &ChainPlan) -> impl Iterator<Item = &Expression> {
    chain.stages.iter().flat_map(|stage| &stage.approvers).filter_map(|selector| match selector {
        SelectorPlan::Cel(expression) => Some(expression),
        SelectorPlan::Fixed(_) => None,
    })
}

fn expressions<'p>(
    rule: &'p Rule,
    chains: &'p BTreeMap<String, ChainPlan>,
) -> impl Iterator<Item = &'p Expression> {
    let chain = match &rule.then {
        Then::RequireApproval { chain, .. } => chains.get(chain),
        _ => None,
    };
    rule.when.iter().chain(&rule.reason).chain(chain.into_iter().flat_map(selectors))
}
