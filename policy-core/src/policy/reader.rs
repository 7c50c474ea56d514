//! Nodes into typed values, with one finding for everything that does not fit.

use std::ops::{Range, RangeInclusive};

use super::diagnostic::{Finding, Severity};
use super::source::Source;
use super::yaml::{Entry, Kind, Node, Scalar};
use super::{codes, duration, suggest};

/// Collects findings while a tree is read.
///
/// Every method that gives `None` has reported why.
#[derive(Debug)]
pub(crate) struct Reader<'s> {
    pub(crate) source: &'s Source<'s>,
    pub(crate) findings: Vec<Finding>,
    /// The rule that is being read: it is named in the findings.
    pub(crate) rule: Option<String>,
    errors: usize,
}

/// After so many errors the rest of the file is left alone: far fewer are told, and a suggestion for each takes time.
const ENOUGH: usize = 1_000;

/// The entries of a mapping whose keys are known.
#[derive(Clone, Debug)]
pub(crate) struct Fields<'n> {
    entries: &'n [Entry],
    range: Range<usize>,
    what: &'static str,
}

impl<'n> Fields<'n> {
    /// The value of a key; the first one where it stands twice.
    pub(crate) fn get(&self, key: &str) -> Option<&'n Node> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// A key with its value.
    pub(crate) fn entry(&self, key: &str) -> Option<&'n Entry> {
        self.entries.iter().find(|entry| entry.key == key)
    }

    /// All of them.
    pub(crate) fn entries(&self) -> &'n [Entry] {
        self.entries
    }

    /// Where the mapping begins: missing keys are reported there.
    pub(crate) fn head(&self) -> Range<usize> {
        self.entries.first().map_or(self.range.clone(), |entry| entry.key_range.clone())
    }
}

impl<'s> Reader<'s> {
    pub(crate) fn new(source: &'s Source<'s>) -> Self {
        Self { source, findings: Vec::new(), rule: None, errors: 0 }
    }

    /// Whether the policy is refused.
    pub(crate) fn refuses(&self) -> bool {
        self.findings.iter().any(|finding| finding.severity == Severity::Error)
    }

    /// Whether more errors were found than anybody wants to read.
    pub(crate) fn has_enough(&self) -> bool {
        self.errors >= ENOUGH
    }

    /// Reports an error.
    pub(crate) fn error(
        &mut self,
        code: &'static str,
        range: Range<usize>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.errors = self.errors.saturating_add(1);
        self.report(Severity::Error, code, range, message.into(), help.into());
    }

    /// Reports a warning.
    pub(crate) fn warn(
        &mut self,
        code: &'static str,
        range: Range<usize>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.report(Severity::Warning, code, range, message.into(), help.into());
    }

    fn report(
        &mut self,
        severity: Severity,
        code: &'static str,
        range: Range<usize>,
        message: String,
        help: String,
    ) {
        let help = (!help.is_empty()).then_some(help);
        self.findings.push(Finding { severity, code, range, message, help, rule: self.rule.clone() });
    }

    /// Reports a value of the wrong kind.
    pub(crate) fn wrong_type(&mut self, node: &Node, what: &str, wanted: &str, help: impl Into<String>) {
        if matches!(node.kind, Kind::Refused) {
            return;
        }
        let message = format!("{what} is {wanted}, not {}", node.kind_name());
        self.error(codes::WRONG_TYPE, node.range.clone(), message, help);
    }

    /// A mapping with any keys.
    pub(crate) fn any_mapping<'n>(&mut self, node: &'n Node, what: &'static str) -> Option<Fields<'n>> {
        let Kind::Mapping(entries) = &node.kind else {
            self.wrong_type(node, what, "a mapping", "write `key: value` lines");
            return None;
        };
        Some(Fields { entries, range: node.range.clone(), what })
    }

    /// A mapping with keys out of a closed list.
    pub(crate) fn mapping<'n>(
        &mut self,
        node: &'n Node,
        what: &'static str,
        keys: &[&'static str],
    ) -> Option<Fields<'n>> {
        let fields = self.any_mapping(node, what)?;
        for entry in fields.entries {
            if self.has_enough() {
                break;
            }
            if !keys.contains(&entry.key.as_str()) && !entry.key.is_empty() && entry.key != "<<" {
                let message = format!("{what} has no key `{}`", entry.key);
                self.error(
                    codes::UNKNOWN_KEY,
                    entry.key_range.clone(),
                    message,
                    suggest::help(&entry.key, keys),
                );
            }
        }
        Some(fields)
    }

    /// The value of a key that must be there.
    pub(crate) fn required<'n>(&mut self, fields: &Fields<'n>, key: &str, help: &str) -> Option<&'n Node> {
        let found = fields.get(key);
        if found.is_none() {
            self.error(codes::MISSING_KEY, fields.head(), format!("{} needs `{key}`", fields.what), help);
        }
        found
    }

    /// A list that is not empty.
    pub(crate) fn list<'n>(&mut self, node: &'n Node, what: &str, most: usize) -> Option<&'n [Node]> {
        match &node.kind {
            Kind::List(items) if items.is_empty() => {
                self.error(
                    codes::EMPTY,
                    node.range.clone(),
                    format!("{what} is empty"),
                    "it needs at least one entry",
                );
                None
            }
            Kind::List(items) if items.len() > most => {
                let message = format!("{what} has {} entries; at most {most} are allowed", items.len());
                self.error(codes::OUT_OF_RANGE, node.range.clone(), message, "");
                None
            }
            Kind::List(items) => Some(items),
            _ => {
                self.wrong_type(node, what, "a list", "write `[a, b]`, or one entry per line after `- `");
                None
            }
        }
    }

    /// Any scalar, whatever YAML takes it for: a CEL expression.
    pub(crate) fn scalar<'n>(&mut self, node: &'n Node, what: &str) -> Option<&'n Scalar> {
        match &node.kind {
            Kind::Scalar(scalar) if !scalar.is_null() => Some(scalar),
            _ => {
                self.wrong_type(node, what, "a CEL expression", "write it in single quotes: '…'");
                None
            }
        }
    }

    /// A text; numbers and booleans must be quoted to be one.
    pub(crate) fn text<'n>(&mut self, node: &'n Node, what: &str) -> Option<&'n str> {
        match &node.kind {
            Kind::Scalar(scalar) if scalar.is_null() || scalar.as_bool().is_some() || scalar.is_number() => {
                let help = if scalar.is_null() {
                    String::new()
                } else {
                    format!("put it in quotes: \"{}\"", scalar.text)
                };
                self.wrong_type(node, what, "a text", help);
                None
            }
            Kind::Scalar(scalar) if scalar.text.trim().is_empty() => {
                self.error(codes::EMPTY, node.range.clone(), format!("{what} is empty"), "");
                None
            }
            Kind::Scalar(scalar)
                if scalar.text.chars().any(char::is_control)
                    || scalar.text.chars().count() > LONGEST_TEXT =>
            {
                let message = format!("{what} is one line of at most {LONGEST_TEXT} characters");
                self.error(codes::OUT_OF_RANGE, node.range.clone(), message, "");
                None
            }
            Kind::Scalar(scalar) => Some(&scalar.text),
            _ => {
                self.wrong_type(node, what, "a text", "");
                None
            }
        }
    }

    /// A name as policies, rules, chains and stages have.
    pub(crate) fn name(&mut self, text: &str, range: Range<usize>, what: &str) -> Option<String> {
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '.' | '_');
        let good = text.chars().all(fits)
            && text.starts_with(|c: char| c.is_ascii_alphanumeric())
            && text.len() <= 64;
        if !good {
            let message = format!("`{text}` is not a good name for {what}");
            let help =
                "lower-case letters, digits, `-`, `.` and `_`, beginning with a letter or digit, at most 64";
            self.error(codes::BAD_NAME, range, message, help);
            return None;
        }
        Some(text.to_owned())
    }

    /// One of a few words.
    pub(crate) fn word<T: Copy>(&mut self, node: &Node, what: &str, words: &[(&str, T)]) -> Option<T> {
        let names: Vec<&str> = words.iter().map(|(name, _)| *name).collect();
        let Kind::Scalar(scalar) = &node.kind else {
            self.wrong_type(node, what, &suggest::list(&names), "");
            return None;
        };
        let found = words.iter().find(|(name, _)| *name == scalar.text).map(|(_, value)| *value);
        if found.is_none() {
            let message = format!("`{}` is no value for {what}", scalar.text);
            self.error(
                codes::UNKNOWN_VALUE,
                node.range.clone(),
                message,
                suggest::help(&scalar.text, &names),
            );
        }
        found
    }

    /// `true` or `false`.
    pub(crate) fn boolean(&mut self, node: &Node, what: &str) -> Option<bool> {
        let value = match &node.kind {
            Kind::Scalar(scalar) => scalar.as_bool(),
            _ => None,
        };
        if value.is_none() {
            self.wrong_type(node, what, "`true` or `false`", "");
        }
        value
    }

    /// A duration in a range.
    pub(crate) fn duration(&mut self, node: &Node, what: &str, range: &RangeInclusive<u32>) -> Option<u32> {
        let Kind::Scalar(scalar) = &node.kind else {
            self.wrong_type(node, what, "a duration", "write `90s`, `15m`, `1h30m` or `2d`");
            return None;
        };
        match duration::parse(&scalar.text) {
            Err(message) => {
                self.error(
                    codes::BAD_DURATION,
                    node.range.clone(),
                    message,
                    "write `90s`, `15m`, `1h30m` or `2d`",
                );
                None
            }
            Ok(seconds) if !range.contains(&seconds) => {
                let message = format!("{what} is {}, not {}", duration::show_range(range), scalar.text);
                self.error(codes::OUT_OF_RANGE, node.range.clone(), message, "");
                None
            }
            Ok(seconds) => Some(seconds),
        }
    }
}

/// The longest text in a policy that is not CEL, in characters.
const LONGEST_TEXT: usize = 255;
