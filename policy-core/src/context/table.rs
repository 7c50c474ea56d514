//! The schema as the short way reads it: keys as they stand in JSON, in the order of the schema, and a bit for each fact.

use std::sync::LazyLock;

use super::action::ACTIONS;
use super::schema::{FIELDS, Field, Type};
use crate::wire::scan::Scan;

/// A set of slots.
pub(crate) type Slots = u64;

pub(super) struct Table {
    /// The names of the context, in the order of [`FIELDS`], which is the order that hosts write in; then the fields of each group.
    pub(super) entries: Vec<Entry>,
    /// How many of these are names of the context.
    pub(super) top: usize,
    /// In the order of [`ACTIONS`].
    pub(super) required: Vec<Slots>,
    /// For an action that is not of the closed list.
    pub(super) custom: Slots,
    pub(super) action: u16,
}

/// A name of the context, or of one of its groups.
pub(super) struct Entry {
    pub(super) key: Key,
    pub(super) kind: Kind,
    pub(super) slot: u16,
    /// Its own, among the facts or among the groups.
    pub(super) bit: Slots,
    /// Where the fields of a group are.
    pub(super) from: usize,
    pub(super) to: usize,
}

/// What a name stands for, the commonest first.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Bool,
    Texts,
    Group,
    Int,
    Timestamp,
    /// A map whose values are this, and whose keys are headers or any.
    Map(Values, Keys),
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Values {
    Text,
    Timestamp,
    Texts,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Keys {
    Any,
    Headers,
}

impl Kind {
    fn of(field: &Field) -> Self {
        let keys = if field.path == "request.headers" { Keys::Headers } else { Keys::Any };
        match field.ty {
            Type::Text => Self::Text,
            Type::Bool => Self::Bool,
            Type::Texts => Self::Texts,
            Type::Int => Self::Int,
            Type::Timestamp => Self::Timestamp,
            Type::TextMap => Self::Map(Values::Text, keys),
            Type::TimestampMap => Self::Map(Values::Timestamp, keys),
            Type::TextsMap => Self::Map(Values::Texts, keys),
        }
    }
}

/// A name as it stands in JSON, `"email":`, in words of eight bytes.
#[derive(PartialEq, Eq)]
pub(super) struct Key {
    /// Its first eight bytes, or all of them.
    first: u64,
    /// The bits that these have.
    mask: u64,
    /// The eight bytes behind them, where there are more than sixteen.
    second: u64,
    /// Its last eight bytes, where it has more than eight.
    last: u64,
    length: usize,
}

/// The bytes of the longest key that these words tell.
#[cfg(test)]
const LONGEST: usize = 24;

impl Key {
    fn new(name: &str) -> Self {
        let text = format!("\"{name}\":").into_bytes();
        let number = |bytes: &[u8]| {
            bytes.iter().take(8).rev().fold(0_u64, |word, byte| word.wrapping_shl(8) | u64::from(*byte))
        };
        let mask = text.iter().map(|_| u8::MAX).collect::<Vec<_>>();
        let second = text.get(8..).unwrap_or_default();
        let last = text.last_chunk::<8>().map_or(0, |eight| number(eight));
        Self { first: number(&text), mask: number(&mask), second: number(second), last, length: text.len() }
    }

    /// Whether it stands at a place, where `word` are the first eight bytes.
    #[inline(always)]
    pub(super) fn is_at(&self, scan: Scan<'_>, at: usize, word: u64) -> bool {
        (word ^ self.first) & self.mask == 0
            && (self.length <= 8
                || (scan.word(at.wrapping_add(self.length).wrapping_sub(8)) == Some(self.last)
                    && (self.length <= 16 || scan.word(at.wrapping_add(8)) == Some(self.second))))
    }

    /// Its bytes.
    #[inline]
    pub(super) fn length(&self) -> usize {
        self.length
    }
}

pub(super) static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let mut groups: Vec<(&str, Option<Entry>, Vec<Entry>)> = Vec::new();
    for (slot, field) in (0_u16..).zip(FIELDS) {
        let (top, name) = field.path.split_once('.').map_or((field.path, None), |(top, name)| (top, Some(name)));
        let key = Key::new(name.unwrap_or(top));
        let entry = Entry { key, kind: Kind::of(field), slot, bit: bit(slot), from: 0, to: 0 };
        match (groups.iter_mut().find(|(known, ..)| *known == top), name) {
            (Some((.., fields)), Some(_)) => fields.push(entry),
            (_, Some(_)) => groups.push((top, None, vec![entry])),
            (_, None) => groups.push((top, Some(entry), Vec::new())),
        }
    }
    let top = groups.len();
    let (mut entries, mut inside) = (Vec::new(), Vec::new());
    for (number, (name, fact, fields)) in (0_u16..).zip(groups) {
        let from = top.saturating_add(inside.len());
        inside.extend(fields);
        let to = top.saturating_add(inside.len());
        let group = || Entry { key: Key::new(name), kind: Kind::Group, slot: 0, bit: bit(number), from, to };
        entries.push(fact.unwrap_or_else(group));
    }
    entries.extend(inside);
    let required = |action: &str| {
        let needed = (0_u16..).zip(FIELDS).filter(|(_, field)| field.required.holds_for(action));
        needed.fold(0, |slots, (slot, _)| slots | bit(slot))
    };
    let closed = ACTIONS.iter().map(|action| required(action.name)).collect();
    let action = (0_u16..).zip(FIELDS).find(|(_, field)| field.path == "action").map_or(0, |(slot, _)| slot);
    Table { entries, top, required: closed, custom: required("x-a"), action }
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
        assert!(TABLE.top < 64);
        assert!(TABLE.entries.iter().all(|entry| entry.key.length <= LONGEST));
        assert_eq!(slots(FIELDS.iter().map(|field| field.path)).count_ones() as usize, FIELDS.len());
        assert!(slots(["user"]).count_ones() > 5);
        assert_eq!(slots(["user.id"]).count_ones(), 1);
    }

    #[test]
    fn a_key_is_found_by_all_of_its_bytes() {
        let begins = |name: &str, text: &str| {
            let scan = Scan::new(text.as_bytes());
            Key::new(name).is_at(scan, 0, scan.word(0).unwrap())
        };
        for name in ["id", "email", "emails", "email_verified", "created_at", "service_account_id"] {
            for text in [
                "\"id\":\"1\"}}",
                "\"email\":1}",
                "\"emails\":1",
                "\"email_verified\":true",
                "\"created_at\":\"",
                "\"created_on\":\"",
                "\"created_",
                "\"service_account_id\":",
                "\"service-account_id\":",
            ] {
                assert_eq!(begins(name, text), text.starts_with(&format!("\"{name}\":")), "{name} {text}");
            }
        }
    }
}
