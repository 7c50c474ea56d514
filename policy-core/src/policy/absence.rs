//! Fields that are not there: what an expression reads, against the actions for which it is evaluated.

use std::collections::BTreeSet;

use super::{codes, suggest};
use crate::cel::{FieldRead, IfAbsent, Problem};
use crate::context::schema::{self, Field, Possible};

/// The most problems that are told of one expression.
const MOST: usize = 20;
/// The most actions that a message lists.
const MOST_ACTIONS: usize = 4;

/// What is wrong with these reads where they are evaluated for these actions.
pub(crate) fn problems(reads: &[FieldRead], on: &BTreeSet<String>) -> Vec<Problem> {
    reads.iter().filter_map(|read| problem(read, on)).take(MOST).collect()
}

fn problem(read: &FieldRead, on: &BTreeSet<String>) -> Option<Problem> {
    let field = schema::find(&read.path)?;
    let asked: Vec<&str> = on.iter().map(String::as_str).filter(|action| read.when.has(action)).collect();
    if !asked.is_empty() && !asked.iter().any(|action| field.possible.holds_for(action)) {
        return Some(never(field, read, &asked));
    }
    let missing: Vec<&str> =
        asked.iter().copied().filter(|action| !field.required.holds_for(action)).collect();
    if missing.is_empty() || read.if_absent != IfAbsent::Fails {
        return None;
    }
    let place = if missing.len() < asked.len() { format!(" for {}", list(&missing)) } else { String::new() };
    let message = format!("`{}` may be absent{place}, and nothing guards it", field.path);
    let (group, name) = field.path.split_once('.')?;
    let help = format!("write `has({}) && …` or `{group}.?{name}.orValue({})`", field.path, read.fallback());
    Some(Problem::new(codes::UNGUARDED_FIELD, read.range.clone(), message).with_help(help))
}

fn never(field: &Field, read: &FieldRead, asked: &[&str]) -> Problem {
    let message = format!("`{}` is never there for {}", field.path, list(asked));
    let problem = Problem::new(codes::FIELD_NEVER_PRESENT, read.range.clone(), message);
    match field.possible {
        Possible::For(actions) if actions.len() <= MOST_ACTIONS.saturating_mul(2) => {
            problem.with_help(format!("only {} can have it", suggest::list(actions)))
        }
        _ => problem.with_help("docs/context-reference.md says which actions can have it"),
    }
}

/// The first of them.
fn list(actions: &[&str]) -> String {
    match actions.get(..MOST_ACTIONS) {
        Some(first) if actions.len() > MOST_ACTIONS => {
            let first = first.iter().map(|action| format!("`{action}`")).collect::<Vec<_>>().join(", ");
            format!("{first}, …")
        }
        _ => suggest::list(actions),
    }
}
