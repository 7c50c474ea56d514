//! From a byte of a scalar's value back to the file, in every style that YAML has.

#![allow(clippy::arithmetic_side_effects, clippy::panic, clippy::string_slice, reason = "tests")]

use proptest::prelude::*;

use super::{Kind, Node, Scalar, parse};
use crate::policy::source::Source;

/// A word that stands once in the file and once in the value.
const MARKER: &str = "MaRk";

/// The scalar under the key `cel`, wherever it is.
fn scalar(node: &Node) -> Option<&Scalar> {
    match &node.kind {
        Kind::Scalar(_) | Kind::Refused => None,
        Kind::List(items) => items.iter().find_map(scalar),
        Kind::Mapping(entries) => entries.iter().find_map(|entry| match &entry.value.kind {
            Kind::Scalar(scalar) if entry.key == "cel" => Some(scalar),
            _ => scalar(&entry.value),
        }),
    }
}

/// Where the marker is said to be, and where it is; `None` where the text is no YAML or has lost the marker.
fn found(text: &str) -> Option<(String, std::ops::Range<usize>, std::ops::Range<usize>)> {
    let source = Source::new("p.yaml", text);
    let root = parse(&source, &mut Vec::new())?;
    let scalar = scalar(&root)?;
    let at = scalar.text.find(MARKER)?;
    let real = source.text().find(MARKER)?;
    let located = scalar.locate(source.text(), at..at + MARKER.len());
    Some((scalar.text.clone(), located, real..real + MARKER.len()))
}

fn assert_found(text: &str, value: &str) {
    let (found_value, located, real) = found(text).unwrap_or_else(|| panic!("not read: {text:?}"));
    assert_eq!(found_value, value, "{text:?}");
    assert_eq!(located, real, "{text:?}");
}

#[test]
fn every_style_leads_back_to_the_file() {
    for (text, value) in [
        ("cel: a MaRk b\n", "a MaRk b"),
        ("cel: 日本 é\n  and MaRk b # comment\n", "日本 é and MaRk b"),
        ("cel: a\n\n\n  MaRk\n", "a\n\nMaRk"),
        ("- cel:\n    a\n    MaRk", "a MaRk"),
        ("cel: 'it''s ''MaRk'\n", "it's 'MaRk"),
        ("cel: 'a  \n\n  b   MaRk '\n", "a\nb   MaRk "),
        ("cel: '\n  MaRk\n  '", " MaRk "),
        ("cel: \"\\x41\\u00e9\\U0001F600\\n\\\"\\\\ MaRk\"\n", "Aé😀\n\"\\ MaRk"),
        ("cel: \"a\\\n   b \\\n  \\ MaRk\"\n", "ab  MaRk"),
        ("cel: \"a\t \\t \n  MaRk\"\n", "a\t \t MaRk"),
        ("[{ cel: 'a MaRk' }, { cel: b }]", "a MaRk"),
        ("{ cel: a MaRk , b: c }", "a MaRk"),
        ("{\"cel\":\"x \\/ MaRk\"}", "x / MaRk"),
        ("cel: |\n  a\n\n    MaRk\n", "a\n\n  MaRk\n"),
        ("cel: |2-\n    a\n   MaRk\n\n\n", "  a\n MaRk"),
        ("a:\n - cel: |1+ # why\n\n     a\n    MaRk\n\n", "\n a\nMaRk\n\n"),
        ("cel: >\n\n  a\n  b\n\n  c\n    d\n  MaRk\n", "\na b\nc\n  d\nMaRk\n"),
        ("cel: >-\n  a\n\n\n\n  b\n  MaRk", "a\n\n\nb MaRk"),
        ("cel: >+\r\n  a\r\n  é MaRk\r\n\r\n", "a é MaRk\n\n"),
        ("\u{feff}cel: é MaRk", "é MaRk"),
    ] {
        assert_found(text, value);
    }
}

#[test]
fn the_end_of_a_scalar_is_a_place_too() {
    for (text, end) in
        [("cel: a +\nb: c\n", 8), ("cel: 'a +'\n", 9), ("cel: |\n  a +\n\n", 13), ("cel: >-\n  a +\n\n", 13)]
    {
        let source = Source::new("p.yaml", text);
        let root = parse(&source, &mut Vec::new()).unwrap();
        let scalar = scalar(&root).unwrap();
        let length = scalar.text.len();
        assert_eq!(scalar.locate(text, length..length), end..end, "{text:?}");
    }
}

/// Pieces of scalars that have a meaning in some style, and harmless ones.
const PIECES: &[&str] = &[
    "a",
    "b ",
    " ",
    "  ",
    "é",
    "日",
    "\n",
    "\n",
    "\n\n",
    "''",
    "\\n",
    "\\\"",
    "\\x41",
    "\\u00e9",
    "\\\n",
    "\\ ",
    "\t",
    "\\t",
    "+",
    "x == y",
    "😀",
    "\\U0001F600",
    "c",
];

fn pieces() -> impl Strategy<Value = Vec<&'static str>> {
    prop::collection::vec(prop::sample::select(PIECES), 0..14)
}

/// Puts an indentation behind every line end, sometimes more of it.
fn laid_out(text: &str, indent: usize, more: &[bool]) -> String {
    let mut more = more.iter().cycle();
    let mut lines = text.split('\n').map(str::to_owned).collect::<Vec<_>>();
    for line in lines.iter_mut().skip(1) {
        if !line.is_empty() {
            let extra = if more.next() == Some(&true) { 2 } else { 0 };
            *line = format!("{}{line}", " ".repeat(indent + extra));
        }
    }
    lines.join("\n")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    /// Whatever the parser takes, the marker is found where it is.
    #[test]
    fn the_marker_is_where_it_is_said_to_be(
        before in pieces(), after in pieces(), style in 0..5_usize, chomp in prop::sample::select(&["", "-", "+"][..]),
        indicator: bool, indent in 1..5_usize, more in prop::collection::vec(any::<bool>(), 1..4), crlf: bool, nested: bool,
    ) {
        let content = format!("{}{MARKER}{}", before.concat(), after.concat());
        let base = if nested { 4 } else { 0 };
        let indent = base + indent;
        let digit = if indicator { (indent - base).to_string() } else { String::new() };
        let flowed = laid_out(&content, indent, &more);
        let scalar = match style {
            0 => flowed,
            1 => format!("'{flowed}'"),
            2 => format!("\"{flowed}\""),
            _ => {
                let header = if style == 3 { '|' } else { '>' };
                format!("{header}{digit}{chomp}\n{}{flowed}\n", " ".repeat(indent))
            }
        };
        if style < 3 && crlf {
            let text = format!("rules: [{{ cel: {scalar} , z: é }}, {{ cel: x}} ]\n");
            if let Some((value, located, real)) = found(&text) {
                prop_assert_eq!(located, real, "{:?} is read as {:?}", &text, value);
            }
        }
        let head = if nested { "rules:\n  - id: é\n    cel: " } else { "cel: " };
        let mut text = format!("{head}{scalar}\n{}z: 1\n", " ".repeat(base));
        if crlf {
            text = text.replace('\n', "\r\n");
        }
        if let Some((value, located, real)) = found(&text) {
            prop_assert_eq!(&text[located.clone()], MARKER, "{:?} is read as {:?}", &text, value);
            prop_assert_eq!(located, real);
        }
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in "\\PC{0,80}|[-:>|'\"#&*!?%@`{}\\[\\],\\n\\r\\t a\u{feff}é0-9<]{0,60}") {
        let source = Source::new("p.yaml", &text);
        let root = parse(&source, &mut Vec::new());
        if let Some(scalar) = root.as_ref().and_then(scalar) {
            scalar.locate(source.text(), 0..scalar.text.len());
        }
    }
}
