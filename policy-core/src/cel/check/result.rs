//! What an expression must come out as, given where it stands.

use super::super::ast::Node;
use super::super::problem::Problem;
use super::super::types::Type;
use super::{Checked, Knowledge, advice, infer_knowing, spelled};
use crate::cel::{Expression, Scope};

/// What the place of an expression needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// A condition.
    Bool,
    /// A text.
    String,
    /// Names: one, or a list of them.
    Names,
}

impl Wanted {
    fn is_met_by(self, kind: &Type) -> bool {
        if kind.is_open() {
            return true;
        }
        match self {
            Self::Bool => *kind == Type::Bool,
            Self::String => *kind == Type::String,
            Self::Names => match kind {
                Type::List(item) => **item == Type::String || item.is_open(),
                kind => *kind == Type::String,
            },
        }
    }

    fn described(self) -> &'static str {
        match self {
            Self::Bool => "a bool",
            Self::String => "a string",
            Self::Names => "a string or a list(string)",
        }
    }
}

impl Expression {
    /// Infers the type of the expression and finds what is wrong with it. `what` names its place, such as `` `when` ``, and `known` is
    /// what holds wherever it is evaluated.
    #[must_use]
    pub fn check_as(&self, wanted: Wanted, what: &str, scope: &Scope, known: &Knowledge) -> Checked {
        let mut checked = infer_knowing(self.root(), scope, known).1;
        if !wanted.is_met_by(&checked.kind) {
            checked.problems.push(unmet(wanted, what, &checked.kind, self.root()));
        }
        checked
    }
}

fn unmet(wanted: Wanted, what: &str, kind: &Type, root: &Node) -> Problem {
    let message =
        format!("{what} must be {}, and {} is {}", wanted.described(), spelled(root), kind.described());
    let problem = Problem::new("wrong-result", root.range(), message);
    let help = match wanted {
        Wanted::Bool => advice::condition(kind, root),
        Wanted::String => advice::text(kind, root),
        Wanted::Names => advice::names(kind, root),
    };
    Problem { help, ..problem }
}
