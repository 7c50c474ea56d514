//! The names that an expression may use.

use std::collections::BTreeMap;

use super::check::{self, Checked, Typed};
use super::expression::Expression;
use super::order::order;
use super::size::Size;
use super::types::Type;

/// The context's roots and the policy's variables.
#[derive(Debug, Clone, Default)]
pub struct Scope {
    pub(super) roots: BTreeMap<String, Type>,
    pub(super) variables: BTreeMap<String, Typed>,
    /// The root that says which fields there can be.
    pub(super) discriminator: Option<String>,
    /// How large facts are taken to be, by their paths.
    pub(super) sizes: BTreeMap<String, Size>,
}

impl Scope {
    /// A scope with the roots of the context: `user`, `request`, ….
    #[must_use]
    pub fn new<N: Into<String>>(roots: impl IntoIterator<Item = (N, Type)>) -> Self {
        let roots = roots.into_iter().map(|(name, root)| (name.into(), root)).collect();
        Self { roots, ..Self::default() }
    }

    /// The same scope, in which the root of this name tells what the context is about: which fields are there depends on its
    /// value, so that comparing it with a literal narrows them down.
    #[must_use]
    pub fn discriminated_by(mut self, root: impl Into<String>) -> Self {
        self.discriminator = Some(root.into());
        self
    }

    /// The same scope, which knows how large the facts at these paths are: `action`, `user.roles`, ….
    #[must_use]
    pub fn sized<P: Into<String>>(mut self, sizes: impl IntoIterator<Item = (P, Size)>) -> Self {
        self.sizes.extend(sizes.into_iter().map(|(path, size)| (path.into(), size)));
        self
    }

    /// How large the fact at a path is taken to be.
    pub(super) fn size(&self, path: &str) -> Size {
        self.sizes.get(path).copied().unwrap_or(Size::UNKNOWN)
    }

    /// The same scope with policy variables of any type.
    #[must_use]
    pub fn with_variables<N: Into<String>>(mut self, names: impl IntoIterator<Item = N>) -> Self {
        self.variables.extend(names.into_iter().map(|name| (name.into(), Typed::from(Type::Dyn))));
        self
    }

    /// Infers the types of variables and declares them. What was found out is given back in the order of their dependencies, each
    /// after those that it uses; variables that use each other in a circle are declared, and not looked at.
    pub fn declare(&mut self, variables: &BTreeMap<String, Expression>) -> Vec<(String, Checked)> {
        // What cannot be inferred goes for anything, so that one mistake is told once.
        self.variables.extend(variables.keys().map(|name| (name.clone(), Typed::from(Type::Never))));
        let mut found = Vec::new();
        for name in order(variables).0 {
            let Some(variable) = variables.get(&name) else { continue };
            let (typed, checked) = check::infer(variable.root(), self);
            self.variables.insert(name.clone(), typed);
            found.push((name, checked));
        }
        found
    }
}
