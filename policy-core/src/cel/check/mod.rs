//! The type checker: what every part of an expression is, and what can be told to be wrong before evaluation.
//!
//! Types are those of cel-spec ("Gradual Type Checking"). Lists and maps that mix types hold `dyn`, as in cel-go; the branches of a
//! conditional have one type. Numbers of different types may be compared, as evaluation compares them. What fields of
//! the context are read is told with what guards them, and judged where it is known which fields there are.
//!
//! One walk, a function for each kind of node: it costs a bounded number of steps per node and never recurses deeper than the tree.

mod advice;
mod calls;
mod collections;
mod fields;
mod guards;
mod loops;
mod names;
mod operators;
mod overloads;
mod result;

pub use fields::{FieldRead, IfAbsent};
pub use guards::{Choice, Knowledge};
pub use result::Wanted;

use self::guards::{Facts, Truths};
use super::ast::{Expr, Literal, Node, SelectKind};
use super::expression::Expression;
use super::limits::MAX_TOTAL_DEPTH;
use super::problem::Problem;
use super::scope::Scope;
use super::types::Type;

/// How many problems of one expression are told.
const MAX_PROBLEMS: usize = 20;

/// What checking an expression finds.
#[derive(Debug, Clone)]
pub struct Checked {
    /// Its type.
    pub kind: Type,
    /// What is wrong, in the order of the source.
    pub problems: Vec<Problem>,
    /// The fields of the context that it reads, in the order of the source.
    pub reads: Vec<FieldRead>,
    /// What is known where it is true.
    pub when_true: Knowledge,
    /// The memory that its regular expressions take once they are compiled, in bytes.
    pub patterns: usize,
}

/// A type, with what the value tells where it is a condition, or an optional that has a value.
#[derive(Debug, Clone)]
pub(super) struct Typed {
    pub(super) kind: Type,
    truths: Option<Box<Truths>>,
}

impl From<Type> for Typed {
    fn from(kind: Type) -> Self {
        Self { kind, truths: None }
    }
}

impl Typed {
    fn telling(kind: Type, truths: Truths) -> Self {
        Self { kind, truths: Some(Box::new(truths)) }
    }
}

/// The type of an expression whose variables have these types.
///
/// Mistakes in literals, such as a bad regular expression, are left to evaluation.
///
/// # Errors
///
/// Everything that is wrong with it, in the order of the source.
///
/// # Example: what a comparison comes to
///
/// ```
/// use policy_core::cel::{Expression, Type, check_types};
///
/// let size = Expression::parse("size(x) > 2")?;
/// assert_eq!(check_types(&size, &[("x", Type::list(Type::Int))]), Ok(Type::Bool));
/// let problems = check_types(&size, &[("x", Type::Int)]).unwrap_err();
/// assert_eq!(problems[0].range, 0..4);
/// # Ok::<(), Vec<policy_core::cel::Problem>>(())
/// ```
pub fn check_types(expression: &Expression, bindings: &[(&str, Type)]) -> Result<Type, Vec<Problem>> {
    let scope = Scope::new(bindings.iter().map(|(name, kind)| (*name, kind.clone())));
    let (_, checked) = run(expression.root(), &scope, Rules::Language, &Knowledge::default());
    if checked.problems.is_empty() { Ok(checked.kind) } else { Err(checked.problems) }
}

/// What is wrong with an expression of a policy.
pub(super) fn check(root: &Node, scope: &Scope) -> Vec<Problem> {
    infer(root, scope).1.problems
}

/// Infers the type of an expression of a policy.
pub(super) fn infer(root: &Node, scope: &Scope) -> (Typed, Checked) {
    infer_knowing(root, scope, &Knowledge::default())
}

fn infer_knowing(root: &Node, scope: &Scope, known: &Knowledge) -> (Typed, Checked) {
    run(root, scope, Rules::Policy, known)
}

/// How much is held against an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rules {
    /// What cel-spec's checkers refuse.
    Language,
    /// What can never come out well in a policy, too: bad literals, comparisons with `null`.
    Policy,
}

fn run(root: &Node, scope: &Scope, rules: Rules, known: &Knowledge) -> (Typed, Checked) {
    let mut checker = Checker {
        scope,
        rules,
        bound: Vec::new(),
        known: known.0.clone(),
        problems: Vec::new(),
        reads: Vec::new(),
        patterns: 0,
    };
    let typed = checker.visit(root);
    let Checker { mut problems, reads, patterns, .. } = checker;
    problems.truncate(MAX_PROBLEMS);
    problems.sort_by_key(|problem| (problem.range.start, problem.range.end));
    // A condition that is never true promises nothing.
    let when_true = Knowledge(typed.truths().yes.unwrap_or_default());
    let checked = Checked { kind: typed.kind.clone(), problems, reads, when_true, patterns };
    (typed, checked)
}

struct Checker<'s> {
    scope: &'s Scope,
    rules: Rules,
    /// The variables of comprehensions and bindings around this place.
    bound: Vec<(&'s str, Typed)>,
    /// What holds at this place.
    known: Facts,
    problems: Vec<Problem>,
    reads: Vec<FieldRead>,
    patterns: usize,
}

impl<'s> Checker<'s> {
    fn visit(&mut self, node: &'s Node) -> Typed {
        #[cfg(test)]
        super::steps::take();
        if self.problems.len() >= MAX_PROBLEMS {
            return Type::Never.into();
        }
        match &node.expr {
            Expr::Literal(value) => literal(value),
            Expr::Ident(name) => self.ident(name, node),
            Expr::Select(select) => self.select(select, node),
            Expr::Index(index) => self.index(index, node),
            Expr::Call(call) => self.call(call, node),
            Expr::Unary(operator, operand) => self.unary(*operator, operand, node),
            Expr::Binary(operator, sides) => self.binary(*operator, sides, node),
            Expr::And(terms) => self.logic(terms, true),
            Expr::Or(terms) => self.logic(terms, false),
            Expr::Conditional(parts) => self.conditional(parts, node),
            Expr::List(elements) => self.list(elements, node),
            Expr::Map(entries) => self.map(entries, node),
            Expr::Comprehension(it) => self.comprehension(it, node),
            Expr::Bind(it) => self.bind(it, node),
        }
    }

    fn report(&mut self, problem: Problem) {
        self.problems.push(problem);
    }

    /// The type of a value that holds others, unless it is nested too deep to be worked with.
    fn holding(&mut self, kind: Type, node: &Node) -> Type {
        let levels = kind.levels();
        if levels <= MAX_TOTAL_DEPTH {
            return kind;
        }
        let message =
            format!("this value is nested {levels} levels deep; at most {MAX_TOTAL_DEPTH} are allowed");
        self.report(Problem::new("limit-depth", node.range(), message));
        Type::Never
    }

    /// Visits with one more variable.
    fn visit_with(&mut self, name: &'s str, typed: Typed, node: &'s Node) -> Typed {
        self.bound.push((name, typed));
        let visited = self.visit(node);
        self.bound.pop();
        visited
    }

    /// Visits a place at which more is known.
    fn visit_knowing(&mut self, outcome: &guards::Outcome, node: &'s Node) -> Typed {
        let Some(facts) = outcome.as_ref().filter(|facts| **facts != Facts::default()) else {
            return self.visit(node);
        };
        let more = self.known.and(facts);
        let before = std::mem::replace(&mut self.known, more);
        let visited = self.visit(node);
        self.known = before;
        visited
    }
}

fn literal(value: &Literal) -> Typed {
    match value {
        Literal::Null => Type::Null.into(),
        Literal::Bool(value) => Typed::telling(Type::Bool, Truths::always(*value)),
        Literal::Int(_) => Type::Int.into(),
        Literal::Uint(_) => Type::Uint.into(),
        Literal::Double(_) => Type::Double.into(),
        Literal::String(_) => Type::String.into(),
        Literal::Bytes(_) => Type::Bytes.into(),
    }
}

/// `a.b.c` where the node is written so, and `this` where it is not.
fn spelled(node: &Node) -> String {
    path(node).map_or_else(|| "this".to_owned(), |path| format!("`{path}`"))
}

/// `a.b.?c`, as it is written.
fn path(node: &Node) -> Option<String> {
    match &node.expr {
        Expr::Ident(name) => Some(name.clone()),
        Expr::Select(select) => {
            let dot = if select.kind == SelectKind::Optional { ".?" } else { "." };
            Some(format!("{}{dot}{}", path(&select.operand)?, select.field))
        }
        _ => None,
    }
}
