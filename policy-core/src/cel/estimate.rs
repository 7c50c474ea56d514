//! What a policy can cost at most, estimated before it is ever evaluated.

use std::collections::BTreeMap;

use super::ast::Node;
use super::expression::Expression;
use super::limits::{MAX_POLICY_NODES, Place};
use super::problem::Problem;
use super::scope::Scope;

pub(super) fn check(
    variables: &BTreeMap<String, Expression>,
    expressions: &[&Expression],
    _scope: &Scope,
) -> Vec<(Place, Problem)> {
    let mut nodes = 0_usize;
    let named = variables.iter().map(|(name, it)| (Place::Variable(name.clone()), it));
    let numbered = expressions.iter().enumerate().map(|(i, it)| (Place::Expression(i), *it));
    for (place, expression) in named.chain(numbered) {
        nodes = nodes.saturating_add(count(expression.root()));
        if nodes > MAX_POLICY_NODES {
            let message = format!(
                "the policy's expressions have more than {MAX_POLICY_NODES} parts together, the most that is allowed"
            );
            return vec![(place, Problem::new("limit-policy-nodes", 0..expression.source().len(), message))];
        }
    }
    Vec::new()
}

fn count(node: &Node) -> usize {
    let mut nodes = 1_usize;
    node.expr.children(|child| nodes = nodes.saturating_add(count(child)));
    nodes
}
