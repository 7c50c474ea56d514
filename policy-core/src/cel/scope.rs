//! The names that an expression may use.

use std::collections::{BTreeMap, BTreeSet};

/// What is known of a name or a field before evaluation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Type {
    /// Anything.
    Any,
    /// `bool`.
    Bool,
    /// `int`.
    Int,
    /// `double`.
    Double,
    /// `string`.
    String,
    /// `bytes`.
    Bytes,
    /// `google.protobuf.Timestamp`.
    Timestamp,
    /// `google.protobuf.Duration`.
    Duration,
    /// A list of one type.
    List(Box<Type>),
    /// A map with any string keys and values of one type, such as `user.attributes`.
    Map(Box<Type>),
    /// A fixed set of fields, such as `user`.
    Object(BTreeMap<String, Type>),
}

impl Type {
    /// A list of `item`.
    #[must_use]
    pub fn list(item: Self) -> Self {
        Self::List(Box::new(item))
    }

    /// A map from strings to `value`.
    #[must_use]
    pub fn map(value: Self) -> Self {
        Self::Map(Box::new(value))
    }

    /// An object with these fields.
    #[must_use]
    pub fn object<N: Into<String>>(fields: impl IntoIterator<Item = (N, Self)>) -> Self {
        Self::Object(fields.into_iter().map(|(name, field)| (name.into(), field)).collect())
    }
}

/// The context's roots and the policy's variables.
#[derive(Debug, Clone, Default)]
pub struct Scope {
    pub(super) roots: BTreeMap<String, Type>,
    pub(super) variables: BTreeSet<String>,
}

impl Scope {
    /// A scope with the roots of the context: `user`, `request`, ….
    #[must_use]
    pub fn new<N: Into<String>>(roots: impl IntoIterator<Item = (N, Type)>) -> Self {
        let roots = roots.into_iter().map(|(name, root)| (name.into(), root)).collect();
        Self { roots, variables: BTreeSet::new() }
    }

    /// The same scope with policy variables, whose types are not known.
    #[must_use]
    pub fn with_variables<N: Into<String>>(mut self, names: impl IntoIterator<Item = N>) -> Self {
        self.variables.extend(names.into_iter().map(Into::into));
        self
    }
}
