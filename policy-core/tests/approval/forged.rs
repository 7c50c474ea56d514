//! Histories whose hashes hold, and which this fold has never written: whoever can write the database can hash, too.

use policy_core::approval::{Advance, AdvanceError, Stored, advance, commitment, verify};
use policy_core::testing::merge;
use policy_core::wire::canonical_text;
use serde_json::{Value, json};

use crate::world;

/// What somebody does, and when: `hh:mm:ss` of the day.
type Move = (&'static str, &'static str, &'static str);

fn person(name: &str) -> Value {
    json!({ "id": name, "username": name, "person_key": format!("key-{name}") })
}

fn stage(name: &str, more: &Value) -> Value {
    let mut stage = json!({
        "id": format!("t/{name}"), "chain": "t", "name": name, "approvers": [{ "role": "approver" }], "quorum": 1, "timeout": 900,
        "on_timeout": "deny", "notify": true, "require": {},
    });
    merge(&mut stage, more);
    stage
}

/// A request for a chain of these stages, with all that happened to it.
struct Course {
    pinned: Value,
    events: Vec<String>,
}

impl Course {
    /// `use_by` is five minutes.
    fn of(stages: &[Value], grant: Option<u32>, moves: &[Move]) -> Self {
        let mut course = Self {
            pinned: world::pinned(&json!({ "stages": stages, "use_by": 300 }), grant),
            events: Vec::new(),
        };
        for (who, what, when) in moves {
            course.go(who, what, when);
        }
        course
    }

    fn go(&mut self, who: &str, what: &str, when: &str) {
        let people = ["bob", "carol"].map(|name| format!("key-{name}"));
        let everybody = json!({ "count": 2, "people": people });
        let stages = self.pinned["chain"]["stages"].as_array().unwrap();
        let eligible: Value = stages
            .iter()
            .map(|stage| (stage["id"].as_str().unwrap().to_owned(), everybody.clone()))
            .collect();
        let actor = match who {
            "system" => json!({ "kind": "system" }),
            name => {
                let mut actor = person(name);
                actor["kind"] = json!("user");
                actor
            }
        };
        let mut body = json!({
            "pinned": self.pinned, "events": self.events, "now": format!("2026-11-24T{when}.000Z"),
            "command": {
                "kind": what, "salt": world::SALT, "actor": actor,
                "facts": { "matches": [0], "acr": true, "match_code": true, "eligible": eligible },
            },
        });
        if let Some(stage) = self.current() {
            body["command"]["shown"] = json!({ "digest": world::DIGEST, "stage": stage });
        }
        let outcome = world::run(&body);
        assert_eq!(outcome.rejection, None, "{who} {what}");
        self.events.extend(outcome.append);
    }

    /// The stage that people are shown.
    fn current(&self) -> Option<String> {
        if self.events.is_empty() {
            return None;
        }
        let body = json!({
            "pinned": self.pinned, "events": self.events, "now": "2026-11-24T09:00:00.000Z",
            "command": { "kind": "tick", "salt": world::SALT, "actor": { "kind": "system" } },
        });
        let last: Value = serde_json::from_str(self.events.last().unwrap()).unwrap();
        let mut body = body;
        body["now"] = last["at"].clone();
        world::run(&body).stage
    }

    /// Changes the last event, and gives it the commitment that it would have; nothing follows whose `prev` would tell.
    fn forged(mut self, patch: &Value) -> Self {
        let mut event: Value = serde_json::from_str(&self.events.pop().unwrap()).unwrap();
        merge(&mut event, patch);
        if let Some(personal) = event.get("personal") {
            event["commitment"] = json!(commitment(personal).unwrap());
        }
        self.events.push(canonical_text(&event).unwrap());
        self
    }

    /// The same event once more, as if it had happened twice.
    fn twice(mut self, patch: &Value) -> Self {
        let last = self.events.last().unwrap().clone();
        let stored: Stored =
            serde_json::from_value(json!({ "pinned": self.pinned, "events": self.events })).unwrap();
        let head = verify(&stored.pinned, &stored.events).unwrap().head;
        let mut event: Value = serde_json::from_str(&last).unwrap();
        event["seq"] = json!(self.events.len() + 1);
        event["prev"] = json!(head);
        self.events.push(canonical_text(&event).unwrap());
        self = self.forged(patch);
        self
    }

    /// What the fold says of it.
    fn fault(&self) -> Option<String> {
        let body = json!({
            "pinned": self.pinned, "events": self.events, "now": "2026-11-25T09:00:00.000Z",
            "command": { "kind": "tick", "salt": world::SALT, "actor": { "kind": "system" } },
        });
        match advance(&serde_json::from_value::<Advance>(body).unwrap()) {
            Err(AdvanceError::BrokenHistory(fault)) => Some(fault),
            Err(other) => panic!("{other}"),
            Ok(_) => None,
        }
    }
}

/// The history is good as it is, and is found out once its last event is changed.
fn assert_found(course: fn() -> Course, patch: &Value, message: &str) {
    assert_eq!(course().fault(), None, "before it is changed");
    let fault = course().forged(patch).fault();
    assert!(fault.as_ref().is_some_and(|fault| fault.contains(message)), "{message}: {fault:?}");
}

const OPENED: Move = ("alice", "open", "09:00:00");

fn opened() -> Course {
    Course::of(&[stage("a", &json!({}))], None, &[OPENED])
}

fn commented() -> Course {
    Course::of(&[stage("a", &json!({}))], None, &[OPENED, ("bob", "approve", "09:05:00")])
}

fn of_two() -> Course {
    let two = stage("a", &json!({ "quorum": 2 }));
    Course::of(&[two], None, &[OPENED, ("bob", "approve", "09:05:00"), ("carol", "approve", "09:06:00")])
}

fn in_a_row() -> Course {
    let stages = [stage("a", &json!({})), stage("b", &json!({}))];
    Course::of(&stages, None, &[OPENED, ("bob", "approve", "09:05:00"), ("carol", "approve", "09:06:00")])
}

fn timed_out() -> Course {
    Course::of(&[stage("a", &json!({}))], None, &[OPENED, ("system", "tick", "09:20:00")])
}

fn not_used() -> Course {
    let moves = [OPENED, ("bob", "approve", "09:05:00"), ("system", "tick", "09:20:00")];
    Course::of(&[stage("a", &json!({}))], None, &moves)
}

fn escalated() -> Course {
    let stages = [
        stage("a", &json!({ "on_timeout": { "escalate": "t/duty" } })),
        stage("duty", &json!({ "standby": true })),
        stage("other", &json!({ "standby": true })),
    ];
    Course::of(&stages, None, &[OPENED, ("system", "tick", "09:16:00")])
}

fn used() -> Course {
    let moves = [OPENED, ("bob", "approve", "09:05:00"), ("alice", "use", "09:06:00")];
    Course::of(&[stage("a", &json!({}))], None, &moves)
}

fn revoked() -> Course {
    let moves =
        [OPENED, ("bob", "approve", "09:05:00"), ("alice", "use", "09:06:00"), ("bob", "revoke", "09:30:00")];
    Course::of(&[stage("a", &json!({}))], Some(3600), &moves)
}

#[test]
fn who_opened_it_is_the_requester() {
    assert_found(
        opened,
        &json!({ "personal": { "actor": person("mallory") } }),
        "somebody else than the requester",
    );
    assert_found(opened, &json!({ "actor": { "kind": "system" } }), "do not go together");
    let nobody = json!({ "actor": { "kind": "system" }, "personal": { "actor": null } });
    assert_found(opened, &nobody, "somebody else than the requester");
    let admin = json!({ "actor": { "kind": "admin" } });
    assert_found(opened, &admin, "somebody else than the requester");
}

#[test]
fn time_goes_on_and_deadlines_come_first() {
    assert_found(
        commented,
        &json!({ "at": "2026-11-24T08:59:59.999Z" }),
        "before the event that precedes it",
    );
    assert_eq!(commented().forged(&json!({ "at": "2026-11-24T09:00:00.000Z" })).fault(), None);
    assert_eq!(commented().forged(&json!({ "at": "2026-11-24T09:14:59.999Z" })).fault(), None);
    assert_found(commented, &json!({ "at": "2026-11-24T09:15:00.000Z" }), "after the deadline");
    for at in ["2026-11-24T09:14:59.999Z", "2026-11-24T09:15:00.001Z"] {
        assert_found(timed_out, &json!({ "at": at }), "the deadline is 2026-11-24T09:15:00.000Z");
        assert_found(escalated, &json!({ "at": at }), "the deadline is 2026-11-24T09:15:00.000Z");
    }
    // An approval may be used for five minutes.
    assert_found(
        not_used,
        &json!({ "at": "2026-11-24T09:09:59.000Z" }),
        "the deadline is 2026-11-24T09:10:00.000Z",
    );
    assert_found(used, &json!({ "at": "2026-11-24T09:10:00.000Z" }), "after the deadline");
}

#[test]
fn nobody_approves_who_may_not() {
    assert_found(
        commented,
        &json!({ "personal": { "actor": person("alice") } }),
        "approved their own request",
    );
    let other_account = json!({ "id": "alice-2", "username": "alice-2", "person_key": "key-alice" });
    assert_found(commented, &json!({ "personal": { "actor": other_account } }), "approved their own request");
    assert_found(commented, &json!({ "actor": { "kind": "admin" } }), "only users approve");
    assert_found(commented, &json!({ "stage": "t/b" }), "the stage is `t/a`");
    assert_found(of_two, &json!({ "personal": { "actor": person("bob") } }), "bob approved twice");
    assert_found(in_a_row, &json!({ "personal": { "actor": person("bob") } }), "bob approved twice");
}

#[test]
fn nobody_acts_without_having_committed_to_who_they_are() {
    let nobody = json!({ "personal": null, "commitment": null });
    assert_found(commented, &nobody, "it has no commitment to who did it");
    assert_found(used, &nobody, "it has no commitment to who did it");
}

#[test]
fn who_may_repeat_may() {
    let stages = [stage("a", &json!({})), stage("b", &json!({ "allow_repeat": true }))];
    let moves = [OPENED, ("bob", "approve", "09:05:00"), ("carol", "approve", "09:06:00")];
    let course = Course::of(&stages, None, &moves);
    assert_eq!(course.forged(&json!({ "personal": { "actor": person("bob") } })).fault(), None);
}

#[test]
fn nothing_happens_out_of_turn() {
    assert_found(opened, &json!({ "kind": "commented" }), "the request was not opened yet");
    assert_found(commented, &json!({ "kind": "opened" }), "the request was opened before");
    assert_found(commented, &json!({ "kind": "used" }), "Used cannot follow while the request is Pending");
    assert_found(
        commented,
        &json!({ "kind": "revoked" }),
        "Revoked cannot follow while the request is Pending",
    );
    assert_found(
        used,
        &json!({ "kind": "approved" }),
        "Approved cannot follow while the request is Approved",
    );
    assert_found(
        used,
        &json!({ "kind": "commented" }),
        "Commented cannot follow while the request is Approved",
    );
    assert_found(used, &json!({ "kind": "denied" }), "Denied cannot follow while the request is Approved");
    for (course, status) in [(timed_out as fn() -> Course, "Expired"), (used, "Used")] {
        let fault = course().twice(&json!({ "kind": "cancelled", "code": "x" })).fault().unwrap();
        assert!(fault.contains(&format!("Cancelled cannot follow while the request is {status}")), "{fault}");
    }
}

#[test]
fn a_stage_escalates_to_its_own_successor() {
    assert_found(escalated, &json!({ "to": "t/other" }), "the stage escalates to `t/duty`");
    assert_found(escalated, &json!({ "kind": "timed_out", "to": null }), "the stage escalates instead");
    assert_found(timed_out, &json!({ "kind": "escalated", "to": "t/a" }), "the stage escalates to nobody");
}

#[test]
fn the_clock_is_nobody() {
    let by_bob =
        json!({ "actor": { "kind": "user" }, "personal": { "salt": world::SALT, "actor": person("bob") } });
    assert_found(timed_out, &by_bob, "only the system tells the time");
    let mut with_code = by_bob.clone();
    with_code["code"] = json!("tired");
    assert_found(timed_out, &with_code, "no user ends a request as expired");
    let mut by_admin = with_code.clone();
    by_admin["actor"] = json!({ "kind": "admin" });
    by_admin["at"] = json!("2026-11-24T09:01:00.000Z");
    assert_eq!(timed_out().forged(&by_admin).fault(), None, "an administrator does, for a reason");
}

#[test]
fn a_grant_is_revoked_while_it_is_good_by_who_approved() {
    assert_found(revoked, &json!({ "personal": { "actor": person("carol") } }), "carol had not approved it");
    assert_found(revoked, &json!({ "at": "2026-11-24T10:05:00.000Z" }), "there was no grant any more");
    assert_eq!(revoked().forged(&json!({ "at": "2026-11-24T10:04:59.999Z" })).fault(), None);
    assert_eq!(
        revoked()
            .forged(&json!({ "actor": { "kind": "admin" }, "personal": { "actor": person("carol") } }))
            .fault(),
        None
    );
}
