//! Conditions taken apart where `&&`, `||`, `!` and `? :` join them.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use super::ast::{Expr, Node, Unary};
use super::expression::Expression;

/// A part of a condition that is a condition itself, and where it stands in the source.
#[derive(Debug)]
pub(crate) struct Clause {
    pub(crate) range: Range<usize>,
    pub(crate) kind: ClauseKind,
}

/// What a part consists of.
#[derive(Debug)]
pub(crate) enum ClauseKind {
    /// `a && b && …`
    All(Vec<Clause>),
    /// `a || b || …`
    Any(Vec<Clause>),
    /// `!a`
    Not(Box<Clause>),
    /// `a ? b : c`
    Choice(Box<[Clause; 3]>),
    /// A name by itself: a variable of the policy.
    Name(String),
    /// Everything else, by itself.
    Test(Expression),
}

impl Expression {
    /// The clauses of a condition. Its source must not have been [dropped](Self::drop_source).
    pub(crate) fn clauses(&self) -> Clause {
        self.clause(self.root())
    }

    fn clause(&self, node: &Node) -> Clause {
        let all = |nodes: &[Node]| nodes.iter().map(|node| self.clause(node)).collect();
        let kind = match &node.expr {
            Expr::And(terms) => ClauseKind::All(all(terms)),
            Expr::Or(terms) => ClauseKind::Any(all(terms)),
            Expr::Unary(Unary::Not, operand) => ClauseKind::Not(Box::new(self.clause(operand))),
            Expr::Conditional(parts) => {
                let (condition, yes, no) = &**parts;
                ClauseKind::Choice(Box::new([self.clause(condition), self.clause(yes), self.clause(no)]))
            }
            Expr::Ident(name) => ClauseKind::Name(name.trim_start_matches('.').to_owned()),
            _ => ClauseKind::Test(self.part(node)),
        };
        Clause { range: node.range(), kind }
    }

    /// A part of the expression by itself; its places are those of the whole.
    fn part(&self, node: &Node) -> Self {
        Self { source: Arc::clone(&self.source), root: Arc::new(node.clone()), program: OnceLock::new() }
    }
}
