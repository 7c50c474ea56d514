//! JSON into facts without a tree, for a context as a host writes it.
//!
//! It accepts less than [`super::decode`], which stays the judge: what is out of the ordinary is read again there. What it does accept,
//! it takes for the same facts; the test of the wire compares the two. Facts that the policy does not read are checked and not kept.

use std::sync::LazyLock;

use super::action::{self, ACTIONS};
use super::decode::{LONGEST_TEXT, MOST_ENTRIES};
use super::schema::{FIELDS, HEADERS, Type};
use crate::bytes::same;
use crate::cel::{Arena, Facts, Texts};
use crate::time::parse_millis;
use crate::wire::scan::Scan;

/// A set of slots.
pub(crate) type Slots = u64;

struct Table {
    /// In the order of [`FIELDS`], which is the order that hosts write in.
    groups: Vec<Group>,
    /// In the order of [`ACTIONS`].
    required: Vec<Slots>,
    /// For an action that is not of the closed list.
    custom: Slots,
    action: u16,
    headers: u16,
}

struct Group {
    name: &'static str,
    /// The slot and the type of a fact that is no group.
    fact: Option<(u16, Type)>,
    fields: Vec<(&'static str, u16, Type)>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let mut groups: Vec<Group> = Vec::new();
    let (mut action, mut headers) = (0, 0);
    for (slot, field) in (0_u16..).zip(FIELDS) {
        match field.path {
            "action" => action = slot,
            "request.headers" => headers = slot,
            _ => {}
        }
        match field.path.split_once('.') {
            None => groups.push(Group { name: field.path, fact: Some((slot, field.ty)), fields: Vec::new() }),
            Some((group, name)) => {
                let entry = (name, slot, field.ty);
                match groups.iter_mut().find(|known| known.name == group) {
                    Some(known) => known.fields.push(entry),
                    None => groups.push(Group { name: group, fact: None, fields: vec![entry] }),
                }
            }
        }
    }
    let required = |action: &str| {
        let needed = (0_u16..).zip(FIELDS).filter(|(_, field)| field.required.holds_for(action));
        needed.fold(0, |slots, (slot, _)| slots | bit(slot))
    };
    let closed = ACTIONS.iter().map(|action| required(action.name)).collect();
    Table { groups, required: closed, custom: required("x-"), action, headers }
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

/// Reads a context; nothing where it is out of the ordinary, or wrong. Of the facts, the action and the `wanted` ones are kept.
#[inline(never)]
pub(crate) fn read<'a>(scan: &mut Scan<'a>, arena: &'a Arena, wanted: Slots) -> Option<Facts<'a>> {
    let table = &*TABLE;
    let mut reader = Reader {
        facts: Facts::new(arena, FIELDS.len()),
        wanted: wanted | bit(table.action),
        seen: 0,
        headers: table.headers,
    };
    scan.expect(b'{')?;
    let (mut first, mut groups, mut next) = (true, 0_u64, 0);
    while let Some(key) = scan.key(first)? {
        first = false;
        let (at, group) = find(&table.groups, next, |group| same(group.name.as_bytes(), key))?;
        next = at.saturating_add(1);
        let met = 1_u64.checked_shl(u32::try_from(at).ok()?)?;
        if groups & met != 0 {
            return None;
        }
        groups |= met;
        match group.fact {
            Some((slot, ty)) => reader.field(scan, slot, ty)?,
            None => reader.group(scan, group)?,
        }
    }
    let required = required(table, reader.facts.as_text(table.action)?)?;
    (reader.seen & required == required).then_some(reader.facts)
}

#[inline(never)]
fn required(table: &Table, action: &str) -> Option<Slots> {
    let closed = ACTIONS.iter().position(|known| same(known.name.as_bytes(), action.as_bytes()));
    match closed {
        Some(at) => table.required.get(at).copied(),
        None => action::is_custom(action).then_some(table.custom),
    }
}

/// The first that fits, looked for from a place on, since hosts write in the order of the schema and leave fields out, and then from the
/// beginning.
#[inline]
fn find<T>(all: &[T], from: usize, fits: impl Fn(&T) -> bool) -> Option<(usize, &T)> {
    let behind = all.get(from..).and_then(|rest| rest.iter().position(&fits));
    let at = match behind {
        Some(more) => from.saturating_add(more),
        None => all.iter().position(fits)?,
    };
    all.get(at).map(|found| (at, found))
}

struct Reader<'a> {
    facts: Facts<'a>,
    wanted: Slots,
    seen: Slots,
    headers: u16,
}

impl<'a> Reader<'a> {
    #[inline(never)]
    fn group(&mut self, scan: &mut Scan<'a>, group: &Group) -> Option<()> {
        scan.expect(b'{')?;
        let (mut first, mut next) = (true, 0);
        while let Some(key) = scan.key(first)? {
            first = false;
            let (at, (_, slot, ty)) = find(&group.fields, next, |(name, ..)| same(name.as_bytes(), key))?;
            next = at.saturating_add(1);
            self.field(scan, *slot, *ty)?;
        }
        Some(())
    }

    #[inline(never)]
    fn field(&mut self, scan: &mut Scan<'a>, slot: u16, ty: Type) -> Option<()> {
        let bit = bit(slot);
        if self.seen & bit != 0 {
            return None;
        }
        self.seen |= bit;
        let keep = self.wanted & bit != 0;
        match ty {
            Type::Bool => {
                let value = scan.bool()?;
                if keep {
                    self.facts.bool(slot, value);
                }
            }
            Type::Int => {
                let value = integer(scan)?;
                if keep {
                    self.facts.int(slot, value);
                }
            }
            Type::Text => {
                if keep {
                    self.facts.text(slot, text(scan)?);
                } else {
                    passed(scan)?;
                }
            }
            Type::Timestamp => {
                let millis = parse_millis(scan.string()?)?;
                if keep && !self.facts.timestamp(slot, millis) {
                    return None;
                }
            }
            Type::Texts => {
                let texts = self.list(scan, keep)?;
                if keep {
                    self.facts.list(slot, texts);
                }
            }
            Type::TextMap | Type::TextsMap | Type::TimestampMap => self.map(scan, slot, ty, keep)?,
        }
        Some(())
    }

    #[inline(never)]
    fn list(&self, scan: &mut Scan<'a>, keep: bool) -> Option<Texts<'a>> {
        let mut texts = self.facts.texts();
        scan.expect(b'[')?;
        let mut count = 0_usize;
        while scan.element(count == 0)? {
            if keep {
                texts.push(text(scan)?);
            } else {
                passed(scan)?;
            }
            count = count.saturating_add(1);
            if count > MOST_ENTRIES {
                return None;
            }
        }
        Some(texts)
    }

    #[inline(never)]
    fn map(&mut self, scan: &mut Scan<'a>, slot: u16, ty: Type, keep: bool) -> Option<()> {
        // All of its entries are kept, since a key that is there twice is found when they are sorted.
        let mut entries = self.facts.entries();
        scan.expect(b'{')?;
        let mut first = true;
        while let Some(key) = scan.key(first)? {
            first = false;
            let known = || HEADERS.iter().any(|known| same(known.as_bytes(), key));
            if key.len() > LONGEST_TEXT || (slot == self.headers && !known()) {
                return None;
            }
            let key = std::str::from_utf8(key).ok()?;
            match ty {
                Type::TextMap => entries.text(key, text(scan)?),
                Type::TimestampMap => entries.timestamp(key, parse_millis(scan.string()?)?).then_some(())?,
                _ => {
                    let texts = self.list(scan, keep)?;
                    entries.list(key, texts);
                }
            }
            if entries.len() > MOST_ENTRIES {
                return None;
            }
        }
        if keep { self.facts.map(slot, entries) } else { entries.is_distinct() }.then_some(())
    }
}

#[inline(never)]
fn text<'a>(scan: &mut Scan<'a>) -> Option<&'a str> {
    scan.text().filter(|text| text.len() <= LONGEST_TEXT)
}

/// Steps over a text that nobody reads.
#[inline(never)]
fn passed(scan: &mut Scan<'_>) -> Option<()> {
    scan.string().filter(|text| text.len() <= LONGEST_TEXT).map(|_| ())
}

#[inline(never)]
fn integer(scan: &mut Scan<'_>) -> Option<i64> {
    if !scan.next_is(b'"') {
        return scan.integer();
    }
    let text = scan.text()?;
    let digits = text.strip_prefix('-').unwrap_or(text);
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit()) && !digits.starts_with('0') || text == "0";
    if plain { text.parse().ok() } else { None }
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
}
