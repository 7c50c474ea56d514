//! What a condition needs at least: an index by which rules are found that may have to do with each other.

use super::Analysis;
use super::term::{Shape, Term};

/// The most guards of one condition, and of one way in which it can be true.
const MOST: usize = 16;

/// A test that must come out true, by its part; of `x in ["a", "b"]` there is one for each value.
pub(crate) type Guard = Term;

impl Analysis<'_> {
    /// Tests that are all true whenever the condition is.
    #[inline(never)]
    pub(crate) fn needs(&mut self, condition: Term) -> Vec<Guard> {
        let parts: Vec<Term> = match self.terms.shape(condition) {
            Shape::And(parts) => parts.iter().take(MOST).copied().collect(),
            _ => vec![condition],
        };
        let mut needs = parts.clone();
        for part in parts {
            needs.push(self.terms.subject(part));
            // What `x in ["a", "b"]` implies also holds where `x` is the first of them.
            if let Shape::OneOf(subject, constants) = self.terms.shape(part).clone() {
                let first = constants.into_iter().next().map(|first| self.terms.add(Shape::Constant(first)));
                needs.extend(first.map(|first| self.terms.add(Shape::Equal(subject, first))));
            }
        }
        needs.sort_unstable();
        needs.dedup();
        needs
    }

    /// Tests one of which is needed by every condition that implies this one, as far as that shows; empty where there are
    /// too many.
    #[inline(never)]
    pub(crate) fn answers(&mut self, condition: Term) -> Vec<Guard> {
        match self.terms.shape(condition).clone() {
            Shape::And(parts) => {
                // One of them will do: what implies the whole implies each. Equality narrows most.
                let equality = parts.iter().find(|part| matches!(self.terms.shape(**part), Shape::Equal(..)));
                equality.or(parts.first()).map(|part| self.single(*part)).unwrap_or_default()
            }
            Shape::Or(parts) if parts.len() <= MOST => {
                parts.iter().flat_map(|part| self.single(*part)).collect()
            }
            Shape::Or(_) => Vec::new(),
            _ => self.single(condition),
        }
    }

    #[inline(never)]
    fn single(&mut self, part: Term) -> Vec<Guard> {
        match self.terms.shape(part).clone() {
            Shape::OneOf(subject, constants) if constants.len() <= MOST => {
                let equal = |constant| {
                    let constant = self.terms.add(Shape::Constant(constant));
                    self.terms.add(Shape::Equal(subject, constant))
                };
                let mut guards: Vec<Guard> = constants.into_iter().map(equal).collect();
                guards.push(part);
                guards
            }
            Shape::Equal(..) => vec![part],
            // An inequality or a range follows from any test of the same value.
            Shape::Order(..) | Shape::Text(..) | Shape::OneOf(..) => vec![self.terms.subject(part)],
            Shape::Not(inner) => vec![part, self.terms.subject(inner)],
            _ => vec![part],
        }
    }
}
