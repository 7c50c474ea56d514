//! Instants as the wire format writes them. The engine has no clock: every instant comes in with a request.

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::fmt;

/// An instant between the years 0000 and 9999, in milliseconds.
///
/// Reads any RFC 3339 timestamp and drops what is finer than a millisecond; writes UTC with exactly three decimals,
/// `2026-11-24T14:32:38.000Z`.
///
/// # Example: a deadline in a quarter of an hour
/// ```
/// use policy_core::time::Timestamp;
///
/// let opened = Timestamp::parse("2026-11-24T14:32:38Z")?;
/// let deadline = opened.plus_seconds(15 * 60);
/// assert_eq!(deadline.for_people(), "2026-11-24 14:47:38 UTC");
/// assert_eq!((opened.seconds_until(deadline), deadline.seconds_until(opened)), (900, 0));
/// # Ok::<(), policy_core::time::NotATimestamp>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp {
    milliseconds: i64,
}

/// Why a text is no [`Timestamp`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no instant: write RFC 3339, such as 2026-11-24T14:32:38.000Z")]
pub struct NotATimestamp(String);

impl Timestamp {
    /// The first instant of the year 0000.
    pub const FIRST: Self = Self { milliseconds: -62_167_219_200_000 };
    /// The last millisecond of the year 9999.
    pub const LAST: Self = Self { milliseconds: 253_402_300_799_999 };

    /// Reads an RFC 3339 timestamp.
    ///
    /// # Errors
    /// When the text is none, or lies outside of the years 0000 to 9999.
    ///
    /// # Example: an instant of another time zone
    /// ```
    /// use policy_core::time::Timestamp;
    ///
    /// let instant = Timestamp::parse("2026-11-24T15:32:38+01:00")?;
    /// assert_eq!(instant.to_string(), "2026-11-24T14:32:38.000Z");
    /// # Ok::<(), policy_core::time::NotATimestamp>(())
    /// ```
    pub fn parse(text: &str) -> Result<Self, NotATimestamp> {
        DateTime::parse_from_rfc3339(text)
            .ok()
            .map(|time| Self { milliseconds: time.timestamp_millis() })
            .filter(|time| (Self::FIRST..=Self::LAST).contains(time))
            .ok_or_else(|| NotATimestamp(text.chars().take(64).collect()))
    }

    /// The instant so many milliseconds after the first of January 1970, UTC; none outside of the years 0000 to 9999.
    ///
    /// # Example: the first day of 1970, and too far away
    /// ```
    /// use policy_core::time::Timestamp;
    ///
    /// let first = Timestamp::from_millis(86_399_999).map(|at| at.to_string());
    /// assert_eq!(first.as_deref(), Some("1970-01-01T23:59:59.999Z"));
    /// assert_eq!(Timestamp::from_millis(i64::MAX), None);
    /// ```
    #[must_use]
    pub fn from_millis(milliseconds: i64) -> Option<Self> {
        Some(Self { milliseconds }).filter(|time| (Self::FIRST..=Self::LAST).contains(time))
    }

    /// The instant so many seconds later, at most [`Self::LAST`].
    #[must_use]
    pub fn plus_seconds(self, seconds: u32) -> Self {
        let milliseconds = self.milliseconds.saturating_add(i64::from(seconds).saturating_mul(1000));
        Self { milliseconds }.min(Self::LAST)
    }

    /// The whole seconds from here to a later instant; 0 where it is no later.
    #[must_use]
    pub fn seconds_until(self, later: Self) -> u32 {
        let seconds = later.milliseconds.saturating_sub(self.milliseconds).div_euclid(1000).max(0);
        u32::try_from(seconds).unwrap_or(u32::MAX)
    }

    /// As a sentence for people has it: `2026-11-24 14:32:38 UTC`.
    #[must_use]
    pub fn for_people(self) -> String {
        self.utc().format("%Y-%m-%d %H:%M:%S UTC").to_string()
    }

    fn utc(self) -> DateTime<Utc> {
        // Years 0000 to 9999 are well within chrono's range.
        DateTime::from_timestamp_millis(self.milliseconds).unwrap_or_default()
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.utc().to_rfc3339_opts(SecondsFormat::Millis, true))
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(de::Error::custom)
    }
}

/// The milliseconds since 1970 of an instant as hosts write it, `2026-11-24T14:32:38.000Z`; nothing for any other way to write one.
#[inline(never)]
pub(crate) fn parse_millis(text: &[u8]) -> Option<i64> {
    let bytes: &[u8; 24] = text.try_into().ok()?;
    let (Some(date), Some(time), Some(rest)) =
        (digits(bytes, 0, *b"0000-00-"), digits(bytes, 8, *b"00T00:00"), digits(bytes, 16, *b":00.000Z"))
    else {
        return None;
    };
    let year = pair(date, 0).wrapping_mul(100).wrapping_add(pair(date, 2));
    // A second 60 is an instant for some readers only.
    let second = Some(pair(rest, 1)).filter(|second| *second < 60)?;
    let millis = pair(rest, 4).wrapping_mul(10).wrapping_add(digit(rest, 6));
    let day = NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, pair(date, 5), pair(time, 0))?;
    let at = day.and_hms_milli_opt(pair(time, 3), pair(time, 6), second, millis)?;
    if year > 0 { Some(at.and_utc().timestamp_millis()) } else { None }
}

/// The digits of eight bytes, each in its own byte, where these are as in the pattern, with any digits for its zeros.
#[inline(always)]
fn digits(bytes: &[u8; 24], from: usize, pattern: [u8; 8]) -> Option<u64> {
    const HIGH: u64 = (u64::MAX / 0xff) << 7;
    // What may be added to the digit, or to the zero that a sign leaves, so that the high bit stays clear.
    let room = u64::from_le_bytes(pattern.map(|sign| if sign == b'0' { 0x76 } else { 0x7f }));
    let word = u64::from_le_bytes(*bytes.get(from..)?.first_chunk::<8>()?);
    let digits = word ^ u64::from_le_bytes(pattern);
    if (digits.wrapping_add(room) | digits) & HIGH == 0 { Some(digits) } else { None }
}

#[inline]
fn digit(digits: u64, at: u32) -> u32 {
    u32::from(digits.wrapping_shr(at.wrapping_mul(8)).to_le_bytes()[0])
}

/// The number that two digits are.
#[inline]
fn pair(digits: u64, at: u32) -> u32 {
    digit(digits, at).wrapping_mul(10).wrapping_add(digit(digits, at.wrapping_add(1)))
}

#[cfg(test)]
mod tests {
    use chrono::Datelike;
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_short_way_reads_what_chrono_reads(
            fields in (0..=9999_u32, 0..=13_u32, 0..=32_u32, 0..=24_u32, 0..=60_u32, 0..=60_u32, 0..=999_u32),
            change in prop::option::of((0..24_usize, any::<u8>())),
        ) {
            let (year, month, day, hour, minute, second, millis) = fields;
            let mut text =
                format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{millis:03}Z").into_bytes();
            if let Some((at, byte)) = change {
                text[at] = byte;
            }
            let read = std::str::from_utf8(&text).ok().and_then(|text| DateTime::parse_from_rfc3339(text).ok());
            let read = read.filter(|at| text[17] != b'6' && at.to_utc().year() > 0);
            // Chrono takes more ways to write one.
            let plain = text[10] == b'T' && text[23] == b'Z' && text[19] == b'.';
            prop_assert_eq!(parse_millis(&text), read.filter(|_| plain).map(|at| at.timestamp_millis()));
        }
    }

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    #[test]
    fn writes_utc_with_milliseconds() {
        for (read, written) in [
            ("2026-11-24T14:32:38Z", "2026-11-24T14:32:38.000Z"),
            ("2026-11-24T14:32:38.1239999Z", "2026-11-24T14:32:38.123Z"),
            ("2026-11-24T16:32:38.5+02:00", "2026-11-24T14:32:38.500Z"),
            ("0000-01-01T00:00:00Z", "0000-01-01T00:00:00.000Z"),
            ("9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999Z"),
        ] {
            assert_eq!(at(read).to_string(), written);
        }
    }

    #[test]
    fn refuses_what_is_no_instant() {
        for text in [
            "",
            "now",
            "2026-11-24",
            "2026-11-24T14:32:38",
            "2026-13-01T00:00:00Z",
            "0000-01-01T00:00:00+01:00",
        ] {
            assert!(Timestamp::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn adding_stops_at_the_last_instant() {
        assert_eq!(at("2026-11-24T14:32:38Z").plus_seconds(90), at("2026-11-24T14:34:08Z"));
        assert_eq!(at("9999-12-31T23:59:59Z").plus_seconds(u32::MAX), Timestamp::LAST);
    }
}
