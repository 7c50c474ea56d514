//! What fuzzing begins with: everything that the corpus asks the engine, and a few courses of an approval.

use corpus_runner::{Exchange, Native, run};
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;

/// The name of the fuzz target that an input is for, and the input.
pub type Seed = (&'static str, Vec<u8>);

/// Inputs that are larger teach a fuzzer little and slow it down much.
const LARGEST: usize = 16 * 1024;

/// The seeds that the corpus in this folder gives, each once.
///
/// # Errors
/// When the corpus cannot be read.
pub fn seeds(corpus: &Path) -> Result<BTreeSet<Seed>, String> {
    let mut seeds: BTreeSet<Seed> = BTreeSet::new();
    for Exchange { request, .. } in run(corpus, Native::default)?.exchanges {
        of_request(&request, &mut seeds);
    }
    seeds.extend(courses().into_iter().map(|course| ("events", course)));
    seeds.retain(|(_, input)| input.len() <= LARGEST);
    Ok(seeds)
}

fn of_request(request: &str, seeds: &mut BTreeSet<Seed>) {
    seeds.insert(("envelope", request.as_bytes().to_vec()));
    let Ok(envelope) = serde_json::from_str::<Value>(request) else { return };
    if let Some(source) = envelope["body"]["source"].as_str() {
        seeds.insert(("policy", source.as_bytes().to_vec()));
        if let Ok(policy) = serde_saphyr::from_str::<Value>(source) {
            let mut found = Vec::new();
            expressions(&policy, &mut found);
            seeds.extend(found.into_iter().map(|text| ("cel", text.into_bytes())));
        }
    }
    if envelope["op"] == "decide" {
        seeds.insert(("context", envelope["body"]["context"].to_string().into_bytes()));
    }
}

/// Every text that stands where a policy takes CEL.
fn expressions(node: &Value, found: &mut Vec<String>) {
    match node {
        Value::Object(entries) => {
            for (key, value) in entries {
                match (key.as_str(), value) {
                    ("when" | "reason" | "cel", Value::String(text)) => found.push(text.clone()),
                    ("variables", Value::Object(variables)) => {
                        found.extend(variables.values().filter_map(Value::as_str).map(str::to_owned));
                    }
                    _ => expressions(value, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| expressions(item, found)),
        _ => {}
    }
}

/// Courses that end in every way; `events.rs` says what the bytes mean.
fn courses() -> Vec<Vec<u8>> {
    /// Nobody is left out, nothing is amiss.
    const WELL: [u8; 2] = [0, 0];
    const ALICE: u8 = 0;
    const BOB: u8 = 2;
    const CAROL: u8 = 4;
    const ADMIN: u8 = 0x10;
    const SYSTEM: u8 = 0x18;
    const APPROVE: u8 = 0;
    const DENY: u8 = 5;
    const COMMENT: u8 = 6;
    const CANCEL: u8 = 7;
    const USE: u8 = 8;
    const REVOKE: u8 = 10;
    const EXPIRE: u8 = 11;
    const TICK: u8 = 12;
    const OPEN: u8 = 14;
    /// Added to a command: an hour has passed.
    const LATE: u8 = 0x70;
    /// Added to a command: an hour has passed, and the history is damaged after it.
    const DAMAGED: u8 = 0xf0;
    let course = |chain: u8, grant: u8, steps: &[(u8, u8)]| {
        let mut bytes = vec![chain, grant];
        for (what, who) in steps {
            bytes.extend([*what, *who, WELL[0], WELL[1]]);
        }
        bytes
    };
    vec![
        course(0, 0, &[(OPEN, ALICE), (APPROVE, BOB), (USE, ALICE)]),
        course(0, 2, &[(OPEN, ALICE), (APPROVE, BOB), (USE, ALICE), (REVOKE, ADMIN)]),
        course(0, 1, &[(OPEN, ALICE), (APPROVE, BOB), (LATE | TICK, SYSTEM)]),
        course(1, 0, &[(OPEN, ALICE), (APPROVE, BOB), (COMMENT, CAROL), (APPROVE, CAROL), (REVOKE, BOB)]),
        course(
            2,
            0,
            &[(OPEN, ALICE), (APPROVE, BOB), (APPROVE, CAROL), (APPROVE, 5), (APPROVE, 6), (APPROVE, 7)],
        ),
        course(3, 0, &[(OPEN, ALICE), (APPROVE, BOB), (DENY, CAROL)]),
        course(3, 0, &[(OPEN, ALICE), (LATE | TICK, SYSTEM), (LATE | TICK, SYSTEM)]),
        course(4, 0, &[(OPEN, ALICE), (APPROVE, ALICE), (APPROVE, 1), (CANCEL, ALICE), (APPROVE, BOB)]),
        course(5, 2, &[(OPEN, ALICE), (APPROVE, BOB), (APPROVE, CAROL), (APPROVE, 5), (EXPIRE, ADMIN)]),
        course(0xf8, 0, &[(OPEN, ALICE), (APPROVE, BOB), (CANCEL, SYSTEM)]),
        course(1, 0, &[(OPEN, ALICE), (APPROVE, BOB), (COMMENT, ALICE), (DAMAGED | COMMENT, 0)]),
        course(1, 0, &[(OPEN, ALICE), (APPROVE, BOB), (0xf0 | TICK, 1)]),
    ]
}
