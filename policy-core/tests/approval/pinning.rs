//! What a request can be opened with, and what is stored of it.

use policy_core::approval::{
    Advance, MAX_COMMENT, Pin, Pinned, RejectionCode, Screen, Status, advance, hash, pin,
};
use policy_core::testing::merge;
use serde_json::{Value, json};

use crate::world;

fn wanted(patch: &Value) -> Value {
    let mut wanted = json!({
        "about": { "request": "r1", "realm": "demo", "action": "login", "policy": world::DIGEST },
        "chain": { "use_by": 300, "stages": [stage("a", &json!([{ "user": "bob" }]))] },
        "opened_at": "2026-11-24T09:00:00.000Z", "digest": world::DIGEST, "salt": world::SALT,
        "shown": { "facts": { "amount": 100 }, "reason": "it is much", "justification": "a bill" },
        "requester": { "id": "alice", "username": "alice", "person_key": "key-alice" },
    });
    merge(&mut wanted, patch);
    wanted
}

fn stage(name: &str, approvers: &Value) -> Value {
    json!({
        "id": format!("t/{name}"), "chain": "t", "name": name, "approvers": approvers, "quorum": 1, "timeout": 900,
        "on_timeout": "deny", "notify": true, "require": {},
    })
}

/// Why it is not pinned; none where it is.
fn refused(wanted: Value) -> Option<String> {
    match serde_json::from_value::<Pin>(wanted) {
        Ok(wanted) => pin(wanted).err().map(|error| error.to_string()),
        Err(error) => Some(error.to_string()),
    }
}

fn of_stages(stages: &[Value]) -> Value {
    wanted(&json!({ "chain": { "stages": stages } }))
}

#[test]
fn what_is_stored_is_what_its_hashes_say() {
    let document = pin(serde_json::from_value(wanted(&json!({}))).unwrap()).unwrap();
    let mut stored: Value = serde_json::from_str(&document.pinned).unwrap();
    let pinned = Pinned::try_from(stored.clone()).unwrap();
    assert_eq!(pinned.genesis(), document.head);
    let personal = stored.as_object_mut().unwrap().remove("personal").unwrap();
    assert_eq!(hash(&stored).unwrap(), document.head);
    let screen: Screen = serde_json::from_value(wanted(&json!({}))["shown"].clone()).unwrap();
    let salt = serde_json::from_value(personal["salt"].clone()).unwrap();
    assert_eq!(stored["shown"], screen.commitment(&salt).unwrap());
    let other = Screen { facts: json!({ "amount": 101 }), ..screen };
    assert_ne!(stored["shown"], other.commitment(&salt).unwrap());
}

#[test]
fn a_stored_chain_names_people_by_numbers_that_have_names() {
    let document = pin(serde_json::from_value(wanted(&json!({}))).unwrap()).unwrap();
    let stored: Value = serde_json::from_str(&document.pinned).unwrap();
    let with = |selector: Value| {
        let mut stored = stored.clone();
        stored["chain"]["stages"][0]["approvers"] = json!([selector]);
        Pinned::try_from(stored).err()
    };
    assert_eq!(with(json!({ "named": 0 })), None);
    assert_eq!(with(json!({ "role": "approver" })), None);
    for (selector, message) in [
        (json!({ "named": 1 }), "there are no names for selector 1"),
        (json!({ "named": 7 }), "there are no names for selector 7"),
        (json!({ "user": "bob" }), "a selector names people; `pin` hides them"),
        (json!({ "users": ["bob"] }), "a selector names people; `pin` hides them"),
    ] {
        assert_eq!(with(selector).as_deref(), Some(&*format!("`pinned.chain`: {message}")));
    }
    // Names that were erased may have been any number.
    let mut erased = stored;
    erased.as_object_mut().unwrap().remove("personal");
    erased["chain"]["stages"][0]["approvers"] = json!([{ "named": 7 }]);
    assert!(Pinned::try_from(erased).is_ok());
}

#[test]
fn nobody_is_asked_who_has_no_name() {
    assert_eq!(
        refused(of_stages(&[stage("a", &json!([{ "client_role": { "client": "app", "role": "r" } }]))])),
        None
    );
    for selector in [
        json!({ "role": "" }),
        json!({ "group": "" }),
        json!({ "user": "" }),
        json!({ "attribute": "" }),
        json!({ "client_role": { "client": "", "role": "r" } }),
        json!({ "client_role": { "client": "app", "role": "" } }),
    ] {
        let fault = refused(of_stages(&[stage("a", &json!([selector]))])).unwrap();
        assert!(fault.contains("stage `t/a` has a selector with an empty name"), "{selector}: {fault}");
    }
}

#[test]
fn a_chain_that_cannot_be_walked_is_refused() {
    let role = json!([{ "role": "r" }]);
    let many = |count: usize| {
        let stages: Vec<Value> = (0..count).map(|number| stage(&number.to_string(), &role)).collect();
        refused(of_stages(&stages))
    };
    assert_eq!(many(100), None);
    assert!(many(101).unwrap().contains("more than 100 stages"));
    let changed = |patch: Value| {
        let mut it = stage("a", &role);
        merge(&mut it, &patch);
        refused(of_stages(&[it]))
    };
    for (patch, message) in [
        (json!({ "quorum": 0 }), "a quorum is at least 1"),
        (json!({ "quorum": "most" }), "`most` is no quorum: write a number or `all`"),
        (json!({ "timeout": 0 }), "stage `t/a` has a time-out of 0"),
        (json!({ "approvers": [] }), "stage `t/a` has no approvers"),
        (json!({ "id": "" }), "a stage has an empty id"),
        (json!({ "standby": true }), "it has no stage that is not on standby"),
        (
            json!({ "on_timeout": { "escalate": "t/b" } }),
            "escalates to `t/b`, which is no stage further down",
        ),
    ] {
        let fault = changed(patch).unwrap();
        assert!(fault.contains(message), "{message}: {fault}");
    }
    assert_eq!(changed(json!({ "quorum": "all" })), None);
    let twice = refused(of_stages(&[stage("a", &role), stage("a", &role)])).unwrap();
    assert!(twice.contains("two stages have the id `t/a`"), "{twice}");
    let unused = refused(wanted(&json!({ "chain": { "use_by": 0 } }))).unwrap();
    assert!(unused.contains("no approval could ever be used"), "{unused}");
}

/// A request that bob may decide, and a command to it.
fn command(command: Value) -> Advance {
    let pinned =
        world::pinned(&json!({ "use_by": 300, "stages": [stage("a", &json!([{ "role": "r" }]))] }), None);
    let mut body = json!({
        "pinned": pinned, "events": [], "now": "2026-11-24T09:00:00.000Z",
        "command": {
            "kind": "open", "salt": world::SALT,
            "actor": { "kind": "user", "id": "alice", "username": "alice", "person_key": "key-alice" },
            "facts": { "eligible": { "t/a": { "count": 1, "people": ["key-bob"] } } },
        },
    });
    body["events"] = json!(world::run(&body).append);
    body["command"] = command;
    body["command"]["salt"] = json!(world::SALT);
    serde_json::from_value(body).unwrap()
}

#[test]
fn a_comment_has_a_length() {
    let say = |length: usize| {
        let said = json!({
            "kind": "comment", "comment": "é".repeat(length), "shown": { "digest": world::DIGEST, "stage": "t/a" },
            "actor": { "kind": "user", "id": "bob", "username": "bob", "person_key": "key-bob" },
            "facts": { "matches": [0], "acr": true, "match_code": true, "eligible": { "t/a": { "count": 1, "people": ["key-bob"] } } },
        });
        advance(&command(said)).unwrap().rejection.map(|rejection| rejection.code)
    };
    assert_eq!(say(MAX_COMMENT), None);
    assert_eq!(say(MAX_COMMENT + 1), Some(RejectionCode::CommentTooLong));
}

#[test]
fn only_the_clock_says_that_an_approval_was_not_used() {
    let system = |kind: &str, code: &str| {
        advance(&command(json!({ "kind": kind, "code": code, "actor": { "kind": "system" } })))
    };
    let error = system("expire", "not_used").unwrap_err().to_string();
    assert!(error.contains("`not_used` is the clock's own `code`"), "{error}");
    assert_eq!(system("expire", "too_late").unwrap().status, Some(Status::Expired));
    assert_eq!(system("cancel", "not_used").unwrap().status, Some(Status::Cancelled));
}
