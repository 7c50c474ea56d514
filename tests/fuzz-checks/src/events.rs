//! Any course of commands on an approval, and any damage to its history.
//!
//! The bytes are a program: the first two choose a chain and a grant, and then each command takes four. So every input
//! says something, and a mutation of one byte is a mutation of one decision.

use crate::answer::Twins;
use policy_core::time::Timestamp;
use serde_json::{Value, json};

const DIGEST: &str = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
const SALT: &str = "000102030405060708090a0b0c0d0e0f";
const START: &str = "2026-11-24T09:00:00.000Z";

/// The most commands of a course.
const MOST_COMMANDS: usize = 24;

const KINDS: [&str; 16] = [
    "approve", "approve", "approve", "approve", "approve", "deny", "comment", "cancel", "use", "use",
    "revoke", "expire", "tick", "tick", "open", "open",
];
/// User names, which are ids too, and person keys. The first asks; the second is another account of hers.
const PEOPLE: [(&str, &str); 8] = [
    ("alice", "key-alice"),
    ("alice-2", "key-alice"),
    ("bob", "key-bob"),
    ("bob-2", "key-bob"),
    ("carol", "key-carol"),
    ("dave", "key-dave"),
    ("erin", "key-erin"),
    ("frank", "key-frank"),
];
const ROLES: [&str; 4] = ["user", "user", "admin", "system"];
/// Seconds between two commands; the time-outs are multiples of them.
const WAITS: [u32; 8] = [0, 0, 0, 1, 10, 59, 60, 3600];

pub(crate) fn check(data: &[u8]) {
    let mut tape = Tape { rest: data };
    let chain = chain(tape.next());
    let grant = grant(tape.next());
    let mut course = Course::begin(&chain, grant);
    let mut left = MOST_COMMANDS;
    while !tape.rest.is_empty() && left > 0 {
        left -= 1;
        course.step([tape.next(), tape.next(), tape.next(), tape.next()]);
    }
    course.end();
}

/// What is left of the program; zeros follow it.
struct Tape<'d> {
    rest: &'d [u8],
}

impl Tape<'_> {
    fn next(&mut self) -> u8 {
        let (first, rest) = self.rest.split_first().map_or((0, self.rest), |(first, rest)| (*first, rest));
        self.rest = rest;
        first
    }
}

/// One request from its pinning on.
struct Course {
    twins: Twins,
    pinned: Value,
    events: Vec<String>,
    /// The last answer; null before the first.
    state: Value,
    /// Seconds since the request came to be.
    now: u32,
}

impl Course {
    fn begin(chain: &Value, grant: Value) -> Self {
        let mut twins = Twins::default();
        let wanted = json!({
            "about": { "request": "8a1e", "realm": "demo", "action": "login", "policy": DIGEST },
            "chain": chain, "grant": grant, "opened_at": START, "digest": DIGEST, "shown": { "facts": {} }, "salt": SALT,
            "requester": { "id": "alice", "username": "alice", "person_key": "key-alice" },
        });
        let answer = twins.ask_twice("pin", &wanted);
        let text = answer["ok"]["pinned"].as_str().unwrap_or_else(|| panic!("{answer}"));
        let pinned = serde_json::from_str(text).unwrap();
        Self { twins, pinned, events: Vec::new(), state: Value::Null, now: 0 }
    }

    /// Does what four bytes say, and checks what must hold after it.
    fn step(&mut self, [what, who, facts, eligible]: [u8; 4]) {
        self.now = self.now.saturating_add(WAITS[usize::from(what >> 4) % WAITS.len()]);
        let command = self.command(what, who, facts, eligible);
        let answer = self.advance(&command);
        let state = answer["ok"].clone();
        assert!(state.is_object(), "an honest history and a well-formed command: {answer}");
        self.lasts(&state);
        let appended =
            state["append"].as_array().unwrap().iter().map(|event| event.as_str().unwrap().to_owned());
        let before = self.events.len();
        self.events.extend(appended);
        self.state = state;
        if self.events.len() > before {
            self.rests();
        }
        if what >= 0xf0 {
            self.proves();
            self.damage(usize::from(who), usize::from(facts), eligible);
        }
    }

    fn command(&self, what: u8, who: u8, facts: u8, eligible: u8) -> Value {
        let kind = KINDS[usize::from(what) % KINDS.len()];
        let (name, key) = PEOPLE[usize::from(who) % PEOPLE.len()];
        let role = ROLES[usize::from(who >> 3) % ROLES.len()];
        let actor = match role {
            "system" => json!({ "kind": role }),
            _ => json!({ "kind": role, "id": name, "username": name, "person_key": key }),
        };
        let flag = |bit: u8| facts & (1 << bit) != 0;
        let stage = self.state["stage"].as_str().filter(|_| !flag(0)).unwrap_or("t/0");
        let people: Vec<&str> = PEOPLE
            .iter()
            .enumerate()
            .filter(|(at, _)| eligible & (1 << at) == 0)
            .map(|(_, (_, key))| *key)
            .collect();
        let distinct: std::collections::BTreeSet<&str> = people.iter().copied().collect();
        let stages = self.pinned["chain"]["stages"].as_array().unwrap().iter().filter(|_| !flag(1));
        let looked_up: serde_json::Map<String, Value> = stages
            .map(|stage| {
                (
                    stage["id"].as_str().unwrap().to_owned(),
                    json!({ "count": distinct.len(), "people": distinct }),
                )
            })
            .collect();
        let mut command = json!({
            "kind": kind, "salt": SALT, "actor": actor,
            "shown": { "digest": if flag(2) { "sha256:other" } else { DIGEST }, "stage": stage },
            "facts": {
                "matches": if flag(3) { vec![] } else { vec![0] }, "acr": !flag(4), "match_code": !flag(5), "eligible": looked_up,
            },
        });
        if !flag(6) {
            command["comment"] = json!("because \u{202e}\u{0}of this");
        }
        let by_office = matches!((kind, role), ("cancel" | "revoke", "admin" | "system"))
            || (kind == "expire" && role != "user");
        if by_office {
            command["code"] = json!("facts_changed");
        }
        command
    }

    fn advance(&mut self, command: &Value) -> Value {
        let body =
            json!({ "pinned": self.pinned, "events": self.events, "command": command, "now": at(self.now) });
        self.twins.ask("advance", &body)
    }

    /// What has ended stays so, unless its grant is taken back.
    fn lasts(&self, state: &Value) {
        let (before, after) = (self.state["status"].as_str(), state["status"].as_str());
        let ended = before.is_some_and(|status| !matches!(status, "pending" | "approved"));
        if ended && (before, after) != (Some("used"), Some("revoked")) {
            assert_eq!(before, after);
            assert_eq!(state["append"], json!([]));
            assert_eq!(state["effects"], json!([]));
        }
    }

    /// The history is whole, and proves what the answer says.
    fn proves(&mut self) {
        let proof = self.verify(&self.events.clone());
        assert_eq!(proof["ok"]["seq"], self.events.len());
        assert_eq!(proof["ok"]["head"], self.state["head"]);
        assert_eq!(proof["ok"]["status"], self.state["status"]);
    }

    fn verify(&mut self, events: &[String]) -> Value {
        self.twins.ask("verify", &json!({ "pinned": self.pinned, "events": events }))
    }

    /// Nothing more happens at the same moment: the state is what the events say.
    fn rests(&mut self) {
        let answer = self.advance(&json!({ "kind": "tick", "salt": SALT, "actor": { "kind": "system" } }));
        assert_eq!(answer["ok"]["append"], json!([]), "there was something left to do: {answer}");
        for key in ["status", "stage", "deadline", "grant_until", "stages", "head"] {
            assert_eq!(answer["ok"][key], self.state[key], "`{key}`");
        }
    }

    /// A history that is not as it was written is noticed: it is broken, or it ends in another hash.
    fn damage(&mut self, which: usize, place: usize, how: u8) {
        let count = self.events.len();
        if count == 0 {
            return;
        }
        let mut events = self.events.clone();
        let which = which % count;
        match how % 4 {
            0 => drop(events.remove(which)),
            1 => events.swap(which, (which + 1) % count),
            2 => events.insert(which, self.events[which].clone()),
            _ => events[which] = bent(&self.events[which], place, how),
        }
        if events == self.events {
            return;
        }
        let proof = self.verify(&events);
        let broken = proof["error"]["code"] == "broken_history";
        assert!(
            broken || (proof["ok"].is_object() && proof["ok"]["head"] != self.state["head"]),
            "unnoticed: {proof}"
        );
    }

    /// What has ended can be forgotten, and is proven all the same.
    fn end(mut self) {
        if !self.state.is_null() {
            self.proves();
        }
        let erased = self.twins.ask_twice("erase", &json!({ "pinned": self.pinned, "events": self.events }));
        let ended =
            self.state["status"].as_str().is_some_and(|status| !matches!(status, "pending" | "approved"));
        if !ended {
            assert_eq!(erased["error"]["code"], "not_ended");
            return;
        }
        let remains = &erased["ok"];
        let events: Vec<String> = remains["events"]
            .as_array()
            .unwrap()
            .iter()
            .map(|event| event.as_str().unwrap().to_owned())
            .collect();
        let whole = format!("{}{}", remains["pinned"], events.concat());
        assert!(PEOPLE.iter().all(|(name, _)| !whole.contains(name)), "somebody is remembered: {whole}");
        self.pinned = serde_json::from_str(remains["pinned"].as_str().unwrap()).unwrap();
        let proof = self.verify(&events);
        assert_eq!(proof["ok"]["head"], self.state["head"], "{proof}");
        let again = self.twins.ask("erase", &json!({ "pinned": self.pinned, "events": events }));
        assert_eq!(again["ok"]["events"], remains["events"], "there was something left to erase");
        assert_eq!(again["ok"]["pinned"], remains["pinned"]);
    }
}

/// An event with one of its characters replaced.
fn bent(event: &str, place: usize, how: u8) -> String {
    let mut bytes = event.as_bytes().to_vec();
    // An event is some 500 bytes long, and a byte names 256 places.
    let place = (place * 7 + usize::from(how)) % bytes.len();
    if bytes[place].is_ascii() {
        bytes[place] = if bytes[place] == b'0' { b'1' } else { b'0' };
    }
    String::from_utf8(bytes).unwrap_or_else(|_| event.to_owned())
}

fn at(seconds: u32) -> String {
    Timestamp::parse(START).unwrap().plus_seconds(seconds).to_string()
}

fn grant(choice: u8) -> Value {
    match choice % 3 {
        0 => Value::Null,
        1 => json!({ "seconds": 120, "bound_to": ["client"] }),
        _ => json!({ "seconds": 7200, "bound_to": ["client", "scopes", "device", "session"] }),
    }
}

/// A chain of one to four stages.
fn chain(choice: u8) -> Value {
    let stage = |index: u32, quorum: Value, target: Option<u32>, standby: bool| {
        json!({
            "id": format!("t/{index}"), "chain": "t", "name": index.to_string(), "approvers": [{ "role": "approver" }, { "user": "bob" }],
            "quorum": quorum, "timeout": 60 * (index + 1), "standby": standby, "allow_repeat": choice & 0x10 != 0, "notify": index != 1,
            "on_timeout": target.map_or(json!("deny"), |to| json!({ "escalate": format!("t/{to}") })),
            "require": { "comment": choice & 0x20 != 0, "match_code": choice & 0x40 != 0, "acr": if choice & 0x80 != 0 { json!("2") } else { Value::Null } },
        })
    };
    let one = || json!(1);
    let stages = match choice % 6 {
        0 => vec![stage(0, one(), None, false)],
        1 => vec![stage(0, json!(2), None, false)],
        2 => vec![stage(0, json!("all"), None, false)],
        3 => vec![stage(0, one(), Some(1), false), stage(1, json!(2), None, false)],
        4 => vec![
            stage(0, one(), Some(2), false),
            stage(1, json!("all"), Some(2), false),
            stage(2, one(), None, true),
        ],
        _ => vec![
            stage(0, json!(2), Some(1), false),
            stage(1, one(), Some(3), false),
            stage(2, json!("all"), None, false),
            stage(3, one(), None, true),
        ],
    };
    json!({ "stages": stages, "use_by": 300, "justification": choice & 0x08 != 0, "show_approvers": false })
}
