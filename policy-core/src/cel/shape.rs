//! How large a value can be, with the sizes that the context's schema gives its facts.

use super::size::Size;
use super::types::Type;

/// Shapes nested deeper are summed up.
const MAX_LEVELS: usize = 8;

/// A number of elements with the largest of their shapes. A leaf has none: its length is its size in units of 16 bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Shape {
    pub(super) length: u64,
    item: Option<Box<Shape>>,
    /// The size of each key, where this is a map.
    key: Option<u64>,
    /// All elements together are no larger, in units.
    most: u64,
    /// A leaf that stands for lists inside each other.
    summed: bool,
}

impl Shape {
    pub(super) fn leaf(length: u64) -> Self {
        Self { length, item: None, key: None, most: u64::MAX, summed: false }
    }

    pub(super) fn text(bytes: usize) -> Self {
        Self::leaf(u64::try_from(bytes).unwrap_or(u64::MAX).div_ceil(16).saturating_add(1))
    }

    /// A value of this type and size.
    pub(super) fn of(kind: &Type, size: Size) -> Self {
        let text = || Self::text(usize::try_from(size.bytes).unwrap_or(usize::MAX));
        match kind {
            Type::Dyn | Type::String | Type::Bytes => text(),
            Type::List(item) => Self::list(size.entries.into(), Self::of(item, size.inside())),
            Type::Map(_, item) => {
                Self::map(size.entries.into(), text().length, Self::of(item, size.inside()))
            }
            Type::Optional(value) => Self::of(value, size),
            _ => Self::leaf(1),
        }
    }

    pub(super) fn list(length: u64, item: Self) -> Self {
        let item =
            if item.levels() >= MAX_LEVELS { Self { summed: true, ..Self::leaf(item.size()) } } else { item };
        Self { item: Some(Box::new(item)), ..Self::leaf(length) }
    }

    /// A map whose keys have so many units each.
    pub(super) fn map(length: u64, key: u64, item: Self) -> Self {
        Self { key: Some(key), ..Self::list(length, item) }
    }

    /// The same, where all elements together have no more than so many units.
    pub(super) fn within(self, most: u64) -> Self {
        Self { most, ..self }
    }

    pub(super) fn is_leaf(&self) -> bool {
        self.item.is_none()
    }

    fn levels(&self) -> usize {
        self.item.as_ref().map_or(1, |item| item.levels().saturating_add(1))
    }

    /// All of it, in units.
    pub(super) fn size(&self) -> u64 {
        let Some(item) = &self.item else { return self.length.max(1) };
        let each = item.size().saturating_add(self.key.unwrap_or_default()).saturating_add(1);
        self.length.saturating_mul(each).min(self.most).saturating_add(1)
    }

    /// One element, of a map its value.
    pub(super) fn element(&self) -> Self {
        self.item.as_deref().cloned().unwrap_or_else(|| self.clone())
    }

    /// One key of a map, or the index of an element.
    pub(super) fn key(&self) -> Self {
        Self::leaf(self.key.unwrap_or(1))
    }

    /// What a loop with one variable meets: elements of a list, keys of a map.
    pub(super) fn single(&self) -> Self {
        self.key.map_or_else(|| self.element(), Self::leaf)
    }

    /// Either of two.
    pub(super) fn join(self, other: Self) -> Self {
        let item = match (self.item, other.item) {
            (Some(a), Some(b)) => Some(Box::new(a.join(*b))),
            (a, b) => a.or(b),
        };
        Self {
            length: self.length.max(other.length),
            item,
            key: self.key.max(other.key),
            most: self.most.max(other.most),
            summed: self.summed || other.summed,
        }
    }

    /// One after the other.
    pub(super) fn concat(self, other: Self) -> Self {
        let length = self.length.saturating_add(other.length);
        let most = self.most.saturating_add(other.most);
        Self { length, most, ..self.join(other) }
    }

    /// A list of lists as one list.
    pub(super) fn flat(self) -> Self {
        let inner = self.element();
        let length = self.length.saturating_mul(inner.length);
        match inner.item {
            Some(item) => Self { length, item: Some(item), ..self },
            // However they are inside each other, they are no more than all of it.
            None if inner.summed => Self::list(length, Self::leaf(inner.length)).within(length),
            None => self,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_too_deep_to_be_told_apart_are_flattened_to_all_that_is_in_them() {
        let deep =
            (0..MAX_LEVELS + 4).fold(Shape::list(3_000, Shape::leaf(1)), |inner, _| Shape::list(1, inner));
        let flat = (0..MAX_LEVELS).fold(deep, |shape, _| shape.flat());
        assert!(flat.length >= 3_000, "{flat:?}");
    }
}
