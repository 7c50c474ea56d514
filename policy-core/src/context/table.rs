//! The schema as the short way reads it: keys as they stand in JSON, in the order of the schema, and a bit for each fact.

use std::sync::LazyLock;

use super::action::ACTIONS;
use super::schema::{FIELDS, Type};
use crate::bytes::starts_with;

/// A set of slots.
pub(crate) type Slots = u64;

pub(super) struct Table {
    /// In the order of [`FIELDS`], which is the order that hosts write in.
    pub(super) groups: Vec<Group>,
    /// In the order of [`ACTIONS`].
    pub(super) required: Vec<Slots>,
    /// For an action that is not of the closed list.
    pub(super) custom: Slots,
    pub(super) action: u16,
}

/// A name of the context: a fact, or facts by their names.
pub(super) struct Group {
    pub(super) key: Key,
    pub(super) fact: Option<Entry>,
    pub(super) entries: Vec<(Key, Entry)>,
}

/// A name as it stands in JSON: `"email":`.
#[derive(PartialEq, Eq)]
pub(super) struct Key {
    /// Its first eight bytes, or all of them, as a number.
    word: u64,
    /// The bits of that number which it has bytes for.
    mask: u64,
    /// What follows.
    rest: Box<[u8]>,
    length: usize,
}

#[derive(Clone, Copy)]
pub(super) struct Entry {
    pub(super) slot: u16,
    pub(super) bit: Slots,
    pub(super) ty: Type,
    pub(super) headers: bool,
}

impl Key {
    fn new(name: &str) -> Self {
        let text = format!("\"{name}\":").into_bytes();
        let number = |bytes: &[u8]| {
            bytes.iter().take(8).rev().fold(0_u64, |word, byte| word.wrapping_shl(8) | u64::from(*byte))
        };
        let mask = text.iter().map(|_| u8::MAX).collect::<Vec<_>>();
        let rest = text.get(8..).unwrap_or_default().into();
        Self { word: number(&text), mask: number(&mask), rest, length: text.len() }
    }

    /// Whether it stands at the beginning of a text, of which `word` are the first eight bytes.
    #[inline]
    pub(super) fn begins(&self, word: u64, text: &[u8]) -> bool {
        (word ^ self.word) & self.mask == 0
            && (self.rest.is_empty() || text.get(8..).is_some_and(|text| starts_with(text, &self.rest)))
    }

    /// Its bytes.
    #[inline]
    pub(super) fn length(&self) -> usize {
        self.length
    }
}

pub(super) static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let mut groups: Vec<Group> = Vec::new();
    for (slot, field) in (0_u16..).zip(FIELDS) {
        let entry = Entry { slot, bit: bit(slot), ty: field.ty, headers: field.path == "request.headers" };
        match field.path.split_once('.') {
            None => groups.push(Group { key: Key::new(field.path), fact: Some(entry), entries: Vec::new() }),
            Some((group, name)) => {
                let named = (Key::new(name), entry);
                let key = Key::new(group);
                match groups.iter_mut().find(|known| known.key == key) {
                    Some(known) => known.entries.push(named),
                    None => groups.push(Group { key, fact: None, entries: vec![named] }),
                }
            }
        }
    }
    let required = |action: &str| {
        let needed = (0_u16..).zip(FIELDS).filter(|(_, field)| field.required.holds_for(action));
        needed.fold(0, |slots, (slot, _)| slots | bit(slot))
    };
    let closed = ACTIONS.iter().map(|action| required(action.name)).collect();
    let action = (0_u16..).zip(FIELDS).find(|(_, field)| field.path == "action").map_or(0, |(slot, _)| slot);
    Table { groups, required: closed, custom: required("x-a"), action }
});

/// The set of one slot; the schema has at most 64.
pub(crate) fn bit(slot: u16) -> Slots {
    1_u64.checked_shl(u32::from(slot)).unwrap_or_default()
}

/// The slots of these paths; a root such as `user` means all of its fields.
pub(crate) fn slots<'p>(paths: impl IntoIterator<Item = &'p str>) -> Slots {
    paths.into_iter().fold(0, |slots, path| {
        let reads =
            |field: &str| field == path || field.strip_prefix(path).is_some_and(|rest| rest.starts_with('.'));
        let read = (0_u16..).zip(FIELDS).filter(|(_, field)| reads(field.path));
        read.fold(slots, |slots, (slot, _)| slots | bit(slot))
    })
}

/// The slot of the action.
pub(crate) fn action_slot() -> u16 {
    TABLE.action
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_has_a_bit() {
        assert!(FIELDS.len() <= 64);
        assert!(TABLE.groups.len() < 64);
        assert_eq!(slots(FIELDS.iter().map(|field| field.path)).count_ones() as usize, FIELDS.len());
        assert!(slots(["user"]).count_ones() > 5);
        assert_eq!(slots(["user.id"]).count_ones(), 1);
    }

    #[test]
    fn a_key_is_found_by_all_of_its_bytes() {
        let begins = |name: &str, text: &str| {
            let word = text.as_bytes().first_chunk::<8>().map(|word| u64::from_le_bytes(*word)).unwrap();
            Key::new(name).begins(word, text.as_bytes())
        };
        for name in ["id", "email", "emails", "email_verified", "created_at"] {
            for text in [
                "\"id\":\"1\"}}",
                "\"email\":1}",
                "\"emails\":1",
                "\"email_verified\":true",
                "\"created_at\":\"",
                "\"created_on\":\"",
                "\"created_",
            ] {
                assert_eq!(begins(name, text), text.starts_with(&format!("\"{name}\":")), "{name} {text}");
            }
        }
    }
}
