//! What each clause of a condition came to.

use std::collections::BTreeMap;

use super::conditions::{Parts, PartsKind};
use crate::cel::{Evaluation, Value};
use crate::context::{Facts, fact_as_json, schema};
use serde::Serialize;
use serde_json::Value as Json;

/// The most entries of a list or a map that are told.
const MOST_ENTRIES: usize = 100;

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
    /// Whether the whole condition would have come out otherwise, had this come out otherwise, here and nowhere else.
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
    /// A variable of the policy; its part is the variable's condition, where the variable is used for the first time.
    Variable,
    /// It has no parts.
    Test,
}

/// A fact or a variable that a clause read.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Read {
    /// As far as the clause writes it out, such as `user.attributes.manager`.
    pub path: String,
    /// What it was, of long lists and maps the first entries; none where it is absent, or could not be had.
    pub value: Option<Json>,
}

/// The conditions of variables, by their names.
type Variables = BTreeMap<String, Parts>;

/// Whether something holds, or why that can't be told.
type CameTo = (Option<bool>, Option<String>);

/// The explanation of one condition.
pub(super) struct Explaining<'e, 'a> {
    variables: &'a Variables,
    evaluation: &'e Evaluation<'a>,
    facts: &'e Facts,
    /// What the variables came to that were explained. Each is explained where it is used first: variables that use others twice would make
    /// an explanation of any size.
    seen: BTreeMap<&'a str, CameTo>,
}

impl<'e, 'a> Explaining<'e, 'a> {
    pub(super) fn new(variables: &'a Variables, evaluation: &'e Evaluation<'a>, facts: &'e Facts) -> Self {
        Self { variables, evaluation, facts, seen: BTreeMap::new() }
    }

    pub(super) fn explain(&mut self, parts: &'a Parts) -> Clause {
        let (kind, of, (holds, error)) = match &parts.kind {
            PartsKind::All(parts) => {
                let of = self.all(parts);
                let came_to = strongest(&of, false);
                (Kind::All, of, came_to)
            }
            PartsKind::Any(parts) => {
                let of = self.all(parts);
                let came_to = strongest(&of, true);
                (Kind::Any, of, came_to)
            }
            PartsKind::Not(part) => {
                let part = self.explain(part);
                let came_to = (part.holds.map(|holds| !holds), part.error.clone());
                (Kind::Not, vec![part], came_to)
            }
            PartsKind::Choice(parts) => {
                let of = self.all(parts.as_slice());
                let came_to = chosen(&of).map(came_to).unwrap_or_default();
                (Kind::Choice, of, came_to)
            }
            PartsKind::Name(name) => match (self.seen.get(name.as_str()), self.variables.get(name)) {
                (Some(before), _) => (Kind::Variable, Vec::new(), before.clone()),
                (None, None) => (Kind::Variable, Vec::new(), CameTo::default()),
                (None, Some(part)) => {
                    let part = self.explain(part);
                    let came_to = came_to(&part);
                    self.seen.insert(name, came_to.clone());
                    (Kind::Variable, vec![part], came_to)
                }
            },
            PartsKind::Test { expression, .. } => {
                let came_to = match self.evaluation.eval_bool(expression) {
                    Ok(holds) => (Some(holds), None),
                    Err(error) => (None, Some(error.to_string())),
                };
                (Kind::Test, Vec::new(), came_to)
            }
        };
        let reads = self.reads(&parts.kind);
        let (text, span) = (parts.text.clone(), parts.span);
        Clause { kind, text, span, holds, error, decides: false, reads, of }
    }

    fn all(&mut self, parts: &'a [Parts]) -> Vec<Clause> {
        parts.iter().map(|part| self.explain(part)).collect()
    }

    fn reads(&self, kind: &'a PartsKind) -> Vec<Read> {
        let PartsKind::Test { paths, variables, .. } = kind else { return Vec::new() };
        let mut reads: Vec<Read> = paths.iter().filter_map(|path| read(path, self.facts)).collect();
        reads.extend(
            variables.iter().map(|(name, expression)| Read {
                path: name.clone(),
                value: self.evaluation.shown(expression),
            }),
        );
        reads
    }
}

fn came_to(clause: &Clause) -> CameTo {
    (clause.holds, clause.error.clone())
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
    let is_field =
        |length: &usize| path.get(..*length).is_some_and(|names| schema::find(&names.join(".")).is_some());
    let length = (1..=path.len()).rev().find(is_field)?;
    let (field, rest) = path.split_at_checked(length)?;
    let value = facts
        .get(&field.join("."))
        .and_then(|fact| rest.iter().try_fold(fact, |value, name| inside(value, name)));
    Some(Read { path: path.join("."), value: value.map(|value| fact_as_json(&beginning(value))) })
}

fn inside<'v>(value: &'v Value, name: &str) -> Option<&'v Value> {
    match value {
        Value::Map(entries) => entries.get(name),
        _ => None,
    }
}

/// The first entries of a fact: a user may have thousands of roles.
fn beginning(value: &Value) -> Value {
    match value {
        Value::List(items) => Value::List(items.iter().take(MOST_ENTRIES).cloned().collect()),
        Value::Map(entries) => {
            let first = entries.iter().take(MOST_ENTRIES);
            Value::Map(first.map(|(name, value)| (name.clone(), beginning(value))).collect())
        }
        other => other.clone(),
    }
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

    /// Every clause that is no more than itself, this one or below it.
    #[must_use]
    pub fn tests(&self) -> Vec<&Clause> {
        match self.kind {
            Kind::Test => vec![self],
            _ => self.of.iter().flat_map(Self::tests).collect(),
        }
    }
}
