//! Text that a policy computes from facts, made fit to be shown.

/// The longest sentence, in characters.
const LONGEST: usize = 500;

/// A sentence for people: on one line, bounded, without characters that could change how the text around it
/// reads. `None` where nothing is left.
pub(super) fn sentence(text: &str) -> Option<String> {
    let spaced = text.chars().map(|c| if matches!(c, '\n' | '\r' | '\t') { ' ' } else { c });
    let clean: String = spaced.filter(|c| !c.is_control() && !is_invisible(*c)).collect();
    let clean = clean.trim();
    if clean.chars().count() <= LONGEST {
        return (!clean.is_empty()).then(|| clean.to_owned());
    }
    let mut cut: String = clean.chars().take(LONGEST.saturating_sub(1)).collect();
    cut.push('…');
    Some(cut)
}

/// Bidirectional controls, zero-width characters and line separators: they can make a name look like another.
fn is_invisible(character: char) -> bool {
    matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{61c}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_mislead_is_taken_out() {
        assert_eq!(sentence("a\nb\u{202e}c\u{0}d\u{1b}[31m"), Some("a bcd[31m".to_owned()));
        assert_eq!(sentence(" \u{200b}\t"), None);
    }

    #[test]
    fn a_long_sentence_is_cut() {
        let cut = sentence(&"é".repeat(501)).unwrap();
        assert_eq!((cut.chars().count(), cut.ends_with('…')), (500, true));
        assert_eq!(sentence(&"é".repeat(500)).unwrap(), "é".repeat(500));
    }
}
