//! Single expressions on given values, in the form of cel-spec's conformance cases: what `jit-policy cel` answers, by the same
//! parser, checker, evaluator and budget that policies have.
//!
//! A value is `[kind, …]`, such as `["int", "3"]`, `["list", […]]`, `["map", [[key, value], …]]`, `["bytes", base64]`,
//! `["timestamp", seconds, nanos]`, `["optional", value]` or, empty, `["optional"]`.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use super::arena::Arena;
use super::ast::{Expr, Node, SelectKind};
use super::check::check_types;
use super::exchange::{MAX_WRITTEN, decode, encode};
use super::expression::{EvalError, Evaluation, Expression, Variables};
use super::layout::Layout;
use super::limits::DEFAULT_BUDGET;
use super::problem::Problem;
use super::run::Fact;
use super::types::Type;
use super::val::Val;

/// An expression with what it is evaluated on. Members that are not known, such as a case's name, are passed over.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
pub struct Case {
    /// The CEL source.
    pub expr: String,
    /// The variables by their names, as `[kind, …]`.
    #[serde(default)]
    pub bindings: Map<String, Json>,
    /// Evaluate without checking types first.
    #[serde(default)]
    pub disable_check: bool,
    /// Read `all`, `has` and their like as plain functions, which there are not.
    #[serde(default)]
    pub disable_macros: bool,
}

/// What kept a case from having a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ErrorKind {
    /// The source is no expression, or the case is none.
    Parse,
    /// The expression can't work on values of these types.
    Check,
    /// The evaluation failed.
    Eval,
}

/// Why a case has no value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("{message}")]
pub struct ConformanceError {
    /// The step that failed.
    pub kind: ErrorKind,
    /// What went wrong, for people, with line and column of the source.
    pub message: String,
}

impl Case {
    /// Reads a case from its JSON object.
    ///
    /// # Errors
    ///
    /// Why the text is no case: the column, and what is wrong there; or the variable that has no value.
    ///
    /// # Example: a source that is no text
    ///
    /// ```
    /// use policy_core::cel::conformance::Case;
    ///
    /// let error = Case::read(br#"{"expr": 1}"#).unwrap_err();
    /// assert_eq!(error, "column 10: invalid type: integer `1`, expected a string");
    /// ```
    pub fn read(json: &[u8]) -> Result<Self, String> {
        let json = json.trim_ascii_end();
        match json.trim_ascii_start().first() {
            Some(b'{') => {}
            Some(_) => return Err("a case is a JSON object, such as {\"expr\": \"1 + 1\"}".to_owned()),
            None => {
                return Err("it is empty: a case is a JSON object, such as {\"expr\": \"1 + 1\"}".to_owned());
            }
        }
        let case: Self = serde_json::from_slice(json).map_err(|error| {
            let text = error.to_string();
            let what = text.split_once(" at line ").map_or(text.as_str(), |(what, _)| what);
            format!("column {}: {what}", error.column())
        })?;
        let arena = Arena::default();
        for (name, value) in &case.bindings {
            known(&arena, name, value)?;
        }
        Ok(case)
    }
}

/// Parses, checks and evaluates a case. The value is `[kind, …]`.
///
/// # Errors
///
/// Why there is no value: [`ErrorKind::Parse`], where the source is no expression or a variable has no value; [`ErrorKind::Check`], where it
/// can't work on values of these types, or has a macro and those are disabled; [`ErrorKind::Eval`], where the evaluation fails, takes more than
/// the budget of a decision, or comes to what is too large to be written.
///
/// # Example: a value, and a step that fails
///
/// ```
/// use policy_core::cel::conformance::{Case, ErrorKind, run};
/// use serde_json::json;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let case = Case::read(br#"{"expr": "x + 1", "bindings": {"x": ["int", "2"]}}"#)?;
/// assert_eq!(run(&case)?, json!(["int", "3"]));
///
/// let error = run(&Case { expr: "1 / 0".to_owned(), ..Case::default() }).unwrap_err();
/// assert_eq!((error.kind, error.to_string()), (ErrorKind::Eval, "1:1: division by zero".to_owned()));
/// # Ok(())
/// # }
/// ```
pub fn run(case: &Case) -> Result<Json, ConformanceError> {
    let arena = Arena::default();
    let mut facts = Vec::new();
    for (name, value) in &case.bindings {
        let value = known(&arena, name, value);
        facts.push(value.map_err(|message| ConformanceError { kind: ErrorKind::Parse, message })?);
    }
    let told = |kind, problems: &[Problem]| told(kind, &case.expr, problems);
    let expression = Expression::parse(&case.expr).map_err(|problems| told(ErrorKind::Parse, &problems))?;
    if case.disable_macros
        && let Some(node) = first_macro(expression.root())
    {
        let problem =
            Problem::new("unknown-function", node.range(), "this is a macro, and macros are disabled");
        return Err(told(ErrorKind::Check, &[problem]));
    }
    if !case.disable_check {
        let types = facts.iter().map(|fact| type_of(*fact));
        let types: Vec<_> = case.bindings.keys().map(String::as_str).zip(types).collect();
        check_types(&expression, &types).map_err(|problems| told(ErrorKind::Check, &problems))?;
    }
    let variables = Variables::default();
    expression.link(&Layout::of_names(case.bindings.keys().map(String::as_str)), &variables);
    let evaluation =
        Evaluation::with_facts(&arena, facts.into_iter().map(Fact::Read), &variables, DEFAULT_BUDGET);
    let value = evaluation.eval(&expression).map_err(|error| match error {
        EvalError::Failed { message, range, .. } => {
            told(ErrorKind::Eval, &[Problem::new("failed", range, message)])
        }
        EvalError::BudgetExhausted => ConformanceError {
            kind: ErrorKind::Eval,
            message: format!(
                "this takes more than {DEFAULT_BUDGET} steps, which is the budget of a decision"
            ),
        },
    })?;
    encode(value).ok_or_else(|| ConformanceError {
        kind: ErrorKind::Eval,
        message: format!("the value is too large to be written: more than {MAX_WRITTEN} values, or 256 bytes of text for each"),
    })
}

fn known<'a>(arena: &'a Arena, name: &str, value: &Json) -> Result<Val<'a>, String> {
    decode(arena.bump(), value).map_err(|no_value| format!("the variable `{name}` has no value{no_value}"))
}

/// The type of a value; of what a list or a map holds, the one that all of it has, or `dyn`.
fn type_of(value: Val<'_>) -> Type {
    match value {
        Val::Null => Type::Null,
        Val::Bool(_) => Type::Bool,
        Val::Int(_) => Type::Int,
        Val::Uint(_) => Type::Uint,
        Val::Double(_) => Type::Double,
        Val::String(_) => Type::String,
        Val::Bytes(_) => Type::Bytes,
        Val::Timestamp(_) => Type::Timestamp,
        Val::Duration(_) => Type::Duration,
        Val::List(items) => Type::list(joined(items.iter().copied())),
        Val::Map(entries) => {
            let keys = joined(entries.iter().map(|(key, _)| *key));
            Type::map(keys, joined(entries.iter().map(|(_, value)| *value)))
        }
        Val::Optional(inner) => Type::optional(inner.map_or(Type::Never, |inner| type_of(*inner))),
        Val::Type(_) => Type::type_of(Type::Dyn),
        Val::Ip(_) => Type::Ip,
        Val::Cidr(_) => Type::Cidr,
    }
}

fn joined<'a>(values: impl Iterator<Item = Val<'a>>) -> Type {
    values.map(type_of).reduce(|known, next| known.join(&next)).unwrap_or(Type::Never)
}

/// The problems with their places, as one message.
fn told(kind: ErrorKind, source: &str, problems: &[Problem]) -> ConformanceError {
    let place = |at: usize| {
        let before = source.get(..at).unwrap_or(source);
        let line = before.matches('\n').count().saturating_add(1);
        let column = before.chars().rev().take_while(|c| *c != '\n').count().saturating_add(1);
        format!("{line}:{column}")
    };
    let message = problems
        .iter()
        .map(|problem| format!("{}: {}", place(problem.range.start), problem.message))
        .collect::<Vec<_>>()
        .join("; ");
    ConformanceError { kind, message }
}

/// The first node that stands for a macro. The parser bounds how deep the tree is.
fn first_macro(node: &Node) -> Option<&Node> {
    match &node.expr {
        Expr::Comprehension(_) | Expr::Bind(_) => Some(node),
        Expr::Select(select) if select.kind == SelectKind::Test => Some(node),
        expr => {
            let mut found = None;
            expr.children(|child| found = found.or_else(|| first_macro(child)));
            found
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn kind(case: &Json) -> Result<Json, ErrorKind> {
        let case: Case = serde_json::from_value(case.clone()).unwrap();
        run(&case).map_err(|error| error.kind)
    }

    #[test]
    fn an_error_tells_which_step_failed() {
        assert_eq!(kind(&json!({"expr": "1 + 1"})), Ok(json!(["int", "2"])));
        assert_eq!(kind(&json!({"expr": "1 +"})), Err(ErrorKind::Parse));
        assert_eq!(kind(&json!({"expr": "x", "bindings": {"x": ["int", "1.5"]}})), Err(ErrorKind::Parse));
        assert_eq!(kind(&json!({"expr": "unheard(1)"})), Err(ErrorKind::Check));
        assert_eq!(kind(&json!({"expr": "unheard(1)", "disable_check": true})), Err(ErrorKind::Eval));
        assert_eq!(kind(&json!({"expr": "1 / 0"})), Err(ErrorKind::Eval));
        let mixed = json!({"expr": "x + 1", "bindings": {"x": ["string", "a"]}});
        assert_eq!(kind(&mixed), Err(ErrorKind::Check));
        let dynamic =
            json!({"expr": "x[0] + 1", "bindings": {"x": ["list", [["string", "a"], ["int", "1"]]]}});
        assert_eq!(kind(&dynamic), Err(ErrorKind::Eval));
        let absorbed = json!({"expr": "a.unheard() || true", "disable_check": true});
        assert_eq!(kind(&absorbed), Ok(json!(["bool", true])));
    }

    #[test]
    fn macros_can_be_disabled() {
        for source in ["[1].all(x, x > 0)", "1 + (has({}.a) ? 1 : 2)", "cel.bind(x, 1, x)"] {
            assert!(kind(&json!({"expr": source})).is_ok(), "{source}");
            assert_eq!(
                kind(&json!({"expr": source, "disable_macros": true})),
                Err(ErrorKind::Check),
                "{source}"
            );
        }
        assert_eq!(kind(&json!({"expr": "size([1])", "disable_macros": true})), Ok(json!(["int", "1"])));
    }

    #[test]
    fn a_value_that_shares_its_parts_is_not_written_out_without_end() {
        let mut source = "x30".to_owned();
        for n in (1..=30).rev() {
            source = format!("cel.bind(x{n}, [x{0}, x{0}], {source})", n - 1);
        }
        let case = json!({"expr": source, "bindings": {"x0": ["int", "1"]}});
        assert_eq!(kind(&case), Err(ErrorKind::Eval));
    }

    #[test]
    fn a_problem_is_told_with_its_place() {
        let message =
            |source: &str| run(&Case { expr: source.to_owned(), ..Case::default() }).unwrap_err().message;
        assert!(message("1 +\n'é' + #").starts_with("2:7: "), "{}", message("1 +\n'é' + #"));
        assert_eq!(message("[1,\n 2 / 0]"), "2:2: division by zero");
    }

    #[test]
    fn what_is_no_case_is_told_with_its_column() {
        let why = |text: &str| Case::read(text.as_bytes()).unwrap_err();
        assert_eq!(why("{\"expr\": 1}"), "column 10: invalid type: integer `1`, expected a string");
        assert!(why("{}").contains("missing field `expr`"));
        assert!(why("{\"expr\": ").contains("EOF"));
        assert!(
            why("{\"expr\": \"x\", \"bindings\": {\"x\": [\"int\", \"1.5\"]}}")
                .starts_with("the variable `x` ")
        );
    }
}
