//! The conditions of a policy, read once more: with their text and their places.

use std::collections::{BTreeMap, BTreeSet};

use super::clauses::Span;
use crate::cel::{self, ClauseKind, Expression};
use crate::context::schema;
use crate::policy::{Policy, Written, written};

/// The conditions of variables, by their names.
pub(super) type Variables = BTreeMap<String, Parts>;

/// All conditions of a policy.
#[derive(Debug, Default)]
pub(super) struct Conditions {
    /// In the order of the policy.
    pub(super) rules: Vec<Condition>,
    pub(super) variables: Variables,
}

/// The condition of a rule.
#[derive(Debug)]
pub(super) struct Condition {
    /// The line of the rule's id.
    pub(super) line: usize,
    pub(super) when: Option<Parts>,
}

/// A condition, or a part of it, with its place in the file.
#[derive(Debug)]
pub(super) struct Parts {
    pub(super) span: Span,
    pub(super) text: String,
    pub(super) kind: PartsKind,
}

/// See [`ClauseKind`].
#[derive(Debug)]
pub(super) enum PartsKind {
    All(Vec<Parts>),
    Any(Vec<Parts>),
    Not(Box<Parts>),
    Choice(Box<[Parts; 3]>),
    Name(String),
    Test {
        expression: Expression,
        /// What of the context it reads, as far as that is written out.
        paths: Vec<Vec<String>>,
        /// The variables that it uses, each by itself.
        variables: Vec<(String, Expression)>,
    },
}

impl Conditions {
    /// Of a policy that was loaded from this text.
    pub(super) fn read(text: &str, file: &str, policy: &Policy) -> Self {
        let written = written(text, file);
        let parts = |it: &Written<'_>| {
            let expression = Expression::parse(it.text()).ok()?;
            Some(Parts::of(&expression, expression.clauses(), it, policy))
        };
        Self {
            rules: written
                .rules
                .iter()
                .map(|(line, when)| Condition { line: *line, when: when.as_ref().and_then(parts) })
                .collect(),
            variables: written
                .variables
                .iter()
                .filter_map(|(name, it)| Some((name.clone(), parts(it)?)))
                .collect(),
        }
    }

    /// Every part of a rule's condition that has no parts, also of the variables that stand for parts, each of these once.
    pub(super) fn tests<'c>(&'c self, condition: &'c Condition, found: &mut impl FnMut(&'c Parts)) {
        let mut names = BTreeSet::new();
        if let Some(when) = &condition.when {
            self.tests_of(when, &mut names, found);
        }
    }

    fn tests_of<'c>(
        &'c self,
        parts: &'c Parts,
        names: &mut BTreeSet<&'c str>,
        found: &mut impl FnMut(&'c Parts),
    ) {
        match &parts.kind {
            PartsKind::All(of) | PartsKind::Any(of) => {
                of.iter().for_each(|it| self.tests_of(it, names, found))
            }
            PartsKind::Not(of) => self.tests_of(of, names, found),
            PartsKind::Choice(of) => of.iter().for_each(|it| self.tests_of(it, names, found)),
            PartsKind::Name(name) => {
                if let Some(of) = self.variables.get(name).filter(|_| names.insert(name)) {
                    self.tests_of(of, names, found);
                }
            }
            PartsKind::Test { .. } => found(parts),
        }
    }
}

impl Parts {
    fn of(whole: &Expression, clause: cel::Clause, written: &Written<'_>, policy: &Policy) -> Self {
        let all = |clauses: Vec<cel::Clause>| {
            clauses.into_iter().map(|clause| Self::of(whole, clause, written, policy)).collect()
        };
        let one = |clause: cel::Clause| Self::of(whole, clause, written, policy);
        let kind = match clause.kind {
            ClauseKind::All(clauses) => PartsKind::All(all(clauses)),
            ClauseKind::Any(clauses) => PartsKind::Any(all(clauses)),
            ClauseKind::Not(clause) => PartsKind::Not(Box::new(one(*clause))),
            ClauseKind::Choice(clauses) => PartsKind::Choice(Box::new(clauses.map(one))),
            ClauseKind::Name(name) => PartsKind::Name(name),
            ClauseKind::Test(expression) => test(expression, policy),
        };
        let text = whole.source().get(clause.range.clone()).unwrap_or_default().to_owned();
        Self { span: written.span(clause.range), text, kind }
    }
}

fn test(expression: Expression, policy: &Policy) -> PartsKind {
    let link = |expression: &Expression| expression.link(schema::layout(), &policy.variables);
    let references = expression.references();
    link(&expression);
    let is_variable = |name: &str| policy.variables.iter().any(|(known, _)| known == name);
    let variables = references.names.into_iter().filter(|name| is_variable(name)).filter_map(|name| {
        let expression = Expression::parse(&name).ok()?;
        link(&expression);
        Some((name, expression))
    });
    PartsKind::Test {
        variables: variables.collect(),
        paths: references.paths.into_iter().collect(),
        expression,
    }
}
