//! Tests of CEL as the rest of the engine sees it.

mod budget;
mod check;
mod evaluate;
mod hostile;
mod limits_of_policies;
mod network;
mod syntax;

use std::collections::BTreeMap;

use super::{EvalError, Evaluation, Expression, Problem, Scope, Type, Value, limits, steps};

/// A context like a login's.
fn context() -> BTreeMap<String, Value> {
    let text = |s: &str| Value::String(s.to_owned());
    let map = |entries: Vec<(&str, Value)>| {
        Value::Map(entries.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    };
    let user = map(vec![
        ("username", text("alice")),
        ("email_verified", Value::Bool(true)),
        ("roles", Value::List(vec![text("admin"), text("finance")])),
        (
            "attributes",
            map(vec![
                ("b", Value::List(vec![text("2")])),
                ("a", Value::List(vec![text("1")])),
                ("c", Value::List(vec![text("secret")])),
            ]),
        ),
        ("created_at", Value::Timestamp(1_700_000_000_000)),
    ]);
    let request = map(vec![("ip", text("10.1.2.3"))]);
    BTreeMap::from([("user".to_owned(), user), ("request".to_owned(), request)])
}

fn expression(source: &str) -> Expression {
    Expression::parse(source).unwrap_or_else(|problems| panic!("{source}: {problems:?}"))
}

fn variables(named: &[(&str, &str)]) -> BTreeMap<String, Expression> {
    named.iter().map(|(name, source)| ((*name).to_owned(), expression(source))).collect()
}

fn eval_with(named: &[(&str, &str)], source: &str) -> Result<bool, EvalError> {
    let variables = variables(named);
    Evaluation::new(&context(), &variables, limits::DEFAULT_BUDGET).eval_bool(&expression(source))
}

fn eval(source: &str) -> Result<bool, EvalError> {
    eval_with(&[], source)
}

/// The message of the error that evaluating `source` is.
fn message(source: &str) -> String {
    match eval(source) {
        Err(EvalError::Failed { message, .. }) => message,
        other => panic!("{source}: {other:?}"),
    }
}

/// What `problems` say, a line each: code, the source they point at, the message, the help.
fn told(source: &str, problems: &[Problem]) -> Vec<String> {
    problems
        .iter()
        .map(|problem| {
            let place = source.get(problem.range.clone()).unwrap_or("<no place>");
            let help = problem.help.as_ref().map(|help| format!(" ({help})")).unwrap_or_default();
            format!("{} `{place}`: {}{help}", problem.code, problem.message)
        })
        .collect()
}

/// A schema like that of the context.
fn scope() -> Scope {
    let strings = || Type::list(Type::String);
    let user = Type::object([
        ("username", Type::String),
        ("email", Type::String),
        ("email_verified", Type::Bool),
        ("roles", strings()),
        ("groups", strings()),
        ("attributes", Type::map(strings())),
        ("created_at", Type::Timestamp),
    ]);
    let request = Type::object([("ip", Type::String), ("headers", Type::map(strings()))]);
    Scope::new([("user", user), ("request", request), ("now", Type::Timestamp)])
}
