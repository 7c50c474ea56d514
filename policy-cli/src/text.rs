//! Text that others wrote, on a terminal.

use anstyle::{AnsiColor, Style};
use serde::Serialize;
use std::fmt::Display;
use std::io::{self, Write};

/// The text without what could move the cursor, change colours, or reorder what stands around it.
pub(crate) fn harmless(text: &str) -> String {
    text.chars()
        .map(|character| {
            let reorders = matches!(
                character,
                '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{2028}' | '\u{2029}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}'
            );
            if character.is_control() || reorders { '\u{FFFD}' } else { character }
        })
        .collect()
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

/// Writes an answer for programs.
pub(crate) fn write_json(answer: &impl Serialize, out: &mut impl Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, answer)?;
    writeln!(out)
}

#[cfg(test)]
mod tests {
    use super::{grouped, harmless, harmless_lines};

    #[test]
    fn thousands_are_told_apart() {
        assert_eq!([0, 999, 1_000, 1_234_567].map(grouped), ["0", "999", "1,000", "1,234,567"]);
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
