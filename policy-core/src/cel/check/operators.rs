//! Operators: comparisons, arithmetic, logic and the conditional (cel-spec, "Standard Definitions", "Logical Operators").

use std::collections::BTreeSet;

use super::super::ast::{Binary, Expr, Node, Unary};
use super::super::problem::Problem;
use super::super::signatures::{Call, overloads};
use super::super::types::Type;
use super::guards::{Choice, Facts, Outcome, Truths, both, either};
use super::overloads::resolve;
use super::{Checker, Rules, Typed, advice, fields, spelled};

impl<'s> Checker<'s> {
    pub(super) fn unary(&mut self, operator: Unary, operand: &'s Node, node: &'s Node) -> Typed {
        let typed = self.visit(operand);
        match operator {
            Unary::Not => {
                self.condition(&typed.kind, operand, "!");
                match typed.truths {
                    Some(truths) => Typed::telling(Type::Bool, truths.negated()),
                    None => Type::Bool.into(),
                }
            }
            Unary::Negate => self.arithmetic("-", &[typed.kind], node),
        }
    }

    pub(super) fn binary(&mut self, operator: Binary, sides: &'s (Node, Node), node: &'s Node) -> Typed {
        let left = self.visit(&sides.0).kind;
        let right = self.visit(&sides.1).kind;
        match operator {
            Binary::Equal | Binary::NotEqual => {
                self.equality(operator, (&left, &right), sides, node);
                let truths = self.told_by_equality(sides);
                let equal = operator == Binary::Equal;
                condition(truths.map(|truths| if equal { truths } else { truths.negated() }))
            }
            Binary::Less | Binary::LessOrEqual | Binary::Greater | Binary::GreaterOrEqual => {
                self.ordering(operator, (&left, &right), sides, node);
                Type::Bool.into()
            }
            Binary::In => {
                self.membership((&left, &right), sides, node);
                condition(self.told_by_membership(sides, &right))
            }
            _ => self.arithmetic(operator.symbol(), &[left, right], node),
        }
    }

    fn arithmetic(&mut self, symbol: &str, kinds: &[Type], node: &Node) -> Typed {
        let known = overloads(symbol, Call::Operator);
        if let Some(kind) = resolve(known, kinds) {
            return self.holding(kind, node).into();
        }
        let what = kinds.iter().map(Type::described).collect::<Vec<_>>().join(" and ");
        let message = format!("`{symbol}` does not work on {what}");
        let fits: Vec<_> = known.iter().filter(|it| it.args.len() == kinds.len()).copied().collect();
        let help = advice::arithmetic(symbol, kinds, node).unwrap_or_else(|| advice::those_that_fit(&fits));
        self.report(Problem::new("no-such-overload", node.range(), message).with_help(help));
        Type::Never.into()
    }

    fn equality(&mut self, operator: Binary, kinds: (&Type, &Type), sides: &(Node, Node), node: &Node) {
        let (left, right) = kinds;
        let is_null = |kind: &Type| *kind == Type::Null;
        let null = self.rules == Rules::Policy
            && (is_null(left) != is_null(right))
            && !(left.is_open() || right.is_open());
        if left.can_equal(right) && !null {
            return;
        }
        let message = format!(
            "`{}` compares {} with {}, which are never equal",
            operator.symbol(),
            left.described(),
            right.described()
        );
        let problem = Problem::new("incomparable-types", node.range(), message);
        self.report(Problem { help: advice::comparison(left, right, sides), ..problem });
    }

    fn ordering(&mut self, operator: Binary, kinds: (&Type, &Type), sides: &(Node, Node), node: &Node) {
        let (left, right) = kinds;
        let ordered = |kind: &Type| kind.is_open() || kind.is_ordered();
        let same = left.is_open() || right.is_open() || left == right;
        if ordered(left) && ordered(right) && (same || left.is_numeric() && right.is_numeric()) {
            return;
        }
        let symbol = operator.symbol();
        let message = format!("`{symbol}` can't compare {} with {}", left.described(), right.described());
        let problem = Problem::new("no-such-overload", node.range(), message);
        self.report(Problem { help: advice::comparison(left, right, sides), ..problem });
    }

    fn membership(&mut self, kinds: (&Type, &Type), sides: &(Node, Node), node: &Node) {
        let (left, right) = kinds;
        let held = match right {
            Type::Dyn | Type::Never => return,
            Type::List(item) => item.as_ref(),
            Type::Map(key, _) => key.as_ref(),
            Type::Object(_) => &Type::String,
            _ => {
                let message = format!(
                    "`in` looks into a list or a map, and {} is {}",
                    spelled(&sides.1),
                    right.described()
                );
                let problem = Problem::new("no-such-overload", sides.1.range(), message);
                self.report(Problem { help: advice::container(left, right, sides), ..problem });
                return;
            }
        };
        if !left.can_equal(held) {
            let message = format!(
                "`in` looks for {} in {}, which never holds one",
                left.described(),
                right.described()
            );
            let problem = Problem::new("incomparable-types", node.range(), message);
            self.report(Problem { help: advice::element(left, held, sides), ..problem });
        }
    }

    /// What `action == "login"` tells.
    fn told_by_equality(&self, sides: &(Node, Node)) -> Option<Truths> {
        let value = match (self.is_discriminator(&sides.0), self.is_discriminator(&sides.1)) {
            (true, _) => sides.1.expr.as_text()?,
            (_, true) => sides.0.expr.as_text()?,
            _ => return None,
        };
        Choice::exactly(BTreeSet::from([value.to_owned()])).map(about)
    }

    /// What `action in ["login", …]` and `"email" in user` tell.
    fn told_by_membership(&self, sides: &(Node, Node), container: &Type) -> Option<Truths> {
        if self.is_discriminator(&sides.0) {
            let Expr::List(elements) = &sides.1.expr else { return None };
            let values: Option<BTreeSet<String>> =
                elements.iter().map(|element| element.value.expr.as_text().map(str::to_owned)).collect();
            return Choice::exactly(values?).map(about);
        }
        let path = fields::path(container, sides.0.expr.as_text()?)?;
        Some(Truths::when_true(Facts::present(path)))
    }

    fn is_discriminator(&self, node: &Node) -> bool {
        let Expr::Ident(name) = &node.expr else { return false };
        self.scope.discriminator.as_deref() == Some(name.trim_start_matches('.'))
            && (name.starts_with('.') || !self.bound.iter().any(|(bound, _)| bound == name))
    }

    /// `a && b && …` and `a || b || …`. A term is asked where those before it did not settle the matter.
    pub(super) fn logic(&mut self, terms: &'s [Node], and: bool) -> Typed {
        let before = self.known.clone();
        let mut goes_on: Outcome = Some(Facts::default());
        let mut settled: Outcome = None;
        for term in terms {
            let typed = self.visit(term);
            self.condition(&typed.kind, term, if and { "&&" } else { "||" });
            let truths = typed.truths();
            let (on, stops) = if and { (truths.yes, truths.no) } else { (truths.no, truths.yes) };
            settled = either(&settled, &stops);
            if let Some(facts) = on.as_ref().filter(|facts| **facts != Facts::default()) {
                self.known = self.known.and(facts);
            }
            goes_on = both(&goes_on, &on);
        }
        self.known = before;
        let (yes, no) = if and { (goes_on, settled) } else { (settled, goes_on) };
        let truths = Truths { yes, no };
        condition((truths != Truths::default()).then_some(truths))
    }

    fn condition(&mut self, kind: &Type, node: &Node, symbol: &str) {
        if *kind == Type::Bool || kind.is_open() {
            return;
        }
        let message = format!("`{symbol}` needs a condition, and {} is {}", spelled(node), kind.described());
        let problem = Problem::new("no-such-overload", node.range(), message);
        self.report(Problem { help: advice::condition(kind, node), ..problem });
    }

    pub(super) fn conditional(&mut self, parts: &'s (Node, Node, Node), node: &'s Node) -> Typed {
        let (asked, yes, no) = parts;
        let condition = self.visit(asked);
        self.condition(&condition.kind, asked, "?:");
        let told = condition.truths();
        let yes = self.visit_knowing(&told.yes, yes);
        let no = self.visit_knowing(&told.no, no);
        let Some(kind) = yes.kind.unify(&no.kind) else {
            let message = format!(
                "both branches of `?:` have one type, and these are {} and {}",
                yes.kind.described(),
                no.kind.described()
            );
            let problem = Problem::new("no-such-overload", node.range(), message);
            self.report(problem.with_help(advice::branches(&yes.kind, &no.kind)));
            return Type::Never.into();
        };
        let (then, otherwise) = (yes.truths(), no.truths());
        let truths = Truths {
            yes: either(&both(&told.yes, &then.yes), &both(&told.no, &otherwise.yes)),
            no: either(&both(&told.yes, &then.no), &both(&told.no, &otherwise.no)),
        };
        if truths == Truths::default() { kind.into() } else { Typed::telling(kind, truths) }
    }
}

fn condition(truths: Option<Truths>) -> Typed {
    match truths {
        Some(truths) => Typed::telling(Type::Bool, truths),
        None => Type::Bool.into(),
    }
}

fn about(choice: Choice) -> Truths {
    let others = choice.none_of();
    Truths { yes: Some(Facts::about(choice)), no: Some(Facts::about(others)) }
}
