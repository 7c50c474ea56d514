//! Expressions and their evaluation: what the rest of the engine sees of CEL.

use std::collections::BTreeMap;
use std::ops::Range;

use cel::common::types::{CelBool, CelList, CelString};
use cel::common::value::Val;

use super::ast::Node;
use super::evaluate::{Evaluator, Failure, Fault};
use super::inspect::a_type;
use super::problem::Problem;
use super::references::References;
use super::scope::Scope;
use super::value::Value;
use super::{check, parse};

/// A parsed CEL expression.
#[derive(Debug, Clone)]
pub struct Expression {
    source: String,
    root: Node,
}

impl Expression {
    /// Parses one expression.
    ///
    /// # Errors
    ///
    /// Every syntax problem that can be told in one pass, and an expression above the limits of
    /// [`limits`](super::limits). Hostile input is refused before it can cost stack or time.
    pub fn parse(source: &str) -> Result<Self, Vec<Problem>> {
        Ok(Self { source: source.to_owned(), root: parse::parse(source)? })
    }

    /// The source as it was written.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// What is wrong with the expression, given the names that exist: unknown variables, fields and functions, wrong
    /// numbers of arguments, and literals that can never work. A valid expression has no problem; that there is no
    /// problem does not mean that evaluation can't fail.
    #[must_use]
    pub fn check(&self, scope: &Scope) -> Vec<Problem> {
        check::check(&self.root, scope)
    }

    /// The variables and the places of the context that the expression reads.
    #[must_use]
    pub fn references(&self) -> References {
        References::of(&self.root)
    }

    pub(super) fn root(&self) -> &Node {
        &self.root
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

/// One decision's evaluations: the same context, variables and budget for all of them.
///
/// Variables are evaluated when they are first read, at most once, and their value or error is kept.
///
/// # Example
///
/// ```
/// use policy_core::cel::{Evaluation, Expression, Value, limits};
/// use std::collections::BTreeMap;
///
/// let user = BTreeMap::from([("name".to_owned(), Value::String("alice".into()))]);
/// let root = BTreeMap::from([("user".to_owned(), Value::Map(user))]);
/// let variables = BTreeMap::from([("me".to_owned(), Expression::parse("user.name").unwrap())]);
/// let evaluation = Evaluation::new(&root, &variables, limits::DEFAULT_BUDGET);
/// assert_eq!(evaluation.eval_bool(&Expression::parse("me == 'alice'").unwrap()), Ok(true));
/// ```
pub struct Evaluation<'p> {
    evaluator: Evaluator<'p>,
}

impl std::fmt::Debug for Evaluation<'_> {
    // The context may hold personal data and does not belong into a log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Evaluation").field("remaining", &self.evaluator.remaining()).finish_non_exhaustive()
    }
}

impl<'p> Evaluation<'p> {
    /// Begins the evaluations of one decision. `root` holds the context by its roots, such as `user`; `budget` is
    /// counted as [`limits::DEFAULT_BUDGET`](super::limits::DEFAULT_BUDGET) says.
    #[must_use]
    pub fn new(
        root: &BTreeMap<String, Value>,
        variables: &'p BTreeMap<String, Expression>,
        budget: u64,
    ) -> Self {
        Self { evaluator: Evaluator::from_context(root, variables, budget) }
    }

    /// Evaluates a condition.
    ///
    /// # Errors
    ///
    /// A CEL error, a value that is no bool, or an exhausted budget.
    pub fn eval_bool(&self, expression: &Expression) -> Result<bool, EvalError> {
        self.eval(expression, "a bool", |value| value.downcast_ref::<CelBool>().map(|b| *b.inner()))
    }

    /// Evaluates a text, such as a rule's reason.
    ///
    /// # Errors
    ///
    /// A CEL error, a value that is no string, or an exhausted budget.
    pub fn eval_string(&self, expression: &Expression) -> Result<String, EvalError> {
        self.eval(expression, "a string", string)
    }

    /// Evaluates a list of strings, such as the names of approvers.
    ///
    /// # Errors
    ///
    /// A CEL error, a value that is no list of strings, or an exhausted budget.
    pub fn eval_string_list(&self, expression: &Expression) -> Result<Vec<String>, EvalError> {
        self.eval(expression, "a list of strings", |value| {
            let list = value.downcast_ref::<CelList<'_>>()?;
            list.inner().iter().map(|item| string(item.as_ref())).collect()
        })
    }

    /// What is left of the budget.
    #[must_use]
    pub fn remaining(&self) -> u64 {
        self.evaluator.remaining()
    }

    fn eval<T>(
        &self,
        expression: &Expression,
        wanted: &str,
        convert: impl Fn(&dyn Val) -> Option<T>,
    ) -> Result<T, EvalError> {
        let outcome = self.evaluator.eval(&expression.root, None);
        if self.evaluator.exhausted() {
            return Err(EvalError::BudgetExhausted);
        }
        match outcome {
            Ok(value) => convert(value.as_ref()).ok_or_else(|| EvalError::Failed {
                message: format!("the result must be {wanted}, not {}", a_type(value.as_ref())),
                range: expression.root.range(),
                variable: None,
            }),
            Err(Failure::Exhausted) => Err(EvalError::BudgetExhausted),
            Err(Failure::Error(fault)) => {
                let Fault { message, range, variable } = *fault;
                Err(EvalError::Failed { message, range, variable })
            }
        }
    }
}

fn string(value: &dyn Val) -> Option<String> {
    value.downcast_ref::<CelString<'_>>().map(|text| text.inner().to_owned())
}
