//! Times of a case, as durations since its request came to be.

use policy_core::time::Timestamp;

/// When every request of the corpus came to be.
const START: &str = "2026-11-24T09:00:00.000Z";

/// Reads `1h30m`: numbers with the units `d`, `h`, `m` and `s`.
pub(crate) fn seconds(text: &str) -> Result<u32, String> {
    let fault = || format!("`{text}` is no duration such as 1h30m");
    let mut total: u32 = 0;
    let mut number: Option<u32> = None;
    for character in text.chars() {
        if let Some(digit) = character.to_digit(10) {
            number = number.unwrap_or(0).checked_mul(10).and_then(|number| number.checked_add(digit));
            continue;
        }
        let unit = match character {
            'd' => 86_400,
            'h' => 3_600,
            'm' => 60,
            's' => 1,
            _ => return Err(fault()),
        };
        let part = number.take().and_then(|number| number.checked_mul(unit)).ok_or_else(fault)?;
        total = total.checked_add(part).ok_or_else(fault)?;
    }
    if number.is_some() || text.is_empty() { Err(fault()) } else { Ok(total) }
}

/// The instant so long after the start, as the wire writes it.
pub(crate) fn instant(since_start: &str) -> Result<String, String> {
    let start = Timestamp::parse(START).map_err(|error| error.to_string())?;
    Ok(start.plus_seconds(seconds(since_start)?).to_string())
}
