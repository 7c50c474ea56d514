//! A reader of JSON for the common case: bytes as they stand, without a tree.
//!
//! It understands less than the reader in [`super::json`]: at the first thing that is out of the ordinary, a blank, an escape or a
//! mistake, it gives up, and the request is read again in full. So it never has to say what is wrong, and what it does say holds.
//!
//! A place comes in and the place behind what was read goes out: single numbers, which WebAssembly returns without writing them to memory.

use std::num::NonZeroUsize;

/// A place in a JSON text, behind its first byte.
pub(crate) type Place = NonZeroUsize;

/// A one in each byte.
const ONES: u64 = u64::MAX / 0xff;
/// The high bit of each byte.
const HIGH: u64 = ONES << 7;

/// A JSON text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scan<'j>(&'j [u8]);

impl<'j> Scan<'j> {
    pub(crate) fn new(text: &'j [u8]) -> Self {
        Self(text)
    }

    /// The byte at a place; nothing at the end.
    #[inline]
    pub(crate) fn byte(self, at: usize) -> Option<u8> {
        self.0.get(at).copied()
    }

    /// Behind so many bytes.
    #[inline]
    pub(crate) fn behind(at: usize, length: usize) -> Option<Place> {
        Place::new(at.wrapping_add(length))
    }

    /// Behind this sign.
    #[inline]
    pub(crate) fn sign(self, at: usize, sign: u8) -> Option<Place> {
        if self.byte(at) == Some(sign) { Self::behind(at, 1) } else { None }
    }

    /// The eight bytes from a place on, as a number.
    #[inline]
    pub(crate) fn word(self, at: usize) -> Option<u64> {
        self.0.get(at..)?.first_chunk::<8>().map(|eight| u64::from_le_bytes(*eight))
    }

    /// What follows.
    #[inline]
    pub(crate) fn rest(self, at: usize) -> &'j [u8] {
        self.0.get(at..).unwrap_or_default()
    }

    /// The bytes between two places.
    #[inline]
    pub(crate) fn between(self, from: usize, to: usize) -> Option<&'j [u8]> {
        self.0.get(from..to)
    }

    /// The closing quote of the string that opens at a place, and the sign behind it. It has no escapes and is UTF-8.
    ///
    /// Inlined into each of its few callers: most of a request is strings, most of those are short, and a call costs as much.
    #[inline(always)]
    pub(crate) fn quoted(self, open: usize) -> Option<(usize, u8)> {
        const QUOTE: u64 = b'"' as u64;
        let mut at = open;
        let mut word = self.word(at)?;
        if word & 0xff != QUOTE {
            return None;
        }
        // The opening quote becomes a letter, so that it ends nothing.
        word ^= QUOTE ^ u64::from(b'a');
        loop {
            // The high bit of each byte that is a quote, a backslash, a control sign or not ASCII; a borrow may set bits behind the first one,
            // which do not matter. Of what is below 0x21 with its second bit turned, the quote is the only one that is no control; and
            // no byte loses its high bit by both.
            let ends = ((word ^ ONES.wrapping_mul(0x02)).wrapping_sub(ONES.wrapping_mul(0x21))
                | (word ^ ONES.wrapping_mul(b'\\' as u64)).wrapping_sub(ONES))
                & HIGH;
            if ends != 0 {
                let bit = ends.trailing_zeros();
                let rest = word.wrapping_shr(bit.wrapping_sub(7));
                if rest & 0xff != QUOTE {
                    break;
                }
                let to = at.wrapping_add(bit.wrapping_shr(3) as usize);
                let sign = if bit < 63 { rest.to_le_bytes()[1] } else { self.byte(to.wrapping_add(1))? };
                return Some((to, sign));
            }
            at = at.wrapping_add(8);
            match self.word(at) {
                Some(next) => word = next,
                None => break,
            }
        }
        let to = self.close(open.wrapping_add(1))?.get();
        Some((to, self.byte(to.wrapping_add(1))?))
    }

    /// The closing quote of any string that begins here, behind its opening quote.
    #[cold]
    #[inline(never)]
    fn close(self, from: usize) -> Option<Place> {
        let rest = self.0.get(from..)?;
        let (length, is_ascii) = plain(rest);
        if rest.get(length) != Some(&b'"') || !(is_ascii || is_utf8(rest, length)) {
            return None;
        }
        Self::behind(from, length)
    }

    /// A string, and the place behind it; something follows.
    #[inline]
    pub(crate) fn string(self, at: usize) -> Option<(&'j [u8], Place)> {
        let (to, _) = self.quoted(at)?;
        Some((self.between(at.wrapping_add(1), to)?, Self::behind(to, 1)?))
    }

    /// A whole number of at most 15 digits, which every reader of JSON understands alike, and the place behind it.
    #[inline(never)]
    pub(crate) fn integer(self, at: usize) -> Option<(i64, Place)> {
        let rest = self.rest(at);
        let negative = rest.first() == Some(&b'-');
        let digits = rest.get(usize::from(negative)..)?;
        let length = digits.iter().position(|byte| !byte.is_ascii_digit())?;
        let written = digits.get(..length)?;
        // What follows tells a whole number from `1.5` and `1e3`; `01` is no JSON, and `-0` is no integer for all readers.
        let ends = matches!(digits.get(length), Some(b',' | b'}' | b']'));
        let odd = written.first() == Some(&b'0') && (length > 1 || negative);
        if !ends || length == 0 || length > 15 || odd {
            return None;
        }
        let magnitude = written.iter().fold(0_i64, |number, digit| {
            number.saturating_mul(10).saturating_add(i64::from(digit.saturating_sub(b'0')))
        });
        let number = if negative { magnitude.saturating_neg() } else { magnitude };
        Some((number, Self::behind(at, length.saturating_add(usize::from(negative)))?))
    }
}

#[cold]
#[inline(never)]
fn is_utf8(rest: &[u8], length: usize) -> bool {
    rest.get(..length).is_some_and(|string| std::str::from_utf8(string).is_ok())
}

/// How many bytes stand before the first quote, backslash or control sign, and whether all of them are ASCII. Eight are looked at at once:
/// most of a request is text.
#[inline]
pub(super) fn plain(bytes: &[u8]) -> (usize, bool) {
    // The high bit of each byte that is zero; a borrow may set bits behind the first one, which do not matter.
    let zero = |word: u64| word.wrapping_sub(ONES) & !word & HIGH;
    let (mut at, mut all) = (0_usize, 0_u64);
    while let Some(eight) = bytes.get(at..).and_then(<[u8]>::first_chunk::<8>) {
        let word = u64::from_le_bytes(*eight);
        let control = word.wrapping_sub(ONES.wrapping_mul(0x20)) & !word & HIGH;
        let found = control
            | zero(word ^ ONES.wrapping_mul(u64::from(b'"')))
            | zero(word ^ ONES.wrapping_mul(u64::from(b'\\')));
        if found != 0 {
            let before = (found & found.wrapping_neg()).wrapping_sub(1);
            let byte = found.trailing_zeros().wrapping_shr(3);
            let length = at.saturating_add(usize::try_from(byte).unwrap_or_default());
            return (length, (all | word & before) & HIGH == 0);
        }
        all |= word;
        at = at.saturating_add(8);
    }
    plain_tail(bytes, at, all & HIGH == 0)
}

#[cold]
fn plain_tail(bytes: &[u8], at: usize, is_ascii: bool) -> (usize, bool) {
    let rest = bytes.get(at..).unwrap_or_default();
    let ends = |byte: &u8| matches!(byte, b'"' | b'\\' | 0..=0x1f);
    let length = rest.iter().position(ends).unwrap_or(rest.len());
    (at.saturating_add(length), is_ascii && rest.iter().take(length).all(u8::is_ascii))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scan(text: &str) -> Scan<'_> {
        scan_of(text.as_bytes())
    }

    fn scan_of(text: &[u8]) -> Scan<'_> {
        Scan::new(text)
    }

    #[test]
    fn plain_json_is_read_as_it_stands() {
        let place = |at| Place::new(at);
        assert_eq!(scan("{\"a\"").sign(0, b'{'), place(1));
        assert_eq!(scan("\"aé\",       ").string(0), place(5).map(|place| ("aé".as_bytes(), place)));
        assert_eq!(scan("-12,").integer(0), place(3).map(|place| (-12, place)));
        assert_eq!(scan("0}").integer(0), place(1).map(|place| (0, place)));
    }

    proptest::proptest! {
        #[test]
        fn eight_bytes_at_once_find_what_one_by_one_would(
            bytes in proptest::collection::vec(proptest::prop_oneof![10 => b'a'..=b'z', 1 => proptest::prelude::any::<u8>(), 1 => proptest::prelude::Just(b'"')], 0..60),
        ) {
            let ends = |byte: &u8| matches!(byte, b'"' | b'\\' | 0..=0x1f);
            let length = bytes.iter().position(ends).unwrap_or(bytes.len());
            proptest::prop_assert_eq!(plain(&bytes), (length, bytes[..length].is_ascii()));
            let is_string = bytes.get(length) == Some(&b'"') && std::str::from_utf8(&bytes[..length]).is_ok();
            let mut quoted = vec![b'"'];
            quoted.extend(&bytes);
            let close = quoted.len().min(length.saturating_add(1));
            let sign = bytes.get(close).filter(|_| is_string && quoted.len() >= 8);
            proptest::prop_assert_eq!(Scan::new(&quoted).quoted(0), sign.map(|sign| (close, *sign)));
        }
    }

    #[test]
    fn what_is_not_utf_8_is_no_string() {
        for byte in 0x80..=0xff_u8 {
            for before in 0..10 {
                let mut text = [&b"\""[..], &[b'a'; 10][..before], &[byte], b"\",       "].concat();
                assert_eq!(scan_of(&text).string(0), None, "{byte:x} {before}");
                // The second half of U+0080 to U+00BF.
                if byte < 0xc0 {
                    text.insert(before.saturating_add(1), 0xc2);
                    assert!(scan_of(&text).string(0).is_some(), "{byte:x} {before}");
                }
            }
        }
    }

    #[test]
    fn what_is_out_of_the_ordinary_is_given_up() {
        for text in [
            r#""a\n",    "#,
            r#""a        "#,
            r#""abcdefg""#,
            "\"a\u{1}\",     ",
            "a         ",
            "",
            " \"a\",    ",
        ] {
            assert_eq!(scan(text).string(0), None, "{text}");
        }
        assert_eq!(Scan::new(b"\"\xff\",        ").string(0), None);
        for text in ["1", "1.5,", "1e3,", "01,", "-0,", "-,", "1234567890123456,", "+1,", ""] {
            assert_eq!(scan(text).integer(0), None, "{text}");
        }
    }
}
