//! YAML into a small tree in which every node knows its place.
//!
//! A policy needs mappings, lists and scalars. Anchors, aliases, tags, merge keys, complex keys and several
//! documents are refused: they make one file read differently to different people and parsers.

mod scalar;
#[cfg(test)]
mod tests;
mod tree;

use std::ops::Range;

pub(crate) use scalar::{Scalar, Style};
pub(crate) use tree::parse;

/// A value in the file.
#[derive(Debug)]
pub(crate) struct Node {
    /// Bytes of the source; for a block scalar, of its content.
    pub(crate) range: Range<usize>,
    pub(crate) kind: Kind,
}

/// What a node is.
#[derive(Debug)]
pub(crate) enum Kind {
    Scalar(Scalar),
    List(Vec<Node>),
    Mapping(Vec<Entry>),
    /// An alias or a tagged value: reported already, so that readers keep silent about it.
    Refused,
}

/// A key with its value.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) key: String,
    pub(crate) key_range: Range<usize>,
    pub(crate) value: Node,
}

impl Node {
    /// What people call this kind of value.
    pub(crate) fn kind_name(&self) -> &'static str {
        match &self.kind {
            Kind::List(_) => "a list",
            Kind::Mapping(_) => "a mapping",
            Kind::Scalar(scalar) if scalar.is_null() => "nothing",
            Kind::Scalar(scalar) if scalar.as_bool().is_some() => "a boolean",
            Kind::Scalar(scalar) if scalar.is_number() => "a number",
            Kind::Scalar(_) => "a text",
            Kind::Refused => "a YAML feature that is not supported",
        }
    }
}
