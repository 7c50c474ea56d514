//! Durations as Go and CEL write them, in whole seconds, with days.

use std::ops::RangeInclusive;

/// Seconds in each unit.
const UNITS: [(char, u32); 4] = [('d', 86_400), ('h', 3_600), ('m', 60), ('s', 1)];

/// Reads `90s`, `15m`, `1h30m` or `2d` as seconds.
///
/// # Errors
///
/// A sentence that says what is wrong: there is no text, something else than numbers with one of the units, or more seconds than a `u32` holds.
///
/// # Example: an hour and a half
///
/// ```
/// assert_eq!(policy_core::policy::duration::parse("1h30m"), Ok(5_400));
/// ```
///
/// # Example: a number without a unit
///
/// ```
/// assert_eq!(policy_core::policy::duration::parse("90"), Err("`90` has no unit".to_owned()));
/// ```
pub fn parse(text: &str) -> Result<u32, String> {
    let mut rest = text;
    let mut total = 0_u32;
    if rest.is_empty() {
        return Err("a duration is a number with a unit".to_owned());
    }
    while !rest.is_empty() {
        let digits = rest.len().saturating_sub(rest.trim_start_matches(|c: char| c.is_ascii_digit()).len());
        let (number, tail) = rest.split_at_checked(digits).unwrap_or((rest, ""));
        if number.is_empty() {
            return Err(format!("`{text}` is no duration"));
        }
        let Some(unit) = tail.chars().next() else { return Err(format!("`{text}` has no unit")) };
        let Some((_, seconds)) = UNITS.iter().find(|(letter, _)| *letter == unit) else {
            return Err(format!("`{text}` is no duration: the units are d, h, m and s"));
        };
        total = number
            .parse::<u32>()
            .ok()
            .and_then(|number| number.checked_mul(*seconds))
            .and_then(|seconds| total.checked_add(seconds))
            .ok_or_else(|| format!("`{text}` is too long"))?;
        rest = tail.get(unit.len_utf8()..).unwrap_or_default();
        if rest.starts_with('s') && unit == 'm' {
            return Err(format!("`{text}` is no duration: the smallest unit is a second"));
        }
    }
    Ok(total)
}

/// Writes seconds the way people would: `15m`, `1h30m`.
///
/// # Example: a day and a minute
///
/// ```
/// assert_eq!(policy_core::policy::duration::show(86_460), "1d1m");
/// ```
#[must_use]
pub fn show(seconds: u32) -> String {
    let mut rest = seconds;
    let mut text = String::new();
    for (letter, size) in UNITS {
        let count = rest.checked_div(size).unwrap_or_default();
        rest = rest.checked_rem(size).unwrap_or_default();
        if count > 0 {
            text.push_str(&format!("{count}{letter}"));
        }
    }
    if text.is_empty() { "0s".to_owned() } else { text }
}

/// Writes a range as `10s to 30d`.
pub(crate) fn show_range(range: &RangeInclusive<u32>) -> String {
    format!("{} to {}", show(*range.start()), show(*range.end()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read() {
        for (text, seconds) in
            [("90s", 90), ("15m", 900), ("1h30m", 5400), ("2d", 172_800), ("1d1s", 86_401), ("0s", 0)]
        {
            assert_eq!(parse(text), Ok(seconds), "{text}");
        }
    }

    #[test]
    fn everything_else_is_refused() {
        for text in
            ["", "15", "m", "1.5h", "15 m", "-1m", "10ms", "1w", "99999999999s", "49711d", "1h 30m", "١m"]
        {
            assert!(parse(text).is_err(), "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn what_is_shown_is_read_again(seconds: u32) {
            proptest::prop_assert_eq!(parse(&show(seconds)), Ok(seconds));
        }
    }
}
