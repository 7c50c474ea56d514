//! The order in which variables can be looked at, and the circles in which they can't.

use std::collections::BTreeMap;

use super::expression::Expression;
use super::limits::Place;
use super::problem::Problem;

/// The variables such that each comes after those it uses, and a problem for each that is part of a circle.
pub(super) fn order(variables: &BTreeMap<String, Expression>) -> (Vec<String>, Vec<(Place, Problem)>) {
    let mut open: BTreeMap<&str, usize> = BTreeMap::new();
    let mut users: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for (name, expression) in variables {
        let used = expression.references().names.into_iter().filter(|used| variables.contains_key(used));
        for used in used {
            let count = open.entry(name).or_default();
            *count = count.saturating_add(1);
            users.entry(used).or_default().push(name);
        }
        open.entry(name).or_default();
    }
    let mut ready: Vec<&str> = open.iter().filter(|(_, count)| **count == 0).map(|(name, _)| *name).collect();
    let mut order = Vec::new();
    while let Some(name) = ready.pop() {
        open.remove(name);
        order.push(name.to_owned());
        for user in users.get(name).into_iter().flatten() {
            if let Some(count) = open.get_mut(user) {
                *count = count.saturating_sub(1);
                if *count == 0 {
                    ready.push(user);
                }
            }
        }
    }
    // What only uses a circle is no part of it: its author has nothing to mend there.
    let mut used: BTreeMap<String, usize> = BTreeMap::new();
    let uses = |name: &str| variables.get(name).map(|it| it.references().names).unwrap_or_default();
    for name in open.keys().flat_map(|name| uses(name)) {
        let count = used.entry(name).or_default();
        *count = count.saturating_add(1);
    }
    let mut outside: Vec<&str> = open.keys().copied().filter(|name| !used.contains_key(*name)).collect();
    while let Some(name) = outside.pop() {
        open.remove(name);
        for other in uses(name) {
            if let Some(count) = used.get_mut(&other) {
                *count = count.saturating_sub(1);
                if *count == 0 {
                    outside.extend(open.get_key_value(other.as_str()).map(|(name, _)| *name));
                }
            }
        }
    }
    let problems = open.keys().filter_map(|name| {
        let range = 0..variables.get(*name)?.source().len();
        let problem =
            Problem::new("variable-cycle", range, format!("the variable `{name}` depends on itself"));
        Some((Place::Variable((*name).to_owned()), problem))
    });
    (order, problems.collect())
}
