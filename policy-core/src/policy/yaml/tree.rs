//! The parser's events into the tree.

use std::{cell::Cell, collections::BTreeSet, ops::Range};

use saphyr_parser::{Event, Marker, Parser, Span};

use super::{Entry, Kind, Node, Scalar, Style};
use crate::policy::diagnostic::{Finding, Severity};
use crate::policy::{codes, source::Source};

/// How deep lists and mappings may nest; a policy needs seven levels.
const DEEPEST: usize = 24;

/// The most nodes a file may have: 25 for each of the most rules that it may have.
const MOST_NODES: usize = 250_000;

/// The most signs that part values (`,`, `[`, `:`, …) between two events of the parser. It keeps all that a list or mapping in brackets
/// holds until that is closed, which takes far more memory than the tree of it. A policy in JSON is one such mapping: this is 15 for each
/// of the most rules.
const MOST_AHEAD: usize = 150_000;

/// Reads the one document of a file. `None` and no finding: the file is empty.
///
/// Everything that is refused is reported, but a syntax error ends the reading: what follows it would be guesswork.
pub(crate) fn parse(source: &Source<'_>, findings: &mut Vec<Finding>) -> Option<Node> {
    let mut builder = Builder {
        source,
        places: Places::new(source.text()),
        findings,
        open: Vec::new(),
        root: None,
        nodes: 0,
    };
    let mut documents = 0_usize;
    let ahead = Cell::new(0_usize);
    let mut parser = Parser::new_from_iter(source.text().chars().take_while(|character| {
        let parts = matches!(character, ',' | '[' | '{' | ':' | '?' | '-');
        ahead.set(ahead.get().saturating_add(usize::from(parts)));
        ahead.get() <= MOST_AHEAD
    }));
    while let Some(event) = parser.next_event() {
        if ahead.replace(0) > MOST_AHEAD {
            let message =
                format!("what stands in brackets here holds more than {MOST_AHEAD} values and keys");
            let help = "write it as lines, `key: value` and `- item`: those are read one by one";
            let start = builder.open.last().map_or(0, |open| open.node.range.end);
            builder.finding(codes::TOO_LARGE, start..start, message, Some(help.to_owned()));
            return None;
        }
        let (event, span) = match event {
            Ok(event) => event,
            Err(error) => {
                builder.syntax(error.info(), *error.marker());
                return None;
            }
        };
        let range = builder.range(span);
        match event {
            Event::DocumentStart(_) => {
                documents = documents.saturating_add(1);
                if documents > 1 {
                    builder.refuse(
                        range,
                        "a policy is one YAML document",
                        "write one policy per file, without `---`",
                    );
                    return None;
                }
            }
            Event::Alias(_) => {
                builder.refuse(range.clone(), "YAML aliases (`*name`) are not supported", QUOTE_OR_REPEAT);
                builder.add(Node { range, kind: Kind::Refused });
            }
            Event::Scalar(text, style, anchor, tag) => {
                let range = if matches!(style, Style::Literal | Style::Folded) {
                    range
                } else {
                    builder.trimmed(range)
                };
                builder.properties(&range, anchor != 0, tag.is_some());
                let mut text = text.into_owned();
                text.shrink_to_fit();
                let scalar = Scalar { text, style, raw: range.clone(), indent: span.start.col() };
                let kind = if tag.is_some() { Kind::Refused } else { Kind::Scalar(scalar) };
                builder.add(Node { range, kind });
            }
            Event::SequenceStart(anchor, tag) => {
                builder.properties(&range, anchor != 0, tag.is_some());
                builder.open(range, Kind::List(Vec::new()));
            }
            Event::MappingStart(anchor, tag) => {
                builder.properties(&range, anchor != 0, tag.is_some());
                builder.open(range, Kind::Mapping(Vec::new()));
            }
            Event::SequenceEnd | Event::MappingEnd => builder.close(range.end),
            Event::StreamEnd => break,
            Event::Nothing | Event::StreamStart | Event::DocumentEnd => {}
        }
        if builder.open.len() > DEEPEST || builder.nodes > MOST_NODES {
            let limit =
                format!("a policy nests at most {DEEPEST} levels and has at most {MOST_NODES} values");
            builder.report(codes::TOO_LARGE, span.start, &limit, None);
            return None;
        }
    }
    builder.root
}

const QUOTE_OR_REPEAT: &str = "repeat the value; if it is text (CEL, say), put it in single quotes";

struct Builder<'a, 's> {
    source: &'a Source<'s>,
    places: Places<'s>,
    findings: &'a mut Vec<Finding>,
    open: Vec<Open>,
    root: Option<Node>,
    nodes: usize,
}

/// A list or mapping that is being read.
struct Open {
    node: Node,
    /// The key whose value comes next.
    key: Option<(String, Range<usize>)>,
    /// The keys so far.
    keys: BTreeSet<String>,
}

/// The byte of each character: the parser counts characters.
struct Places<'s> {
    text: &'s str,
    /// The byte of every [`STRIDE`]th character, where there are others than ASCII's.
    known: Vec<usize>,
}

/// From how many characters one place is kept: a place for each would take several times the text's memory.
const STRIDE: usize = 64;

impl<'s> Places<'s> {
    fn new(text: &'s str) -> Self {
        let known = match text.is_ascii() {
            true => Vec::new(),
            false => text.char_indices().step_by(STRIDE).map(|(at, _)| at).collect(),
        };
        Self { text, known }
    }

    /// The byte of a character; the end of the text for one behind it.
    fn byte(&self, character: usize) -> usize {
        let end = self.text.len();
        if self.known.is_empty() {
            return character.min(end);
        }
        let Some(before) = self.known.get(character / STRIDE) else { return end };
        let rest = self.text.get(*before..).unwrap_or_default();
        let behind = rest.char_indices().nth(character % STRIDE);
        behind.map_or(end, |(at, _)| before.saturating_add(at))
    }
}

impl Builder<'_, '_> {
    fn byte(&self, marker: Marker) -> usize {
        self.places.byte(marker.index())
    }

    fn range(&self, span: Span) -> Range<usize> {
        let start = self.byte(span.start);
        start..self.byte(span.end).max(start)
    }

    fn report(&mut self, code: &'static str, at: Marker, message: &str, help: Option<String>) {
        let start = self.byte(at);
        self.finding(code, start..start, message.to_owned(), help);
    }

    fn finding(&mut self, code: &'static str, range: Range<usize>, message: String, help: Option<String>) {
        self.findings.push(Finding { severity: Severity::Error, code, range, message, help, rule: None });
    }

    fn refuse(&mut self, range: Range<usize>, message: &str, help: &str) {
        self.finding(codes::YAML_FEATURE, range, message.to_owned(), Some(help.to_owned()));
    }

    /// What the parser could not read, with the reason that is most likely in a policy.
    fn syntax(&mut self, info: &str, at: Marker) {
        let place = self.source.place(self.byte(at));
        let line = self.source.line(place.line);
        let value = line.split_once(": ").map_or("", |(_, value)| value.trim_start());
        let help = if info.contains("tab") {
            Some("indent with spaces, not tabs")
        } else if value.starts_with(['"', '\'', '%', '@', '`', '!'])
            || (value.starts_with(['[', '{']) && !value.ends_with([']', '}']))
            || (value.contains(": ") && !value.starts_with('{'))
        {
            Some(
                "a CEL expression that begins with a quote, a bracket or `!`, or contains `: ` must be quoted as a whole: write it in single quotes ('…', with '' for each ' inside) or as a block after `|`",
            )
        } else {
            None
        };
        self.report(
            codes::YAML_SYNTAX,
            at,
            &format!("this is not valid YAML: {info}"),
            help.map(str::to_owned),
        );
    }

    /// The range without blanks at its end, which the parser counts in inside of brackets.
    fn trimmed(&self, range: Range<usize>) -> Range<usize> {
        let text = self.source.slice(range.clone()).trim_end();
        range.start..range.start.saturating_add(text.len())
    }

    /// Reports anchors and tags.
    fn properties(&mut self, range: &Range<usize>, anchor: bool, tag: bool) {
        if tag {
            let help = "if this is a CEL expression, put it in single quotes: '!…'";
            self.refuse(range.clone(), "YAML tags (`!name`) are not supported", help);
        }
        if anchor {
            self.refuse(
                range.clone(),
                "YAML anchors (`&name`) are not supported",
                "write the value where it is needed",
            );
        }
    }

    fn open(&mut self, range: Range<usize>, kind: Kind) {
        self.nodes = self.nodes.saturating_add(1);
        self.open.push(Open { node: Node { range, kind }, key: None, keys: BTreeSet::new() });
    }

    fn close(&mut self, end: usize) {
        let Some(Open { mut node, .. }) = self.open.pop() else { return };
        node.range.end = node.range.end.max(end);
        match &mut node.kind {
            Kind::List(items) => items.shrink_to_fit(),
            Kind::Mapping(entries) => entries.shrink_to_fit(),
            Kind::Scalar(_) | Kind::Refused => {}
        }
        self.add(node);
    }

    /// Puts a finished node where it belongs: into the list, as a key, or as the value of the key before.
    fn add(&mut self, node: Node) {
        self.nodes = self.nodes.saturating_add(1);
        let Some(parent) = self.open.last_mut() else {
            self.root = Some(node);
            return;
        };
        match &mut parent.node.kind {
            Kind::Scalar(_) | Kind::Refused => {}
            Kind::List(items) => items.push(node),
            Kind::Mapping(entries) => match parent.key.take() {
                Some((key, key_range)) => entries.push(Entry { key, key_range, value: node }),
                None => self.key(node),
            },
        }
    }

    fn key(&mut self, node: Node) {
        let range = node.range;
        let Kind::Scalar(Scalar { text, style, .. }) = node.kind else {
            self.refuse(range.clone(), "a key must be a plain word", "write `key: value`");
            self.remember_key(String::new(), range);
            return;
        };
        if text == "<<" && style == Style::Plain {
            self.refuse(range.clone(), "YAML merge keys (`<<`) are not supported", "write the keys out");
        } else if self.open.last_mut().is_some_and(|parent| !parent.keys.insert(text.clone())) {
            let message = format!("the key `{text}` stands twice in this mapping");
            self.finding(
                codes::DUPLICATE_KEY,
                range.clone(),
                message,
                Some("remove one of the two".to_owned()),
            );
        }
        self.remember_key(text, range);
    }

    fn remember_key(&mut self, key: String, range: Range<usize>) {
        if let Some(parent) = self.open.last_mut() {
            parent.key = Some((key, range));
        }
    }
}
