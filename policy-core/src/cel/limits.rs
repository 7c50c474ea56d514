//! The bounds of what an expression and a policy may hold.

use std::collections::BTreeMap;

use super::expression::Expression;
use super::problem::Problem;
use super::scope::Scope;

/// Bytes of one expression.
pub const MAX_SOURCE_BYTES: usize = 16 * 1024;
/// Words and signs of one expression.
pub const MAX_TOKENS: usize = 4_000;
/// Parts of one expression: operators, calls, names, literals.
pub const MAX_NODES: usize = 2_000;
/// Levels of one expression's tree.
pub const MAX_DEPTH: u16 = 64;
/// Brackets and conditionals inside each other.
pub const MAX_NESTING: usize = 40;
/// Levels of a list or map that is copied while evaluating.
pub const MAX_VALUE_DEPTH: u16 = 32;
/// Memory of a compiled regular expression.
pub const MAX_REGEX_BYTES: usize = 1 << 20;
/// Memory of a regular expression that is cheap to compile and to run.
pub const SMALL_REGEX_BYTES: usize = 1 << 16;
/// What one decision may spend: a step, an element copied, or 16 bytes of text cost 1.
pub const DEFAULT_BUDGET: u64 = 500_000;
/// Parts of all expressions of one policy together: 30 for each of the most rules that it may have. Each takes some 150 bytes while
/// the policy is loaded.
pub const MAX_POLICY_NODES: usize = 300_000;
/// Memory of all compiled regular expressions of one policy together.
pub const MAX_POLICY_REGEX_BYTES: usize = 8 << 20;

/// Loops inside each other, counted through variables.
pub const MAX_LOOPS: u64 = 4;
/// Steps that one expression can take at most, by estimate. That is far beyond the budget, because an estimate takes every fact to be as large as the
/// schema expects it at most, and every loop to run to its end.
pub const MAX_COST: u64 = 40_000_000;
/// Steps that one decision can take at most, by estimate: five of the costliest expressions.
pub const MAX_DECISION_COST: u64 = 200_000_000;
/// The size that a value can reach, by estimate, in units of 16 bytes: 8 MiB. Twice as much could not be made within the budget.
pub const MAX_VALUE_UNITS: u64 = 1 << 19;
/// Levels of one expression's tree, counted through variables.
pub const MAX_TOTAL_DEPTH: u64 = 128;

/// Which expression of a policy a problem is in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// The variable of this name.
    Variable(String),
    /// The expression at this index of those given.
    Expression(usize),
}

/// What only the policy as a whole shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Estimates {
    /// Variables that use each other in a circle, and work that adds up through variables beyond all bounds.
    pub problems: Vec<(Place, Problem)>,
    /// Steps that all variables can take at most: each is evaluated once a decision.
    pub variables: u64,
    /// Steps that each of the other expressions can take at most, in the order given.
    pub expressions: Vec<u64>,
}

/// Estimates what a policy can cost. `expressions` are all of the policy's but its variables.
#[must_use]
pub fn check_policy(
    variables: &BTreeMap<String, Expression>,
    expressions: &[&Expression],
    scope: &Scope,
) -> Estimates {
    super::estimate::check(variables, expressions, scope)
}
