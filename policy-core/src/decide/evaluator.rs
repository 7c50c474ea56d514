//! CEL as a decision needs it: conditions, sentences and names.

use crate::cel::{self, Arena, EvalError, Evaluation, Expression, Unheld, limits};
use crate::context::Facts;
use crate::policy::Policy;

/// The longest message about a failure, in characters.
const LONGEST: usize = 300;

/// One decision's evaluations, with one budget for all of them.
pub(super) struct Evaluator<'p> {
    evaluation: Evaluation<'p>,
}

/// An expression without a value.
#[derive(Debug)]
pub(super) struct Failed {
    pub(super) message: String,
    /// The budget is used up: nothing may absorb this.
    pub(super) exhausted: bool,
}

impl Failed {
    pub(super) fn new(message: String) -> Self {
        Self { message, exhausted: false }
    }
}

impl From<EvalError> for Failed {
    fn from(error: EvalError) -> Self {
        let exhausted = error == EvalError::BudgetExhausted;
        let message = match error {
            EvalError::Failed { message, variable: Some(variable), .. } => {
                format!("in the variable `{variable}`: {message}")
            }
            other => other.to_string(),
        };
        Self { message: message.chars().take(LONGEST).collect(), exhausted }
    }
}

impl<'p> Evaluator<'p> {
    pub(super) fn new(arena: &'p Arena, policy: &'p Policy, facts: &'p Facts) -> Self {
        let evaluation = Evaluation::new(arena, facts.by_slot(), &policy.variables, limits::DEFAULT_BUDGET);
        Self { evaluation }
    }

    /// The same with facts that are values already.
    pub(super) fn of(arena: &'p Arena, policy: &'p Policy, facts: cel::Facts<'p>) -> Self {
        Self { evaluation: Evaluation::of(arena, facts, &policy.variables, limits::DEFAULT_BUDGET) }
    }

    /// Whether a condition holds.
    #[inline]
    pub(super) fn holds(&self, condition: &'p Expression) -> Result<bool, Unheld> {
        self.evaluation.holds(condition)
    }

    /// Why the condition that was evaluated last does neither hold nor not.
    #[cold]
    pub(super) fn why(&self, condition: &Expression, unheld: Unheld) -> Failed {
        self.evaluation.why(condition, unheld).into()
    }

    /// A sentence.
    pub(super) fn text(&self, expression: &'p Expression) -> Result<String, Failed> {
        Ok(self.evaluation.eval_string(expression)?)
    }

    /// User names: a list of them, or a single one.
    pub(super) fn names(&self, expression: &'p Expression) -> Result<Vec<String>, Failed> {
        match self.evaluation.eval_string_list(expression) {
            Err(EvalError::Failed { message, range, variable }) => match self
                .evaluation
                .eval_string(expression)
            {
                Ok(name) => Ok(vec![name]),
                Err(EvalError::BudgetExhausted) => Err(EvalError::BudgetExhausted.into()),
                Err(EvalError::Failed { .. }) => Err(EvalError::Failed { message, range, variable }.into()),
            },
            other => Ok(other?),
        }
    }
}
