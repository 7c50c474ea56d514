//! What a row's own neighbours cannot tell, a signed checkpoint does.

use crate::world::{AT, Course, Stored, ends, export, store, text, three};
use jsonwebtoken::jwk::{Jwk, JwkSet};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use policy_cli::audit::{Checkpoints, Kind, Report, verify};
use policy_core::wire::digest;
use serde_json::{Value, json};

/// PKCS #8 of a private key that is nothing but one number, which anybody may know.
fn key(algorithm: Algorithm) -> EncodingKey {
    let hex = |text: &str| -> Vec<u8> {
        (0..text.len() / 2).map(|at| u8::from_str_radix(&text[2 * at..2 * at + 2], 16).unwrap()).collect()
    };
    let number = "11".repeat(32);
    match algorithm {
        Algorithm::EdDSA => {
            EncodingKey::from_ed_der(&hex(&format!("302e020100300506032b657004220420{number}")))
        }
        Algorithm::ES256 => EncodingKey::from_ec_der(&hex(&format!(
            "3041020100301306072a8648ce3d020106082a8648ce3d030107042730250201010420{number}"
        ))),
        other => panic!("{other:?}"),
    }
}

pub(crate) fn jwks() -> String {
    let keys = [Algorithm::EdDSA, Algorithm::ES256].map(|algorithm| {
        let mut jwk = Jwk::from_encoding_key(&key(algorithm), algorithm).unwrap();
        jwk.common.key_id = Some(format!("{algorithm:?}"));
        jwk
    });
    serde_json::to_string(&JwkSet { keys: keys.to_vec() }).unwrap()
}

pub(crate) fn payload(seq: u64, previous: Option<&str>, requests: &[Stored]) -> Value {
    let heads: Vec<Value> = requests
        .iter()
        .map(|stored| {
            let (seq, head, _) = ends(stored);
            json!({ "request": stored.id, "seq": seq, "head": head })
        })
        .collect();
    json!({ "v": 1, "realm": "demo", "realm_id": "5f0c", "seq": seq, "at": AT, "heads": heads, "removed": [],
        "previous": previous.map(|jws| digest(jws.as_bytes())) })
}

pub(crate) fn sign(payload: &Value, algorithm: Algorithm, typ: &str) -> String {
    let header =
        Header { typ: Some(typ.to_owned()), kid: Some(format!("{algorithm:?}")), ..Header::new(algorithm) };
    encode(&header, payload, &key(algorithm)).unwrap()
}

fn signed(requests: &[Stored]) -> String {
    sign(&payload(1, None, requests), Algorithm::EdDSA, "jit-checkpoint")
}

fn check(requests: &[Stored], checkpoints: &str) -> Report {
    let checkpoints = Checkpoints::read(checkpoints, &jwks()).unwrap();
    verify(text(&export(requests)).as_bytes(), &checkpoints, "export.ndjson").unwrap()
}

fn messages(report: &Report) -> Vec<&str> {
    report.findings.iter().map(|finding| finding.message.as_str()).collect()
}

#[test]
fn an_export_that_has_all_that_was_attested_is_intact() {
    let requests = three();
    let first = sign(&payload(7, None, &requests[..1]), Algorithm::ES256, "jit-checkpoint");
    let second = sign(&payload(8, Some(&first), &requests), Algorithm::EdDSA, "jit-checkpoint");
    let report = check(&requests, &format!("{}\n\n{second}\n", json!({ "jws": first })));
    assert_eq!(messages(&report), [""; 0]);
    assert_eq!(report.checkpoints, [7, 8]);
}

#[test]
fn a_request_that_is_gone_is_named() {
    let requests = three();
    let report = check(&requests[1..], &signed(&requests));
    assert_eq!(messages(&report), ["the request is not there, and checkpoint 1 lists it with 5 events"]);
    assert_eq!(report.findings[0].request.as_deref(), Some("r0"));
    assert_eq!(report.findings[0].kind, Kind::Missing);
}

#[test]
fn what_a_part_leaves_out_is_not_missed() {
    let requests = three();
    let checkpoints = Checkpoints::read(&signed(&requests), &jwks()).unwrap().for_a_part();
    let verify_part = |requests: &[Stored]| {
        verify(text(&export(requests)).as_bytes(), &checkpoints, "export.ndjson").unwrap()
    };
    assert_eq!(messages(&verify_part(&requests[1..])), [""; 0]);
    let mut cut = requests[..1].to_vec();
    cut[0].events.truncate(4);
    assert_eq!(verify_part(&cut).findings[0].kind, Kind::Truncated);
}

#[test]
fn a_history_that_was_cut_and_made_to_look_whole_is_found() {
    let requests = three();
    let mut cut = requests.clone();
    cut[0].events.truncate(4);
    let report = check(&cut, &signed(&requests));
    assert_eq!(messages(&report), ["the event is not there, and checkpoint 1 lists it"]);
    assert_eq!((report.findings[0].kind, report.findings[0].seq), (Kind::Truncated, Some(5)));
}

#[test]
fn a_history_that_was_written_anew_is_found() {
    let requests = three();
    let mut anew = requests.clone();
    anew[0] = store(0, &Course { moves: vec!["bob", "comment", "carol", "use"], erase: false });
    let report = check(&anew, &signed(&requests));
    assert_eq!(messages(&report), ["it is not the event that checkpoint 1 lists"]);
}

#[test]
fn what_retention_removed_is_not_missed() {
    let requests = three();
    let first = signed(&requests);
    let mut later = payload(2, Some(&first), &requests[1..]);
    let (seq, head, _) = ends(&requests[0]);
    later["removed"] = json!([{ "request": "r0", "seq": seq, "head": head }]);
    let second = sign(&later, Algorithm::EdDSA, "jit-checkpoint");
    assert_eq!(messages(&check(&requests[1..], &format!("{first}\n{second}"))), [""; 0]);
}

#[test]
fn a_checkpoint_must_be_what_the_realm_signed() {
    let requests = three();
    let good = payload(1, None, &requests);
    let other = payload(1, None, &requests[..1]);
    let jws = sign(&good, Algorithm::EdDSA, "jit-checkpoint");
    let forged = {
        let parts: Vec<&str> = jws.split('.').collect();
        let stranger = sign(&other, Algorithm::EdDSA, "jit-checkpoint");
        let payload = stranger.split('.').nth(1).unwrap();
        format!("{}.{payload}.{}", parts[0], parts[2])
    };
    let mut of_another_realm = good.clone();
    of_another_realm["realm_id"] = json!("77aa");
    let mut younger = good.clone();
    younger["at"] = json!("2026-11-25T00:00:00.000Z");
    let resign = |payload: &Value| sign(payload, Algorithm::EdDSA, "jit-checkpoint");
    for (checkpoints, part) in [
        (forged, "does not verify"),
        (sign(&good, Algorithm::EdDSA, "JWT"), "signed as something else"),
        (format!("{jws}\n{}", resign(&other)), "two different checkpoints 1"),
        (resign(&of_another_realm), "checkpoint 1 is of another realm"),
        (resign(&younger), "take an export that is younger"),
        (format!("{jws}\n{}", resign(&payload(3, None, &requests))), "missing between 1 and 3"),
        (format!("{jws}\n{}", resign(&payload(2, None, &requests))), "checkpoint 2 does not follow"),
        ("no.signed.thing".to_owned(), "is no signed statement"),
    ] {
        let report = check(&requests, &checkpoints);
        assert!(
            messages(&report).iter().any(|message| message.contains(part)),
            "{part}: {:?}",
            messages(&report)
        );
        assert_eq!(report.findings[0].kind, Kind::Checkpoint);
    }
}

/// Who holds the public key could sign with it as if it were a shared secret, were that let through.
#[test]
fn a_shared_secret_signs_no_checkpoint() {
    let requests = three();
    let header =
        Header { typ: Some("jit-checkpoint".to_owned()), kid: Some("EdDSA".to_owned()), ..Header::default() };
    let jws =
        encode(&header, &payload(1, None, &requests), &EncodingKey::from_secret(jwks().as_bytes())).unwrap();
    let report = check(&requests, &jws);
    assert!(messages(&report)[0].contains("HS256"), "{:?}", messages(&report));
}

#[test]
fn keys_that_cannot_be_read_are_trouble() {
    assert!(Checkpoints::read("", "no keys").is_err());
    let unknown = r#"{ "keys": [{ "kty": "OKP", "crv": "Ed448", "kid": "x", "x": "AA" }, { "kty": "??" }] }"#;
    assert!(Checkpoints::read("", unknown).is_ok());
}
