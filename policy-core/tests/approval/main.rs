//! What holds for the approval state machine, whatever is tried in whichever order.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that panics fails, which is what it is for"
)]

mod escalation;
mod events;
mod forged;
mod oracle;
mod pinning;
mod world;

use oracle::Told;
use policy_core::approval::{AdvanceError, Effect, RejectionCode, StageView, Status, erase, verify};
use policy_core::wire::{self, Engine, LARGEST_ADVANCE};
use proptest::prelude::*;
use serde_json::{Value, json};
use world::{PEOPLE, is_live, pinned, plan, play, run};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    #[test]
    fn nothing_is_approved_without_every_quorum_of_distinct_people(plan in plan()) {
        let steps = play(&plan);
        for (index, step) in steps.iter().enumerate() {
            if step.outcome.status == Some(Status::Approved) {
                let fault = Told::by(&steps[..=index]).fault(&plan.chain);
                prop_assert!(fault.is_none(), "approved, though {}", fault.unwrap_or_default());
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn one_person_approves_one_stage_only_unless_a_stage_allows_more(mut plan in plan()) {
        for stage in plan.chain["stages"].as_array_mut().unwrap() {
            stage["allow_repeat"] = json!(false);
        }
        let mut keys = std::collections::BTreeSet::new();
        for step in play(&plan) {
            for event in step.outcome.append.iter().map(|text| serde_json::from_str::<Value>(text).unwrap()) {
                if event["kind"] == "approved" {
                    let key = event["personal"]["actor"]["person_key"].as_str().unwrap().to_owned();
                    prop_assert!(keys.insert(key), "{} approved twice", event["personal"]["actor"]);
                }
            }
        }
    }

    #[test]
    fn what_has_ended_stays_so_unless_its_grant_is_taken_back(plan in plan()) {
        let steps = play(&plan);
        for (index, pair) in steps.windows(2).enumerate() {
            if !is_live(&pair[0].outcome) {
                if pair[1].outcome.status == Some(Status::Revoked) && pair[0].outcome.status == Some(Status::Used) {
                    let fault = Told::by(&steps[..=index + 1]).revocation_fault(plan.grant);
                    prop_assert!(fault.is_none(), "revoked, though {}", fault.unwrap_or_default());
                    continue;
                }
                prop_assert_eq!(pair[1].outcome.status, pair[0].outcome.status);
                prop_assert!(pair[1].outcome.append.is_empty());
                prop_assert!(pair[1].outcome.effects.is_empty());
            }
        }
    }

    #[test]
    fn only_an_approval_approves(plan in plan()) {
        let steps = play(&plan);
        for pair in steps.windows(2) {
            let became = pair[0].outcome.status != Some(Status::Approved) && pair[1].outcome.status == Some(Status::Approved);
            if became {
                prop_assert_eq!(&pair[1].body["command"]["kind"], "approve");
                prop_assert!(pair[1].outcome.rejection.is_none());
                let told = Effect::NotifyOutcome { status: Status::Approved };
                prop_assert_eq!(&pair[1].outcome.effects, &vec![told]);
            }
        }
    }

    #[test]
    fn the_same_events_give_the_same_state(plan in plan()) {
        let mut events: Vec<String> = Vec::new();
        for step in play(&plan) {
            events.extend(step.outcome.append.iter().cloned());
            if events.is_empty() {
                continue;
            }
            let last: Value = serde_json::from_str(&events[events.len() - 1]).unwrap();
            let tick = json!({ "kind": "tick", "salt": world::SALT, "actor": { "kind": "system" } });
            let again = run(&json!({ "pinned": pinned(&plan.chain, plan.grant), "events": events, "command": tick, "now": last["at"] }));
            prop_assert_eq!(again.status, step.outcome.status);
            prop_assert_eq!(again.stage, step.outcome.stage);
            prop_assert_eq!(again.deadline, step.outcome.deadline);
            prop_assert_eq!(again.grant_until, step.outcome.grant_until);
            prop_assert_eq!(again.stages, step.outcome.stages);
            prop_assert!(again.append.is_empty());
        }
    }

    #[test]
    fn a_history_is_one_unbroken_chain(plan in plan()) {
        let mut prev = hash_of(&pinned(&plan.chain, plan.grant));
        let mut last = String::new();
        for (index, text) in play(&plan).iter().flat_map(|step| &step.outcome.append).enumerate() {
            let event: Value = serde_json::from_str(text).unwrap();
            prop_assert_eq!(&event["seq"], index + 1);
            prop_assert_eq!(event["prev"].as_str(), Some(prev.as_str()));
            prop_assert_eq!(&wire::canonical_text(&event).unwrap(), text);
            let at = event["at"].as_str().unwrap().to_owned();
            prop_assert!(last <= at, "{} comes after {}", at, last);
            last = at;
            prev = hash_of(&event);
        }
    }

    /// Whatever a request went through: once it has ended, all that is personal can go, and everything else stays provable.
    #[test]
    fn erasing_keeps_the_chain_the_status_and_the_counts(plan in plan(), who in prop::option::of(0..PEOPLE.len())) {
        let steps = play(&plan);
        let last = steps.last().unwrap();
        let events: Vec<String> = steps.iter().flat_map(|step| step.outcome.append.clone()).collect();
        let (id, key) = PEOPLE[who.unwrap_or(0)];
        let person = who.map(|_| json!({ "id": id, "username": id, "person_key": key }));
        let pinned = pinned(&plan.chain, plan.grant);
        let body = json!({ "pinned": pinned, "events": events, "person": person });
        let erased = erase(&serde_json::from_value(body).unwrap());
        if is_live(&last.outcome) {
            prop_assert!(matches!(erased, Err(AdvanceError::NotEnded(_))));
            return Ok(());
        }
        let erased = erased.unwrap();
        let text = format!("{}{}", erased.pinned, erased.events.concat());
        for (name, _) in PEOPLE.iter().filter(|(_, other)| who.is_none() || *other == key) {
            prop_assert!(!text.contains(&format!("\"{name}\"")), "{} is still in {}", name, text);
        }
        let left: Value = serde_json::from_str(&erased.pinned).unwrap();
        let before = verify(&serde_json::from_value(pinned).unwrap(), &events).unwrap();
        let after = verify(&serde_json::from_value(left.clone()).unwrap(), &erased.events).unwrap();
        prop_assert_eq!(usize::try_from(before.seq).unwrap(), events.len());
        prop_assert_eq!(&before.head, &last.outcome.head);
        prop_assert_eq!((after.seq, after.head, after.status), (before.seq, before.head, before.status));
        prop_assert_eq!(&after.erased, &erased.erased);
        let cancel = json!({ "kind": "cancel", "salt": world::SALT, "actor": { "kind": "system" }, "code": "late" });
        let again = run(&json!({ "pinned": left, "events": erased.events, "command": cancel, "now": "2027-01-01T00:00:00.000Z" }));
        prop_assert_eq!(again.status, last.outcome.status);
        prop_assert_eq!(again.rejection.unwrap().code, RejectionCode::Terminal);
        let counts = |stages: &[StageView]| -> Vec<_> {
            stages.iter().map(|stage| (stage.id.clone(), stage.state, stage.approvals, stage.needed)).collect()
        };
        prop_assert_eq!(counts(&again.stages), counts(&last.outcome.stages));
    }

    #[test]
    fn no_two_events_share_a_salt(plan in plan()) {
        let mut salts = std::collections::BTreeSet::from([world::SALT.to_owned()]);
        for text in play(&plan).iter().flat_map(|step| &step.outcome.append) {
            let event: Value = serde_json::from_str(text).unwrap();
            if let Some(salt) = event["personal"]["salt"].as_str() {
                prop_assert!(salts.insert(salt.to_owned()), "{}", text);
            }
        }
    }

    #[test]
    fn a_rejected_command_changes_nothing_but_what_was_due(plan in plan()) {
        for step in play(&plan).iter().filter(|step| step.outcome.rejection.is_some()) {
            for text in &step.outcome.append {
                let event: Value = serde_json::from_str(text).unwrap();
                prop_assert_eq!(&event["actor"]["kind"], "system", "{}", text);
            }
        }
    }

    #[test]
    fn the_same_request_gives_the_same_bytes(plan in plan()) {
        for step in play(&plan) {
            let request = json!({ "v": 1, "op": "advance", "body": step.body }).to_string();
            let answer = Engine::new().call(request.as_bytes());
            prop_assert_eq!(&answer, &Engine::new().call(request.as_bytes()));
            let ok = serde_json::to_value(&step.outcome).unwrap();
            prop_assert_eq!(answer, wire::canonical(&json!({ "ok": ok })).unwrap());
        }
    }

    #[test]
    fn a_body_that_was_damaged_anywhere_is_answered(
        plan in plan(), step in any::<prop::sample::Index>(), place in any::<prop::sample::Index>(), junk in any_json(),
    ) {
        let mut body = step.get(&play(&plan)).body.clone();
        let places = places(&body, "");
        *body.pointer_mut(place.get::<String>(&places)).unwrap() = junk;
        let request = json!({ "v": 1, "op": "advance", "body": body }).to_string();
        let answer: Value = serde_json::from_slice(&Engine::new().call(request.as_bytes())).unwrap();
        prop_assert!(answer.get("ok").is_some() || answer["error"]["code"] != "internal", "{}", answer);
    }

    #[test]
    fn any_body_is_answered(body in any_json()) {
        let request = json!({ "v": 1, "op": "advance", "body": body }).to_string();
        let answer: Value = serde_json::from_slice(&Engine::new().call(request.as_bytes())).unwrap();
        prop_assert_eq!(&answer["error"]["code"], "bad_body");
    }
}

/// The made-up courses must reach what the properties are about.
#[test]
fn the_courses_reach_every_end() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let mut seen: std::collections::BTreeMap<String, usize> = std::collections::BTreeMap::new();
    for _ in 0..1500 {
        let plan = plan().new_tree(&mut runner).unwrap().current();
        let steps = play(&plan);
        let mut count = |what: String| *seen.entry(what).or_default() += 1;
        count(format!("ends {:?}", steps.last().unwrap().outcome.status.unwrap()));
        for pair in steps.windows(2) {
            if pair[0].outcome.status == Some(Status::Used) && pair[1].outcome.status == Some(Status::Revoked)
            {
                count("revoked after use".to_owned());
            }
        }
        for step in &steps {
            if step.outcome.status == Some(Status::Approved) {
                count("approved".to_owned());
            }
            if step.outcome.grant_until.is_some() {
                count("granted".to_owned());
            }
            if let Some(rejection) = &step.outcome.rejection {
                count(format!("rejected {:?}", rejection.code));
            }
            for text in &step.outcome.append {
                count(serde_json::from_str::<Value>(text).unwrap()["kind"].as_str().unwrap().to_owned());
            }
        }
    }
    for what in [
        "ends Pending",
        "ends Approved",
        "ends Denied",
        "ends Cancelled",
        "ends Expired",
        "ends Used",
        "ends Revoked",
        "approved",
        "escalated",
        "timed_out",
        "commented",
        "rejected SelfApproval",
        "rejected AlreadyVoted",
        "rejected Conflict",
        "rejected NotEligible",
        "rejected CommentRequired",
        "rejected MatchCodeRequired",
        "rejected AcrRequired",
        "rejected Terminal",
        "rejected NotAllowed",
        "revoked after use",
        "granted",
    ] {
        assert!(seen.get(what).is_some_and(|count| *count >= 10), "`{what}` is too rare: {seen:#?}");
    }
}

/// A history is read at every step, so people must not be able to write one that cannot be read any more.
#[test]
fn the_longest_history_can_still_be_denied() {
    let stage = json!({
        "id": "t/0", "chain": "t", "name": "0", "approvers": [{ "role": "approver" }], "quorum": "all", "timeout": 900,
        "on_timeout": "deny", "notify": true, "require": {},
    });
    let keys: Vec<String> = (0..200).map(|index| format!("00000000-0000-4000-8000-{index:012}")).collect();
    let actor = |index: usize| json!({ "kind": "user", "id": keys[index], "username": keys[index], "person_key": keys[index] });
    let alice = json!({ "kind": "user", "id": "alice", "username": "alice", "person_key": "key-alice" });
    let mut body = json!({
        "pinned": pinned(&json!({ "stages": [stage], "use_by": 300 }), None), "events": [], "now": "2026-11-24T09:00:00.000Z",
    });
    let mut engine = Engine::new();
    let mut step = |kind: &str, actor: &Value, comment: Option<&str>| {
        body["command"] = json!({
            "kind": kind, "salt": world::SALT, "actor": actor, "comment": comment, "shown": { "digest": world::DIGEST, "stage": "t/0" },
            "facts": { "matches": [0], "eligible": { "t/0": { "count": 200, "people": keys } } },
        });
        let request = json!({ "v": 1, "op": "advance", "body": body }).to_string();
        let answer: Value = serde_json::from_slice(&engine.call(request.as_bytes())).unwrap();
        let append = answer["ok"]["append"].as_array().unwrap_or_else(|| panic!("{answer}")).clone();
        body["events"].as_array_mut().unwrap().extend(append);
        (answer["ok"].clone(), request.len())
    };
    let longest = "\"".repeat(2000);
    step("open", &alice, Some(&longest));
    let mut comments = 0;
    while step("comment", &alice, Some(&longest)).0["rejection"].is_null() {
        comments += 1;
    }
    assert_eq!(comments, 50);
    // Each vote adds as much as the one before; playing all 199 would take a minute.
    let mut vote = |index: usize| {
        let (pending, size) = step("approve", &actor(index), Some(&longest));
        assert_eq!(pending["status"], "pending");
        size
    };
    let growth = vote(1).abs_diff(vote(0));
    let (denied, size) = step("deny", &actor(199), Some(&longest));
    assert_eq!(denied["status"], "denied");
    assert!(size + growth * 199 < LARGEST_ADVANCE, "{size} bytes");
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(|value| json!(value)),
        any::<i64>().prop_map(|value| json!(value)),
        any::<f64>().prop_map(|value| json!(value)),
        ".{0,12}".prop_map(|value| json!(value)),
        prop::sample::select(vec!["all", "open", "approve", "2026-11-24T09:00:00.000Z", "{}", "t/0", "deny"])
            .prop_map(|value| json!(value)),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(|value| json!(value)),
            prop::collection::btree_map("[a-z_]{1,9}", inner, 0..4).prop_map(|value| json!(value)),
        ]
    })
}

/// The hash as docs/wire-format.md has it, written without the chain's own code.
fn hash_of(document: &Value) -> String {
    let mut open = document.clone();
    if let Some(personal) = open.as_object_mut().unwrap().remove("personal") {
        assert_eq!(document["commitment"], wire::digest(&wire::canonical(&personal).unwrap()));
    }
    wire::digest(&wire::canonical(&open).unwrap())
}

/// The JSON pointers of a value and of everything in it.
fn places(value: &Value, here: &str) -> Vec<String> {
    let mut found = vec![here.to_owned()];
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                found.extend(places(value, &format!("{here}/{}", key.replace('~', "~0").replace('/', "~1"))));
            }
        }
        Value::Array(list) => {
            for (index, value) in list.iter().enumerate() {
                found.extend(places(value, &format!("{here}/{index}")));
            }
        }
        _ => {}
    }
    found
}
