//! What can be told of conditions without a context: which are always or never true, which follow from others, and which
//! compare things that can never be equal.
//!
//! Everything told is certain. The analysis takes expressions apart into [`Term`]s, each part once for the whole policy,
//! and searches for a way in which they could come out; where it finds none within its steps, it has nothing to say. It
//! knows the types of the context, the order of literals, and little of the functions: what reads nothing is computed by the
//! evaluator.

mod conditions;
mod constant;
mod domain;
mod fold;
mod guards;
pub(super) mod literals;
mod lower;
mod people;
mod solve;
mod term;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use constant::Constant;
use solve::{Search, Want};
use term::{Shape, Terms};

use super::expression::Expression;
use super::order::order;
use super::scope::Scope;

pub(crate) use guards::Guard;
pub(crate) use term::Term;

/// The variables of the macros around a node.
type Bound<'n> = Vec<&'n str>;

/// Steps of one search: enough for some hundred tests.
const STEPS: u32 = 5_000;
/// Steps of all searches for one policy: a policy that wants more is not told everything.
const ALL_STEPS: u32 = 400_000;
/// How many parts of one policy the evaluator computes.
const FOLDS: u32 = 200;

/// The parts of a policy's expressions, and what is left to spend on them.
#[derive(Debug)]
pub(crate) struct Analysis<'s> {
    terms: Terms<'s>,
    variables: BTreeMap<String, Term>,
    /// The parts that the nodes of the expression at hand are, by the nodes' addresses.
    seen: Option<BTreeMap<usize, Term>>,
    folds: u32,
    steps: u32,
}

impl<'s> Analysis<'s> {
    /// Takes the variables apart. They must not use each other in a circle; those that do are left alone.
    pub(crate) fn new(scope: &'s Scope, variables: &BTreeMap<String, Expression>) -> Self {
        let mut analysis = Self {
            terms: Terms::new(scope),
            variables: BTreeMap::new(),
            seen: None,
            folds: FOLDS,
            steps: ALL_STEPS,
        };
        for name in order(variables).0 {
            if let Some(expression) = variables.get(&name) {
                let term = analysis.condition(expression);
                analysis.variables.insert(name, term);
            }
        }
        analysis
    }

    /// The part of the policy that an expression is. Two that mean the same by their form alone are one.
    pub(crate) fn condition(&mut self, expression: &Expression) -> Term {
        self.lower(expression.root(), &mut Bound::new())
    }

    /// The condition of what has none.
    pub(crate) fn always(&mut self) -> Term {
        self.truth(true)
    }

    /// Whether a condition is `true` as it stands.
    pub(crate) fn is_true(&self, condition: Term) -> bool {
        self.terms.constant(condition) == Some(&Constant::Bool(true))
    }

    /// Whether a condition never comes out true for these actions; it may fail.
    pub(crate) fn never_true(&mut self, condition: Term, actions: Option<&BTreeSet<String>>) -> bool {
        self.impossible(vec![(condition, Want::True)], actions)
    }

    /// Whether a condition never comes out false for these actions; it may fail.
    pub(crate) fn never_false(&mut self, condition: Term, actions: Option<&BTreeSet<String>>) -> bool {
        self.impossible(vec![(condition, Want::False)], actions)
    }

    /// Whether for these actions `second` is true whenever `first` is; unless it is `surely`, it may also fail.
    pub(crate) fn implies(
        &mut self,
        first: Term,
        second: Term,
        actions: &BTreeSet<String>,
        surely: bool,
    ) -> bool {
        let against = if surely { Want::NotTrue } else { Want::False };
        first == second || self.impossible(vec![(first, Want::True), (second, against)], Some(actions))
    }

    /// Whether the requester's user name is `name` whenever the condition is true.
    pub(crate) fn requires_user(&mut self, condition: Term, name: &str, actions: &BTreeSet<String>) -> bool {
        let Some(username) = self.terms.find(&["user", "username"]) else { return false };
        let name = self.terms.add(Shape::Constant(Constant::Text(name.to_owned())));
        let is = self.terms.add(Shape::Equal(username, name));
        self.impossible(vec![(condition, Want::True), (is, Want::NotTrue)], Some(actions))
    }

    fn impossible(&mut self, goals: Vec<(Term, Want)>, actions: Option<&BTreeSet<String>>) -> bool {
        let values: Option<Vec<Constant>> =
            actions.map(|actions| actions.iter().cloned().map(Constant::Text).collect());
        let action = self.terms.find(&["action"]).zip(values.as_deref());
        let allowed = STEPS.min(self.steps);
        let mut search = Search::new(&self.terms, action, allowed);
        let perhaps = search.perhaps(goals);
        let spent = allowed.saturating_sub(search.steps);
        self.steps = self.steps.saturating_sub(spent);
        !perhaps
    }
}
