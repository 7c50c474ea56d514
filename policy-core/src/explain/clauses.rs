//! What each clause of a condition came to.

use std::collections::BTreeMap;

use super::conditions::{Parts, PartsKind};
use crate::cel::Evaluation;
use crate::context::{Facts, fact_as_json, schema};
use serde::Serialize;
use serde_json::Value as Json;

/// A place in the policy's file. Lines and columns count from 1; a column counts Unicode characters; the end is exclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Span {
    /// Where it begins.
    pub line: usize,
    /// Where it begins.
    pub column: usize,
    /// Where it ends.
    pub end_line: usize,
    /// Where it ends, exclusive.
    pub end_column: usize,
}

/// A condition or a part of one, and what it came to.
#[derive(Clone, Debug, Serialize)]
pub struct Clause {
    /// How it is joined of its parts.
    pub kind: Kind,
    /// As it is written.
    pub text: String,
    /// Where it is written.
    #[serde(flatten)]
    pub span: Span,
    /// Whether it holds; none where that can't be told.
    pub holds: Option<bool>,
    /// Why it can't be told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// Whether the whole condition would have come out otherwise, had this come out otherwise.
    pub decides: bool,
    /// What it read.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reads: Vec<Read>,
    /// Its parts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub of: Vec<Clause>,
}

/// How a clause is joined of its parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// `a && b && …`
    All,
    /// `a || b || …`
    Any,
    /// `!a`
    Not,
    /// `a ? b : c`
    Choice,
    /// A variable of the policy; its part is the variable's condition.
    Variable,
    /// It has no parts.
    Test,
}

/// A fact or a variable that a clause read.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Read {
    /// As far as the clause writes it out, such as `user.attributes.manager`.
    pub path: String,
    /// What it was; none where it is absent, or could not be had.
    pub value: Option<Json>,
}

/// The name of a part, to be put below the clause that it belongs to.
type Variables = BTreeMap<String, Parts>;

pub(super) fn explain<'a>(
    parts: &'a Parts,
    variables: &'a Variables,
    evaluation: &Evaluation<'a>,
    facts: &Facts,
) -> Clause {
    let of = |parts: &'a [Parts]| -> Vec<Clause> {
        parts.iter().map(|part| explain(part, variables, evaluation, facts)).collect()
    };
    let joined = |kind, of: Vec<Clause>, (holds, error)| Clause {
        kind,
        text: parts.text.clone(),
        span: parts.span,
        holds,
        error,
        decides: false,
        reads: Vec::new(),
        of,
    };
    match &parts.kind {
        PartsKind::All(parts) => {
            let of = of(parts);
            let came_to = strongest(&of, false);
            joined(Kind::All, of, came_to)
        }
        PartsKind::Any(parts) => {
            let of = of(parts);
            let came_to = strongest(&of, true);
            joined(Kind::Any, of, came_to)
        }
        PartsKind::Not(part) => {
            let of = vec![explain(part, variables, evaluation, facts)];
            let came_to = of.first().map(|part| (part.holds.map(|holds| !holds), part.error.clone()));
            joined(Kind::Not, of, came_to.unwrap_or_default())
        }
        PartsKind::Choice(parts) => {
            let of = of(parts.as_slice());
            let came_to = chosen(&of).map_or((None, None), |clause| (clause.holds, clause.error.clone()));
            joined(Kind::Choice, of, came_to)
        }
        PartsKind::Name(name) => {
            let part = variables.get(name).map(|part| explain(part, variables, evaluation, facts));
            let came_to = part.as_ref().map(|part| (part.holds, part.error.clone())).unwrap_or_default();
            joined(Kind::Variable, part.into_iter().collect(), came_to)
        }
        PartsKind::Test { expression, paths, variables } => {
            let (holds, error) = match evaluation.eval_bool(expression) {
                Ok(holds) => (Some(holds), None),
                Err(error) => (None, Some(error.to_string())),
            };
            let mut reads: Vec<Read> = paths.iter().filter_map(|path| read(path, facts)).collect();
            reads.extend(
                variables.iter().map(|(name, expression)| Read {
                    path: name.clone(),
                    value: evaluation.shown(expression),
                }),
            );
            Clause { reads, ..joined(Kind::Test, Vec::new(), (holds, error)) }
        }
    }
}

/// What `&&` (where `wins` is false) and `||` come to, as cel-spec says: the one value that wins absorbs errors.
fn strongest(of: &[Clause], wins: bool) -> (Option<bool>, Option<String>) {
    if of.iter().any(|clause| clause.holds == Some(wins)) {
        return (Some(wins), None);
    }
    match of.iter().find(|clause| clause.holds.is_none()) {
        Some(failed) => (None, failed.error.clone()),
        None => (Some(!wins), None),
    }
}

/// The part of `a ? b : c` that it comes to: one of the two, or the first, where that has failed.
fn chosen(of: &[Clause]) -> Option<&Clause> {
    let [condition, yes, no] = of else { return None };
    Some(match condition.holds {
        Some(true) => yes,
        Some(false) => no,
        None => condition,
    })
}

/// A fact that a path leads to, or a part of one.
fn read(path: &[String], facts: &Facts) -> Option<Read> {
    let length = (1..=path.len())
        .rev()
        .find(|length| path.get(..*length).is_some_and(|names| schema::find(&names.join(".")).is_some()))?;
    let (field, rest) = path.split_at_checked(length)?;
    let fact = facts.get(&field.join(".")).map(fact_as_json);
    let value = rest.iter().try_fold(fact?, |value, name| value.get(name).cloned().ok_or(()));
    Some(Read { path: path.join("."), value: value.ok() })
}

impl Clause {
    /// Marks what decides, in a condition that is whole.
    pub(super) fn weigh(&mut self) {
        let decides = self.holds.is_some();
        self.mark(decides);
    }

    fn mark(&mut self, decides: bool) {
        self.decides = decides && self.holds.is_some();
        let decides = self.decides;
        match self.kind {
            Kind::All | Kind::Any => {
                // A part decides where no other one does without it. One that has failed does not: `has(x) && x > 1` is false by the
                // first part where `x` is absent, and an error without it.
                let wins = Some(self.kind == Kind::Any);
                let winning = self.of.iter().filter(|clause| clause.holds == wins).count();
                for clause in &mut self.of {
                    let others = winning.saturating_sub(usize::from(clause.holds == wins));
                    clause.mark(decides && others == 0);
                }
            }
            Kind::Choice => {
                let values: Vec<Option<bool>> = self.of.iter().map(|clause| clause.holds).collect();
                let [condition, yes, no] = self.of.as_mut_slice() else { return };
                let differ = matches!(values.as_slice(), [_, yes, no] if yes != no);
                let chosen = condition.holds;
                condition.mark(decides && differ);
                yes.mark(decides && chosen == Some(true));
                no.mark(decides && chosen == Some(false));
            }
            Kind::Not | Kind::Variable | Kind::Test => {
                self.of.iter_mut().for_each(|clause| clause.mark(decides));
            }
        }
    }

    /// Every clause without parts, this one or below it.
    #[must_use]
    pub fn tests(&self) -> Vec<&Clause> {
        if self.of.is_empty() { vec![self] } else { self.of.iter().flat_map(Self::tests).collect() }
    }
}
