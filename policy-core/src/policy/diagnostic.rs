//! What is wrong with a policy, for people: what, where, and what would be right.

use std::ops::Range;

use serde::Serialize;

use super::source::Source;

/// Whether a policy with this finding may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The policy is refused.
    Error,
    /// The policy works, but probably not as its author meant.
    Warning,
}

impl Severity {
    fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

/// One finding, with its place in the file.
///
/// Lines and columns count from 1; a column counts Unicode characters; the end is exclusive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Diagnostic {
    /// Whether it refuses the policy.
    pub severity: Severity,
    /// A stable name, explained in docs/error-codes.md.
    pub code: &'static str,
    /// What is wrong; makes sense alone, in a log.
    pub message: String,
    /// The file, as the host named it.
    pub file: String,
    /// Where it begins.
    pub line: usize,
    /// Where it begins.
    pub column: usize,
    /// Where it ends.
    pub end_line: usize,
    /// Where it ends, exclusive.
    pub end_column: usize,
    /// The rule that it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// The line it begins on.
    pub source: String,
    /// What would be right.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// All of it as a terminal shows it.
    pub rendered: String,
}

/// A finding before it is placed: what the checks hand in.
#[derive(Clone, Debug)]
pub(crate) struct Finding {
    pub(crate) severity: Severity,
    pub(crate) code: &'static str,
    pub(crate) range: Range<usize>,
    pub(crate) message: String,
    pub(crate) help: Option<String>,
    pub(crate) rule: Option<String>,
}

/// The longest source line that a diagnostic repeats, in characters: a one-line JSON policy would drown the message.
const LONGEST_LINE: usize = 160;

/// The longest message, in characters: names and values that it repeats may be of any length.
const LONGEST_MESSAGE: usize = 500;

/// No longer than people read, and on one line: a name with a line feed in it could pass for another finding.
fn bounded(text: String) -> String {
    let text = if text.contains(char::is_control) {
        text.chars()
            .map(|c| if c.is_control() { c.escape_default().to_string() } else { c.to_string() })
            .collect()
    } else {
        text
    };
    match text.char_indices().nth(LONGEST_MESSAGE) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    }
}

impl Diagnostic {
    /// Places a finding in its file.
    pub(crate) fn new(source: &Source<'_>, finding: Finding) -> Self {
        let start = source.place(finding.range.start);
        let end = source.place(finding.range.end.max(finding.range.start));
        let mut diagnostic = Self {
            severity: finding.severity,
            code: finding.code,
            message: bounded(finding.message),
            file: source.file().to_owned(),
            line: start.line,
            column: start.column,
            end_line: end.line,
            end_column: end.column,
            rule: finding.rule,
            source: excerpt(source.line(start.line), start.column).0,
            help: finding.help.map(bounded),
            rendered: String::new(),
        };
        diagnostic.rendered = diagnostic.render(source.line(start.line));
        diagnostic
    }

    fn render(&self, line: &str) -> String {
        let (shown, column) = excerpt(line, self.column);
        let on_line = shown.chars().count().saturating_add(1);
        let end = if self.end_line == self.line {
            // The excerpt may begin later than the line: both ends move alike.
            self.end_column.saturating_sub(self.column.saturating_sub(column))
        } else {
            on_line
        };
        let marked = end.min(on_line).saturating_sub(column).max(1);
        let before: String = shown
            .chars()
            .take(column.saturating_sub(1))
            .map(|c| if c == '\t' { '\t' } else { ' ' })
            .collect();
        let number = self.line.to_string();
        let gutter = " ".repeat(number.len());
        let mut text = format!(
            "{}[{}]: {}\n{gutter}--> {}:{}:{}\n{gutter} |\n{number} | {shown}\n{gutter} | {before}{}",
            self.severity.word(),
            self.code,
            self.message,
            self.file,
            self.line,
            self.column,
            "^".repeat(marked),
        );
        if let Some(help) = &self.help {
            text.push_str(&format!("\n{gutter} = help: {help}"));
        }
        text
    }
}

/// The part of a long line around `column`, and where that column stands in it.
fn excerpt(line: &str, column: usize) -> (String, usize) {
    if line.chars().count() <= LONGEST_LINE {
        return (line.to_owned(), column);
    }
    let skip = column.saturating_sub(LONGEST_LINE / 2);
    (line.chars().skip(skip).take(LONGEST_LINE).collect(), column.saturating_sub(skip))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding(range: Range<usize>) -> Finding {
        Finding {
            severity: Severity::Error,
            code: "unknown-field",
            range,
            message: "`user` has no field `role`".to_owned(),
            help: Some("did you mean `roles`?".to_owned()),
            rule: None,
        }
    }

    #[test]
    fn it_is_rendered_as_compilers_do() {
        let text = "\n\nwhen: user.role == 1\n";
        let at = text.find("user").unwrap();
        let shown = Diagnostic::new(&Source::new("production.yaml", text), finding(at..at + 9)).rendered;
        let expected = "error[unknown-field]: `user` has no field `role`\n --> production.yaml:3:7\n  |\n3 | when: user.role == 1\n  |       ^^^^^^^^^\n  = help: did you mean `roles`?";
        assert_eq!(shown, expected);
    }

    #[test]
    fn a_name_with_a_line_feed_makes_no_line() {
        let hostile = Finding { message: "no key `a\n::error::b\u{1b}`".to_owned(), ..finding(0..1) };
        let shown = Diagnostic::new(&Source::new("p.yaml", "x"), hostile);
        assert_eq!(shown.message, "no key `a\\n::error::b\\u{1b}`");
        assert_eq!(shown.rendered.lines().count(), 6);
    }

    #[test]
    fn a_long_name_does_not_make_a_long_message() {
        let long = Finding { message: "é".repeat(100_000), ..finding(0..1) };
        let shown = Diagnostic::new(&Source::new("p.yaml", "x"), long);
        assert_eq!(shown.message, format!("{}…", "é".repeat(500)));
        assert!(shown.rendered.len() < 2000);
    }

    #[test]
    fn a_long_line_is_cut_around_the_place() {
        let text = format!("{}user.role{}", "é".repeat(500), "x".repeat(500));
        let at = text.find("user").unwrap();
        let shown = Diagnostic::new(&Source::new("p.yaml", &text), finding(at..at + 9));
        assert_eq!(shown.column, 501);
        let lines: Vec<&str> = shown.rendered.lines().collect();
        let caret = lines[4].chars().position(|c| c == '^').unwrap();
        assert_eq!(lines[3].chars().skip(caret).take(9).collect::<String>(), "user.role");
        assert_eq!(lines[4].matches('^').count(), 9);
    }
}
