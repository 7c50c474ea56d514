//! `jit-policy cel` as a program meets it.

#![allow(
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that panics fails, which is what it is for"
)]

use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::thread;

fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_jit-policy"));
    command.arg("cel").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// What comes out, and the exit code.
fn answered(input: &[u8]) -> (String, i32) {
    let mut child = command().spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    // The pipes hold less than some tests send.
    let sender = thread::spawn(move || stdin.write_all(&input).unwrap());
    let output = child.wait_with_output().unwrap();
    sender.join().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    (String::from_utf8(output.stdout).unwrap(), output.status.code().unwrap())
}

fn answers(cases: &[Value]) -> String {
    let lines: String = cases.iter().map(|case| format!("{case}\n")).collect();
    let (out, code) = answered(lines.as_bytes());
    assert_eq!(code, 0);
    out
}

fn expressions(sources: &[&str]) -> String {
    let shown = answers(&sources.iter().map(|source| json!({"expr": source})).collect::<Vec<_>>());
    assert_eq!(shown.lines().count(), sources.len());
    sources.iter().zip(shown.lines()).map(|(source, answer)| format!("{source}\n    {answer}\n")).collect()
}

#[test]
fn values_of_every_kind_come_out() {
    insta::assert_snapshot!(
        "values",
        expressions(&[
            "null",
            "true",
            "-9223372036854775808",
            "18446744073709551615u",
            "[1.5, -0.0, 1e300, 1e-7, 0.0/0.0, 1.0/0.0, -1.0/0.0]",
            "'é \\u001b[2J \\U0001F62C'",
            "b'\\xff\\x00'",
            "{1: 'a', 2u: 'b', true: 'c', 'd': [{}]}",
            "type(1u)",
            "type(timestamp(0))",
            "timestamp('1969-12-31T23:59:59.999999999Z')",
            "duration('-1.5s')",
            "optional.of(optional.none())",
            "ip('::ffff:a00:1')",
            "cidr('2001:DB8::1/32')",
        ])
    );
}

#[test]
fn bindings_of_every_kind_go_in() {
    let bindings = json!({
        "n": ["null"], "b": ["bool", true], "i": ["int", "-9223372036854775808"], "u": ["uint", "18446744073709551615"],
        "nan": ["double", "nan"], "inf": ["double", "-inf"], "zero": ["double", "-0.0"], "s": ["string", "\u{1F62C}\u{0}"],
        "y": ["bytes", "/wA="], "l": ["list", [["int", "1"], ["string", "a"]]],
        "m": ["map", [[["bool", false], ["int", "0"]], [["uint", "1"], ["int", "1"]], [["int", "-2"], ["int", "2"]], [["string", "k"], ["null"]]]],
        "t": ["type", "list"], "at": ["timestamp", "-1", 500_000_000], "d": ["duration", "-1", -500_000_000],
        "none": ["optional"], "some": ["optional", ["int", "1"]], "a": ["net.IP", "10.0.0.1"], "r": ["net.CIDR", "10.0.0.0/8"],
    });
    let whole = json!({"expr": "[n, b, i, u, nan, inf, zero, s, y, l, m, t, at, d, none, some, a, r]", "bindings": bindings});
    let used = json!({
        "expr": "nan != nan && zero == 0.0 && s.size() == 2 && m[1] == 1 && t == type(l) && at.getMilliseconds() == 500 && r.containsIP(a)",
        "bindings": bindings,
    });
    insta::assert_snapshot!("bindings", answers(&[whole, used]));
}

#[test]
fn errors_tell_their_kind() {
    insta::assert_snapshot!(
        "errors",
        answers(&[
            json!({"expr": "1 +\n+ 2"}),
            json!({"expr": "'"}),
            json!({"expr": "unheard(1)"}),
            json!({"expr": "unheard(1)", "disable_check": true}),
            json!({"expr": "x || true", "disable_check": true}),
            json!({"expr": "[1].all(x, true)", "disable_macros": true}),
            json!({"expr": "1 / 0"}),
            json!({"expr": "{'a': 1}.b"}),
            json!({"expr": "(".repeat(20_000)}),
            json!({"expr": format!("{}1", "-(".repeat(20_000))}),
            json!({"expr": "1+".repeat(8_000)}),
        ])
    );
}

#[test]
fn a_line_that_is_no_case_is_answered_in_its_place() {
    let mut input = br#"{"expr": "1"}
not json

{"expr": 1}
{"bindings": {}}
{"expr": "x", "bindings": {"x": ["int", "one"]}}
{"expr": "x", "bindings": {"x": ["map", [[["null"], ["null"]]]]}}
[1]
{"expr": "\ud800"}
"#
    .to_vec();
    input.extend_from_slice(b"{\"expr\": \"\xff\"}\n");
    let nested = format!("{{\"expr\": \"1\", \"x\": {}{}}}\n", "[".repeat(100_000), "]".repeat(100_000));
    input.extend_from_slice(nested.as_bytes());
    // The last line does not have to end.
    input.extend_from_slice(b"{\"expr\": \"'last'\", \"name\": \"others are passed over\"}");
    let (out, code) = answered(&input);
    assert_eq!(code, 0);
    insta::assert_snapshot!("no-cases", out);
}

#[test]
fn nothing_in_nothing_out() {
    assert_eq!(answered(b""), (String::new(), 0));
}

#[test]
fn an_answer_comes_before_the_next_line_is_sent() {
    let mut child = command().spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    for n in 0..3 {
        writeln!(stdin, "{{\"expr\": \"{n} + {n}\"}}").unwrap();
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        assert_eq!(line, format!("{{\"value\":[\"int\",\"{}\"]}}\n", n + n));
    }
    drop(stdin);
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

/// What is too much for a decision is an error, not a crash.
#[test]
fn long_lines_are_answered() {
    let text = |length: usize| json!({"expr": "x.size()", "bindings": {"x": ["string", "é".repeat(length)]}});
    let list = vec![json!(["int", "1"]); 20_000];
    let wide = json!({"expr": "x.size()", "bindings": {"x": ["list", list]}});
    let out = answers(&[text(1_000_000), text(7_000_000), wide]);
    let lines: Vec<_> = out.lines().collect();
    assert_eq!(lines[0], "{\"value\":[\"int\",\"1000000\"]}");
    assert!(lines[1].contains("more than 500000 steps"), "{}", lines[1]);
    assert_eq!(lines[2], "{\"value\":[\"int\",\"20000\"]}");
}

#[test]
fn what_is_no_command_line_ends_with_2() {
    let output = command().arg("expression").stdin(Stdio::null()).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn the_help_says_what_goes_in_and_out() {
    let output = command().arg("--help").stdin(Stdio::null()).output().unwrap();
    insta::assert_snapshot!("help", String::from_utf8(output.stdout).unwrap());
}
