//! Exports, as a server writes them.

use policy_core::approval::{Advance, Erase, Pin, advance, erase, pin, verify};
use proptest::prelude::*;
use serde_json::{Value, json};

pub(crate) const AT: &str = "2026-11-24T18:00:00.000Z";
const DIGEST: &str = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

/// What happens to a request after it was opened, and whether it is erased where it has ended.
#[derive(Clone, Debug)]
pub(crate) struct Course {
    pub(crate) moves: Vec<&'static str>,
    pub(crate) erase: bool,
}

/// A stored request.
#[derive(Clone, Debug)]
pub(crate) struct Stored {
    pub(crate) id: String,
    pub(crate) pinned: String,
    pub(crate) events: Vec<String>,
    pub(crate) shown: Option<Value>,
}

pub(crate) fn courses() -> impl Strategy<Value = Vec<Course>> {
    let a_move = prop::sample::select(vec![
        "comment", "bob", "carol", "deny", "cancel", "use", "revoke", "expire", "wait",
    ]);
    let course = (prop::collection::vec(a_move, 0..7), any::<bool>())
        .prop_map(|(moves, erase)| Course { moves, erase });
    prop::collection::vec(course, 1..4)
}

pub(crate) fn store(index: usize, course: &Course) -> Stored {
    let id = format!("r{index}");
    let shown = json!({ "facts": { "client": "Production console", "ip": "203.0.113.7" }, "reason": "alice wants in", "justification": null });
    let stage = |name: &str, quorum: Value| {
        json!({ "id": format!("c/{name}"), "chain": "c", "name": name, "approvers": [{ "role": "boss" }, { "user": "bob" }],
            "quorum": quorum, "timeout": 900, "on_timeout": "deny", "notify": true, "require": {} })
    };
    let wanted = json!({
        "about": { "request": id, "realm": "5f0c", "action": "login", "policy": DIGEST },
        "chain": { "stages": [stage("one", json!(1)), stage("all", json!("all"))], "use_by": 600 },
        "requester": { "id": "1", "username": "alice", "person_key": "alice" },
        "opened_at": "2026-11-24T09:00:00.000Z", "digest": DIGEST, "shown": shown, "salt": format!("{index:032x}"),
    });
    let document = pin(serde_json::from_value::<Pin>(wanted).unwrap()).unwrap();
    let mut stored = Stored { id, pinned: document.pinned, events: Vec::new(), shown: Some(shown) };
    for (step, name) in std::iter::once(&"open").chain(&course.moves).enumerate() {
        play(&mut stored, step, name);
    }
    let body = json!({ "pinned": tree(&stored.pinned), "events": stored.events });
    if course.erase
        && let Ok(left) = erase(&serde_json::from_value::<Erase>(body).unwrap())
    {
        stored.pinned = left.pinned;
        stored.events = left.events;
        stored.shown = None;
    }
    stored
}

fn play(stored: &mut Stored, step: usize, name: &str) {
    let person = |name: &str| json!({ "kind": "user", "id": name, "username": name, "person_key": name });
    let alice = json!({ "kind": "user", "id": "1", "username": "alice", "person_key": "alice" });
    let admin = json!({ "kind": "admin", "id": "9", "username": "root", "person_key": "root" });
    let system = json!({ "kind": "system" });
    let (kind, actor) = match name {
        "open" | "comment" | "cancel" | "use" => (name, alice),
        "bob" | "carol" => ("approve", person(name)),
        "deny" => ("deny", person("dave")),
        "revoke" | "expire" => (name, admin),
        _ => ("tick", system),
    };
    let minutes = step * 2 + if name == "wait" { 30 } else { 0 };
    let mut command = json!({
        "kind": kind, "actor": actor, "salt": format!("{:032x}", 1000 + step), "comment": "because",
        "facts": { "matches": [0], "acr": true, "eligible": {
            "c/one": { "count": 2, "people": ["bob", "carol"] }, "c/all": { "count": 2, "people": ["bob", "carol"] } } },
    });
    if kind == "expire" {
        command["code"] = json!("by_admin");
    }
    // A vote says what its screen showed: the stage that is current.
    let stage = if stored.events.iter().any(|event| event.contains(r#""kind":"approved""#)) {
        "c/all"
    } else {
        "c/one"
    };
    command["shown"] = json!({ "digest": DIGEST, "stage": stage });
    let now = format!("2026-11-24T{:02}:{:02}:00.000Z", 9 + minutes / 60, minutes % 60);
    let request =
        json!({ "pinned": tree(&stored.pinned), "events": stored.events, "command": command, "now": now });
    let outcome = advance(&serde_json::from_value::<Advance>(request).unwrap()).unwrap();
    stored.events.extend(outcome.append);
}

pub(crate) fn tree(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// The rows of an export, without the line ends.
pub(crate) fn export(requests: &[Stored]) -> Vec<Value> {
    let mut rows = vec![json!({ "type": "realm", "v": 1, "realm": "demo", "realm_id": "5f0c", "at": AT })];
    let mut events = 0;
    for stored in requests {
        let (seq, head, status) = ends(stored);
        let mut row = json!({ "type": "request", "id": stored.id, "status": status, "seq": seq, "head": head, "pinned": tree(&stored.pinned) });
        if let Some(shown) = &stored.shown {
            row["shown"] = shown.clone();
        }
        rows.push(row);
        for event in &stored.events {
            rows.push(json!({ "type": "event", "request": stored.id, "event": tree(event) }));
            events += 1;
        }
    }
    rows.push(json!({ "type": "end", "requests": requests.len(), "events": events }));
    rows
}

/// The number and the hash of the last event, and the status after it.
pub(crate) fn ends(stored: &Stored) -> (u32, String, Value) {
    let proof = verify(&serde_json::from_str(&stored.pinned).unwrap(), &stored.events).unwrap();
    (proof.seq, proof.head, serde_json::to_value(proof.status).unwrap())
}

pub(crate) fn text(rows: &[Value]) -> String {
    rows.iter().map(|row| format!("{row}\n")).collect()
}

/// The requests that the other tests tell about: one used, one erased, one live.
pub(crate) fn three() -> Vec<Stored> {
    [("comment bob carol use", false), ("bob deny", true), ("comment", false)]
        .iter()
        .enumerate()
        .map(|(index, (moves, erase))| {
            store(index, &Course { moves: moves.split(' ').collect(), erase: *erase })
        })
        .collect()
}
