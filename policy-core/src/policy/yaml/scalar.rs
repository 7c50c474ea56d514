//! Scalars, and the way back from a byte of their value to a byte of the file.
//!
//! YAML folds lines, drops indentation and replaces escapes, so that byte 10 of a CEL expression may stand
//! anywhere. The raw text is read again, by the rules of YAML 1.2.2 chapters 7 and 8, and each character
//! of the value gets the place that it came from.

use std::ops::Range;

use saphyr_parser::ScalarStyle;

/// How a scalar is written.
pub(crate) type Style = ScalarStyle;

/// A text, number, boolean or nothing: YAML's core schema tells plain ones apart.
#[derive(Debug)]
pub(crate) struct Scalar {
    pub(crate) text: String,
    pub(crate) style: Style,
    /// In the source; with quotes; for a block scalar from the first line that is not empty.
    pub(crate) raw: Range<usize>,
    /// The column (from 0) of a block scalar's content.
    pub(crate) indent: usize,
}

/// A character of the value, and the bytes of the source that gave it.
type Origin = (char, Range<usize>);

impl Scalar {
    /// `null`, `~` or nothing at all, not in quotes.
    pub(crate) fn is_null(&self) -> bool {
        self.style == Style::Plain && matches!(self.text.as_str(), "" | "~" | "null" | "Null" | "NULL")
    }

    /// `true` or `false`, not in quotes.
    pub(crate) fn as_bool(&self) -> Option<bool> {
        match self.text.as_str() {
            "true" | "True" | "TRUE" if self.style == Style::Plain => Some(true),
            "false" | "False" | "FALSE" if self.style == Style::Plain => Some(false),
            _ => None,
        }
    }

    /// A whole number in decimal digits, not in quotes.
    pub(crate) fn as_integer(&self) -> Option<i64> {
        if self.style == Style::Plain { self.text.parse().ok() } else { None }
    }

    /// What the core schema takes for a number, not in quotes.
    pub(crate) fn is_number(&self) -> bool {
        let digits = self.text.trim_start_matches(['-', '+', '.']);
        self.style == Style::Plain
            && digits.starts_with(|c: char| c.is_ascii_digit())
            && (self.text.parse::<f64>().is_ok() || digits.starts_with("0x") || digits.starts_with("0o"))
    }

    /// Where a range of bytes of the value stands in the source.
    ///
    /// Falls back to the whole scalar where the value cannot be followed.
    pub(crate) fn locate(&self, source: &str, range: Range<usize>) -> Range<usize> {
        let Some(origins) = self.origins(source) else { return self.raw.clone() };
        let mut at = 0_usize;
        let mut start = None;
        let mut end = None;
        for (character, origin) in &origins {
            let next = at.saturating_add(character.len_utf8());
            if start.is_none() && next > range.start {
                start = Some(origin.start);
                end = Some(origin.end);
            }
            if at < range.end && start.is_some() {
                end = Some(origin.end);
            }
            at = next;
        }
        let behind = origins.last().map_or(self.raw.start, |(_, origin)| origin.end);
        let start = start.unwrap_or(behind);
        let end = if range.is_empty() { start } else { end.unwrap_or(behind) };
        start..end.max(start)
    }

    fn origins(&self, source: &str) -> Option<Vec<Origin>> {
        let raw = source.get(self.raw.clone())?;
        let base = self.raw.start;
        let origins = match self.style {
            Style::Plain => flow(raw, base, |_| None),
            Style::SingleQuoted => {
                let inner = raw.strip_prefix('\'')?.strip_suffix('\'')?;
                flow(inner, base.checked_add(1)?, |rest| rest.starts_with("''").then_some((Some('\''), 2)))
            }
            Style::DoubleQuoted => {
                let inner = raw.strip_prefix('"')?.strip_suffix('"')?;
                flow(inner, base.checked_add(1)?, escape)
            }
            Style::Literal | Style::Folded => {
                block(&self.text, raw, base, self.indent, self.style == Style::Folded)
            }
        };
        // Trailing line ends are chomped: what matters is that the text up to there is the same.
        let same = origins.iter().map(|(character, _)| *character).eq(self.text.chars());
        same.then_some(origins)
    }
}

/// A line without its end, the byte it begins at, and the bytes of its end (`None` for the last one).
fn lines(raw: &str, base: usize) -> Vec<(&str, usize, Option<Range<usize>>)> {
    let mut lines = Vec::new();
    let mut rest = raw;
    let mut at = base;
    while let Some(found) = rest.find(['\n', '\r']) {
        let (line, tail) = rest.split_at(found);
        let length = if tail.starts_with("\r\n") { 2 } else { 1 };
        let end = at.saturating_add(found);
        let next = end.saturating_add(length);
        lines.push((line, at, Some(end..next)));
        at = next;
        rest = tail.get(length..).unwrap_or_default();
    }
    lines.push((rest, at, None));
    lines
}

/// Plain and quoted scalars: lines are trimmed and folded, escapes replaced.
///
/// `escape` looks at what comes next and gives the character it stands for (`None`: an escaped line end or
/// nothing) and its length in bytes.
fn flow(raw: &str, base: usize, escape: impl Fn(&str) -> Option<(Option<char>, usize)>) -> Vec<Origin> {
    let lines = lines(raw, base);
    let last = lines.len().saturating_sub(1);
    let mut origins: Vec<Origin> = Vec::new();
    // Line ends that wait to be folded: one is a space, n are n - 1 line feeds. An escaped one is nothing.
    let mut breaks: Vec<Range<usize>> = Vec::new();
    let mut escaped = false;
    for (number, (line, start, end)) in lines.into_iter().enumerate() {
        let lead = if number == 0 {
            0
        } else {
            line.len().saturating_sub(line.trim_start_matches([' ', '\t']).len())
        };
        let text = line.get(lead..).unwrap_or_default();
        let empty = text.trim_matches([' ', '\t']).is_empty();
        let mut at = start.saturating_add(lead);
        if number > 0 && !(empty && number != last) {
            fold(&mut origins, &breaks, escaped);
            breaks.clear();
            escaped = false;
        }
        // The trailing blanks of every line but the last go; those behind an escape are content.
        let mut kept = origins.len();
        let mut rest = if empty && number != 0 && number != last { "" } else { text };
        while let Some(character) = rest.chars().next() {
            let (shown, length) = escape(rest).unwrap_or((Some(character), character.len_utf8()));
            let is_escape = length != character.len_utf8();
            if let Some(shown) = shown {
                origins.push((shown, at..at.saturating_add(length)));
            } else {
                escaped = true;
            }
            if is_escape || !matches!(character, ' ' | '\t') || shown.is_none() {
                kept = origins.len();
            }
            at = at.saturating_add(length);
            rest = rest.get(length..).unwrap_or_default();
        }
        if number != last {
            if !escaped {
                origins.truncate(kept);
            }
            breaks.extend(end);
        }
    }
    origins
}

/// Writes the line ends that were waiting.
fn fold(origins: &mut Vec<Origin>, breaks: &[Range<usize>], escaped: bool) {
    match breaks {
        [] => {}
        [only] if !escaped => origins.push((' ', only.clone())),
        [_, more @ ..] => origins.extend(more.iter().map(|end| ('\n', end.clone()))),
    }
}

/// The escapes of double-quoted scalars (YAML 1.2.2, 5.7).
fn escape(rest: &str) -> Option<(Option<char>, usize)> {
    let letter = rest.strip_prefix('\\')?.chars().next();
    let hex = |digits: usize| {
        let code = u32::from_str_radix(rest.get(2..digits.saturating_add(2))?, 16).ok()?;
        Some((char::from_u32(code), digits.saturating_add(2)))
    };
    let Some(letter) = letter else { return Some((None, 1)) };
    let character = match letter {
        '0' => '\0',
        'a' => '\x07',
        'b' => '\x08',
        't' | '\t' => '\t',
        'n' => '\n',
        'v' => '\x0b',
        'f' => '\x0c',
        'r' => '\r',
        'e' => '\x1b',
        ' ' => ' ',
        '"' => '"',
        '/' => '/',
        '\\' => '\\',
        'N' => '\u{85}',
        '_' => '\u{a0}',
        'L' => '\u{2028}',
        'P' => '\u{2029}',
        'x' => return hex(2),
        'u' => return hex(4),
        'U' => return hex(8),
        _ => return None,
    };
    Some((Some(character), letter.len_utf8().saturating_add(1)))
}

/// Block scalars. `raw` begins with the first content line, behind its indentation; empty lines before it
/// show in the value only.
fn block(value: &str, raw: &str, base: usize, indent: usize, folded: bool) -> Vec<Origin> {
    let leading = value.len().saturating_sub(value.trim_start_matches('\n').len());
    let mut origins: Vec<Origin> = (0..leading).map(|_| ('\n', base..base)).collect();
    let mut breaks: Vec<Range<usize>> = Vec::new();
    let mut previous_more = true;
    let mut first = true;
    for (number, (line, start, end)) in lines(raw, base).into_iter().enumerate() {
        let dropped = if number == 0 {
            0
        } else {
            indent.min(line.len().saturating_sub(line.trim_start_matches(' ').len()))
        };
        let text = line.get(dropped..).unwrap_or_default();
        if !text.is_empty() {
            let more = text.starts_with([' ', '\t']);
            if folded && !more && !previous_more && !first {
                fold(&mut origins, &breaks, false);
            } else {
                origins.extend(breaks.iter().map(|end| ('\n', end.clone())));
            }
            breaks.clear();
            first = false;
            previous_more = more;
            let at = start.saturating_add(dropped);
            origins.extend(text.char_indices().map(|(offset, character)| {
                let from = at.saturating_add(offset);
                (character, from..from.saturating_add(character.len_utf8()))
            }));
        }
        breaks.extend(end);
    }
    // Chomping: the value says how many line ends are left.
    let kept = value.chars().count().saturating_sub(origins.len());
    origins.extend(breaks.into_iter().take(kept).map(|end| ('\n', end)));
    origins
}
