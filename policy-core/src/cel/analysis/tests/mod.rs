//! Tests of the analysis: what it finds, and that what it finds is true.

mod findings;
mod soundness;

use std::collections::{BTreeMap, BTreeSet};

use super::{Analysis, Term};
use crate::cel::{Expression, Scope};
use crate::context::schema;

fn scope() -> Scope {
    schema::scope().with_variables(["outside", "night"])
}

fn variables() -> BTreeMap<String, Expression> {
    [
        ("outside", r#"!cidr("10.0.0.0/8").containsIP(request.ip)"#),
        ("night", "now.getHours() < 6 || now.getHours() > 21"),
    ]
    .map(|(name, source)| (name.to_owned(), expression(source)))
    .into()
}

fn expression(source: &str) -> Expression {
    Expression::parse(source).unwrap_or_else(|problems| panic!("{source}: {problems:?}"))
}

fn actions(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

/// Runs a test on the conditions that the sources are.
fn with<T>(sources: &[&str], test: impl FnOnce(&mut Analysis<'_>, &[Term]) -> T) -> T {
    let scope = scope();
    let mut analysis = Analysis::new(&scope, &variables());
    let terms: Vec<Term> = sources.iter().map(|source| analysis.condition(&expression(source))).collect();
    test(&mut analysis, &terms)
}
