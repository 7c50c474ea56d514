//! Whatever is done to an export is found and named.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test that panics fails, which is what it is for"
)]

mod checkpoints;
mod printed;
mod world;

use policy_cli::audit::{Checkpoints, Kind, Report, verify};
use proptest::prelude::*;
use serde_json::{Value, json};
use world::{Stored, courses, export, store, text, three};

fn check(rows: &[Value]) -> Report {
    check_text(&text(rows)).unwrap()
}

fn check_text(text: &str) -> Result<Report, String> {
    verify(text.as_bytes(), &Checkpoints::default(), "export.ndjson").map_err(|trouble| trouble.to_string())
}

fn requests(courses: &[world::Course]) -> Vec<Stored> {
    courses.iter().enumerate().map(|(index, course)| store(index, course)).collect()
}

/// Whether a finding names this row: by its line, or by its request and number.
fn names(report: &Report, row: &Value, line: usize) -> bool {
    let seq = row.pointer("/event/seq").and_then(Value::as_u64);
    let request = row["request"].as_str().or(row["id"].as_str());
    report.findings.iter().any(|finding| {
        finding.line == Some(line)
            || (request.is_some()
                && finding.request.as_deref() == request
                && (seq.is_none() || finding.seq == seq))
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn an_export_that_nobody_touched_is_intact(courses in courses()) {
        let requests = requests(&courses);
        let report = check(&export(&requests));
        prop_assert_eq!(&report.findings, &[]);
        prop_assert_eq!(report.result, "intact");
        let erased = requests.iter().filter(|stored| stored.shown.is_none()).count();
        prop_assert_eq!(report.erased.requests, erased as u64);
    }

    #[test]
    fn a_row_that_was_dropped_is_named(courses in courses()) {
        let rows = export(&requests(&courses));
        for (index, row) in rows.iter().enumerate() {
            let mut left = rows.clone();
            left.remove(index);
            let report = check(&left);
            let by_line = report.findings.iter().any(|finding| finding.line == Some(index + 1));
            prop_assert!(by_line || names(&report, row, usize::MAX), "{} of {:#?}", row, report.findings);
            if row["type"] == "event" {
                let kinds: Vec<Kind> = report.findings.iter().map(|finding| finding.kind).collect();
                prop_assert!(kinds.contains(&Kind::Missing) || kinds.contains(&Kind::Truncated), "{:?}", kinds);
            }
        }
    }

    #[test]
    fn a_row_that_is_there_twice_is_named(courses in courses()) {
        let rows = export(&requests(&courses));
        for (index, row) in rows.iter().enumerate() {
            let mut left = rows.clone();
            left.insert(index, row.clone());
            let report = check(&left);
            let named = report.findings.iter().any(|finding| finding.line == Some(index + 2));
            prop_assert!(named, "{} of {:#?}", row, report.findings);
        }
    }

    #[test]
    fn rows_that_changed_places_are_named(courses in courses()) {
        let rows = export(&requests(&courses));
        for one in 0..rows.len() {
            for other in one + 1..rows.len() {
                let mut left = rows.clone();
                left.swap(one, other);
                let Ok(report) = check_text(&text(&left)) else { continue };
                prop_assert!(!report.findings.is_empty(), "{one} and {other}");
                if rows[one]["type"] == "event" && rows[one]["request"] == rows[other]["request"] {
                    for line in [one + 1, other + 1] {
                        let named = report.findings.iter().any(|it| it.kind == Kind::Reordered && it.line == Some(line));
                        prop_assert!(named, "{line} of {:#?}", report.findings);
                    }
                }
            }
        }
    }

    #[test]
    fn an_export_that_was_cut_anywhere_is_damaged(courses in courses(), bytes in 1..40_usize) {
        let rows = export(&requests(&courses));
        for length in 1..rows.len() {
            let report = check(&rows[..length]);
            prop_assert!(report.findings.iter().any(|finding| finding.kind == Kind::Truncated));
        }
        let whole = text(&rows);
        let cut = &whole[..whole.len() - bytes];
        prop_assert!(!check_text(cut).unwrap().findings.is_empty());
    }

    /// Every value of every row, the one after the other.
    #[test]
    fn a_row_that_was_edited_is_named(courses in courses()) {
        let rows = export(&requests(&courses));
        for (index, row) in rows.iter().enumerate() {
            for place in places(row, "").into_iter().filter(|place| is_proven(place)) {
                let mut left = rows.clone();
                edit(left[index].pointer_mut(&place).unwrap());
                match check_text(&text(&left)) {
                    Ok(report) if index == 0 => prop_assert!(!report.findings.is_empty(), "{place}"),
                    Ok(report) => prop_assert!(names(&report, row, index + 1), "{} of {}: {:#?}", place, row, report.findings),
                    Err(_) => prop_assert_eq!(index, 0),
                }
            }
        }
    }

    #[test]
    fn what_was_taken_out_of_a_row_is_named_or_told_as_erased(courses in courses()) {
        let rows = export(&requests(&courses));
        let before = check(&rows).erased;
        for (index, row) in rows.iter().enumerate() {
            for place in members(row, "").into_iter().filter(|place| is_proven(place)) {
                let mut left = rows.clone();
                if row.pointer(&place).unwrap().is_null() {
                    // Absent says the same.
                    continue;
                }
                let (parent, key) = place.rsplit_once('/').unwrap();
                left[index].pointer_mut(parent).unwrap().as_object_mut().unwrap().remove(key);
                let Ok(report) = check_text(&text(&left)) else { continue };
                if report.findings.is_empty() {
                    prop_assert_eq!(&place, "/event/personal");
                    prop_assert_eq!(report.erased.events, before.events + 1);
                } else {
                    prop_assert!(index == 0 || names(&report, row, index + 1), "{} of {}: {:#?}", place, row, report.findings);
                }
            }
        }
    }
}

/// What nobody can prove: when an export was made, and what the realm is called.
fn is_proven(place: &str) -> bool {
    !matches!(place, "/at" | "/realm")
}

fn edit(value: &mut Value) {
    *value = match value.take() {
        Value::String(text) if text.ends_with('x') => json!("y"),
        Value::String(text) => json!(format!("{text}x")),
        Value::Number(number) => json!(number.as_u64().unwrap() + 1),
        Value::Bool(value) => json!(!value),
        Value::Null => json!("x"),
        Value::Array(mut items) => {
            items.push(json!(77));
            json!(items)
        }
        Value::Object(mut members) => {
            members.insert("more".to_owned(), json!(1));
            json!(members)
        }
    };
}

/// The JSON pointers of all that is in a value. No key of an export has a slash that a pointer would read as its own.
fn places(value: &Value, here: &str) -> Vec<String> {
    let inside: Vec<String> = match value {
        Value::Object(members) => members
            .iter()
            .flat_map(|(key, value)| places(value, &format!("{here}/{}", key.replace('/', "~1"))))
            .collect(),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .flat_map(|(index, value)| places(value, &format!("{here}/{index}")))
            .collect(),
        _ => Vec::new(),
    };
    let own = (!here.is_empty() && here != "/pinned" && here != "/event" && here != "/shown")
        .then(|| here.to_owned());
    own.into_iter().chain(inside).collect()
}

/// The pointers of the members of all objects in a value.
fn members(value: &Value, here: &str) -> Vec<String> {
    match value {
        Value::Object(members_) => members_
            .iter()
            .flat_map(|(key, value)| {
                let place = format!("{here}/{key}");
                let inside = if key.contains('/') { Vec::new() } else { members(value, &place) };
                let own = (!key.contains('/')).then_some(place);
                own.into_iter().chain(inside)
            })
            .collect(),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .flat_map(|(index, value)| members(value, &format!("{here}/{index}")))
            .collect(),
        _ => Vec::new(),
    }
}

/// One row's edit does not hide another's.
#[test]
fn two_edited_events_are_both_named() {
    let mut rows = export(&three());
    for seq in [1, 3] {
        edit(rows[1 + seq].pointer_mut("/event/at").unwrap());
    }
    let report = check(&rows);
    let edited: Vec<_> =
        report.findings.iter().filter(|it| it.kind == Kind::Edited).map(|it| it.seq).collect();
    assert_eq!(edited, [Some(3), Some(1)]);
}

#[test]
fn what_is_no_export_cannot_be_read() {
    for text in ["", "PK\u{3}\u{4}\n", "{}\n", "{\"type\":\"realm\",\"v\":2}\n"] {
        check_text(text).unwrap_err();
    }
}

/// A live request without the names of those who acted was tampered with: only what has ended is erased.
#[test]
fn erasing_a_live_request_is_damage() {
    let mut rows = export(&three());
    let live = rows.len() - 2;
    rows[live]["event"].as_object_mut().unwrap().remove("personal");
    let report = check(&rows);
    assert_eq!(report.findings[0].message, "who did it was taken away, though the request has not ended");
    assert_eq!(report.findings[0].line, Some(live + 1));
}
