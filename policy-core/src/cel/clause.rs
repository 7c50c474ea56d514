//! Conditions taken apart where `&&`, `||`, `!` and `? :` join them.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use super::ast::{Expr, Node, Unary};
use super::expression::Expression;
use super::token::tokens;

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
        self.clause(self.root(), &brackets(self.source()))
    }

    fn clause(&self, node: &Node, brackets: &[Range<usize>]) -> Clause {
        let one = |node: &Node| self.clause(node, brackets);
        let all = |nodes: &[Node]| nodes.iter().map(one).collect();
        let kind = match &node.expr {
            Expr::And(terms) => ClauseKind::All(all(terms)),
            Expr::Or(terms) => ClauseKind::Any(all(terms)),
            Expr::Unary(Unary::Not, operand) => ClauseKind::Not(Box::new(one(operand))),
            Expr::Conditional(parts) => {
                let (condition, yes, no) = &**parts;
                ClauseKind::Choice(Box::new([one(condition), one(yes), one(no)]))
            }
            Expr::Ident(name) => ClauseKind::Name(name.trim_start_matches('.').to_owned()),
            _ => ClauseKind::Test(self.part(node)),
        };
        Clause { range: whole(node.range(), brackets), kind }
    }

    /// A part of the expression by itself; its places are those of the whole.
    fn part(&self, node: &Node) -> Self {
        Self { source: Arc::clone(&self.source), root: Arc::new(node.clone()), program: OnceLock::new() }
    }
}

/// From each opening bracket to its closing one, the inner ones first.
fn brackets(source: &str) -> Vec<Range<usize>> {
    let mut open = Vec::new();
    let mut found = Vec::new();
    for token in tokens(source, usize::MAX).unwrap_or_default() {
        match token.text {
            "(" => open.push(token.range.start),
            ")" => found.extend(open.pop().map(|start| start..token.range.end)),
            _ => {}
        }
    }
    found
}

/// A range of nodes begins and ends with nodes, whose brackets are no part of them: `a) && (b` becomes `(a) && (b)`.
fn whole(mut range: Range<usize>, brackets: &[Range<usize>]) -> Range<usize> {
    for bracket in brackets {
        let (opens, closes) =
            (range.contains(&bracket.start), range.contains(&bracket.end.saturating_sub(1)));
        if opens != closes {
            range = range.start.min(bracket.start)..range.end.max(bracket.end);
        }
    }
    range
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(source: &str) -> Vec<String> {
        fn walk(clause: &Clause, source: &str, texts: &mut Vec<String>) {
            texts.push(source.get(clause.range.clone()).unwrap().to_owned());
            match &clause.kind {
                ClauseKind::All(of) | ClauseKind::Any(of) => of.iter().for_each(|it| walk(it, source, texts)),
                ClauseKind::Not(of) => walk(of, source, texts),
                ClauseKind::Choice(of) => of.iter().for_each(|it| walk(it, source, texts)),
                ClauseKind::Name(_) | ClauseKind::Test(_) => {}
            }
        }
        let mut texts = Vec::new();
        walk(&Expression::parse(source).unwrap().clauses(), source, &mut texts);
        texts
    }

    #[test]
    fn a_clause_has_both_of_its_brackets_or_neither() {
        assert_eq!(texts("!a && (b || c)"), ["!a && (b || c)", "!a", "a", "b || c", "b", "c"]);
        assert_eq!(texts("(b || c) && !a"), ["(b || c) && !a", "b || c", "b", "c", "!a", "a"]);
        assert_eq!(texts("(a) || ((b))"), ["(a) || ((b))", "a", "b"]);
        assert_eq!(
            texts("!( (a || b) && c )"),
            ["!( (a || b) && c )", "(a || b) && c", "a || b", "a", "b", "c"]
        );
        assert_eq!(texts("(x + 1) * (2) == (4)"), ["(x + 1) * (2) == (4)"]);
        assert_eq!(texts("f(a) && s == \")(\" ? (a) : (b)")[0], "f(a) && s == \")(\" ? (a) : (b)");
    }
}
