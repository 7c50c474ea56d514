//! What events tell an auditor beside their kind.

use policy_core::approval::{Advance, Status, advance};
use serde_json::{Value, json};

use crate::world;

#[test]
fn who_takes_a_request_back_is_told_with_the_stage_that_it_was_in() {
    let stage = json!({
        "id": "t/first", "chain": "t", "name": "first", "approvers": [{ "role": "approver" }], "quorum": 1, "timeout": 900,
        "on_timeout": "deny", "notify": true, "require": {},
    });
    let mut body = json!({
        "pinned": world::pinned(&json!({ "stages": [stage], "use_by": 300 }), None),
        "events": [],
        "command": {
            "kind": "open", "salt": world::SALT,
            "actor": { "kind": "user", "id": "alice", "username": "alice", "person_key": "key-alice" },
            "facts": { "eligible": { "t/first": { "count": 1, "people": ["key-bob"] } } },
        },
        "now": "2026-11-24T09:00:00.000Z",
    });
    body["events"] =
        json!(advance(&serde_json::from_value::<Advance>(body.clone()).unwrap()).unwrap().append);
    for kind in ["cancel", "expire"] {
        body["command"] =
            json!({ "kind": kind, "salt": world::SALT, "actor": { "kind": "system" }, "code": "late" });
        let outcome = advance(&serde_json::from_value::<Advance>(body.clone()).unwrap()).unwrap();
        let [event] = outcome.append.as_slice() else { panic!("{outcome:?}") };
        let event: Value = serde_json::from_str(event).unwrap();
        assert_eq!((&event["stage"], &event["code"]), (&"t/first".into(), &"late".into()), "{event}");
    }
}

/// Somebody left while a stage was under way: that is for the stage's time to end, or for others who come.
#[test]
fn a_vote_that_does_not_end_its_stage_is_not_followed_by_a_denial() {
    let stage = json!({
        "id": "t/first", "chain": "t", "name": "first", "approvers": [{ "role": "approver" }], "quorum": 2, "timeout": 900,
        "on_timeout": "deny", "notify": true, "require": {},
    });
    let eligible = |people: &[&str]| json!({ "t/first": { "count": people.len(), "people": people } });
    let mut body = json!({
        "pinned": world::pinned(&json!({ "stages": [stage], "use_by": 300 }), None),
        "events": [],
        "command": {
            "kind": "open", "salt": world::SALT,
            "actor": { "kind": "user", "id": "alice", "username": "alice", "person_key": "key-alice" },
            "facts": { "eligible": eligible(&["key-bob", "key-carol"]) },
        },
        "now": "2026-11-24T09:00:00.000Z",
    });
    let digest = body["pinned"]["personal"]["digest"].clone();
    body["events"] =
        json!(advance(&serde_json::from_value::<Advance>(body.clone()).unwrap()).unwrap().append);
    body["command"] = json!({
        "kind": "approve", "salt": world::SALT, "shown": { "digest": digest, "stage": "t/first" },
        "actor": { "kind": "user", "id": "bob", "username": "bob", "person_key": "key-bob" },
        "facts": { "matches": [0], "acr": true, "match_code": true, "eligible": eligible(&["key-bob"]) },
    });
    let outcome = advance(&serde_json::from_value::<Advance>(body).unwrap()).unwrap();
    assert_eq!((outcome.rejection, outcome.status, outcome.append.len()), (None, Some(Status::Pending), 1));
}

#[test]
fn a_status_is_called_as_in_json() {
    use Status::{Approved, Cancelled, Denied, Expired, Pending, Revoked, Used};
    for status in [Pending, Approved, Denied, Cancelled, Expired, Used, Revoked] {
        assert_eq!(serde_json::to_value(status).unwrap(), status.name());
    }
}
