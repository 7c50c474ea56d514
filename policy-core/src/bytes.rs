//! Texts as bytes, eight at a time.
//!
//! What the compiler calls for `==` on slices goes byte by byte in WebAssembly, and a decision compares texts more than it does anything else.

use ascii::AsciiStr;

/// The text that some bytes are, where they are UTF-8. Nearly all texts are ASCII, which is told eight bytes at a time.
#[inline]
pub(crate) fn text(bytes: &[u8]) -> Option<&str> {
    match AsciiStr::from_ascii(bytes) {
        Ok(text) => Some(text.as_str()),
        Err(_) => std::str::from_utf8(bytes).ok(),
    }
}

/// Whether both are the same.
#[inline]
pub(crate) fn same(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && same_length(a, b)
}

/// Whether `text` begins with `part`.
#[inline]
pub(crate) fn starts_with(text: &[u8], part: &[u8]) -> bool {
    text.get(..part.len()).is_some_and(|head| same_length(head, part))
}

/// Whether `text` ends with `part`.
#[inline]
pub(crate) fn ends_with(text: &[u8], part: &[u8]) -> bool {
    let tail = text.len().checked_sub(part.len()).and_then(|from| text.get(from..));
    tail.is_some_and(|tail| same_length(tail, part))
}

#[inline]
fn same_length(mut a: &[u8], mut b: &[u8]) -> bool {
    while let (Some((x, a_rest)), Some((y, b_rest))) =
        (a.split_first_chunk::<8>(), b.split_first_chunk::<8>())
    {
        if u64::from_le_bytes(*x) != u64::from_le_bytes(*y) {
            return false;
        }
        (a, b) = (a_rest, b_rest);
    }
    same_few(a, b)
}

/// Fewer than eight bytes, as many of both.
#[inline]
fn same_few(a: &[u8], b: &[u8]) -> bool {
    if let (Some(x), Some(y), Some(x_last), Some(y_last)) =
        (a.first_chunk::<4>(), b.first_chunk::<4>(), a.last_chunk::<4>(), b.last_chunk::<4>())
    {
        return u32::from_le_bytes(*x) == u32::from_le_bytes(*y)
            && u32::from_le_bytes(*x_last) == u32::from_le_bytes(*y_last);
    }
    match (a, b) {
        ([], []) => true,
        ([a], [b]) => a == b,
        ([a, x], [b, y]) => a == b && x == y,
        ([a, x, v], [b, y, w]) => a == b && x == y && v == w,
        _ => false,
    }
}

/// What belongs to each of some texts. Found by a hash that is the same everywhere; the texts are a policy's, so nobody else chooses them.
#[derive(Debug)]
pub(crate) struct Table<T> {
    /// Sorted by hash.
    entries: Vec<(u64, Box<str>, T)>,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self { entries: Vec::new() }
    }
}

impl<T> Table<T> {
    /// A table of texts, of which no two are the same.
    pub(crate) fn new(entries: impl IntoIterator<Item = (String, T)>) -> Self {
        let hashed = entries.into_iter().map(|(text, value)| (hash(text.as_bytes()), text.into(), value));
        let mut entries: Vec<_> = hashed.collect();
        entries.sort_by_key(|(hash, ..)| *hash);
        Self { entries }
    }

    /// Each of the texts and what belongs to it, in no order that means anything.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &T)> {
        self.entries.iter().map(|(_, text, value)| (&**text, value))
    }

    #[inline(never)]
    pub(crate) fn get(&self, text: &str) -> Option<&T> {
        let wanted = hash(text.as_bytes());
        let from = self.entries.partition_point(|(hash, ..)| *hash < wanted);
        let alike = self.entries.get(from..)?.iter().take_while(|(hash, ..)| *hash == wanted);
        let mut found = alike.filter(|(_, known, _)| same(known.as_bytes(), text.as_bytes()));
        found.next().map(|(_, _, value)| value)
    }
}

/// Spreads texts; nothing relies on two of them never meeting.
#[inline]
fn hash(mut text: &[u8]) -> u64 {
    let mut hash = 0x9e37_79b9_7f4a_7c15_u64;
    let mut take = |word: u64| {
        hash = (hash ^ word).wrapping_mul(0xff51_afd7_ed55_8ccd);
        hash ^= hash.wrapping_shr(32);
    };
    while let Some((word, rest)) = text.split_first_chunk::<8>() {
        take(u64::from_le_bytes(*word));
        text = rest;
    }
    let tail = text.iter().fold(1_u64, |tail, byte| tail.wrapping_shl(8) | u64::from(*byte));
    take(tail);
    hash
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_text_is_what_is_utf_8(
            bytes in prop_oneof![any::<Vec<u8>>(), any::<String>().prop_map(String::into_bytes), "[a-z]{0,40}".prop_map(String::into_bytes)],
        ) {
            prop_assert_eq!(super::text(&bytes), std::str::from_utf8(&bytes).ok());
        }
    }

    #[test]
    fn a_table_finds_its_texts_and_no_others() {
        let texts = || (0..500).map(|n| format!("https://app-{n}.example.org"));
        let table = super::Table::new(texts().zip(0..));
        for (text, n) in texts().zip(0..) {
            assert_eq!(table.get(&text), Some(&n));
            assert_eq!(table.get(&format!("{text}/")), None);
        }
        assert_eq!((table.get(""), super::Table::<u8>::default().get("a")), (None, None));
    }

    proptest! {
        #[test]
        fn words_tell_what_bytes_tell(
            text in prop::collection::vec(0..3_u8, 0..40), part in prop::collection::vec(0..3_u8, 0..12), from in 0..40_usize,
        ) {
            let piece = text.get(from..).unwrap_or_default();
            for other in [&part[..], piece, &text[..]] {
                prop_assert_eq!(super::same(&text, other), text == other);
                prop_assert_eq!(super::starts_with(&text, other), text.starts_with(other));
                prop_assert_eq!(super::ends_with(&text, other), text.ends_with(other));
            }
        }
    }
}
