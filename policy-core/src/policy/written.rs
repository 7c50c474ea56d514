//! The conditions of a policy as they are written, for those who quote them.

use std::collections::BTreeMap;
use std::ops::Range;

use super::source::Source;
use super::yaml::{self, Entry, Kind, Node, Scalar};
use crate::explain::Span;

/// What a valid policy has of conditions.
#[derive(Debug, Default)]
pub(crate) struct Text<'s> {
    /// The line of each rule's id, and its `when`, in the order of the file.
    pub(crate) rules: Vec<(usize, Option<Written<'s>>)>,
    pub(crate) variables: BTreeMap<String, Written<'s>>,
}

/// An expression in its file.
#[derive(Debug)]
pub(crate) struct Written<'s> {
    source: std::rc::Rc<Source<'s>>,
    scalar: Scalar,
}

impl Written<'_> {
    /// The expression, without what is YAML's.
    pub(crate) fn text(&self) -> &str {
        &self.scalar.text
    }

    /// Where a part of the expression stands in the file.
    pub(crate) fn span(&self, range: Range<usize>) -> Span {
        let range = self.scalar.locate(self.source.text(), range);
        let (start, end) = (self.source.place(range.start), self.source.place(range.end));
        Span { line: start.line, column: start.column, end_line: end.line, end_column: end.column }
    }
}

/// The conditions of a policy that was loaded from this text; of another one, whatever can be found.
pub(crate) fn written<'s>(text: &'s str, file: &'s str) -> Text<'s> {
    let source = std::rc::Rc::new(Source::new(file, text));
    let Some(root) = yaml::parse(&source, &mut Vec::new()) else { return Text::default() };
    let written = |node: Node| match node.kind {
        Kind::Scalar(scalar) => Some(Written { source: std::rc::Rc::clone(&source), scalar }),
        _ => None,
    };
    let mut found = Text::default();
    for Entry { key, value, .. } in entries(root) {
        match (key.as_str(), value.kind) {
            ("variables", kind @ Kind::Mapping(_)) => {
                let variables = entries(Node { range: value.range, kind });
                found
                    .variables
                    .extend(variables.into_iter().filter_map(|it| Some((it.key, written(it.value)?))));
            }
            ("rules", Kind::List(rules)) => {
                for rule in rules {
                    let mut line = source.line_of(rule.range.start);
                    let mut when = None;
                    for Entry { key, value, .. } in entries(rule) {
                        match key.as_str() {
                            "id" => line = source.line_of(value.range.start),
                            "when" => when = written(value),
                            _ => {}
                        }
                    }
                    found.rules.push((line, when));
                }
            }
            _ => {}
        }
    }
    found
}

fn entries(node: Node) -> Vec<Entry> {
    match node.kind {
        Kind::Mapping(entries) => entries,
        _ => Vec::new(),
    }
}
