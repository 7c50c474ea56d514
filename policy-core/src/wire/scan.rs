//! A reader of JSON for the common case: bytes as they stand, without a tree.
//!
//! It understands less than the reader in [`super::json`]: at the first thing that is out of the ordinary, an escape or a mistake,
//! it gives up, and the request is read again in full. So it never has to say what is wrong, and what it does say holds.

use crate::bytes::starts_with;

/// A place in a JSON text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scan<'j> {
    text: &'j [u8],
    at: usize,
}

impl<'j> Scan<'j> {
    pub(crate) fn new(text: &'j [u8]) -> Self {
        Self { text, at: 0 }
    }

    /// The next byte that is no blank. Hosts write none.
    #[inline]
    fn peek(&mut self) -> Option<u8> {
        match self.text.get(self.at) {
            Some(b' ' | b'\n' | b'\r' | b'\t') => self.peek_behind_blanks(),
            byte => byte.copied(),
        }
    }

    #[cold]
    fn peek_behind_blanks(&mut self) -> Option<u8> {
        let rest = self.text.get(self.at..)?;
        let blanks = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\n' | b'\r' | b'\t')).count();
        self.at = self.at.saturating_add(blanks);
        self.text.get(self.at).copied()
    }

    /// Steps over this sign, where it is the next one.
    #[inline]
    pub(crate) fn skip(&mut self, sign: u8) -> bool {
        let found = self.peek() == Some(sign);
        self.at = self.at.saturating_add(usize::from(found));
        found
    }

    #[inline]
    pub(crate) fn expect(&mut self, sign: u8) -> Option<()> {
        self.skip(sign).then_some(())
    }

    /// Whether nothing follows.
    pub(crate) fn is_end(&mut self) -> bool {
        self.peek().is_none()
    }

    /// The bytes of a string without escapes, which are UTF-8.
    #[inline(never)]
    pub(crate) fn string(&mut self) -> Option<&'j [u8]> {
        self.expect(b'"')?;
        let rest = self.text.get(self.at..)?;
        let (length, is_ascii) = plain(rest);
        if rest.get(length) != Some(&b'"') {
            return None;
        }
        let string = rest.get(..length)?;
        if !is_ascii && std::str::from_utf8(string).is_err() {
            return None;
        }
        self.at = self.at.saturating_add(length).saturating_add(1);
        Some(string)
    }

    /// A string without escapes.
    #[inline(never)]
    pub(crate) fn text(&mut self) -> Option<&'j str> {
        std::str::from_utf8(self.string()?).ok()
    }

    #[inline(never)]
    pub(crate) fn bool(&mut self) -> Option<bool> {
        self.peek()?;
        let rest = self.text.get(self.at..)?;
        let (value, length) = if starts_with(rest, b"true") {
            (true, 4)
        } else if starts_with(rest, b"false") {
            (false, 5)
        } else {
            return None;
        };
        self.at = self.at.saturating_add(length);
        Some(value)
    }

    /// A whole number of at most 15 digits, which every reader of JSON understands alike.
    #[inline(never)]
    pub(crate) fn integer(&mut self) -> Option<i64> {
        self.peek()?;
        let rest = self.text.get(self.at..)?;
        let negative = rest.first() == Some(&b'-');
        let digits = rest.get(usize::from(negative)..)?;
        let length = digits.iter().position(|byte| !byte.is_ascii_digit())?;
        let written = digits.get(..length)?;
        // What follows tells a whole number from `1.5` and `1e3`; `01` is no JSON, and `-0` is no integer for all readers.
        let plain = matches!(digits.get(length), Some(b',' | b'}' | b']' | b' ' | b'\n' | b'\r' | b'\t'));
        let odd = written.first() == Some(&b'0') && (length > 1 || negative);
        if !plain || length == 0 || length > 15 || odd {
            return None;
        }
        let magnitude = written.iter().fold(0_i64, |number, digit| {
            number.saturating_mul(10).saturating_add(i64::from(digit.saturating_sub(b'0')))
        });
        self.at = self.at.saturating_add(length).saturating_add(usize::from(negative));
        Some(if negative { magnitude.saturating_neg() } else { magnitude })
    }

    /// The next sign.
    pub(crate) fn next_is(&mut self, sign: u8) -> bool {
        self.peek() == Some(sign)
    }

    /// The next key of an object that was entered, or nothing at its end. `first` for the one behind the brace.
    #[inline(never)]
    pub(crate) fn key(&mut self, first: bool) -> Option<Option<&'j [u8]>> {
        if self.skip(b'}') {
            return Some(None);
        }
        if !first {
            self.expect(b',')?;
        }
        let key = self.string()?;
        self.expect(b':')?;
        Some(Some(key))
    }

    /// Whether another element of a list that was entered follows.
    #[inline]
    pub(crate) fn element(&mut self, first: bool) -> Option<bool> {
        if self.skip(b']') {
            return Some(false);
        }
        if !first {
            self.expect(b',')?;
        }
        Some(true)
    }
}

/// How many bytes stand before the first quote, backslash or control sign, and whether all of them are ASCII. Eight are looked at at once:
/// most of a request is text.
#[inline]
pub(super) fn plain(bytes: &[u8]) -> (usize, bool) {
    const ONES: u64 = u64::MAX / 0xff;
    const HIGH: u64 = ONES << 7;
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

    #[test]
    fn plain_json_is_read_as_it_stands() {
        let mut scan = Scan::new(br#" { "a" : "b", "n": -12 , "l": [ true,false ] } "#);
        assert_eq!(scan.expect(b'{'), Some(()));
        assert_eq!(scan.key(true), Some(Some(&b"a"[..])));
        assert_eq!(scan.text(), Some("b"));
        assert_eq!(scan.key(false), Some(Some(&b"n"[..])));
        assert_eq!(scan.integer(), Some(-12));
        assert_eq!(scan.key(false), Some(Some(&b"l"[..])));
        assert_eq!(scan.expect(b'['), Some(()));
        assert_eq!((scan.element(true), scan.bool()), (Some(true), Some(true)));
        assert_eq!((scan.element(false), scan.bool()), (Some(true), Some(false)));
        assert_eq!(scan.element(false), Some(false));
        assert_eq!(scan.key(false), Some(None));
        assert!(scan.is_end());
    }

    proptest::proptest! {
        #[test]
        fn eight_bytes_at_once_find_what_one_by_one_would(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..40)) {
            let ends = |byte: &u8| matches!(byte, b'"' | b'\\' | 0..=0x1f);
            let length = bytes.iter().position(ends).unwrap_or(bytes.len());
            proptest::prop_assert_eq!(plain(&bytes), (length, bytes[..length].is_ascii()));
        }
    }

    #[test]
    fn what_is_out_of_the_ordinary_is_given_up() {
        for text in [r#""a\n""#, r#""a"#, "\"a\u{1}\"", "a", ""] {
            assert_eq!(Scan::new(text.as_bytes()).string(), None, "{text}");
        }
        for text in ["1", "1.5,", "1e3,", "01,", "-0,", "-,", "1234567890123456,", "+1,", ""] {
            assert_eq!(Scan::new(text.as_bytes()).integer(), None, "{text}");
        }
        for text in ["[,1]", "[1 2]"] {
            let mut scan = Scan::new(text.as_bytes());
            assert_eq!(scan.expect(b'['), Some(()));
            let first = scan.element(true).and_then(|_| scan.integer());
            assert!(first.is_none() || scan.element(false).is_none(), "{text}");
        }
    }
}
