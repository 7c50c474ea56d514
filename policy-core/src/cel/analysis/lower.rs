//! A tree into [`Term`]s.

use super::constant::{self, Constant};
use super::fold;
use super::term::{Relation, Shape, Term, Test, literal, operator};
use super::{Analysis, Bound};
use crate::cel::ast::{Binary, Call, Element, Expr, Index, Node, Select, SelectKind, Unary};

/// What stands behind a variable becomes part of each condition that names it; a junction of more terms stays one, so that a policy is
/// analysed in proportion to its length.
const MOST_FLAT: usize = 64;

impl Analysis<'_> {
    /// The part of the policy that a node is; `bound` are the variables of the macros around it.
    pub(super) fn lower<'n>(&mut self, node: &'n Node, bound: &mut Bound<'n>) -> Term {
        let address = std::ptr::from_ref(node).addr();
        if let Some(known) = self.seen.as_ref().and_then(|seen| seen.get(&address)) {
            return *known;
        }
        let term = self.build(node, bound);
        if let Some(seen) = &mut self.seen {
            seen.insert(address, term);
        }
        term
    }

    #[inline(never)]
    fn build<'n>(&mut self, node: &'n Node, bound: &mut Bound<'n>) -> Term {
        #[cfg(test)]
        crate::cel::steps::take();
        match &node.expr {
            Expr::Literal(value) => self.terms.add(literal(value)),
            Expr::Ident(name) => self.name(name, bound),
            Expr::Select(select) => self.select(select, bound),
            Expr::Index(index) => self.index(index, node, bound),
            Expr::Call(call) => self.call(call, node, bound),
            Expr::Unary(Unary::Not, operand) => {
                let operand = self.lower(operand, bound);
                self.not(operand)
            }
            Expr::Binary(operator, sides) => self.binary(*operator, sides, node, bound),
            Expr::And(terms) => self.junction(terms, true, bound),
            Expr::Or(terms) => self.junction(terms, false, bound),
            Expr::Conditional(parts) => {
                let [condition, yes, no] = [&parts.0, &parts.1, &parts.2].map(|part| self.lower(part, bound));
                match self.terms.constant(condition) {
                    Some(Constant::Bool(true)) => yes,
                    Some(Constant::Bool(false)) => no,
                    _ => self.terms.add(Shape::Choice(condition, yes, no)),
                }
            }
            Expr::List(elements) => self.list(elements, node, bound),
            Expr::Comprehension(it) => {
                let mut parts = vec![self.lower(&it.range, bound)];
                let before = bound.len();
                bound.push(&it.var);
                bound.extend(it.var2.as_deref());
                for child in it.filter.iter().chain([&it.body]) {
                    parts.push(self.lower(child, bound));
                }
                bound.truncate(before);
                let names = std::iter::once(&it.var).chain(&it.var2).cloned().collect();
                self.terms.add(Shape::Opaque(operator(&node.expr), names, parts))
            }
            Expr::Bind(it) => {
                let value = self.lower(&it.value, bound);
                bound.push(&it.var);
                let body = self.lower(&it.body, bound);
                bound.pop();
                self.terms.add(Shape::Opaque(operator(&node.expr), vec![it.var.clone()], vec![value, body]))
            }
            Expr::Unary(Unary::Negate, _) | Expr::Map(_) => self.opaque(node, bound),
        }
    }

    #[inline(never)]
    fn opaque<'n>(&mut self, node: &'n Node, bound: &mut Bound<'n>) -> Term {
        let mut parts = Vec::new();
        node.expr.children(|child| parts.push(child));
        let parts = parts.into_iter().map(|part| self.lower(part, bound)).collect();
        self.terms.add(Shape::Opaque(operator(&node.expr), Vec::new(), parts))
    }

    fn name(&mut self, name: &str, bound: &Bound<'_>) -> Term {
        if bound.contains(&name) {
            return self.terms.add(Shape::Bound(name.to_owned()));
        }
        let name = name.trim_start_matches('.');
        match self.variables.get(name) {
            Some(term) => *term,
            None => self.terms.add(Shape::Name(name.to_owned())),
        }
    }

    #[inline(never)]
    fn select<'n>(&mut self, select: &'n Select, bound: &mut Bound<'n>) -> Term {
        let operand = self.lower(&select.operand, bound);
        let field = select.field.clone();
        match select.kind {
            SelectKind::Plain => self.terms.add(Shape::Field(operand, field)),
            SelectKind::Optional => self.terms.add(Shape::Maybe(operand, field)),
            SelectKind::Test => {
                let field = self.terms.add(Shape::Field(operand, field));
                self.terms.add(Shape::Has(field))
            }
        }
    }

    #[inline(never)]
    fn index<'n>(&mut self, index: &'n Index, node: &'n Node, bound: &mut Bound<'n>) -> Term {
        match index.index.expr.as_text() {
            Some(key) if !index.optional => {
                let operand = self.lower(&index.operand, bound);
                self.terms.add(Shape::Field(operand, key.to_owned()))
            }
            _ => self.opaque(node, bound),
        }
    }

    #[inline(never)]
    fn call<'n>(&mut self, call: &'n Call, node: &'n Node, bound: &mut Bound<'n>) -> Term {
        let parts: Vec<Term> =
            call.target.iter().chain(&call.args).map(|part| self.lower(part, bound)).collect();
        let function = call.function.trim_start_matches('.');
        let member = call.target.is_some();
        if let ("dyn", [value]) = (function, parts.as_slice()) {
            return *value;
        }
        let text = |at: usize| match parts.get(at).and_then(|part| self.terms.constant(*part)) {
            Some(Constant::Text(text)) => Some(text.clone()),
            _ => None,
        };
        let constant = match (function, member, parts.len()) {
            ("timestamp", false, 1) => {
                text(0).and_then(|text| constant::instant(&text)).map(Constant::Instant)
            }
            ("duration", false, 1) => text(0).and_then(|text| constant::span(&text)).map(Constant::Span),
            _ => None,
        };
        if let Some(constant) = constant {
            return self.terms.add(Shape::Constant(constant));
        }
        if let (Some(test), true, [target, _], Some(part)) =
            (Test::named(function), member, parts.as_slice(), text(1))
        {
            return match text(0) {
                Some(text) => self.truth(test.holds(&text, &part)),
                None => self.terms.add(Shape::Text(*target, test, part)),
            };
        }
        // `x.size()` and `size(x)` are one, and so are the two forms of `matches`.
        let member = member && !matches!(function, "size" | "matches");
        let term = self.terms.add(Shape::Call(function.to_owned(), member, parts));
        if fold::gives_bool(function) { self.folded(term, node) } else { term }
    }

    /// The same part, or its value where it reads nothing.
    #[inline(never)]
    fn folded(&mut self, term: Term, node: &Node) -> Term {
        if !self.terms.is_closed(term) || self.terms.constant(term).is_some() || self.folds == 0 {
            return term;
        }
        self.folds = self.folds.saturating_sub(1);
        match fold::value(node) {
            Some(value) => self.truth(value),
            None => term,
        }
    }

    pub(super) fn truth(&mut self, value: bool) -> Term {
        self.terms.add(Shape::Constant(Constant::Bool(value)))
    }

    fn not(&mut self, operand: Term) -> Term {
        match self.terms.shape(operand).clone() {
            Shape::Constant(Constant::Bool(value)) => self.truth(!value),
            Shape::Not(inner) if self.terms.is_bool(inner) => inner,
            _ => self.terms.add(Shape::Not(operand)),
        }
    }

    #[inline(never)]
    fn junction<'n>(&mut self, terms: &'n [Node], and: bool, bound: &mut Bound<'n>) -> Term {
        let mut parts = Vec::with_capacity(terms.len());
        for term in terms {
            let part = self.lower(term, bound);
            match (self.terms.shape(part), and) {
                (Shape::And(inner), true) | (Shape::Or(inner), false) if inner.len() <= MOST_FLAT => {
                    parts.extend(inner);
                }
                (Shape::Constant(Constant::Bool(value)), _) if *value == and => {}
                _ => parts.push(part),
            }
        }
        parts.sort_unstable();
        parts.dedup();
        // An operand that decides absorbs the errors of all others.
        let decided = parts.iter().any(|part| self.terms.constant(*part) == Some(&Constant::Bool(!and)));
        match parts.as_slice() {
            _ if decided => self.truth(!and),
            [] => self.truth(and),
            [only] if self.terms.is_bool(*only) => *only,
            _ if and => self.terms.add(Shape::And(parts)),
            _ => self.terms.add(Shape::Or(parts)),
        }
    }

    #[inline(never)]
    fn list<'n>(&mut self, elements: &'n [Element], node: &'n Node, bound: &mut Bound<'n>) -> Term {
        if elements.iter().any(|element| element.optional) {
            return self.opaque(node, bound);
        }
        let parts = elements.iter().map(|element| self.lower(&element.value, bound)).collect();
        self.terms.add(Shape::List(parts))
    }

    #[inline(never)]
    fn binary<'n>(
        &mut self,
        operator: Binary,
        sides: &'n (Node, Node),
        node: &'n Node,
        bound: &mut Bound<'n>,
    ) -> Term {
        let left = self.lower(&sides.0, bound);
        let right = self.lower(&sides.1, bound);
        match operator {
            Binary::Equal => {
                let equal = self.equal(left, right);
                self.folded(equal, node)
            }
            Binary::NotEqual => {
                let equal = self.equal(left, right);
                let unequal = self.not(equal);
                self.folded(unequal, node)
            }
            Binary::Less => self.order(left, Relation::Less, right, node),
            Binary::LessOrEqual => self.order(left, Relation::LessOrEqual, right, node),
            Binary::Greater => self.order(left, Relation::Greater, right, node),
            Binary::GreaterOrEqual => self.order(left, Relation::GreaterOrEqual, right, node),
            Binary::In => self.within(left, right, node),
            Binary::Add | Binary::Subtract | Binary::Multiply | Binary::Divide | Binary::Remainder => {
                let symbol = operator.symbol().to_owned();
                self.terms.add(Shape::Opaque(symbol, Vec::new(), vec![left, right]))
            }
        }
    }

    #[inline(never)]
    fn equal(&mut self, left: Term, right: Term) -> Term {
        match (self.terms.constant(left), self.terms.constant(right)) {
            (Some(one), Some(other)) => {
                let same = one == other;
                self.truth(same)
            }
            (Some(_), None) => self.terms.add(Shape::Equal(right, left)),
            (None, Some(_)) => self.terms.add(Shape::Equal(left, right)),
            (None, None) => self.terms.add(Shape::Equal(left.min(right), left.max(right))),
        }
    }

    #[inline(never)]
    fn order(&mut self, left: Term, relation: Relation, right: Term, node: &Node) -> Term {
        let shape = match (self.terms.constant(left), self.terms.constant(right)) {
            (Some(one), Some(other)) => match one.order(other) {
                Some(order) => return self.truth(relation.holds(order)),
                None => Shape::Opaque(format!("{relation:?}"), Vec::new(), vec![left, right]),
            },
            (None, Some(constant)) if constant.is_ordered() => Shape::Order(left, relation, constant.clone()),
            (Some(constant), None) if constant.is_ordered() => {
                Shape::Order(right, relation.mirrored(), constant.clone())
            }
            _ => {
                let mirrored = matches!(relation, Relation::Greater | Relation::GreaterOrEqual);
                let (relation, sides) = if mirrored {
                    (relation.mirrored(), vec![right, left])
                } else {
                    (relation, vec![left, right])
                };
                Shape::Opaque(format!("{relation:?}"), Vec::new(), sides)
            }
        };
        let term = self.terms.add(shape);
        self.folded(term, node)
    }

    #[inline(never)]
    fn within(&mut self, left: Term, right: Term, node: &Node) -> Term {
        let constants = match self.terms.shape(right) {
            Shape::List(parts) => {
                parts.iter().map(|part| self.terms.constant(*part).cloned()).collect::<Option<Vec<_>>>()
            }
            _ => None,
        };
        let Some(mut constants) = constants else {
            let term = self.terms.add(Shape::Opaque("in".to_owned(), Vec::new(), vec![left, right]));
            return self.folded(term, node);
        };
        constants.sort();
        constants.dedup();
        if let Some(value) = self.terms.constant(left) {
            let found = constants.binary_search(value).is_ok();
            return self.truth(found);
        }
        if let ([_], Shape::List(parts)) = (constants.as_slice(), self.terms.shape(right))
            && let Some(only) = parts.first().copied()
        {
            return self.equal(left, only);
        }
        self.terms.add(Shape::OneOf(left, constants))
    }
}
