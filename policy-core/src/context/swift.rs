//! JSON into facts without a tree, for a context as a host writes it.
//!
//! It accepts less than [`super::decode`], which stays the judge: what is out of the ordinary is read again there. What it does accept,
//! it takes for the same facts; the test of the wire compares the two. Facts that the policy does not read are checked and not kept.
//!
//! One loop reads names and the commonest values, without a call: under HotSpot a call costs as much as a short string.

mod map;

use super::action::{self, ACTIONS};
use super::decode::{LONGEST_TEXT, MOST_ENTRIES};
use super::schema::{FIELDS, Type};
use super::table::{Entry, Kind, Slots, TABLE, Table, bit};
use crate::bytes::{self, same};
use crate::cel::{Arena, Facts, Texts};
use crate::time::parse_millis;
use crate::wire::scan::{Place, Scan};

/// `true` and `false` as words.
const TRUE: u64 = u32::from_le_bytes(*b"true") as u64;
const FALSE: u64 = u64::from_le_bytes(*b"false\0\0\0");

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
    let (entries, top) = (table.entries.as_slice(), table.top);
    let wanted = wanted | bit(table.action);
    let mut facts = Facts::new(arena, FIELDS.len());
    let (mut seen, mut groups): (Slots, Slots) = (0, 0);
    // Which names may come, which of them is the likeliest, and that one when a group is left.
    let (mut from, mut to, mut next, mut outer) = (0, top, 0, 0);
    let mut at = scan.sign(at, b'{')?.get();
    loop {
        let word = scan.word(at)?;
        let found = named(entries, scan, at, word, from..to, next)?;
        let tag = entries.get(found)?.tag;
        next = found.wrapping_add(1);
        at = at.wrapping_add(tag.length());
        // The sign behind the value; `at` is behind that sign.
        let mut sign;
        if tag.kind() == Kind::Group {
            if groups & tag.bit() != 0 {
                return None;
            }
            groups |= tag.bit();
            at = scan.sign(at, b'{')?.get();
            if scan.byte(at) != Some(b'}') {
                outer = next;
                (from, to) = tag.fields();
                next = from;
                continue;
            }
            sign = scan.byte(at.wrapping_add(1))?;
            at = at.wrapping_add(2);
        } else {
            if seen & tag.bit() != 0 {
                return None;
            }
            seen |= tag.bit();
            let keep = wanted & tag.bit() != 0;
            match tag.kind() {
                Kind::Text => {
                    let (to, behind) = text(scan, at)?;
                    if keep {
                        facts.text(tag.number(), bytes::text(scan.between(at.wrapping_add(1), to)?)?);
                    }
                    sign = behind;
                    at = to.wrapping_add(2);
                }
                Kind::Bool => {
                    let word = scan.word(at)?;
                    let value = word & 0xffff_ffff == TRUE;
                    if !value && word & 0xff_ffff_ffff != FALSE {
                        return None;
                    }
                    if keep {
                        facts.bool(tag.number(), value);
                    }
                    let [.., four, five, _, _] = word.to_le_bytes();
                    sign = if value { four } else { five };
                    at = at.wrapping_add(if value { 5 } else { 6 });
                }
                Kind::Texts if !keep => {
                    at = passed_list(scan, at)?.get();
                    sign = scan.byte(at)?;
                    at = at.wrapping_add(1);
                }
                _ => {
                    at = other(scan, at, tag.number(), arena, keep.then_some(&mut facts))?.get();
                    sign = scan.byte(at)?;
                    at = at.wrapping_add(1);
                }
            }
        }
        // Another name follows, or the end of the group, and then of the context.
        if sign == b'}' && from != 0 {
            (from, to, next) = (0, top, outer);
            sign = scan.byte(at)?;
            at = at.wrapping_add(1);
        }
        match sign {
            b',' => {}
            b'}' if from == 0 => break,
            _ => return None,
        }
    }
    let required = required(table, facts.as_text(table.action)?)?;
    if seen & required == required { Some((facts, Place::new(at)?)) } else { None }
}

/// Which of some names stands at a place. Hosts write in the order of the schema and leave names out: so it is looked for from the `next` one
/// on, and then from the beginning.
#[inline(always)]
fn named(
    entries: &[Entry],
    scan: Scan<'_>,
    at: usize,
    word: u64,
    names: std::ops::Range<usize>,
    next: usize,
) -> Option<usize> {
    let mut found = next;
    while found < names.end {
        if entries.get(found)?.is_at(scan, at, word) {
            return Some(found);
        }
        found = found.wrapping_add(1);
    }
    out_of_order(entries, scan, at, word, names.start..next)
}

#[cold]
#[inline(never)]
fn out_of_order(
    entries: &[Entry],
    scan: Scan<'_>,
    at: usize,
    word: u64,
    mut names: std::ops::Range<usize>,
) -> Option<usize> {
    names.find(|name| entries.get(*name).is_some_and(|entry| entry.is_at(scan, at, word)))
}

#[inline(never)]
fn required(table: &Table, action: &str) -> Option<Slots> {
    let closed = ACTIONS.iter().position(|known| same(known.name.as_bytes(), action.as_bytes()));
    match closed {
        Some(at) => table.required.get(at).copied(),
        None => action::is_custom(action).then_some(table.custom),
    }
}

/// The closing quote of the text at a place, and the sign behind it.
#[inline(always)]
fn text(scan: Scan<'_>, at: usize) -> Option<(usize, u8)> {
    let (to, sign) = scan.quoted(at)?;
    // With its opening quote.
    if to.wrapping_sub(at) <= LONGEST_TEXT.wrapping_add(1) { Some((to, sign)) } else { None }
}

/// What is made of the texts of a list, or the keys of a map.
trait Keep<'a> {
    /// Takes one; nothing where it can't be.
    fn keep(&mut self, text: &'a [u8]) -> Option<()>;
}

/// They are not kept.
impl<'a> Keep<'a> for () {
    #[inline]
    fn keep(&mut self, _: &'a [u8]) -> Option<()> {
        Some(())
    }
}

impl<'a> Keep<'a> for Texts<'a> {
    #[inline]
    fn keep(&mut self, text: &'a [u8]) -> Option<()> {
        self.push(bytes::text(text)?);
        Some(())
    }
}

/// A list of texts, and the place behind it.
#[inline(always)]
fn list<'a>(scan: Scan<'a>, at: usize, keep: &mut impl Keep<'a>) -> Option<Place> {
    let mut at = scan.sign(at, b'[')?.get();
    if scan.byte(at) == Some(b']') {
        return Scan::behind(at, 1);
    }
    let mut left = MOST_ENTRIES;
    loop {
        left = left.checked_sub(1)?;
        let (to, sign) = text(scan, at)?;
        keep.keep(scan.between(at.wrapping_add(1), to)?)?;
        at = to.wrapping_add(2);
        match sign {
            b',' => {}
            b']' => return Place::new(at),
            _ => return None,
        }
    }
}

/// A list that nobody reads.
#[inline(never)]
fn passed_list(scan: Scan<'_>, at: usize) -> Option<Place> {
    list(scan, at, &mut ())
}

#[inline(never)]
fn kept_list<'a>(scan: Scan<'a>, at: usize, texts: &mut Texts<'a>) -> Option<Place> {
    list(scan, at, texts)
}

/// A value that is none of the commonest: kept, where there are facts to keep it with.
#[inline(never)]
fn other<'a>(
    scan: Scan<'a>,
    at: usize,
    slot: u16,
    arena: &'a Arena,
    facts: Option<&mut Facts<'a>>,
) -> Option<Place> {
    let field = FIELDS.get(usize::from(slot))?;
    match (field.ty, facts) {
        (Type::Texts, Some(facts)) => {
            let mut texts = facts.texts();
            let behind = kept_list(scan, at, &mut texts)?;
            facts.list(slot, texts);
            Some(behind)
        }
        (Type::Int, facts) => {
            let (value, behind) = integer(scan, at)?;
            if let Some(facts) = facts {
                facts.int(slot, value);
            }
            Some(behind)
        }
        (Type::Timestamp, Some(facts)) => {
            let (text, behind) = scan.string(at)?;
            facts.timestamp(slot, parse_millis(text)?).then_some(behind)
        }
        (Type::Timestamp, None) => passed_instant(scan, at),
        (Type::TextMap | Type::TextsMap | Type::TimestampMap, Some(facts)) => {
            map::kept(scan, at, field, slot, facts)
        }
        (Type::TextMap | Type::TextsMap | Type::TimestampMap, None) => map::passed(scan, at, field, arena),
        (Type::Text | Type::Bool | Type::Texts, _) => None,
    }
}

/// An instant that nobody reads.
#[inline]
fn passed_instant(scan: Scan<'_>, at: usize) -> Option<Place> {
    let (text, behind) = scan.string(at)?;
    if parse_millis(text).is_some() { Some(behind) } else { None }
}

#[inline(never)]
fn integer(scan: Scan<'_>, at: usize) -> Option<(i64, Place)> {
    if scan.byte(at) != Some(b'"') {
        return scan.integer(at);
    }
    let (to, _) = text(scan, at)?;
    let text = bytes::text(scan.between(at.wrapping_add(1), to)?)?;
    let digits = text.strip_prefix('-').unwrap_or(text);
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit()) && !digits.starts_with('0') || text == "0";
    if plain { Some((text.parse().ok()?, Scan::behind(to, 1)?)) } else { None }
}
