//! Requests for people.

use crate::explain::each;
use crate::text::harmless;
use policy_core::explain::Explained;
use serde::Deserialize;
use serde_json::Value;
use std::io::{self, Write};

const COLUMNS: [&str; 6] = ["ID", "STATUS", "REQUESTER", "CLIENT", "STAGE", "OPENED"];

/// A table of requests.
pub(super) fn table<W: Write>(out: &mut W, requests: &Value) -> io::Result<()> {
    let rows: Vec<[String; 6]> = requests.as_array().into_iter().flatten().map(row).collect();
    if rows.is_empty() {
        return writeln!(out, "There are no such requests.");
    }
    let mut widths = COLUMNS.map(|column| column.chars().count());
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    for row in std::iter::once(&COLUMNS.map(str::to_owned)).chain(&rows) {
        let cells: Vec<String> =
            row.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}")).collect();
        writeln!(out, "{}", cells.join("  ").trim_end())?;
    }
    Ok(())
}

fn row(request: &Value) -> [String; 6] {
    ["/id", "/status", "/requester/username", "/client/client_id", "/stage", "/opened_at"]
        .map(|pointer| text(request, pointer))
}

/// One request, and its events where it has them.
pub(super) fn details<W: Write>(out: &mut W, request: &Value) -> io::Result<()> {
    for (label, pointer) in [
        ("Request", "/id"),
        ("Status", "/status"),
        ("Requester", "/requester/username"),
        ("Client", "/client/client_id"),
        ("Action", "/action"),
        ("Policy", "/policy/name"),
        ("Rule", "/policy/rule"),
        ("Reason", "/reason"),
        ("Justification", "/justification"),
        ("Stage", "/stage"),
        ("Deadline", "/deadline"),
        ("Opened", "/opened_at"),
    ] {
        let value = text(request, pointer);
        if value != "-" {
            writeln!(out, "{label:14}{value}")?;
        }
    }
    let events = request.get("events").and_then(Value::as_array);
    for event in events.into_iter().flatten() {
        let who = match text(event, "/personal/actor/username") {
            name if name == "-" => match text(event, "/actor/kind") {
                kind if kind == "system" => kind,
                _ => "(erased)".to_owned(),
            },
            name => name,
        };
        let mut line = format!("{}  {} by {who}", text(event, "/at"), text(event, "/kind"));
        for (before, pointer) in
            [(" in ", "/stage"), (" to ", "/to"), (", code ", "/code"), (": ", "/personal/comment")]
        {
            let value = text(event, pointer);
            if value != "-" {
                line.push_str(before);
                line.push_str(&value);
            }
        }
        writeln!(out, "{line}")?;
    }
    Ok(())
}

/// Why the policy held a request: what was decided, and each rule with its clauses.
pub(super) fn explanation<W: Write>(out: &mut W, told: &Value) -> io::Result<()> {
    let by = |pointer: &str| match text(told, pointer) {
        name if name == "-" => "the policy's default".to_owned(),
        name => format!("the rule `{name}`"),
    };
    let policy = text(told, "/policy/name");
    writeln!(out, "{}: {}, by {} of {policy}", text(told, "/action"), text(told, "/effect"), by("/rule"))?;
    writeln!(out, "  at {}, {}", text(told, "/at"), text(told, "/policy/hash"))?;
    let differs = |member: &str| {
        told.pointer(&format!("/decision/{member}")).is_some_and(|it| Some(it) != told.get(member))
    };
    if differs("effect") || differs("rule") {
        let effect = text(told, "/decision/effect");
        writeln!(
            out,
            "  This version of the engine decides otherwise, as told below: {effect}, by {}",
            by("/decision/rule")
        )?;
    }
    let rules = told.get("rules").map(Vec::<Explained>::deserialize).transpose()?.unwrap_or_default();
    each(&policy, &rules, out)
}

fn text(value: &Value, pointer: &str) -> String {
    value
        .pointer(pointer)
        .and_then(Value::as_str)
        .filter(|text| !text.is_empty())
        .map_or("-".to_owned(), harmless)
}
