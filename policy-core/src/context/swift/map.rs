//! Maps of a context, the short way.

use bumpalo::collections::Vec as List;

use super::super::decode::MOST_ENTRIES;
use super::super::schema::{Field, HEADERS, Type};
use super::{Keep, kept_list, passed_instant, passed_list, text};
use crate::bytes::{self, same};
use crate::cel::{Arena, Entries, Facts};
use crate::time::parse_millis;
use crate::wire::scan::{Place, Scan};

/// So many keys are compared with each other; more are sorted first.
const FEW: usize = 8;

/// A map, which becomes the fact of a slot.
#[inline(never)]
pub(super) fn kept<'a>(
    scan: Scan<'a>,
    at: usize,
    field: &Field,
    slot: u16,
    facts: &mut Facts<'a>,
) -> Option<Place> {
    let mut entries = facts.entries();
    let behind = each(scan, at, field, |key, at| {
        let key = bytes::text(key)?;
        kept_value(scan, at, key, field.ty, facts, &mut entries)
    })?;
    if facts.map(slot, entries) { Some(behind) } else { None }
}

#[inline(never)]
fn kept_value<'a>(
    scan: Scan<'a>,
    at: usize,
    key: &'a str,
    map: Type,
    facts: &Facts<'a>,
    entries: &mut Entries<'a>,
) -> Option<Place> {
    match map {
        Type::TextMap => {
            let (to, _) = text(scan, at)?;
            entries.text(key, bytes::text(scan.between(at.wrapping_add(1), to)?)?);
            Scan::behind(to, 1)
        }
        Type::TimestampMap => {
            let (text, behind) = scan.string(at)?;
            entries.timestamp(key, parse_millis(text)?).then_some(behind)
        }
        _ => {
            let mut texts = facts.texts();
            let behind = kept_list(scan, at, &mut texts)?;
            entries.list(key, texts);
            Some(behind)
        }
    }
}

/// A map that nobody reads.
#[inline(never)]
pub(super) fn passed<'a>(scan: Scan<'a>, at: usize, field: &Field, arena: &'a Arena) -> Option<Place> {
    let mut prints = Prints { met: 0, perhaps_twice: false };
    let behind = passed_values(scan, at, field, &mut prints)?;
    if prints.perhaps_twice && !distinct(scan, at, field, arena)? {
        return None;
    }
    Some(behind)
}

#[inline(always)]
fn passed_values<'a>(scan: Scan<'a>, at: usize, field: &Field, met: &mut impl Keep<'a>) -> Option<Place> {
    each(scan, at, field, |key, at| {
        met.keep(key)?;
        match field.ty {
            Type::TextMap => Scan::behind(text(scan, at)?.0, 1),
            Type::TimestampMap => passed_instant(scan, at),
            _ => passed_list(scan, at),
        }
    })
}

/// Reads a map: each of its keys, and its value by `value`, which gives the place behind it.
#[inline(always)]
fn each<'a>(
    scan: Scan<'a>,
    at: usize,
    field: &Field,
    mut value: impl FnMut(&'a [u8], usize) -> Option<Place>,
) -> Option<Place> {
    let mut at = scan.sign(at, b'{')?.get();
    if scan.byte(at) == Some(b'}') {
        return Scan::behind(at, 1);
    }
    let headers = same(field.path.as_bytes(), b"request.headers");
    let mut left = MOST_ENTRIES;
    loop {
        left = left.checked_sub(1)?;
        let (to, sign) = text(scan, at)?;
        let key = scan.between(at.wrapping_add(1), to)?;
        if sign != b':' || (headers && !is_header(key)) {
            return None;
        }
        let behind = value(key, to.wrapping_add(2))?.get();
        at = behind.wrapping_add(1);
        match scan.byte(behind)? {
            b',' => {}
            b'}' => return Place::new(at),
            _ => return None,
        }
    }
}

#[inline(never)]
fn is_header(name: &[u8]) -> bool {
    HEADERS.iter().any(|known| same(known.as_bytes(), name))
}

/// Six bits of each key: two keys that have the same ones may be the same.
struct Prints {
    met: u64,
    perhaps_twice: bool,
}

impl<'a> Keep<'a> for Prints {
    #[inline]
    fn keep(&mut self, key: &'a [u8]) -> Option<()> {
        let word = match (key.first_chunk::<8>(), key.first_chunk::<4>(), key.last_chunk::<4>()) {
            (Some(eight), ..) => u64::from_le_bytes(*eight),
            (_, Some(first), Some(last)) => {
                u64::from(u32::from_le_bytes(*first)) | u64::from(u32::from_le_bytes(*last)).wrapping_shl(32)
            }
            _ => key.iter().fold(0_u64, |word, byte| word.wrapping_shl(8) | u64::from(*byte)),
        };
        let print = 1_u64.wrapping_shl(u32::from(word.wrapping_mul(0xff51_afd7_ed55_8ccd).to_le_bytes()[7]));
        self.perhaps_twice |= self.met & print != 0;
        self.met |= print;
        Some(())
    }
}

impl<'a> Keep<'a> for List<'a, &'a [u8]> {
    #[inline]
    fn keep(&mut self, key: &'a [u8]) -> Option<()> {
        self.push(key);
        Some(())
    }
}

/// Whether no key of a map is there twice.
#[cold]
#[inline(never)]
fn distinct<'a>(scan: Scan<'a>, at: usize, field: &Field, arena: &'a Arena) -> Option<bool> {
    let mut met = arena.list();
    passed_values(scan, at, field, &mut met)?;
    Some(are_distinct(&mut met))
}

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

#[cfg(test)]
mod tests {
    use super::super::super::schema::FIELDS;
    use super::*;

    #[test]
    fn a_key_that_is_there_twice_is_found() {
        let arena = Arena::default();
        let field = FIELDS.iter().find(|field| field.ty == Type::TextsMap).unwrap();
        for count in [0, 1, 2, FEW, FEW + 1, 50, 200] {
            let texts: Vec<String> = (0..count).map(|n| format!("key-{}", n * 7 % 200)).collect();
            let json = |again: Option<&String>| {
                let all: Vec<String> =
                    texts.iter().chain(again).map(|key| format!("\"{key}\":[\"v\"]")).collect();
                format!("{{{}}}          ", all.join(","))
            };
            let behind = |json: &str| passed(Scan::new(json.as_bytes()), 0, field, &arena).map(Place::get);
            let distinct = json(None);
            assert_eq!(behind(&distinct), Some(distinct.trim_end().len()), "{count}");
            for again in &texts {
                assert_eq!(behind(&json(Some(again))), None, "{count} {again}");
            }
        }
    }
}
