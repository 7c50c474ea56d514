//! Instants and spans of time, as cel-spec bounds them.

use chrono::{DateTime, Datelike, FixedOffset, NaiveDateTime, Offset, TimeZone, Utc};

/// An instant of the years 1 to 9999, in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Instant {
    /// Seconds since 1970-01-01T00:00:00Z.
    seconds: i64,
    /// Nanoseconds within the second, below 10⁹.
    nanos: u32,
}

/// A span of time: nanoseconds, so at most some 292 years, as in cel-go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Span(i64);

const NANOS: i64 = 1_000_000_000;
const FIRST: i64 = -62_135_596_800;
const LAST: i64 = 253_402_300_799;

impl Instant {
    /// Nothing outside of the years 1 to 9999.
    pub(super) fn new(seconds: i64, nanos: u32) -> Option<Self> {
        ((FIRST..=LAST).contains(&seconds) && i64::from(nanos) < NANOS).then_some(Self { seconds, nanos })
    }

    pub(super) fn from_millis(millis: i64) -> Option<Self> {
        let nanos = millis.rem_euclid(1_000).checked_mul(1_000_000)?;
        Self::new(millis.div_euclid(1_000), u32::try_from(nanos).ok()?)
    }

    /// As RFC 3339 writes it, with the large letters that Go and cel-go want.
    pub(super) fn parse(text: &str) -> Option<Self> {
        if text.as_bytes().get(10) != Some(&b'T') || text.ends_with('z') {
            return None;
        }
        let instant = DateTime::parse_from_rfc3339(text).ok()?;
        Self::new(instant.timestamp(), instant.timestamp_subsec_nanos())
    }

    pub(super) fn seconds(self) -> i64 {
        self.seconds
    }

    pub(super) fn nanos(self) -> u32 {
        self.nanos
    }

    pub(super) fn checked_add(self, span: Span) -> Option<Self> {
        let nanos = span.0.rem_euclid(NANOS).checked_add(i64::from(self.nanos))?;
        let seconds =
            self.seconds.checked_add(span.0.div_euclid(NANOS))?.checked_add(nanos.div_euclid(NANOS))?;
        Self::new(seconds, u32::try_from(nanos.rem_euclid(NANOS)).ok()?)
    }

    pub(super) fn checked_sub(self, span: Span) -> Option<Self> {
        self.checked_add(Span(span.0.checked_neg()?))
    }

    /// The time since another instant.
    pub(super) fn since(self, other: Self) -> Option<Span> {
        Span::new(
            self.seconds.checked_sub(other.seconds)?,
            i64::from(self.nanos).checked_sub(i64::from(other.nanos))?,
        )
    }

    /// The clock on the wall at a place: an IANA time zone, or an offset such as `+01:00`; UTC where nothing is said.
    pub(super) fn at(self, zone: Option<&str>) -> Option<NaiveDateTime> {
        let utc: DateTime<Utc> = DateTime::from_timestamp(self.seconds, self.nanos)?;
        let Some(zone) = zone else { return Some(utc.naive_utc()) };
        let offset = match offset(zone) {
            Some(offset) => offset,
            None => zone.parse::<chrono_tz::Tz>().ok()?.offset_from_utc_datetime(&utc.naive_utc()).fix(),
        };
        utc.naive_utc().checked_add_offset(offset)
    }

    /// As RFC 3339 writes it, with no more digits behind the second than there are.
    pub(super) fn to_text(self) -> Option<String> {
        use std::fmt::Write;
        let at = self.at(None)?;
        let mut text = format!("{:04}-{}", at.year(), at.format("%m-%dT%H:%M:%S"));
        if self.nanos > 0 {
            let digits = format!("{:09}", self.nanos);
            write!(text, ".{}", digits.trim_end_matches('0')).ok()?;
        }
        text.push('Z');
        Some(text)
    }
}

/// Whether `zone` names a time zone or an offset.
pub(super) fn is_zone(zone: &str) -> bool {
    offset(zone).is_some() || zone.parse::<chrono_tz::Tz>().is_ok()
}

/// `+01:00`, `-02:30` or `02:00`.
fn offset(zone: &str) -> Option<FixedOffset> {
    let (sign, clock) = match zone.as_bytes().first()? {
        b'+' => (1, zone.get(1..)?),
        b'-' => (-1, zone.get(1..)?),
        _ => (1, zone),
    };
    let (hours, minutes) = clock.split_once(':')?;
    let number = |digits: &str| {
        let plain = matches!(digits.len(), 1 | 2) && digits.bytes().all(|byte| byte.is_ascii_digit());
        plain.then(|| digits.parse::<i32>().ok()).flatten()
    };
    let (hours, minutes) = (number(hours)?, number(minutes).filter(|minutes| *minutes < 60)?);
    let seconds = hours.checked_mul(3_600)?.checked_add(minutes.checked_mul(60)?)?.checked_mul(sign)?;
    FixedOffset::east_opt(seconds)
}

impl Span {
    /// Nothing where it is too long.
    pub(super) fn new(seconds: i64, nanos: i64) -> Option<Self> {
        // Each alone may be too large though the sum is not: one second less than the smallest, and some of it back.
        let total = i128::from(seconds).checked_mul(i128::from(NANOS))?.checked_add(i128::from(nanos))?;
        i64::try_from(total).ok().map(Self)
    }

    pub(super) fn from_millis(millis: i64) -> Option<Self> {
        millis.checked_mul(1_000_000).map(Self)
    }

    /// As cel-spec writes it, e.g. `1h30m`, `-1.5s`, `20ms`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (negative, mut rest) = match text.as_bytes().first()? {
            b'-' => (true, text.get(1..)?),
            b'+' => (false, text.get(1..)?),
            _ => (false, text),
        };
        if rest == "0" {
            return Some(Self(0));
        }
        let mut total = 0_i128;
        while !rest.is_empty() {
            let (part, after) = component(rest)?;
            total = total.checked_add(part)?;
            rest = after;
        }
        if rest.len() == text.len() || text.trim_start_matches(['+', '-']).is_empty() {
            return None;
        }
        let total = if negative { total.checked_neg()? } else { total };
        i64::try_from(total).ok().map(Self)
    }

    pub(super) fn total_nanos(self) -> i64 {
        self.0
    }

    /// Whole seconds, towards zero.
    pub(super) fn seconds(self) -> i64 {
        self.0.checked_div(NANOS).unwrap_or_default()
    }

    /// What is left below a second, with the span's sign.
    pub(super) fn nanos(self) -> i64 {
        self.0.checked_rem(NANOS).unwrap_or_default()
    }

    pub(super) fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    pub(super) fn checked_sub(self, other: Self) -> Option<Self> {
        self.0.checked_sub(other.0).map(Self)
    }

    /// In seconds, e.g. `5400s` or `-0.25s`.
    pub(super) fn to_text(self) -> String {
        let sign = if self.0 < 0 { "-" } else { "" };
        let nanos = self.nanos().unsigned_abs();
        let mut text = format!("{sign}{}", self.seconds().unsigned_abs());
        if nanos > 0 {
            let digits = format!("{nanos:09}");
            text.push('.');
            text.push_str(digits.trim_end_matches('0'));
        }
        text.push('s');
        text
    }
}

/// A number with its unit at the head of `text`, in nanoseconds, and what follows.
fn component(text: &str) -> Option<(i128, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.')?;
    let (number, rest) = text.split_at_checked(end)?;
    let (unit, rest) = [
        ("ns", 1_i128),
        ("us", 1_000),
        ("µs", 1_000),
        ("μs", 1_000),
        ("ms", 1_000_000),
        ("s", 1_000_000_000),
        ("m", 60_000_000_000),
        ("h", 3_600_000_000_000),
    ]
    .into_iter()
    .find_map(|(name, unit)| Some((unit, rest.strip_prefix(name)?)))?;
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    if (whole.is_empty() && fraction.is_empty()) || whole.len() > 24 || fraction.len() > 24 {
        return None;
    }
    let digits = |digits: &str| if digits.is_empty() { Some(0) } else { digits.parse::<i128>().ok() };
    let mut nanos = digits(whole)?.checked_mul(unit)?;
    // What is below a nanosecond is dropped, digit by digit so that nothing is rounded.
    let mut scale = unit;
    for digit in fraction.bytes() {
        scale = scale.checked_div(10)?;
        nanos = nanos.checked_add(scale.checked_mul(i128::from(digit.checked_sub(b'0')?))?)?;
    }
    Some((nanos, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_read_and_written_as_cel_writes_them() {
        for (text, written) in [
            ("1h30m", "5400s"),
            ("-1.5s", "-1.5s"),
            ("20ms", "0.02s"),
            ("1h1m1s1ms1us1ns", "3661.001001001s"),
            ("0", "0s"),
            ("+3s", "3s"),
            ("1.5h", "5400s"),
            ("0.5µs", "0.0000005s"),
            (".5s", "0.5s"),
            ("1.s", "1s"),
            ("-0", "0s"),
            ("9223372036.854775807s", "9223372036.854775807s"),
        ] {
            assert_eq!(Span::parse(text).map(Span::to_text).as_deref(), Some(written), "{text}");
        }
        for text in [
            "",
            "-",
            "1",
            "s",
            "1x",
            "1h-1m",
            "1h-30m",
            "1e3s",
            "1.2.3s",
            "1d",
            "1s foo",
            ".s",
            "320000000000s",
            " 1s",
            "1 s",
            "1s ",
        ] {
            assert_eq!(Span::parse(text), None, "{text}");
        }
    }

    #[test]
    fn instants_stay_within_their_years() {
        let last = Instant::parse("9999-12-31T23:59:59.999999999Z").map(Instant::to_text);
        assert_eq!(last, Some(Some("9999-12-31T23:59:59.999999999Z".to_owned())));
        let first = Instant::parse("0001-01-01T00:00:00Z");
        assert_eq!(first.and_then(|it| it.checked_sub(Span(1))), None);
        for text in
            ["10000-01-01T00:00:00Z", "2009-02-13 23:31:30Z", "2009-02-13T23:31:30z", "2009-02-30T00:00:00Z"]
        {
            assert_eq!(Instant::parse(text), None, "{text}");
        }
        assert_eq!(Instant::parse("2016-12-31T23:59:60Z"), None);
        let before = Instant::from_millis(-1).and_then(Instant::to_text);
        assert_eq!(before.as_deref(), Some("1969-12-31T23:59:59.999Z"));
    }

    #[test]
    fn zones_are_names_and_offsets() {
        for zone in ["Europe/Zurich", "UTC", "+11:00", "-02:30", "02:00", "US/Central"] {
            assert!(is_zone(zone), "{zone}");
        }
        for zone in ["Europe/Zurch", "", "+1", "1:99", "+aa:00", "11:00:00", "+24:00"] {
            assert!(!is_zone(zone), "{zone}");
        }
    }
}
