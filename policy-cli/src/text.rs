//! Text that others wrote, on a terminal.

use anstyle::{AnsiColor, Style};
use serde::Serialize;
use std::fmt::Display;
use std::io::{self, Write};

/// The text without what could move the cursor, change colours, or reorder what stands around it.
pub(crate) fn harmless(text: &str) -> String {
    text.chars().map(|character| if is_harmful(character) { '\u{FFFD}' } else { character }).collect()
}

fn is_harmful(character: char) -> bool {
    let reorders = matches!(
        character,
        '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{2028}' | '\u{2029}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}'
    );
    character.is_control() || reorders
}

/// The same of several lines, which stay lines.
pub(crate) fn harmless_lines(text: &str) -> String {
    text.split('\n')
        .map(|line| line.split('\t').map(harmless).collect::<Vec<_>>().join("\t"))
        .collect::<Vec<_>>()
        .join("\n")
}

/// A count of things.
pub(crate) fn many<N: Display + PartialEq + From<u8>>(count: N, what: &str) -> String {
    if count == N::from(1) { format!("1 {what}") } else { format!("{count} {what}s") }
}

/// `1,234,567`
pub(crate) fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && digits.len().saturating_sub(at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// What stands out in a colour.
pub(crate) fn bold(colour: AnsiColor) -> Style {
    Style::new().bold().fg_color(Some(colour.into()))
}

/// Writes an answer for programs, which people look at on terminals: what those obey is escaped (RFC 8259, 7).
pub(crate) fn write_json(answer: &impl Serialize, out: &mut impl Write) -> io::Result<()> {
    let text = serde_json::to_string_pretty(answer)?;
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        // Outside of strings there is nothing of the kind but line ends.
        if is_harmful(character) && character != '\n' {
            let mut units = [0; 2];
            for unit in character.encode_utf16(&mut units) {
                escaped.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            escaped.push(character);
        }
    }
    writeln!(out, "{escaped}")
}

#[cfg(test)]
mod tests {
    use super::{grouped, harmless, harmless_lines};

    #[test]
    fn thousands_are_told_apart() {
        assert_eq!([0, 999, 1_000, 1_234_567].map(grouped), ["0", "999", "1,000", "1,234,567"]);
    }

    #[test]
    fn json_says_the_same_and_moves_no_cursor() {
        let answer = serde_json::json!({ "a": "\u{9b}2J\u{202e}b\u{1b}[2J\n é 😀" });
        let mut out = Vec::new();
        super::write_json(&answer, &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert_eq!(text, "{\n  \"a\": \"\\u009b2J\\u202eb\\u001b[2J\\n é 😀\"\n}\n");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap(), answer);
    }

    #[test]
    fn lines_and_tabs_stay() {
        assert_eq!(harmless_lines("a\n\tb\r\n\u{1b}c"), "a\n\tb\u{FFFD}\n\u{FFFD}c");
    }

    #[test]
    fn a_name_cannot_write_on_the_terminal() {
        assert_eq!(harmless("José 👩‍💻"), "José 👩‍💻");
        assert_eq!(harmless("a\u{1b}[2Jb\nc\u{202E}d"), "a\u{FFFD}[2Jb\u{FFFD}c\u{FFFD}d");
    }
}
