//! Where what is made on the way to a decision lives.

use bumpalo::Bump;

use super::run::{Fact, Variable};

/// The memory of one decision's evaluations, which is given back as a whole.
#[derive(Debug, Default)]
pub struct Arena(Bump);

impl Arena {
    /// Gives back what a decision has used, and keeps the memory for the next one.
    pub fn reset(&mut self) {
        self.0.reset();
    }

    pub(super) fn bump(&self) -> &Bump {
        &self.0
    }

    /// A list that lives as long as the decision.
    pub(crate) fn list<T>(&self) -> bumpalo::collections::Vec<'_, T> {
        bumpalo::collections::Vec::new_in(&self.0)
    }

    pub(super) fn facts<'a>(&'a self, facts: impl Iterator<Item = Fact<'a>>) -> &'a mut [Fact<'a>] {
        bumpalo::collections::Vec::from_iter_in(facts, &self.0).into_bump_slice_mut()
    }

    pub(super) fn variables<'a>(
        &'a self,
        variables: impl Iterator<Item = Variable<'a>>,
    ) -> &'a [Variable<'a>] {
        bumpalo::collections::Vec::from_iter_in(variables, &self.0).into_bump_slice()
    }
}
