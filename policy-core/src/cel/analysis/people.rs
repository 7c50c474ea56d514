//! Whom an expression names as approvers, where that is written out.

use std::collections::BTreeSet;

use super::Analysis;
use super::constant::Constant;
use super::term::{Shape, Term};
use crate::cel::expression::Expression;

/// Names that an approvers expression can give at most.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct People {
    /// User names that are written out.
    pub(crate) named: BTreeSet<String>,
    /// The requester is among them.
    pub(crate) requester: bool,
}

impl Analysis<'_> {
    /// All whom an expression can name; nothing where they depend on the context.
    pub(crate) fn people(&mut self, expression: &Expression) -> Option<People> {
        let term = self.condition(expression);
        let mut people = People::default();
        self.add_people(term, &mut people, 8)?;
        Some(people)
    }

    fn add_people(&self, term: Term, people: &mut People, depth: u8) -> Option<()> {
        let depth = depth.checked_sub(1)?;
        match self.terms.shape(term) {
            Shape::Constant(Constant::Text(name)) => {
                people.named.insert(name.clone());
                Some(())
            }
            Shape::List(parts) => parts.iter().try_for_each(|part| self.add_people(*part, people, depth)),
            // Either branch: both are counted.
            Shape::Choice(_, yes, no) => {
                self.add_people(*yes, people, depth)?;
                self.add_people(*no, people, depth)
            }
            Shape::Opaque(operator, _, parts)
                if operator == "+"
                    && parts.iter().all(|part| matches!(self.terms.shape(*part), Shape::List(_))) =>
            {
                parts.iter().try_for_each(|part| self.add_people(*part, people, depth))
            }
            _ if self.terms.path(term).as_deref() == Some("user.username") => {
                people.requester = true;
                Some(())
            }
            _ => None,
        }
    }
}
