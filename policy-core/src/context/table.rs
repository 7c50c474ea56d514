//! The schema as the short way reads it: keys as they stand in JSON, in the order of the schema, and a bit for each fact.

use std::ops::Range;
use std::sync::LazyLock;

use super::action::ACTIONS;
use super::schema::{FIELDS, Field, Type};
use crate::wire::scan::Scan;

/// A set of slots.
pub(crate) type Slots = u64;

/// Each fact has a bit of a set, and each name a byte of a tag.
const _: () = assert!(FIELDS.len() <= 64);

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

/// A name of the context, or of one of its groups, as it stands in JSON: `"email":`. Few words, because each of them is read for each name of each
/// context.
pub(super) struct Entry {
    /// The first eight bytes of the name, or all of them in the upper ones.
    first: u64,
    /// Its last eight bytes, where it has more than eight.
    last: u64,
    /// The eight bytes behind the first ones, where it has more than sixteen.
    second: u64,
    pub(super) tag: Tag,
}

/// What is known of a name, a byte each.
#[derive(Clone, Copy)]
pub(super) struct Tag(u64);

/// What a name stands for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Bool,
    Texts,
    Group,
    /// Another type of the schema.
    Other,
}

impl Kind {
    fn of(field: &Field) -> Self {
        match field.ty {
            Type::Text => Self::Text,
            Type::Bool => Self::Bool,
            Type::Texts => Self::Texts,
            _ => Self::Other,
        }
    }
}

impl Tag {
    fn new(length: usize, kind: Kind, number: u16, fields: Range<usize>) -> Self {
        let byte = |n: usize| u8::try_from(n).unwrap_or(u8::MAX);
        let unused = 8_usize.saturating_sub(length).saturating_mul(8);
        let bytes = [length, unused, kind as usize, usize::from(number), fields.start, fields.end, 0, 0];
        Self(u64::from_le_bytes(bytes.map(byte)))
    }

    #[inline(always)]
    fn byte(self, at: u32) -> u8 {
        self.0.wrapping_shr(at.wrapping_mul(8)).to_le_bytes()[0]
    }

    /// The bytes of the name in JSON.
    #[inline(always)]
    pub(super) fn length(self) -> usize {
        usize::from(self.byte(0))
    }

    /// The bits of a word that the name is too short for.
    #[inline(always)]
    fn unused(self) -> u32 {
        u32::from(self.byte(1))
    }

    #[inline(always)]
    pub(super) fn kind(self) -> Kind {
        match self.byte(2) {
            0 => Kind::Text,
            1 => Kind::Bool,
            2 => Kind::Texts,
            3 => Kind::Group,
            _ => Kind::Other,
        }
    }

    /// The slot of the fact, or the number of the group.
    #[inline(always)]
    pub(super) fn number(self) -> u16 {
        u16::from(self.byte(3))
    }

    /// Its own bit, among the facts or among the groups.
    #[inline(always)]
    pub(super) fn bit(self) -> Slots {
        1_u64.wrapping_shl(u32::from(self.byte(3)))
    }

    /// The entries that are the fields of the group.
    #[inline(always)]
    pub(super) fn fields(self) -> (usize, usize) {
        (usize::from(self.byte(4)), usize::from(self.byte(5)))
    }
}

/// The bytes of the longest name that the words of an entry tell. A longer one is never found, so that the judge reads it.
const LONGEST: usize = 24;

impl Entry {
    fn new(name: &str, kind: Kind, number: u16, fields: Range<usize>) -> Self {
        let text = format!("\"{name}\":").into_bytes();
        let number_of = |bytes: &[u8]| {
            bytes.iter().take(8).rev().fold(0_u64, |word, byte| word.wrapping_shl(8) | u64::from(*byte))
        };
        let tag = Tag::new(text.len(), kind, number, fields);
        Self {
            // No name begins with a zero.
            first: if text.len() > LONGEST { 0 } else { number_of(&text).wrapping_shl(tag.unused()) },
            last: text.last_chunk::<8>().map_or(0, |eight| number_of(eight)),
            second: number_of(text.get(8..).unwrap_or_default()),
            tag,
        }
    }

    /// Whether it stands at a place, where `word` are the first eight bytes.
    #[inline(always)]
    pub(super) fn is_at(&self, scan: Scan<'_>, at: usize, word: u64) -> bool {
        word.wrapping_shl(self.tag.unused()) == self.first
            && (self.tag.length() <= 8 || self.ends_at(scan, at))
    }

    #[inline(always)]
    fn ends_at(&self, scan: Scan<'_>, at: usize) -> bool {
        let length = self.tag.length();
        scan.word(at.wrapping_add(length).wrapping_sub(8)) == Some(self.last)
            && (length <= 16 || scan.word(at.wrapping_add(8)) == Some(self.second))
    }
}

pub(super) static TABLE: LazyLock<Table> = LazyLock::new(|| {
    // The names of the context, with the fields of those that are groups.
    let mut names: Vec<(&str, Vec<(u16, &Field)>)> = Vec::new();
    for (slot, field) in (0_u16..).zip(FIELDS) {
        let name = field.path.split_once('.').map_or(field.path, |(group, _)| group);
        match names.iter_mut().find(|(known, _)| *known == name) {
            Some((_, fields)) => fields.push((slot, field)),
            None => names.push((name, vec![(slot, field)])),
        }
    }
    let top = names.len();
    let (mut entries, mut inside) = (Vec::new(), Vec::new());
    for (number, (name, fields)) in (0_u16..).zip(names) {
        let from = top.saturating_add(inside.len());
        for (slot, field) in fields {
            match field.path.split_once('.') {
                Some((_, field_name)) => inside.push(Entry::new(field_name, Kind::of(field), slot, 0..0)),
                None => entries.push(Entry::new(name, Kind::of(field), slot, 0..0)),
            }
        }
        let to = top.saturating_add(inside.len());
        if from < to {
            entries.push(Entry::new(name, Kind::Group, number, from..to));
        }
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
        assert!(TABLE.top < 64);
        assert!(TABLE.entries.len() < 256);
        assert!(TABLE.entries.iter().all(|entry| entry.tag.length() <= LONGEST));
        assert_eq!(slots(FIELDS.iter().map(|field| field.path)).count_ones() as usize, FIELDS.len());
        assert!(slots(["user"]).count_ones() > 5);
        assert_eq!(slots(["user.id"]).count_ones(), 1);
    }

    #[test]
    fn a_key_is_found_by_all_of_its_bytes() {
        let begins = |name: &str, text: &str| {
            let scan = Scan::new(text.as_bytes());
            Entry::new(name, Kind::Text, 0, 0..0).is_at(scan, 0, scan.word(0).unwrap())
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
