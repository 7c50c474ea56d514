//! Comments: what people may say, made safe to show to others.

/// The longest comment, in characters.
pub const MAX_COMMENT: usize = 2000;

/// A comment as it is stored: line ends are `\n`, tabs are spaces, outer white space is gone, and so are control
/// characters and those that reorder text, with which a comment could pretend to be part of the page. `None` when nothing that
/// can be seen is left.
pub(super) fn clean(comment: &str) -> Option<String> {
    let text: String = comment
        .replace("\r\n", "\n")
        .chars()
        .map(|character| match character {
            '\r' | '\u{2028}' | '\u{2029}' => '\n',
            '\t' => ' ',
            other => other,
        })
        .filter(|character| *character == '\n' || !(character.is_control() || reorders_text(*character)))
        .collect();
    let text = text.trim();
    text.chars()
        .any(|character| !character.is_whitespace() && !is_invisible(character))
        .then(|| text.to_owned())
}

/// The bidirectional controls of Unicode Standard Annex #9.
fn reorders_text(character: char) -> bool {
    matches!(character, '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Joiners and fillers: meaningful inside of a word, nothing to see alone.
fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{00AD}' | '\u{034F}' | '\u{115F}' | '\u{1160}' | '\u{180E}' | '\u{200B}'..='\u{200D}'
            | '\u{2060}'..='\u{2064}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}'
    )
}

#[cfg(test)]
mod tests {
    use super::clean;

    #[test]
    fn keeps_what_people_write() {
        for text in ["Fine by me", "first line\nsecond line", "Ja, für heute.", "می‌خواهم", "👩‍💻"]
        {
            assert_eq!(clean(text).as_deref(), Some(text));
        }
    }

    #[test]
    fn takes_out_what_could_deceive() {
        assert_eq!(clean(" a\r\nb\rc\td\u{0}\u{1b}[31m ").as_deref(), Some("a\nb\nc d[31m"));
        assert_eq!(clean("pay \u{202E}eciohc").as_deref(), Some("pay eciohc"));
    }

    #[test]
    fn what_cannot_be_seen_is_no_comment() {
        for text in ["", "  \n ", "\u{200B}\u{FEFF}", "\u{202E}", "\u{3164}"] {
            assert_eq!(clean(text), None, "{text:?}");
        }
    }
}
