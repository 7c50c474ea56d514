//! How large a value can be: an upper bound, with the sizes that the context's schema gives its facts.

use super::size::Size;
use super::types::Type;

/// Shapes nested deeper are summed up.
const MAX_LEVELS: usize = 8;

/// A number of elements with the largest of their shapes; a leaf's length is its size in units of 16 bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Shape {
    pub(super) length: u64,
    item: Option<Box<Shape>>,
}

impl Shape {
    pub(super) fn leaf(length: u64) -> Self {
        Self { length, item: None }
    }

    pub(super) fn text(bytes: usize) -> Self {
        Self::leaf(u64::try_from(bytes).unwrap_or(u64::MAX).div_ceil(16).saturating_add(1))
    }

    /// A value of this type and size.
    pub(super) fn of(kind: &Type, size: Size) -> Self {
        let text = || Self::text(usize::try_from(size.bytes).unwrap_or(usize::MAX));
        match kind {
            Type::Dyn | Type::String | Type::Bytes => text(),
            Type::List(item) => Self::container(size.entries.into(), Self::of(item, size.inside())),
            // What is in a map is read with its key.
            Type::Map(_, item) => {
                let key = text().length;
                Self::container(size.entries.into(), Self::of(item, size.inside()).and_more(key))
            }
            Type::Optional(value) => Self::of(value, size),
            _ => Self::leaf(1),
        }
    }

    pub(super) fn container(length: u64, item: Self) -> Self {
        let item = if item.levels() >= MAX_LEVELS { Self::leaf(item.size()) } else { item };
        Self { length, item: Some(Box::new(item)) }
    }

    fn levels(&self) -> usize {
        self.item.as_ref().map_or(1, |item| item.levels().saturating_add(1))
    }

    /// All of it, in units.
    pub(super) fn size(&self) -> u64 {
        match &self.item {
            None => self.length.max(1),
            Some(item) => self.length.saturating_mul(item.size().saturating_add(1)).saturating_add(1),
        }
    }

    /// One element.
    pub(super) fn element(&self) -> Self {
        self.item.as_deref().cloned().unwrap_or_else(|| Self::leaf(self.length))
    }

    /// Either of two.
    pub(super) fn join(self, other: Self) -> Self {
        let item = match (self.item, other.item) {
            (Some(a), Some(b)) => Some(Box::new(a.join(*b))),
            (a, b) => a.or(b),
        };
        Self { length: self.length.max(other.length), item }
    }

    /// One after the other.
    pub(super) fn concat(self, other: Self) -> Self {
        let length = self.length.saturating_add(other.length);
        Self { length, ..self.join(other) }
    }

    /// A list of lists as one list.
    pub(super) fn flat(self) -> Self {
        let inner = self.element();
        match inner.item {
            Some(item) => Self { length: self.length.saturating_mul(inner.length), item: Some(item) },
            None => self,
        }
    }

    fn and_more(self, units: u64) -> Self {
        if self.item.is_none() { Self::leaf(self.length.saturating_add(units)) } else { self }
    }
}
