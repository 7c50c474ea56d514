//! Instants as the wire format writes them. The engine has no clock: every instant comes in with a request.

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::fmt;

/// An instant between the years 0000 and 9999, in milliseconds.
///
/// Reads any RFC 3339 timestamp and drops what is finer than a millisecond; writes UTC with exactly three decimals,
/// `2026-11-24T14:32:38.000Z`.
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
    /// # Example
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

    /// The instant so many seconds later, at most [`Self::LAST`].
    #[must_use]
    pub fn plus_seconds(self, seconds: u32) -> Self {
        let milliseconds = self.milliseconds.saturating_add(i64::from(seconds).saturating_mul(1000));
        Self { milliseconds }.min(Self::LAST)
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
    let signs = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':'), (19, b'.'), (23, b'Z')];
    if signs.iter().any(|(at, sign)| bytes.get(*at) != Some(sign)) {
        return None;
    }
    let number = |from: usize, to: usize| {
        bytes.get(from..to)?.iter().try_fold(0_u32, |number, byte| {
            let digit = byte.is_ascii_digit().then(|| u32::from(byte.saturating_sub(b'0')))?;
            number.checked_mul(10)?.checked_add(digit)
        })
    };
    let year = i32::try_from(number(0, 4)?).ok().filter(|year| *year > 0)?;
    let day = NaiveDate::from_ymd_opt(year, number(5, 7)?, number(8, 10)?)?;
    // A second 60 is an instant for some readers only.
    let second = number(17, 19).filter(|second| *second < 60)?;
    let at = day.and_hms_milli_opt(number(11, 13)?, number(14, 16)?, second, number(20, 23)?)?;
    Some(at.and_utc().timestamp_millis())
}

#[cfg(test)]
mod tests {
    use super::*;

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
