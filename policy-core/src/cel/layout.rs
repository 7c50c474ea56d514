//! Where the facts of a context are found.

use std::collections::BTreeMap;

/// The names of a context and the slots of their facts. A name is a fact itself, such as `action`, or has fields that are, such as
/// `user`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Layout {
    roots: BTreeMap<String, Root>,
    slots: u16,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Root {
    Fact(u16),
    /// Fields and their slots, sorted by name.
    Object(BTreeMap<String, u16>),
}

impl Layout {
    /// A slot for each path, in their order: `action`, or `user.email`. More than 65,535 are left out.
    #[must_use]
    pub fn new<'p>(paths: impl IntoIterator<Item = &'p str>) -> Self {
        let mut layout = Self::default();
        for path in paths {
            let slot = layout.slots;
            match path.split_once('.') {
                None => {
                    layout.roots.insert(path.to_owned(), Root::Fact(slot));
                }
                Some((root, field)) => {
                    let root = layout.roots.entry(root.to_owned());
                    if let Root::Object(fields) = root.or_insert_with(|| Root::Object(BTreeMap::new())) {
                        fields.insert(field.to_owned(), slot);
                    }
                }
            }
            match slot.checked_add(1) {
                Some(next) => layout.slots = next,
                None => break,
            }
        }
        layout
    }

    /// A slot for each name, whatever it holds.
    #[must_use]
    pub fn of_names<'p>(names: impl IntoIterator<Item = &'p str>) -> Self {
        let mut layout = Self::default();
        for (slot, name) in (0..u16::MAX).zip(names) {
            layout.roots.insert(name.to_owned(), Root::Fact(slot));
            layout.slots = slot.saturating_add(1);
        }
        layout
    }

    pub(super) fn root(&self, name: &str) -> Option<&Root> {
        self.roots.get(name)
    }
}
