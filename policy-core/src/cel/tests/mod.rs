//! Tests of CEL as the rest of the engine sees it.

mod budget;
mod check;
mod estimate;
mod evaluate;
mod hostile;
mod limits_of_policies;
mod network;
mod sharing;
mod syntax;
mod types;

use std::collections::BTreeMap;

use super::{
    Arena, EvalError, Evaluation, Expression, Layout, Problem, Scope, Type, Value, Variables, limits, steps,
};

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

/// What a test keeps until it ends.
fn kept<T>(value: T) -> &'static T {
    Box::leak(Box::new(value))
}

/// The evaluations of one decision with the context.
struct Decision {
    layout: Layout,
    variables: &'static Variables,
    evaluation: Evaluation<'static>,
}

impl Decision {
    fn new(variables: BTreeMap<String, Expression>, budget: u64) -> Self {
        let context = kept(context());
        let layout = Layout::of_names(context.keys().map(String::as_str));
        let variables = kept(Variables::new(variables, &layout));
        let facts = context.values().map(Some);
        let evaluation = Evaluation::new(kept(Arena::default()), facts, variables, budget);
        Self { layout, variables, evaluation }
    }

    fn plain() -> Self {
        Self::new(BTreeMap::new(), limits::DEFAULT_BUDGET)
    }

    fn link(&self, expression: Expression) -> &'static Expression {
        expression.link(&self.layout, self.variables);
        kept(expression)
    }

    fn bool(&self, source: &str) -> Result<bool, EvalError> {
        self.evaluation.eval_bool(self.link(expression(source)))
    }
}

fn eval_with(named: &[(&str, &str)], source: &str) -> Result<bool, EvalError> {
    Decision::new(variables(named), limits::DEFAULT_BUDGET).bool(source)
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
    let maps = || Type::map(Type::String, strings());
    let user = Type::object(
        "user",
        [
            ("username", Type::String),
            ("email", Type::String),
            ("email_verified", Type::Bool),
            ("roles", strings()),
            ("groups", strings()),
            ("attributes", maps()),
            ("created_at", Type::Timestamp),
        ],
    );
    let request = Type::object("request", [("ip", Type::String), ("headers", maps())]);
    let roots = [("action", Type::String), ("user", user), ("request", request), ("now", Type::Timestamp)];
    Scope::new(roots).discriminated_by("action")
}
