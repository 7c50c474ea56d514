//! What each clause of a condition came to.

use std::collections::{BTreeMap, BTreeSet};

use super::conditions::{Parts, PartsKind};
use crate::cel::{Evaluation, Expression, Value};
use crate::context::{Facts, fact_as_json, schema};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

/// The most entries of a list or a map that are told.
const MOST_ENTRIES: usize = 100;

/// About how many bytes of JSON one condition may take, where there is a limit at all.
const ROOM_OF_ONE: usize = 128 << 10;

/// What a clause takes as JSON besides its text and its values.
const FRAME: usize = 150;

/// Why a clause comes to nothing where what it reads was taken out of what was kept: its [`Clause::error`].
pub const WITHHELD: &str = "what it reads was not kept";

/// A place in the policy's file. Lines and columns count from 1; a column counts Unicode characters; the end is exclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
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
#[derive(Clone, Debug, Serialize, Deserialize)]
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
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// Whether the whole condition would have come out otherwise, had this come out otherwise, here and nowhere else.
    pub decides: bool,
    /// What it read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reads: Vec<Read>,
    /// Its parts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub of: Vec<Clause>,
}

/// How a clause is joined of its parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Read {
    /// As far as the clause writes it out, such as `user.attributes.manager`.
    pub path: String,
    /// What it was, of long lists and maps the first entries; none where it is absent, or could not be had.
    pub value: Option<Json>,
    /// Whether it was taken out of what was kept.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub withheld: bool,
}

/// The conditions of variables, by their names.
type Variables = BTreeMap<String, Parts>;

/// Whether something holds, or why that can't be told.
type CameTo = (Option<bool>, Option<String>);

/// What explains the conditions of a policy, one after the other.
pub(super) struct Explaining<'e, 'a> {
    variables: &'a Variables,
    evaluation: &'e Evaluation<'a>,
    facts: &'e Facts,
    /// The paths that were taken out of the facts, and the variables that read them.
    withheld: &'e [String],
    withheld_variables: BTreeSet<&'a str>,
    /// About how many bytes of JSON there is room for: for all conditions, and for this one.
    room: usize,
    room_of_one: usize,
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
        room: usize,
    ) -> Self {
        let withheld_variables = reading(variables, withheld);
        Self {
            variables,
            evaluation,
            facts,
            withheld,
            withheld_variables,
            room,
            room_of_one: room,
            seen: BTreeMap::new(),
        }
    }

    /// The condition of a rule; none where there is no room for it.
    pub(super) fn rule(&mut self, when: &'a Parts) -> Option<Clause> {
        self.seen.clear();
        let before = if self.room == usize::MAX { self.room } else { self.room.min(ROOM_OF_ONE) };
        self.room_of_one = before;
        let mut clause = self.explain(when);
        self.room = self.room.saturating_sub(before.saturating_sub(self.room_of_one));
        if self.room_of_one == 0 {
            return None;
        }
        clause.weigh();
        Some(clause)
    }

    fn explain(&mut self, parts: &'a Parts) -> Clause {
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
            // What comes of it is not looked at any more.
            PartsKind::Test { .. } if self.room_of_one == 0 => (Kind::Test, Vec::new(), CameTo::default()),
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
        };
        let reads = self.reads(&parts.kind);
        let values = reads.iter().map(|read| read.path.len().saturating_add(size(&read.value)));
        let size = values.fold(parts.text.len().saturating_add(FRAME), usize::saturating_add);
        self.room_of_one = self.room_of_one.saturating_sub(size);
        let (text, span) = (parts.text.clone(), parts.span);
        Clause { kind, text, span, holds, error, decides: false, reads, of }
    }

    fn all(&mut self, parts: &'a [Parts]) -> Vec<Clause> {
        parts.iter().map(|part| self.explain(part)).collect()
    }

    fn withholds(&self, paths: &[Vec<String>], variables: &[(String, Expression)]) -> bool {
        paths.iter().any(|path| is_in(path, self.withheld))
            || variables.iter().any(|(name, _)| self.withheld_variables.contains(name.as_str()))
    }

    fn reads(&self, kind: &'a PartsKind) -> Vec<Read> {
        let PartsKind::Test { paths, variables, .. } = kind else { return Vec::new() };
        if self.room_of_one == 0 {
            return Vec::new();
        }
        let hidden = |path: String| Read { path, value: None, withheld: true };
        let facts = paths.iter().filter_map(|path| {
            if is_in(path, self.withheld) { Some(hidden(path.join("."))) } else { read(path, self.facts) }
        });
        let variables = variables.iter().map(|(name, expression)| {
            if self.withheld_variables.contains(name.as_str()) {
                return hidden(name.clone());
            }
            Read { path: name.clone(), value: self.evaluation.shown(expression), withheld: false }
        });
        facts.chain(variables).collect()
    }
}

/// Whether a path leads to what was taken out, into it, or to what it was in.
fn is_in(path: &[String], withheld: &[String]) -> bool {
    let path = path.join(".");
    let begins = |whole: &str, part: &str| {
        whole.strip_prefix(part).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    withheld.iter().any(|taken| begins(&path, taken) || begins(taken, &path))
}

/// The variables that read what was taken out, themselves or by another variable.
fn reading<'a>(variables: &'a Variables, withheld: &[String]) -> BTreeSet<&'a str> {
    let mut found: BTreeSet<&str> = BTreeSet::new();
    if withheld.is_empty() {
        return found;
    }
    loop {
        let more: Vec<&str> = variables
            .iter()
            .filter(|(name, parts)| !found.contains(name.as_str()) && reads_any(parts, &found, withheld))
            .map(|(name, _)| name.as_str())
            .collect();
        if more.is_empty() {
            return found;
        }
        found.extend(more);
    }
}

fn reads_any(parts: &Parts, found: &BTreeSet<&str>, withheld: &[String]) -> bool {
    let any = |parts: &[Parts]| parts.iter().any(|it| reads_any(it, found, withheld));
    match &parts.kind {
        PartsKind::All(of) | PartsKind::Any(of) => any(of),
        PartsKind::Not(of) => reads_any(of, found, withheld),
        PartsKind::Choice(of) => any(of.as_slice()),
        PartsKind::Name(name) => found.contains(name.as_str()),
        PartsKind::Test { paths, variables, .. } => {
            paths.iter().any(|path| is_in(path, withheld))
                || variables.iter().any(|(name, _)| found.contains(name.as_str()))
        }
    }
}

/// About how many bytes a value takes as JSON.
fn size(value: &Option<Json>) -> usize {
    value.as_ref().map_or(4, |value| value.to_string().len())
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
    let value = value.map(|value| fact_as_json(&beginning(value)));
    Some(Read { path: path.join("."), value, withheld: false })
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
    ///
    /// # Example: the clauses by which a condition did not hold
    ///
    /// ```
    /// # use policy_core::{context::decode, explain::Explainer, testing::{TestError, context}};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let text = "apiVersion: jit-approval.dev/v1
    /// # name: p
    /// # rules: [{ id: a, on: [login], when: '!user.federated && (client.public || session.sso)', effect: confirm }]";
    /// # let explainer = Explainer::new(text, "p.yaml").map_err(TestError::Policy)?;
    /// # let facts = decode(&context("login")).map_err(TestError::Context)?;
    /// # let mut rules = explainer.explain(&facts)?.rules;
    /// # let Some(clause) = rules.pop().and_then(|rule| rule.when) else { return Err("no condition".into()) };
    /// // What `!user.federated && (client.public || session.sso)` came to, where all three are false.
    /// let tests = clause.tests();
    /// let texts: Vec<&str> = tests.iter().map(|it| it.text.as_str()).collect();
    /// assert_eq!(texts, ["user.federated", "client.public", "session.sso"]);
    /// let decide: Vec<&str> = tests.iter().filter(|it| it.decides).map(|it| it.text.as_str()).collect();
    /// assert_eq!(decide, ["client.public", "session.sso"]);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn tests(&self) -> Vec<&Clause> {
        match self.kind {
            Kind::Test => vec![self],
            _ => self.of.iter().flat_map(Self::tests).collect(),
        }
    }
}
