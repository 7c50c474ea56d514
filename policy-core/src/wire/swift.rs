//! The short way through `decide`: no tree of JSON, and no digest.
//!
//! It answers what hosts ask all day, a step that goes on or ends, and hands everything else to the long way, which stays the judge.
//! Where it answers, its bytes are those of the long way.

use serde::Serialize;

use super::ENVELOPE_VERSION;
use super::cache::Cache;
use super::envelope::LARGEST_REQUEST;
use super::scan::{Scan, plain};
use crate::cel::{Arena, Facts};
use crate::context::swift::{self, Slots};
use crate::decide::decide_unbound;
use crate::decision::Decision;

/// Bytes that most answers fit into.
const COMMON: usize = 512;

/// What was read of a request.
#[derive(Default)]
struct Asked<'a> {
    policy: Option<&'a str>,
    facts: Option<Facts<'a>>,
}

/// The answer to a `decide`, or nothing, where the long way has to be gone.
#[inline(never)]
pub(super) fn decide<'c>(cache: &'c mut Cache, arena: &'c Arena, request: &'c [u8]) -> Option<Vec<u8>> {
    if request.len() > LARGEST_REQUEST {
        return None;
    }
    let mut scan = Scan::new(std::str::from_utf8(request).ok()?);
    let asked = envelope(&mut scan, cache, arena)?;
    let policy = cache.get(asked.policy?)?;
    let decision = decide_unbound(policy, arena, asked.facts?)?;
    answer(&decision)
}

/// The canonical answer envelope of a decision that obliges to nothing. What it mostly holds is written by hand: serde's writer of a whole
/// decision is one method that HotSpot never compiles.
#[inline(never)]
fn answer(decision: &Decision) -> Option<Vec<u8>> {
    let mut text = String::with_capacity(COMMON);
    text.push_str("{\"ok\":{\"digest\":null,\"effect\":\"");
    text.push_str(decision.effect.name());
    text.push_str("\",\"errors\":");
    list(&mut text, &decision.errors)?;
    text.push_str(",\"matched\":");
    list(&mut text, &decision.matched)?;
    text.push_str(",\"obligations\":{},\"policy\":{\"hash\":");
    quote(&mut text, Some(&decision.policy.hash))?;
    text.push_str(",\"name\":");
    quote(&mut text, Some(&decision.policy.name))?;
    text.push_str("},\"reason\":");
    quote(&mut text, decision.reason.as_deref())?;
    text.push_str(",\"rule\":");
    quote(&mut text, decision.rule.as_deref())?;
    text.push_str("}}");
    Some(text.into_bytes())
}

#[inline(never)]
fn list<T: Serialize>(text: &mut String, items: &[T]) -> Option<()> {
    if items.is_empty() {
        text.push_str("[]");
    } else {
        text.push_str(&serde_json::to_string(items).ok()?);
    }
    Some(())
}

#[inline(never)]
fn quote(text: &mut String, string: Option<&str>) -> Option<()> {
    match string {
        None => text.push_str("null"),
        Some(string) if plain(string.as_bytes()) == string.len() => {
            text.push('"');
            text.push_str(string);
            text.push('"');
        }
        Some(string) => text.push_str(&serde_json::to_string(string).ok()?),
    }
    Some(())
}

#[inline(never)]
fn envelope<'a>(scan: &mut Scan<'a>, cache: &Cache, arena: &'a Arena) -> Option<Asked<'a>> {
    let (mut version, mut op, mut asked) = (None, None, None);
    scan.expect(b'{')?;
    let mut first = true;
    while let Some(key) = scan.key(first)? {
        first = false;
        match key {
            "v" if version.is_none() => version = Some(scan.integer()?),
            "op" if op.is_none() => op = Some(scan.string().filter(|op| *op == "decide")?),
            "body" if asked.is_none() => asked = Some(body(scan, cache, arena)?),
            _ => return None,
        }
    }
    let fits =
        version.and_then(|version| u64::try_from(version).ok()) == Some(ENVELOPE_VERSION) && op.is_some();
    asked.filter(|_| fits && scan.is_end())
}

#[inline(never)]
fn body<'a>(scan: &mut Scan<'a>, cache: &Cache, arena: &'a Arena) -> Option<Asked<'a>> {
    let mut asked = Asked::default();
    scan.expect(b'{')?;
    let mut first = true;
    while let Some(key) = scan.key(first)? {
        first = false;
        match key {
            "policy" if asked.policy.is_none() => asked.policy = Some(scan.string()?),
            "context" if asked.facts.is_none() => {
                // Before it is known which policy is asked, every fact may be read.
                let reads = asked
                    .policy
                    .and_then(|hash| cache.peek(hash))
                    .map_or(Slots::MAX, |policy| policy.reads_slots);
                asked.facts = Some(swift::read(scan, arena, reads)?);
            }
            _ => return None,
        }
    }
    Some(asked)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::super::{Engine, Request, answer};
    use super::*;

    const POLICY: &str = r#"
apiVersion: jit-approval.dev/v1
name: p
variables: { office: 'cidr("10.0.0.0/8").containsIP(request.ip)' }
chains: { c: [{ name: s, approvers: [{ user: bob }] }] }
rules:
  - { id: staff, on: [login], when: 'client.id == "app" && "staff" in user.roles', effect: allow }
  - { id: office, on: [login], when: '!office && has(user.email)', effect: deny, reason: '"From " + request.ip' }
  - { id: broken, on: [login], when: 'user.attributes["none"][0] == ""', effect: deny, on_error: skip }
  - { id: seen, on: [login], when: 'has(risk.failed_logins) && risk.failed_logins > 2 && now > timestamp("2026-01-01T00:00:00Z")', effect: deny, on_error: skip }
  - { id: held, on: [login], when: '"boss" in user.roles', effect: require_approval, chain: c }
  - { id: watched, on: [login], when: 'user == user', effect: deny, mode: observe }
"#;

    fn engine() -> (Engine, String) {
        let mut engine = Engine::new();
        let load = json!({ "v": 1, "op": "load", "body": { "source": POLICY, "file": "p.yaml" } });
        let loaded: Value = serde_json::from_slice(&engine.call(load.to_string().as_bytes())).unwrap();
        let hash = loaded["ok"]["hash"].as_str();
        (engine, hash.unwrap_or_else(|| panic!("{loaded}")).to_owned())
    }

    fn context(role: &str, ip: &str) -> Value {
        json!({
            "action": "login", "now": "2026-11-24T14:32:38.000Z", "realm": { "name": "demo" }, "flow": { "alias": "browser" },
            "client": { "id": "app", "public": false, "attributes": { "b": ["1"], "a": ["2", "3"] } },
            "user": { "id": "1", "username": "alice", "email": "a@example.org", "email_verified": true, "roles": [role],
                      "client_roles": {}, "groups": [], "attributes": {}, "federated": false, "service_account": false },
            "request": { "ip": ip, "scopes": ["openid"], "headers": { "accept-language": "de" } },
            "session": { "sso": false }, "risk": { "failed_logins": 1 }
        })
    }

    /// The answers of both ways; the short one may have none.
    fn both(request: &str) -> (Option<Vec<u8>>, Vec<u8>) {
        let (mut engine, _) = engine();
        let swift = decide(&mut engine.policies, &engine.arena, request.as_bytes());
        let long = answer(Request::parse(request.as_bytes()).and_then(|request| engine.dispatch(&request)));
        (swift, long)
    }

    fn request(context: &Value) -> String {
        json!({ "v": 1, "op": "decide", "body": { "policy": engine().1, "context": context } }).to_string()
    }

    #[test]
    fn the_short_way_is_gone_where_nobody_answers_for_the_decision() {
        for (role, ip, short) in [
            ("staff", "10.1.2.3", true),
            ("other", "10.1.2.3", true),
            ("staff", "192.0.2.1", true),
            ("boss", "10.1.2.3", false),
            ("sta\"ff", "10.1.2.3", false),
        ] {
            let (swift, long) = both(&request(&context(role, ip)));
            assert_eq!(swift.is_some(), short || ip.starts_with("192"), "{role} {ip}");
            assert!(
                swift.is_none_or(|swift| swift == long),
                "{role} {ip}: {}",
                String::from_utf8_lossy(&long)
            );
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 600, ..ProptestConfig::default() })]

        /// Whatever is cut out of a request, doubled or put in: where the short way answers, it is the same.
        #[test]
        fn both_ways_give_the_same_bytes(
            role in prop::sample::select(vec!["staff", "boss", "x"]),
            edits in prop::collection::vec((any::<prop::sample::Index>(), 0..12_usize, 0..4_usize), 0..3),
        ) {
            let mut text = request(&context(role, "10.1.2.3"));
            for (at, length, kind) in edits {
                let from = at.index(text.len());
                let to = from.saturating_add(length).min(text.len());
                let piece = text.get(from..to).unwrap_or_default().to_owned();
                match kind {
                    0 => text.replace_range(from..to, ""),
                    1 => text.insert_str(from, &piece),
                    2 => text.insert(from, ' '),
                    _ => text.insert_str(from, "\"x\":1,"),
                }
            }
            let (swift, long) = both(&text);
            if let Some(swift) = swift {
                prop_assert_eq!(String::from_utf8_lossy(&swift), String::from_utf8_lossy(&long), "{}", text);
            }
        }
    }
}
