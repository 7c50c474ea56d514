//! Expressions and their evaluation: what the rest of the engine sees of CEL.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use super::arena::Arena;
use super::ast::{Expr, Literal, Node};
use super::facts::Facts;
use super::layout::Layout;
use super::link::link;
use super::plan::Program;
use super::problem::Problem;
use super::references::References;
use super::run::{Fact, Failure, Run, Truth, Variable};
use super::scope::Scope;
use super::val::Val;
use super::value::Value;
use super::{check, parse};

/// A parsed CEL expression.
///
/// It is prepared for evaluation once, for the names that it is first evaluated or [linked](Expression::link) with.
#[derive(Debug, Clone)]
pub struct Expression {
    /// Shared by copies, as is the tree.
    pub(super) source: Arc<str>,
    pub(super) root: Arc<Node>,
    pub(super) program: OnceLock<Program>,
}

impl Expression {
    /// Parses one expression.
    ///
    /// # Errors
    ///
    /// Every syntax problem that can be told in one pass, and an expression above the limits of
    /// [`limits`](super::limits). Hostile input is refused before it can cost stack or time.
    ///
    /// # Example: where something is missing
    ///
    /// ```
    /// use policy_core::cel::Expression;
    ///
    /// assert!(Expression::parse("user.federated && !client.public").is_ok());
    /// let problems = Expression::parse("user.federated &&").unwrap_err();
    /// assert_eq!((problems[0].code, problems[0].range.start), ("syntax", 17));
    /// ```
    pub fn parse(source: &str) -> Result<Self, Vec<Problem>> {
        Ok(Self { source: source.into(), root: Arc::new(parse::parse(source)?), program: OnceLock::new() })
    }

    /// The source as it was written; nothing once it was [dropped](Self::drop_source).
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// What is wrong with the expression, given the names that exist: unknown variables, fields and functions, wrong
    /// numbers of arguments, and literals that can never work. A valid expression has no problem; that there is no
    /// problem does not mean that evaluation can't fail.
    ///
    /// # Example: a field that does not exist
    ///
    /// ```
    /// use policy_core::cel::Expression;
    /// use policy_core::context::schema;
    ///
    /// let expression = Expression::parse("user.usrname == 'root'")?;
    /// let problems = expression.check(&schema::scope());
    /// assert_eq!((problems[0].code, &problems[0].range), ("unknown-field", &(0..12)));
    /// assert_eq!(problems[0].help.as_deref(), Some("did you mean `username`?"));
    /// # Ok::<(), Vec<policy_core::cel::Problem>>(())
    /// ```
    #[must_use]
    pub fn check(&self, scope: &Scope) -> Vec<Problem> {
        check::check(&self.root, scope)
    }

    /// The variables and the places of the context that the expression reads.
    ///
    /// # Example: an entry of a map, and a variable
    ///
    /// ```
    /// use policy_core::cel::Expression;
    ///
    /// let references = Expression::parse("user.attributes['team'] == [team]")?.references();
    /// assert!(references.names.iter().eq(["team", "user"]));
    /// let paths: Vec<String> = references.paths.iter().map(|path| path.join(".")).collect();
    /// assert_eq!(paths, ["team", "user.attributes.team"]);
    /// # Ok::<(), Vec<policy_core::cel::Problem>>(())
    /// ```
    #[must_use]
    pub fn references(&self) -> References {
        References::of(&self.root)
    }

    /// Prepares the expression for evaluation with the facts of a layout and these variables, which are numbered in their order.
    pub fn link(&self, layout: &Layout, variables: &Variables) {
        let numbers = variables.numbers();
        self.program.get_or_init(|| link(self, layout, &numbers, &variables.shared));
    }

    /// The terms of a condition, which are joined by `&&`, as they are written; of one that is no such thing, the whole.
    fn terms(&self) -> impl Iterator<Item = &str> {
        let terms = match &self.root.expr {
            Expr::And(terms) => terms.as_slice(),
            _ => std::slice::from_ref(&*self.root),
        };
        terms.iter().filter_map(|term| self.text(term))
    }

    /// A part of the expression, as it is written.
    pub(super) fn text(&self, node: &Node) -> Option<&str> {
        self.source.get(node.range())
    }

    /// Keeps what evaluation needs, and no more: the source and its tree are several times as large.
    pub fn drop_source(&mut self) {
        self.program();
        let (start, end) = (self.root.start, self.root.end);
        self.source = Arc::default();
        self.root = Arc::new(Node { start, end, depth: 1, expr: Expr::Literal(Literal::Null) });
    }

    /// How many parts it has: operators, calls, names, literals.
    #[must_use]
    pub fn parts(&self) -> usize {
        self.root.parts()
    }

    pub(super) fn root(&self) -> &Node {
        &self.root
    }

    /// An expression of a policy is linked when that is loaded; one that never was knows no facts and no variables.
    pub(super) fn program(&self) -> &Program {
        self.linked(&Layout::default(), &BTreeMap::new())
    }

    fn linked(&self, layout: &Layout, numbers: &BTreeMap<&str, u16>) -> &Program {
        self.program.get_or_init(|| link(self, layout, numbers, &BTreeMap::new()))
    }
}

/// What the expressions of a policy have in common: variables, by their names, and terms.
#[derive(Debug, Clone, Default)]
pub struct Variables {
    named: BTreeMap<String, Expression>,
    /// Terms that several conditions have, by their text, numbered.
    shared: BTreeMap<String, u16>,
}

impl Variables {
    /// Links the variables with each other and with the facts of a layout, and [drops](Expression::drop_source) their sources.
    #[must_use]
    pub fn new(named: BTreeMap<String, Expression>, layout: &Layout) -> Self {
        let mut variables = Self { named, shared: BTreeMap::new() };
        let numbers = variables.numbers();
        for expression in variables.named.values() {
            expression.linked(layout, &numbers);
        }
        variables.named.values_mut().for_each(Expression::drop_source);
        variables
    }

    /// Finds the terms that several of these conditions have. Conditions that are linked afterwards test such a term once a decision; a
    /// policy of a hundred rules that all begin with `has(user.email)` asks that once.
    #[must_use]
    pub fn sharing<'e>(mut self, conditions: impl IntoIterator<Item = &'e Expression>) -> Self {
        let mut terms: Vec<&str> = conditions.into_iter().flat_map(Expression::terms).collect();
        terms.sort_unstable();
        let several = terms.chunk_by(|one, other| one == other).filter(|alike| alike.len() > 1);
        let texts = several.filter_map(|alike| alike.first()).map(|text| (*text).to_owned());
        self.shared = texts.zip(0..u16::MAX).collect();
        self
    }

    /// Links expressions as [`Expression::link`] does, and [drops](Expression::drop_source) their sources, one after the other.
    pub fn link<'e>(&self, layout: &Layout, expressions: impl Iterator<Item = &'e mut Expression>) {
        let numbers = self.numbers();
        for expression in expressions {
            expression.program.get_or_init(|| link(expression, layout, &numbers, &self.shared));
            expression.drop_source();
        }
    }

    /// Each by its name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Expression)> {
        self.named.iter().map(|(name, expression)| (name.as_str(), expression))
    }

    fn numbers(&self) -> BTreeMap<&str, u16> {
        self.named.keys().map(String::as_str).zip(0..u16::MAX).collect()
    }
}

/// Why an expression has no value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EvalError {
    /// A CEL error, such as reading an absent field.
    #[error("{message}")]
    Failed {
        /// What went wrong, for the policy's author. It holds no value of the context.
        message: String,
        /// The place, as a byte range of the source that failed.
        range: Range<usize>,
        /// The policy variable whose source that is, where it is not the evaluated expression itself.
        variable: Option<String>,
    },
    /// The budget of the decision is used up. No operator absorbs this.
    #[error("the policy is too expensive: its evaluation budget is used up")]
    BudgetExhausted,
}

/// A condition is neither true nor false.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unheld {
    /// It is a value of another type.
    Other,
    /// It has failed.
    Failed,
}

/// One decision's evaluations: the same facts, variables and budget for all of them.
///
/// Variables are evaluated when they are first read, at most once, and their value or error is kept.
///
/// # Example: a condition that uses a variable
///
/// ```
/// use policy_core::cel::{Arena, Evaluation, Expression, Layout, Value, Variables, limits};
/// use std::collections::BTreeMap;
///
/// let layout = Layout::new(["user.name"]);
/// let me = Expression::parse("user.name").unwrap();
/// let variables = Variables::new(BTreeMap::from([("me".to_owned(), me)]), &layout);
/// let condition = Expression::parse("me == 'alice'").unwrap();
/// condition.link(&layout, &variables);
///
/// let name = Value::String("alice".into());
/// let arena = Arena::default();
/// let evaluation = Evaluation::new(&arena, [Some(&name)], &variables, limits::DEFAULT_BUDGET);
/// assert_eq!(evaluation.eval_bool(&condition), Ok(true));
/// ```
pub struct Evaluation<'a> {
    run: Run<'a>,
}

impl std::fmt::Debug for Evaluation<'_> {
    // The context may hold personal data and does not belong into a log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Evaluation").field("remaining", &self.run.remaining()).finish_non_exhaustive()
    }
}

impl<'a> Evaluation<'a> {
    /// Begins the evaluations of one decision. `facts` are those of the layout that the expressions are linked with, in its order,
    /// nothing for one that is absent; `budget` is counted as [`limits::DEFAULT_BUDGET`](super::limits::DEFAULT_BUDGET) says.
    pub fn new(
        arena: &'a Arena,
        facts: impl IntoIterator<Item = Option<&'a Value>>,
        variables: &'a Variables,
        budget: u64,
    ) -> Self {
        Self::with_facts(arena, facts.into_iter().map(Fact::new), variables, budget)
    }

    /// The same with facts that are values already.
    #[must_use]
    pub fn of(arena: &'a Arena, facts: Facts<'a>, variables: &'a Variables, budget: u64) -> Self {
        Self::with_slots(arena, facts.slots, variables, budget)
    }

    pub(super) fn with_facts(
        arena: &'a Arena,
        facts: impl Iterator<Item = Fact<'a>>,
        variables: &'a Variables,
        budget: u64,
    ) -> Self {
        Self::with_slots(arena, arena.facts(facts), variables, budget)
    }

    fn with_slots(
        arena: &'a Arena,
        facts: &'a mut [Fact<'a>],
        variables: &'a Variables,
        budget: u64,
    ) -> Self {
        let facts = Cell::from_mut(facts).as_slice_of_cells();
        let programs = variables.iter().map(|(name, it)| Variable::new(name, it.program()));
        let shared = variables.shared.len();
        let variables = arena.variables(programs);
        Self { run: Run::new(arena.bump(), facts, variables, shared, budget) }
    }

    /// Evaluates a condition.
    ///
    /// # Errors
    ///
    /// A CEL error, a value that is no bool, or an exhausted budget.
    pub fn eval_bool(&self, expression: &'a Expression) -> Result<bool, EvalError> {
        self.holds(expression).map_err(|unheld| self.why(expression, unheld))
    }

    /// Whether a condition holds. [`Self::why`] tells what went wrong, until the next evaluation.
    pub(crate) fn holds(&self, expression: &'a Expression) -> Result<bool, Unheld> {
        match self.run.truth(expression.program()) {
            Truth::True => Ok(true),
            Truth::False => Ok(false),
            Truth::Other => Err(Unheld::Other),
            Truth::Failed => Err(Unheld::Failed),
        }
    }

    /// Why the condition that was evaluated last has no answer.
    #[cold]
    pub(crate) fn why(&self, expression: &Expression, unheld: Unheld) -> EvalError {
        match unheld {
            Unheld::Other => wanted(expression, "a bool", self.run.other_kind()),
            Unheld::Failed => self.told(self.run.failure()),
        }
    }

    /// Evaluates a text, such as a rule's reason.
    ///
    /// # Errors
    ///
    /// A CEL error, a value that is no string, or an exhausted budget.
    pub fn eval_string(&self, expression: &'a Expression) -> Result<String, EvalError> {
        match self.eval(expression)? {
            Val::String(text) => Ok(text.to_owned()),
            other => Err(wanted(expression, "a string", other.a_kind())),
        }
    }

    /// Evaluates a list of strings, such as the names of approvers.
    ///
    /// # Errors
    ///
    /// A CEL error, a value that is no list of strings, or an exhausted budget.
    pub fn eval_string_list(&self, expression: &'a Expression) -> Result<Vec<String>, EvalError> {
        let value = self.eval(expression)?;
        let texts = match value {
            Val::List(items) => items.iter().map(|item| item.as_str().map(str::to_owned)).collect(),
            _ => None,
        };
        texts.ok_or_else(|| wanted(expression, "a list of strings", value.a_kind()))
    }

    /// What is left of the budget.
    #[must_use]
    pub fn remaining(&self) -> u64 {
        self.run.remaining()
    }

    pub(super) fn eval(&self, expression: &'a Expression) -> Result<Val<'a>, EvalError> {
        self.run.value(expression.program()).map_err(|failure| self.told(failure))
    }

    fn told(&self, failure: Failure<'a>) -> EvalError {
        match failure {
            Failure::Exhausted => EvalError::BudgetExhausted,
            Failure::Error(fault) => EvalError::Failed {
                message: fault.message.to_string(),
                range: fault.start as usize..fault.end as usize,
                variable: fault
                    .variable
                    .and_then(|number| self.run.variables.get(usize::from(number)))
                    .map(|variable| variable.name.to_owned()),
            },
        }
    }
}

fn wanted(expression: &Expression, wanted: &str, found: &str) -> EvalError {
    EvalError::Failed {
        message: format!("the result must be {wanted}, not {found}"),
        range: expression.root.range(),
        variable: None,
    }
}
