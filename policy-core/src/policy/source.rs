//! The text of a policy file, and where in it things stand.

use std::ops::Range;

/// A policy's text with the name it is known by, indexed by line.
#[derive(Debug)]
pub(crate) struct Source<'s> {
    file: &'s str,
    text: &'s str,
    /// The byte at which each line begins; never empty.
    lines: Vec<usize>,
}

/// A place as people count it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    /// Counts from 1.
    pub(crate) line: usize,
    /// Counts Unicode characters, from 1.
    pub(crate) column: usize,
}

impl<'s> Source<'s> {
    /// Takes the text as it stands in the file; a byte order mark at its beginning counts for nothing.
    pub(crate) fn new(file: &'s str, text: &'s str) -> Self {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let bytes = text.as_bytes();
        let mut lines = vec![0];
        for (at, byte) in bytes.iter().enumerate() {
            let next = at.saturating_add(1);
            // A lone CR ends a line in YAML; the CR of a CRLF does not.
            if *byte == b'\n' || (*byte == b'\r' && bytes.get(next) != Some(&b'\n')) {
                lines.push(next);
            }
        }
        Self { file, text, lines }
    }

    /// The name of the file.
    pub(crate) fn file(&self) -> &'s str {
        self.file
    }

    /// The text, without a byte order mark.
    pub(crate) fn text(&self) -> &'s str {
        self.text
    }

    /// The part of the text in `range`; empty where the range does not fit the text.
    pub(crate) fn slice(&self, range: Range<usize>) -> &'s str {
        self.text.get(range).unwrap_or_default()
    }

    /// Where a byte offset stands; an offset behind the text is its end.
    pub(crate) fn place(&self, offset: usize) -> Place {
        let line = self.line_of(offset);
        let start = self.lines.get(line.saturating_sub(1)).copied().unwrap_or_default();
        let end = offset.min(self.text.len());
        let column = self.slice(start..end).chars().count().saturating_add(1);
        Place { line, column }
    }

    /// The line of a byte offset, counted from 1. A column takes a walk along the line; a whole policy may be one.
    pub(crate) fn line_of(&self, offset: usize) -> usize {
        self.lines.partition_point(|start| *start <= offset).max(1)
    }

    /// The text of a line (counted from 1), without its end.
    pub(crate) fn line(&self, line: usize) -> &'s str {
        let start = self.lines.get(line.saturating_sub(1)).copied().unwrap_or(self.text.len());
        let end = self.lines.get(line).copied().unwrap_or(self.text.len());
        self.slice(start..end).trim_end_matches(['\n', '\r'])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_and_lines_end_in_any_way() {
        let source = Source::new("p.yaml", "\u{feff}a: é!\r\nb\rc\n");
        assert_eq!(source.place(0), Place { line: 1, column: 1 });
        assert_eq!(source.place("a: é".len()), Place { line: 1, column: 5 });
        assert_eq!(source.place("a: é!\r\n".len()), Place { line: 2, column: 1 });
        assert_eq!(source.place("a: é!\r\nb\r".len()), Place { line: 3, column: 1 });
        assert_eq!(source.place(1000), Place { line: 4, column: 1 });
        assert_eq!([1, 2, 3, 4, 5].map(|line| source.line(line)), ["a: é!", "b", "c", "", ""]);
    }

    #[test]
    fn an_offset_inside_a_character_does_not_panic() {
        assert_eq!(Source::new("p.yaml", "é").place(1), Place { line: 1, column: 1 });
    }
}
