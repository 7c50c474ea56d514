//! The short way through `decide`: no tree of JSON, and no digest.
//!
//! It answers what hosts ask all day, a step that goes on or ends, and hands everything else to the long way, which stays the judge.
//! Where it answers, its bytes are those of the long way.

use super::cache::{Cache, Held};
use super::envelope::LARGEST_REQUEST;
use super::scan::{Scan, plain};
use crate::cel::Arena;
use crate::context::swift;
use crate::decide::{Matched, Weighed, decide_unbound};
use crate::decision::Effect;
use crate::policy::{Mode, Policy};

/// Bytes that most answers fit into, beside what is the same for all of a policy.
const COMMON: usize = 512;

/// How a request ends.
const END: &[u8] = b"}}";

/// How hosts begin a request, up to the context.
pub(super) fn begin(hash: &str) -> String {
    format!(r#"{{"v":1,"op":"decide","body":{{"policy":"{hash}","context":"#)
}

/// What stands in each answer of a policy between the rules that matched and the reason.
pub(super) fn middle(policy: &Policy) -> String {
    // Hashes and names have no sign that needs an escape.
    let Policy { hash, name, .. } = policy;
    format!(r#"],"obligations":{{}},"policy":{{"hash":"{hash}","name":"{name}"}},"reason":"#)
}

/// The answer to a `decide`, or nothing, where the long way has to be gone. `answer` is room for it.
#[inline(never)]
pub(super) fn decide<'c>(
    cache: &'c mut Cache,
    arena: &'c Arena,
    request: &'c [u8],
    answer: Vec<u8>,
) -> Result<Vec<u8>, Vec<u8>> {
    match weigh(cache, arena, request) {
        Some((held, weighed)) => write(held, &weighed, answer),
        None => Err(answer),
    }
}

#[inline]
fn weigh<'c>(cache: &'c mut Cache, arena: &'c Arena, request: &'c [u8]) -> Option<(&'c Held, Weighed<'c>)> {
    if request.len() > LARGEST_REQUEST {
        return None;
    }
    let (place, at) = cache.asked(request)?;
    let scan = Scan::new(request);
    let (facts, at) = swift::read(scan, at, arena, cache.peek(place)?.reads_slots)?;
    if scan.rest(at.get()) != END {
        return None;
    }
    let held = cache.take_up(place)?;
    Some((held, decide_unbound(&held.policy, arena, facts)?))
}

/// The canonical answer envelope of a decision that obliges to nothing. It is written by hand: serde's writer of a whole decision is one
/// method that HotSpot never compiles.
#[inline(never)]
fn write(held: &Held, weighed: &Weighed<'_>, mut text: Vec<u8>) -> Result<Vec<u8>, Vec<u8>> {
    text.clear();
    text.reserve(held.middle.len().saturating_add(COMMON));
    text.extend_from_slice(match weighed.effect {
        Effect::Allow => br#"{"ok":{"digest":null,"effect":"allow","errors":["#,
        Effect::Deny => br#"{"ok":{"digest":null,"effect":"deny","errors":["#,
        Effect::Confirm | Effect::StepUp | Effect::RequireApproval => return Err(text),
    });
    if !weighed.failures.is_empty() && errors(&mut text, weighed).is_none() {
        return Err(text);
    }
    text.extend_from_slice(br#"],"matched":["#);
    for (at, one) in weighed.matched.iter().enumerate() {
        if at > 0 {
            text.push(b',');
        }
        matched(&mut text, *one);
    }
    text.extend_from_slice(&held.middle);
    if quote(&mut text, weighed.reason.as_deref()).is_none() {
        return Err(text);
    }
    text.extend_from_slice(br#","rule":"#);
    match weighed.rule {
        None => text.extend_from_slice(b"null}}"),
        Some(id) => {
            text.push(b'"');
            text.extend_from_slice(id.as_bytes());
            text.extend_from_slice(br#""}}"#);
        }
    }
    Ok(text)
}

#[inline(never)]
fn matched(text: &mut Vec<u8>, Matched { rule, effect, .. }: Matched<'_>) {
    text.extend_from_slice(br#"{"effect":""#);
    text.extend_from_slice(effect.name().as_bytes());
    text.extend_from_slice(match rule.mode {
        Mode::Enforce => br#"","mode":"enforce","rule":""#,
        Mode::Observe => br#"","mode":"observe","rule":""#,
    });
    text.extend_from_slice(rule.id.as_bytes());
    text.extend_from_slice(br#""}"#);
}

#[cold]
#[inline(never)]
fn errors(text: &mut Vec<u8>, weighed: &Weighed<'_>) -> Option<()> {
    for (at, (_, failure)) in weighed.failures.iter().enumerate() {
        if at > 0 {
            text.push(b',');
        }
        serde_json::to_writer(&mut *text, failure).ok()?;
    }
    Some(())
}

#[inline]
fn quote(text: &mut Vec<u8>, string: Option<&str>) -> Option<()> {
    match string {
        None => text.extend_from_slice(b"null"),
        Some(string) if plain(string.as_bytes()).0 == string.len() => {
            text.push(b'"');
            text.extend_from_slice(string.as_bytes());
            text.push(b'"');
        }
        Some(string) => serde_json::to_writer(text, string).ok()?,
    }
    Some(())
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
        let swift = decide(&mut engine.policies, &engine.arena, request.as_bytes(), Vec::new()).ok();
        let long = answer(Request::parse(request.as_bytes()).and_then(|request| engine.dispatch(&request)));
        (swift, long)
    }

    fn request(context: &Value) -> String {
        format!(r#"{{"v":1,"op":"decide","body":{{"policy":"{}","context":{context}}}}}"#, engine().1)
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

    #[test]
    fn what_follows_the_context_is_left_to_the_judge() {
        let whole = request(&context("staff", "10.1.2.3"));
        let without_end = whole.strip_suffix("}}").unwrap();
        assert!(both(&whole).0.is_some());
        for end in ["", "}", "}}}", "}} ", " }}", "}}x", ",\"x\":1}}", "},\"x\":1}"] {
            assert_eq!(both(&format!("{without_end}{end}")).0, None, "{end:?}");
        }
    }

    /// JSON readers differ about which of two counts.
    #[test]
    fn what_is_there_twice_is_left_to_the_judge() {
        let context = context("staff", "10.1.2.3");
        let text = context.to_string();
        let request =
            |context: &str| request(&json!(0)).replace("\"context\":0", &format!("\"context\":{context}"));
        assert!(both(&request(&text)).0.is_some());
        for (name, value) in context.as_object().unwrap() {
            for again in [value.to_string(), "{}".to_owned()] {
                let twice = text.replacen('{', &format!("{{\"{name}\":{again},"), 1);
                assert_eq!(both(&request(&twice)).0, None, "{twice}");
            }
            for (field, inside) in value.as_object().into_iter().flatten() {
                let group = format!("\"{name}\":{{");
                let twice = text.replacen(&group, &format!("{group}\"{field}\":{inside},"), 1);
                assert_ne!(twice, text);
                assert_eq!(both(&request(&twice)).0, None, "{twice}");
            }
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
