//! What finds out what each clause came to.

use std::collections::{BTreeMap, BTreeSet};

use super::clauses::{Clause, Kind, Read, WITHHELD};
use super::conditions::{Parts, PartsKind, Variables};
use super::withheld::{is_in, reading};
use crate::cel::{Evaluation, Expression, Value, beginning as beginning_of};
use crate::context::{Facts, fact_as_json, schema};

/// The most entries of a list or a map that are told.
const MOST_ENTRIES: usize = 100;

/// About how many bytes of JSON a value may take that was read.
const LARGEST_VALUE: usize = 8 << 10;

/// What a clause takes as JSON besides its text and its values.
const FRAME: usize = 150;

/// Whether something holds, or why that can't be told.
type CameTo = (Option<bool>, Option<String>);

/// How long an explanation may be.
#[derive(Clone, Copy, Debug)]
pub(super) struct Room {
    /// About how many bytes of JSON all conditions may take,
    pub(super) all: usize,
    /// and one of them.
    pub(super) one: usize,
    /// How many clauses may be inside each other.
    pub(super) deep: usize,
}

/// What explains the conditions of a policy, one after the other.
pub(super) struct Explaining<'e, 'a> {
    variables: &'a Variables,
    evaluation: &'e Evaluation<'a>,
    facts: &'e Facts,
    /// The paths that were taken out of the facts, and the variables that read them.
    withheld: &'e [String],
    withheld_variables: BTreeSet<&'a str>,
    /// What is left, and what is left of it for the condition at hand.
    room: Room,
    left: usize,
    /// How many clauses the one at hand is in.
    depth: usize,
    /// What the variables came to that were explained. Each is explained where it is used first: variables that use others twice would make
    /// an explanation of any size.
    seen: BTreeMap<&'a str, CameTo>,
}

impl<'e, 'a> Explaining<'e, 'a> {
    pub(super) fn new(
        variables: &'a Variables,
        evaluation: &'e Evaluation<'a>,
        facts: &'e Facts,
        withheld: &'e [String],
        room: Room,
    ) -> Self {
        let withheld_variables = reading(variables, withheld);
        Self {
            variables,
            evaluation,
            facts,
            withheld,
            withheld_variables,
            room,
            left: 0,
            depth: 0,
            seen: BTreeMap::new(),
        }
    }

    /// The condition of a rule; none where there is no room for it.
    pub(super) fn rule(&mut self, when: &'a Parts) -> Option<Clause> {
        let whole = self.room.all.min(self.room.one);
        self.left = whole;
        self.seen.clear();
        let explained = self.explain(when);
        self.room.all = self.room.all.saturating_sub(whole.saturating_sub(self.left));
        let mut clause = explained?;
        clause.weigh();
        Some(clause)
    }

    /// Takes up room, where there is enough; else all that is left, so that nothing more is begun.
    fn take(&mut self, bytes: usize) -> Option<()> {
        let left = self.left.checked_sub(bytes);
        self.left = left.unwrap_or(0);
        left.map(|_| ())
    }

    fn explain(&mut self, parts: &'a Parts) -> Option<Clause> {
        self.take(parts.text.len().saturating_add(FRAME))?;
        if self.depth >= self.room.deep {
            return self.take(usize::MAX).and(None);
        }
        self.depth = self.depth.saturating_add(1);
        let explained = self.parts(parts);
        self.depth = self.depth.saturating_sub(1);
        let (kind, of, (holds, error)) = explained?;
        let reads = self.reads(&parts.kind)?;
        let (text, span) = (parts.text.clone(), parts.span);
        Some(Clause { kind, text, span, holds, error, decides: false, reads, of })
    }

    fn parts(&mut self, parts: &'a Parts) -> Option<(Kind, Vec<Clause>, CameTo)> {
        Some(match &parts.kind {
            PartsKind::All(parts) => {
                let of = self.all(parts)?;
                let came_to = strongest(&of, false);
                (Kind::All, of, came_to)
            }
            PartsKind::Any(parts) => {
                let of = self.all(parts)?;
                let came_to = strongest(&of, true);
                (Kind::Any, of, came_to)
            }
            PartsKind::Not(part) => {
                let part = self.explain(part)?;
                let came_to = (part.holds.map(|holds| !holds), part.error.clone());
                (Kind::Not, vec![part], came_to)
            }
            PartsKind::Choice(parts) => {
                let of = self.all(parts.as_slice())?;
                let came_to = chosen(&of).map(came_to).unwrap_or_default();
                (Kind::Choice, of, came_to)
            }
            PartsKind::Name(name) => match (self.seen.get(name.as_str()), self.variables.get(name)) {
                (Some(before), _) => (Kind::Variable, Vec::new(), before.clone()),
                (None, None) => (Kind::Variable, Vec::new(), CameTo::default()),
                (None, Some(part)) => {
                    let part = self.explain(part)?;
                    let came_to = came_to(&part);
                    self.seen.insert(name, came_to.clone());
                    (Kind::Variable, vec![part], came_to)
                }
            },
            PartsKind::Test { paths, variables, .. } if self.withholds(paths, variables) => {
                (Kind::Test, Vec::new(), (None, Some(WITHHELD.to_owned())))
            }
            PartsKind::Test { expression, .. } => {
                let came_to = match self.evaluation.eval_bool(expression) {
                    Ok(holds) => (Some(holds), None),
                    Err(error) => (None, Some(error.to_string())),
                };
                (Kind::Test, Vec::new(), came_to)
            }
        })
    }

    fn all(&mut self, parts: &'a [Parts]) -> Option<Vec<Clause>> {
        parts.iter().map(|part| self.explain(part)).collect()
    }

    fn withholds(&self, paths: &[Vec<String>], variables: &[(String, Expression)]) -> bool {
        paths.iter().any(|path| is_in(path, self.withheld))
            || variables.iter().any(|(name, _)| self.withheld_variables.contains(name.as_str()))
    }

    fn reads(&mut self, kind: &'a PartsKind) -> Option<Vec<Read>> {
        let PartsKind::Test { paths, variables, .. } = kind else { return Some(Vec::new()) };
        let mut reads = Vec::new();
        for path in paths {
            if is_in(path, self.withheld) {
                reads.push(self.room_for(hidden(path.join(".")))?);
            } else if let Some(read) = read(path, self.facts) {
                reads.push(self.room_for(read)?);
            }
        }
        for (name, expression) in variables {
            let read = if self.withheld_variables.contains(name.as_str()) {
                hidden(name.clone())
            } else {
                let value = self.evaluation.shown(expression, LARGEST_VALUE);
                Read { path: name.clone(), value, withheld: false }
            };
            reads.push(self.room_for(read)?);
        }
        Some(reads)
    }

    fn room_for(&mut self, read: Read) -> Option<Read> {
        let value = read.value.as_ref().map_or(4, |value| value.to_string().len());
        self.take(read.path.len().saturating_add(value))?;
        Some(read)
    }
}

fn hidden(path: String) -> Read {
    Read { path, value: None, withheld: true }
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
    let value = value.map(|value| fact_as_json(&beginning(value, &mut { LARGEST_VALUE })));
    Some(Read { path: path.join("."), value, withheld: false })
}

fn inside<'v>(value: &'v Value, name: &str) -> Option<&'v Value> {
    match value {
        Value::Map(entries) => entries.get(name),
        _ => None,
    }
}

/// The first entries of a fact, and the beginnings of long texts: a user may have thousands of roles, and an attribute may be a photograph.
fn beginning(value: &Value, left: &mut usize) -> Value {
    match value {
        Value::List(items) => Value::List(
            items
                .iter()
                .take(MOST_ENTRIES)
                .map_while(|item| (*left > 0).then(|| beginning(item, left)))
                .collect(),
        ),
        Value::Map(entries) => Value::Map(
            entries
                .iter()
                .take(MOST_ENTRIES)
                .map_while(|(name, value)| {
                    *left = left.saturating_sub(name.len());
                    (*left > 0).then(|| (name.clone(), beginning(value, left)))
                })
                .collect(),
        ),
        Value::String(text) => {
            let shown = beginning_of(text, *left);
            *left = left.saturating_sub(shown.len());
            Value::String(shown)
        }
        other => other.clone(),
    }
}
