//! JSON into facts without a tree, for a context as a host writes it.
//!
//! It accepts less than [`super::decode`], which stays the judge: what is out of the ordinary is read again there. What it does accept,
//! it takes for the same facts; the test of the wire compares the two. Facts that the policy does not read are checked and not kept.

use bumpalo::collections::Vec as List;

use super::action::{self, ACTIONS};
use super::decode::{LONGEST_TEXT, MOST_ENTRIES};
use super::schema::{FIELDS, HEADERS, Type};
use super::table::{Entry, Group, Key, Slots, TABLE, Table, bit};
use crate::bytes::same;
use crate::cel::{Arena, Entries, Facts, Texts};
use crate::time::parse_millis;
use crate::wire::scan::{Place, Scan};

/// Reads the context that begins at a place; nothing where it is out of the ordinary, or wrong. Of the facts, the action and the `wanted`
/// ones are kept. Gives the place behind it, too.
#[inline(never)]
pub(crate) fn read<'a>(
    scan: Scan<'a>,
    at: usize,
    arena: &'a Arena,
    wanted: Slots,
) -> Option<(Facts<'a>, Place)> {
    let table = &*TABLE;
    let facts = Facts::new(arena, FIELDS.len());
    let mut reader = Reader { arena, scan, facts, wanted: wanted | bit(table.action), seen: 0 };
    let mut at = scan.sign(at, b'{')?.get();
    let (mut met, mut next) = (0_u64, 0);
    while scan.byte(at) != Some(b'}') {
        let (place, group, value) = keyed(scan, at, &table.groups, next, |group| &group.key)?;
        next = place.saturating_add(1);
        let this = 1_u64.checked_shl(u32::try_from(place).ok()?)?;
        if met & this != 0 {
            return None;
        }
        met |= this;
        let behind = match &group.fact {
            Some(entry) => reader.field(value, entry)?,
            None => reader.group(value, group)?,
        };
        at = scan.next(behind.get(), b'}', true)?;
    }
    let required = required(table, reader.facts.as_text(table.action)?)?;
    let behind = Scan::behind(at, 1)?;
    (reader.seen & required == required).then_some((reader.facts, behind))
}

#[inline(never)]
fn required(table: &Table, action: &str) -> Option<Slots> {
    let closed = ACTIONS.iter().position(|known| same(known.name.as_bytes(), action.as_bytes()));
    match closed {
        Some(at) => table.required.get(at).copied(),
        None => action::is_custom(action).then_some(table.custom),
    }
}

/// What the key at a place names, its index, and the place of its value. Hosts write in the order of the schema and leave fields out: so it is
/// looked for from an index on, and then from the beginning.
#[inline]
fn keyed<'t, T>(
    scan: Scan<'_>,
    at: usize,
    all: &'t [T],
    from: usize,
    key: impl Fn(&T) -> &Key,
) -> Option<(usize, &'t T, usize)> {
    let rest = scan.rest(at);
    // The shortest key, value and end of a request have as many bytes.
    let word = rest.first_chunk::<8>().map(|word| u64::from_le_bytes(*word))?;
    let is_here = |one: &T| key(one).begins(word, rest);
    let found = match all.get(from..).and_then(|later| later.iter().position(is_here)) {
        Some(more) => from.saturating_add(more),
        None => all.iter().position(is_here)?,
    };
    let one = all.get(found)?;
    Some((found, one, at.saturating_add(key(one).length())))
}

/// So many keys are compared with each other; more are sorted first.
const FEW: usize = 8;

struct Reader<'a> {
    arena: &'a Arena,
    scan: Scan<'a>,
    facts: Facts<'a>,
    wanted: Slots,
    seen: Slots,
}

impl<'a> Reader<'a> {
    /// Reads the facts of a group.
    #[inline(never)]
    fn group(&mut self, at: usize, group: &Group) -> Option<Place> {
        let scan = self.scan;
        let mut at = scan.sign(at, b'{')?.get();
        let mut next = 0;
        while scan.byte(at) != Some(b'}') {
            let (index, (_, entry), value) = keyed(scan, at, &group.entries, next, |(key, _)| key)?;
            next = index.saturating_add(1);
            at = scan.next(self.field(value, entry)?.get(), b'}', true)?;
        }
        Scan::behind(at, 1)
    }

    /// Reads a fact, and gives the place behind it.
    #[inline(never)]
    fn field(&mut self, at: usize, entry: &Entry) -> Option<Place> {
        if self.seen & entry.bit != 0 {
            return None;
        }
        self.seen |= entry.bit;
        let keep = self.wanted & entry.bit != 0;
        match entry.ty {
            Type::Text if keep => self.text(at, entry.slot),
            Type::Text => passed(self.scan, at),
            Type::Bool => {
                let (value, behind) = self.scan.bool(at)?;
                if keep {
                    self.facts.bool(entry.slot, value);
                }
                Some(behind)
            }
            Type::Texts if keep => {
                let (texts, behind) = self.texts(at)?;
                self.facts.list(entry.slot, texts);
                Some(behind)
            }
            Type::Texts => self.passed_texts(at),
            _ => self.other(at, entry, keep),
        }
    }

    #[inline(never)]
    fn text(&mut self, at: usize, slot: u16) -> Option<Place> {
        let (text, behind) = text(self.scan, at)?;
        self.facts.text(slot, text);
        Some(behind)
    }

    #[inline(never)]
    fn other(&mut self, at: usize, entry: &Entry, keep: bool) -> Option<Place> {
        match entry.ty {
            Type::Int => {
                let (value, behind) = integer(self.scan, at)?;
                if keep {
                    self.facts.int(entry.slot, value);
                }
                Some(behind)
            }
            Type::Timestamp => {
                let (text, behind) = self.scan.string(at)?;
                let millis = parse_millis(text)?;
                (!keep || self.facts.timestamp(entry.slot, millis)).then_some(behind)
            }
            _ => self.map(at, entry, keep),
        }
    }

    /// A list that nobody reads.
    #[inline(never)]
    fn passed_texts(&self, at: usize) -> Option<Place> {
        let scan = self.scan;
        let mut at = scan.sign(at, b'[')?.get();
        let mut left = MOST_ENTRIES;
        while scan.byte(at) != Some(b']') {
            left = left.checked_sub(1)?;
            at = scan.next(passed(scan, at)?.get(), b']', left > 0)?;
        }
        Scan::behind(at, 1)
    }

    #[inline(never)]
    fn texts(&self, at: usize) -> Option<(Texts<'a>, Place)> {
        let scan = self.scan;
        let mut texts = self.facts.texts();
        let mut at = scan.sign(at, b'[')?.get();
        while scan.byte(at) != Some(b']') {
            let (text, behind) = text(scan, at)?;
            texts.push(text);
            at = scan.next(behind.get(), b']', texts.len() < MOST_ENTRIES)?;
        }
        Some((texts, Scan::behind(at, 1)?))
    }

    #[inline(never)]
    fn map(&mut self, at: usize, entry: &Entry, keep: bool) -> Option<Place> {
        if !keep {
            return self.passed_map(at, entry);
        }
        let scan = self.scan;
        let mut entries = self.facts.entries();
        let mut at = scan.sign(at, b'{')?.get();
        while scan.byte(at) != Some(b'}') {
            at = self.entry(at, entry, &mut entries)?.get();
            at = scan.next(at, b'}', entries.len() < MOST_ENTRIES)?;
        }
        if self.facts.map(entry.slot, entries) { Scan::behind(at, 1) } else { None }
    }

    /// A map that nobody reads.
    #[inline(never)]
    fn passed_map(&self, at: usize, entry: &Entry) -> Option<Place> {
        let scan = self.scan;
        let mut keys = self.arena.list();
        let mut at = scan.sign(at, b'{')?.get();
        while scan.byte(at) != Some(b'}') {
            at = self.passed_entry(at, entry, &mut keys)?.get();
            at = scan.next(at, b'}', keys.len() < MOST_ENTRIES)?;
        }
        if are_distinct(&mut keys) { Scan::behind(at, 1) } else { None }
    }

    /// The key of an entry, and the place of its value.
    #[inline]
    fn entry_key(&self, at: usize, entry: &Entry) -> Option<(&'a [u8], usize)> {
        let (key, behind) = self.scan.string(at)?;
        let is_known = || HEADERS.iter().any(|known| same(known.as_bytes(), key));
        if key.len() > LONGEST_TEXT || (entry.headers && !is_known()) {
            return None;
        }
        Some((key, self.scan.sign(behind.get(), b':')?.get()))
    }

    /// An entry of a map.
    #[inline(never)]
    fn entry(&self, at: usize, entry: &Entry, entries: &mut Entries<'a>) -> Option<Place> {
        let (key, at) = self.entry_key(at, entry)?;
        let key = std::str::from_utf8(key).ok()?;
        match entry.ty {
            Type::TextMap => {
                let (text, behind) = text(self.scan, at)?;
                entries.text(key, text);
                Some(behind)
            }
            Type::TimestampMap => {
                let (text, behind) = self.scan.string(at)?;
                entries.timestamp(key, parse_millis(text)?).then_some(behind)
            }
            _ => {
                let (texts, behind) = self.texts(at)?;
                entries.list(key, texts);
                Some(behind)
            }
        }
    }

    /// An entry of a map that nobody reads.
    #[inline(never)]
    fn passed_entry(&self, at: usize, entry: &Entry, keys: &mut List<'a, &'a [u8]>) -> Option<Place> {
        let (key, at) = self.entry_key(at, entry)?;
        keys.push(key);
        match entry.ty {
            Type::TextMap => passed(self.scan, at),
            Type::TimestampMap => {
                let (text, behind) = self.scan.string(at)?;
                parse_millis(text).map(|_| behind)
            }
            _ => self.passed_texts(at),
        }
    }
}

/// Whether no key is there twice.
fn are_distinct(keys: &mut [&[u8]]) -> bool {
    if keys.len() > FEW {
        keys.sort_unstable();
        return keys.windows(2).all(|pair| !matches!(pair, [one, other] if same(one, other)));
    }
    let mut rest = &*keys;
    while let Some((first, others)) = rest.split_first() {
        if others.iter().any(|other| same(first, other)) {
            return false;
        }
        rest = others;
    }
    true
}

#[inline]
fn text<'a>(scan: Scan<'a>, at: usize) -> Option<(&'a str, Place)> {
    let (text, behind) = scan.string(at)?;
    let fits = text.len() <= LONGEST_TEXT;
    std::str::from_utf8(text).ok().filter(|_| fits).map(|text| (text, behind))
}

/// Behind a text that nobody reads.
#[inline]
fn passed(scan: Scan<'_>, at: usize) -> Option<Place> {
    let from = scan.sign(at, b'"')?.get();
    let to = scan.close(from)?.get();
    let fits = to.saturating_sub(from) <= LONGEST_TEXT;
    if fits { Scan::behind(to, 1) } else { None }
}

#[inline(never)]
fn integer(scan: Scan<'_>, at: usize) -> Option<(i64, Place)> {
    if scan.byte(at) != Some(b'"') {
        return scan.integer(at);
    }
    let (text, behind) = text(scan, at)?;
    let digits = text.strip_prefix('-').unwrap_or(text);
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit()) && !digits.starts_with('0') || text == "0";
    if plain { Some((text.parse().ok()?, behind)) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_that_is_there_twice_is_found() {
        for count in [0, 1, 2, FEW, FEW + 1, 50] {
            let texts: Vec<String> = (0..count).map(|n| format!("key-{}", n * 7 % 50)).collect();
            let keys = || texts.iter().map(String::as_bytes);
            assert!(are_distinct(&mut keys().collect::<Vec<_>>()), "{count}");
            let twice = &mut keys().chain(keys().take(1)).collect::<Vec<_>>();
            assert_eq!(are_distinct(twice), count == 0, "{count}");
        }
    }
}
