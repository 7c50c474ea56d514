//! What can be told to be wrong before evaluation.

use super::ast::Node;
use super::problem::Problem;
use super::scope::Scope;

pub(super) fn check(_root: &Node, _scope: &Scope) -> Vec<Problem> {
    Vec::new()
}
