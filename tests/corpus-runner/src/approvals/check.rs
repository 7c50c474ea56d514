//! Comparing an answer of `advance` with what a step expects.

use super::format::Then;
use super::{PREFIX, time};
use crate::compare;
use serde_json::{Value, json};
use std::collections::BTreeMap;

pub(super) fn check(then: &Then, answer: &Value) -> Result<(), String> {
    if then.status.is_none() && then.rejected.is_none() && then.error.is_none() && then.erased.is_none() {
        return Err("`then` says nothing: write `status`, `rejected`, `error` or `erased`".to_owned());
    }
    if let Some(code) = &then.error {
        return compare::error(answer, code, then.message.as_deref());
    }
    let ok = compare::success(answer)?;
    check_rejection(then, ok)?;
    let nothing = then.rejected.is_some().then(Vec::new);
    let faults: Vec<String> = [
        differs("status", then.status.clone(), word(ok.get("status"))),
        differs("stage", then.stage.clone(), word(ok.get("stage"))),
        differs("deadline", then.deadline.as_deref().map(deadline).transpose()?, word(ok.get("deadline"))),
        differs(
            "grant_until",
            then.grant_until.as_deref().map(deadline).transpose()?,
            word(ok.get("grant_until")),
        ),
        differs("append", then.append.clone().or(nothing), list(ok, "append", appended)),
        differs("effects", then.effects.clone(), list(ok, "effects", effect)),
        differs("stages", then.stages.clone(), stages(ok, then.stages.as_ref())),
        differs("erased", then.erased.clone(), erased(ok)),
        differs("stored_comment", then.stored_comment.clone(), stored_comment(ok)),
    ]
    .into_iter()
    .flatten()
    .collect();
    if faults.is_empty() { Ok(()) } else { Err(faults.join("\n")) }
}

fn check_rejection(then: &Then, ok: &Value) -> Result<(), String> {
    let rejection = ok.get("rejection").unwrap_or(&Value::Null);
    let text = |key: &str| rejection.get(key).and_then(Value::as_str).unwrap_or_default();
    if text("code") != then.rejected.as_deref().unwrap_or_default() {
        let expected = then.rejected.as_deref().map_or("none".to_owned(), |code| format!("`{code}`"));
        return Err(format!("rejection is {rejection}, expected {expected}"));
    }
    match &then.message {
        Some(part) if !text("message").contains(part) => {
            Err(format!("the message is {:?}, expected it to say {part:?}", text("message")))
        }
        _ => Ok(()),
    }
}

fn differs<T: PartialEq + std::fmt::Debug>(key: &str, expected: Option<T>, actual: T) -> Option<String> {
    expected
        .filter(|expected| *expected != actual)
        .map(|expected| format!("{key} is {actual:?}, expected {expected:?}"))
}

fn word(value: Option<&Value>) -> String {
    value.and_then(Value::as_str).map_or("none".to_owned(), name)
}

fn name(id: &str) -> String {
    id.strip_prefix(PREFIX).unwrap_or(id).to_owned()
}

fn deadline(since_start: &str) -> Result<String, String> {
    if since_start == "none" { Ok(since_start.to_owned()) } else { time::instant(since_start) }
}

fn list(ok: &Value, key: &str, brief: fn(&Value) -> String) -> Vec<String> {
    ok.get(key).and_then(Value::as_array).into_iter().flatten().map(brief).collect()
}

fn appended(event: &Value) -> String {
    let event = parse(event);
    ["kind", "to", "code"]
        .iter()
        .filter_map(|key| event.get(key).and_then(Value::as_str))
        .map(name)
        .collect::<Vec<String>>()
        .join(" ")
}

fn effect(effect: &Value) -> String {
    match effect.get("kind").and_then(Value::as_str) {
        Some("notify_stage") => format!("notify {}", word(effect.get("stage"))),
        Some("notify_outcome") => format!("outcome {}", word(effect.get("status"))),
        _ => effect.to_string(),
    }
}

fn stages(ok: &Value, wanted: Option<&BTreeMap<String, String>>) -> BTreeMap<String, String> {
    let all = ok.get("stages").and_then(Value::as_array).into_iter().flatten();
    all.map(|stage| {
        let needed =
            stage.get("needed").filter(|needed| !needed.is_null()).map_or("?".to_owned(), Value::to_string);
        let names = stage.get("approved_by").and_then(Value::as_array).into_iter().flatten();
        let mut brief = format!(
            "{} {}/{needed}",
            word(stage.get("state")),
            stage.get("approvals").unwrap_or(&json!(null))
        );
        for name in names.filter_map(Value::as_str) {
            brief.push(' ');
            brief.push_str(name);
        }
        (word(stage.get("id")), brief)
    })
    .filter(|(name, _)| wanted.is_none_or(|wanted| wanted.contains_key(name)))
    .collect()
}

fn stored_comment(ok: &Value) -> String {
    let last = ok.get("append").and_then(Value::as_array).and_then(|events| events.last());
    word(last.map(parse).unwrap_or_default().pointer("/personal/comment"))
}

/// `pinned 1 3`: the parts that are gone.
fn erased(ok: &Value) -> String {
    let pinned = ok.pointer("/erased/pinned").and_then(Value::as_bool).unwrap_or_default();
    let events = ok.pointer("/erased/events").and_then(Value::as_array).into_iter().flatten();
    let parts: Vec<String> =
        pinned.then(|| "pinned".to_owned()).into_iter().chain(events.map(Value::to_string)).collect();
    if parts.is_empty() { "none".to_owned() } else { parts.join(" ") }
}

fn parse(event: &Value) -> Value {
    event.as_str().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
}
