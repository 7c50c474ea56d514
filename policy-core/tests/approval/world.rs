//! Chains, people and courses of commands, made up by proptest.

use policy_core::approval::{Advance, Outcome, Pin, Status, advance, pin};
use policy_core::time::Timestamp;
use proptest::prelude::*;
use serde_json::{Value, json};

pub(crate) const DIGEST: &str = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
pub(crate) const SALT: &str = "000102030405060708090a0b0c0d0e0f";
const START: &str = "2026-11-24T09:00:00.000Z";

/// User names, which are ids too, and person keys. The first asks; the second is another account of hers.
pub(crate) const PEOPLE: [(&str, &str); 8] = [
    ("alice", "key-alice"),
    ("alice-2", "key-alice"),
    ("bob", "key-bob"),
    ("bob-2", "key-bob"),
    ("carol", "key-carol"),
    ("dave", "key-dave"),
    ("erin", "key-erin"),
    ("frank", "key-frank"),
];

/// Somebody tries something. The host's facts are true; what people do is anything.
#[derive(Clone, Debug)]
pub(crate) struct Move {
    kind: &'static str,
    actor: usize,
    role: &'static str,
    /// Seconds since the move before.
    wait: u32,
    /// Whether the screen showed what is true.
    honest: bool,
    comment: bool,
    acr: bool,
    match_code: bool,
    /// By stage, the people who are eligible at that moment, as a bit mask; none where the host did not look.
    eligible: [Option<u8>; 5],
}

impl Move {
    /// The requester opens the request.
    const OPEN: Self = Self {
        kind: "open",
        actor: 0,
        role: "user",
        wait: 0,
        honest: true,
        comment: true,
        acr: true,
        match_code: true,
        eligible: [Some(u8::MAX); 5],
    };
}

/// A chain, and what is tried with a request for it.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(crate) chain: Value,
    /// In seconds; bound to the client.
    pub(crate) grant: Option<u32>,
    pub(crate) moves: Vec<Move>,
}

/// One move, as it went.
#[derive(Debug)]
pub(crate) struct Step {
    pub(crate) body: Value,
    pub(crate) outcome: Outcome,
}

pub(crate) fn plan() -> impl Strategy<Value = Plan> {
    let end = prop::option::of((0..PEOPLE.len(), prop::sample::select(vec!["user", "admin"]), 0..300_u32));
    (chain(), prop::option::of(20..600_u32), prop::collection::vec(a_move(), 0..20), end).prop_map(
        |(chain, grant, mut moves, end)| {
            // Few courses would use an approval by chance, and fewer would take its grant back.
            if let Some((actor, role, wait)) = end {
                moves.push(Move { kind: "use", ..Move::OPEN });
                moves.push(Move { kind: "revoke", actor, role, wait, ..Move::OPEN });
            }
            Plan { chain, grant, moves }
        },
    )
}

type DrawnStage = (bool, Value, u32, Option<prop::sample::Index>, bool, (bool, bool, Option<&'static str>));

fn stage() -> impl Strategy<Value = DrawnStage> {
    (
        prop::bool::weighted(0.3),
        prop_oneof![4 => (1..4_u32).prop_map(|quorum| json!(quorum)), 1 => Just(json!("all"))],
        120..900_u32,
        prop::option::of(any::<prop::sample::Index>()),
        any::<bool>(),
        (prop::bool::weighted(0.2), prop::bool::weighted(0.2), prop::option::weighted(0.2, Just("2"))),
    )
}

fn chain() -> impl Strategy<Value = Value> {
    prop_oneof![2 => prop::collection::vec(stage(), 1..=2), 1 => prop::collection::vec(stage(), 3..=5)].prop_map(|stages| {
        let standby: Vec<bool> =
            stages.iter().enumerate().map(|(index, stage)| index > 0 && stage.0).collect();
        let written: Vec<Value> = stages
            .iter()
            .enumerate()
            .map(|(index, (_, quorum, timeout, target, repeat, (comment, match_code, acr)))| {
                let target = target.as_ref().and_then(|target| escalation(&standby, index, target));
                json!({
                    "id": format!("t/{index}"), "chain": "t", "name": index.to_string(),
                    "approvers": [{ "role": "approver" }],
                    "quorum": quorum, "timeout": timeout, "standby": standby[index], "allow_repeat": repeat, "notify": true,
                    "on_timeout": target.map_or(json!("deny"), |to| json!({ "escalate": format!("t/{to}") })),
                    "require": { "comment": comment, "match_code": match_code, "acr": acr },
                })
            })
            .collect();
        json!({ "stages": written, "use_by": 300 })
    })
}

/// Some stage further down; one in line only where it is the next.
fn escalation(standby: &[bool], index: usize, target: &prop::sample::Index) -> Option<usize> {
    let next_in_line = (index + 1..standby.len()).find(|other| !standby[*other]);
    let allowed: Vec<usize> = (index + 1..standby.len())
        .filter(|other| standby[*other] || standby[index] || Some(*other) == next_in_line)
        .collect();
    (!allowed.is_empty()).then(|| *target.get(&allowed))
}

fn a_move() -> impl Strategy<Value = Move> {
    let kind = prop_oneof![
        24 => Just("approve"), 1 => Just("deny"), 1 => Just("comment"), 1 => Just("cancel"),
        3 => Just("use"), 2 => Just("revoke"), 1 => Just("expire"), 3 => Just("tick"), 1 => Just("open"),
    ];
    let role = prop_oneof![8 => Just("user"), 1 => Just("admin"), 2 => Just("system")];
    let wait = prop_oneof![12 => 0..30_u32, 1 => 60..1500_u32];
    let eligible = prop_oneof![20 => Just(Some(u8::MAX)), 2 => any::<u8>().prop_map(Some), 1 => Just(None)];
    (
        (kind, 0..PEOPLE.len(), role, wait),
        (
            prop::bool::weighted(0.9),
            prop::bool::weighted(0.8),
            prop::bool::weighted(0.9),
            prop::bool::weighted(0.9),
            prop::bool::weighted(0.8),
        ),
        prop::array::uniform5(eligible),
    )
        .prop_map(
            |((kind, anybody, anyhow, wait), (honest, comment, acr, match_code, usual), eligible)| {
                // Most try what is theirs to try; without that, few requests would get anywhere.
                let role = match kind {
                    "tick" => "system",
                    "approve" | "use" if usual => "user",
                    "expire" if usual => "admin",
                    "revoke" if usual && anybody % 2 == 0 => "admin",
                    "revoke" if usual => "user",
                    _ => anyhow,
                };
                let actor = if kind == "use" && usual { 0 } else { anybody };
                Move { kind, actor, role, wait, honest, comment, acr, match_code, eligible }
            },
        )
}

/// Opens a request and plays the moves.
pub(crate) fn play(plan: &Plan) -> Vec<Step> {
    let mut now: u32 = 0;
    let mut steps: Vec<Step> = Vec::new();
    let mut events: Vec<String> = Vec::new();
    for action in std::iter::once(&Move::OPEN).chain(&plan.moves) {
        now += action.wait;
        let stage = steps.last().and_then(|step| step.outcome.stage.clone());
        let body = body(plan, &events, action, stage.as_deref(), now);
        let outcome = run(&body);
        events.extend(outcome.append.iter().cloned());
        steps.push(Step { body, outcome });
    }
    steps
}

pub(crate) fn run(body: &Value) -> Outcome {
    let request: Advance = serde_json::from_value(body.clone()).unwrap();
    advance(&request).unwrap_or_else(|error| panic!("{error}\n{body}"))
}

fn body(plan: &Plan, events: &[String], action: &Move, stage: Option<&str>, now: u32) -> Value {
    let (name, key) = PEOPLE[action.actor];
    let actor = match action.role {
        "system" => json!({ "kind": "system" }),
        role => json!({ "kind": role, "id": name, "username": name, "person_key": key }),
    };
    let index = stage.and_then(|stage| stage.strip_prefix("t/")).map_or(0, |index| index.parse().unwrap());
    let matches = action.eligible[index].is_some_and(|mask| mask & (1 << action.actor) != 0);
    let mut command = json!({
        "kind": action.kind, "salt": SALT, "actor": actor,
        "shown": { "digest": if action.honest { DIGEST } else { "sha256:other" }, "stage": stage.unwrap_or("t/0") },
        "facts": {
            "matches": if matches { vec![0] } else { vec![] }, "acr": action.acr, "match_code": action.match_code,
            "eligible": eligible(&plan.chain, action),
        },
    });
    if action.comment {
        command["comment"] = json!("because");
    }
    if action.role == "system" && matches!(action.kind, "cancel" | "revoke") || is_expiry(action) {
        command["code"] = json!("facts_changed");
    }
    json!({ "pinned": pinned(&plan.chain, plan.grant), "events": events, "command": command, "now": at(now) })
}

fn is_expiry(action: &Move) -> bool {
    action.kind == "expire" && action.role != "user"
}

pub(crate) fn pinned(chain: &Value, grant: Option<u32>) -> Value {
    let (name, key) = PEOPLE[0];
    let grant = grant.map(|seconds| json!({ "seconds": seconds, "bound_to": ["client"] }));
    let wanted = json!({
        "about": { "request": "8a1e", "realm": "demo", "action": "login", "policy": DIGEST },
        "chain": chain, "grant": grant, "opened_at": START, "digest": DIGEST, "shown": { "facts": {} }, "salt": SALT,
        "requester": { "id": name, "username": name, "person_key": key },
    });
    let document = pin(serde_json::from_value::<Pin>(wanted).unwrap()).unwrap();
    serde_json::from_str(&document.pinned).unwrap()
}

fn eligible(chain: &Value, action: &Move) -> Value {
    let stages = chain["stages"].as_array().unwrap().iter();
    let eligible: serde_json::Map<String, Value> = stages
        .zip(action.eligible)
        .filter_map(|(stage, mask)| {
            let mask = mask?;
            let mut people: Vec<&str> = PEOPLE
                .iter()
                .enumerate()
                .filter(|(index, _)| mask & (1 << index) != 0)
                .map(|(_, (_, key))| *key)
                .collect();
            people.dedup();
            Some((
                stage["id"].as_str().unwrap().to_owned(),
                json!({ "count": people.len(), "people": people }),
            ))
        })
        .collect();
    Value::Object(eligible)
}

fn at(seconds: u32) -> String {
    Timestamp::parse(START).unwrap().plus_seconds(seconds).to_string()
}

pub(crate) fn is_live(outcome: &Outcome) -> bool {
    matches!(outcome.status, Some(Status::Pending | Status::Approved))
}
