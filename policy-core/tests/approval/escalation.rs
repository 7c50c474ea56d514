//! A stage whose time has passed hands over to another one, which is looked at anew.

use policy_core::approval::{Advance, Outcome, Status, advance};
use serde_json::{Value, json};

use crate::world;

/// What comes of the tick behind the deadline, where so many people may decide in the stage that takes over and two are needed.
fn escalated(eligible: &[&str]) -> Outcome {
    let stage = |name: &str, quorum: u32, on_timeout: Value| {
        json!({
            "id": format!("t/{name}"), "chain": "t", "name": name, "approvers": [{ "role": "approver" }], "quorum": quorum,
            "timeout": 900, "on_timeout": on_timeout, "standby": name == "deputies", "notify": true, "require": {},
        })
    };
    let stages =
        [stage("first", 1, json!({ "escalate": "t/deputies" })), stage("deputies", 2, json!("deny"))];
    let people = |names: &[&str]| json!({ "count": names.len(), "people": names });
    let mut body = json!({
        "pinned": world::pinned(&json!({ "stages": stages, "use_by": 300 }), None),
        "events": [],
        "command": {
            "kind": "open", "salt": world::SALT,
            "actor": { "kind": "user", "id": "alice", "username": "alice", "person_key": "key-alice" },
            "facts": { "eligible": { "t/first": people(&["key-bob"]), "t/deputies": people(&["key-carol", "key-dave"]) } },
        },
        "now": "2026-11-24T09:00:00.000Z",
    });
    let opened = advance(&serde_json::from_value::<Advance>(body.clone()).unwrap()).unwrap();
    assert_eq!(opened.status, Some(Status::Pending));
    body["events"] = json!(opened.append);
    body["command"] = json!({
        "kind": "tick", "salt": "202122232425262728292a2b2c2d2e2f", "actor": { "kind": "system" },
        "facts": { "eligible": { "t/deputies": people(eligible) } },
    });
    body["now"] = json!("2026-11-24T09:15:01.000Z");
    advance(&serde_json::from_value::<Advance>(body).unwrap()).unwrap()
}

#[test]
fn a_stage_that_takes_over_and_can_never_be_cleared_denies_at_once() {
    let outcome = escalated(&["key-carol"]);
    assert_eq!(outcome.status, Some(Status::Denied));
    let kinds: Vec<String> = outcome
        .append
        .iter()
        .map(|event| serde_json::from_str::<Value>(event).unwrap()["kind"].as_str().unwrap().to_owned())
        .collect();
    assert!(kinds.ends_with(&["escalated".to_owned(), "denied".to_owned()]), "{kinds:?}");
    // An auditor reads which stage that was, and how many people there were.
    let denied: Value = serde_json::from_str(&outcome.append[outcome.append.len() - 1]).unwrap();
    assert_eq!(denied["stage"], "t/deputies", "{denied}");
    assert_eq!(denied.pointer("/facts/eligible/t~1deputies/count"), Some(&json!(1)), "{denied}");
}

#[test]
fn a_stage_that_takes_over_and_can_be_cleared_waits() {
    let outcome = escalated(&["key-carol", "key-dave"]);
    assert_eq!((outcome.status, outcome.stage.as_deref()), (Some(Status::Pending), Some("t/deputies")));
}
