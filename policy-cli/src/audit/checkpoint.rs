//! Signed statements of where all histories of a realm ended.

use super::report::{Finding, Kind};
use crate::Trouble;
use jsonwebtoken::jwk::{Jwk, JwkSet};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use policy_core::wire::digest;
use serde::Deserialize;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// What the header of a checkpoint says it is, so that no ordinary token of the realm passes for one.
const TYPE: &str = "jit-checkpoint";

/// Those that a realm's key signs with, and that anybody can verify with the public key.
const ALGORITHMS: &[Algorithm] = &[
    Algorithm::RS256,
    Algorithm::RS384,
    Algorithm::RS512,
    Algorithm::PS256,
    Algorithm::PS384,
    Algorithm::PS512,
    Algorithm::ES256,
    Algorithm::ES384,
    Algorithm::EdDSA,
];

/// Checkpoints whose signatures hold, and what is wrong with the others.
#[derive(Debug, Default)]
pub struct Checkpoints {
    held: BTreeMap<u64, Payload>,
    partial: bool,
    findings: Vec<Finding>,
}

#[derive(Debug, Deserialize)]
struct Payload {
    v: u64,
    realm_id: String,
    seq: u64,
    at: String,
    previous: Option<String>,
    heads: Vec<Head>,
    #[serde(default)]
    removed: Vec<Head>,
    /// The hash of the JWS itself, for the next one to name.
    #[serde(skip)]
    hash: String,
}

#[derive(Debug, Deserialize)]
struct Head {
    request: String,
    seq: u64,
    head: String,
}

/// What the checkpoints say about one request.
#[derive(Debug, Default)]
pub(super) struct Attested {
    /// By the number of the event: its hash, and the number of the checkpoint that says so.
    pub(super) heads: BTreeMap<u64, (String, u64)>,
    /// Retention removed it.
    pub(super) removed: bool,
}

impl Checkpoints {
    /// Reads checkpoints, one a line, and verifies their signatures with the keys of a JWKS.
    ///
    /// # Errors
    /// Where the keys cannot be read, or nothing in the text is a checkpoint.
    pub fn read(text: &str, jwks: &str) -> Result<Self, Trouble> {
        let keys: JwkSet =
            serde_json::from_str(jwks).map_err(|error| Trouble(format!("the keys are no JWKS: {error}")))?;
        let mut all = Self::default();
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let jws = compact(line)?;
            match open(&jws, &keys) {
                Ok(payload) => all.take(payload),
                Err(fault) => all.complain(format!("a checkpoint {fault}")),
            }
        }
        all.check_chain();
        Ok(all)
    }

    /// The same, for an export that has only some of the realm's requests: the others are not missed.
    #[must_use]
    pub fn for_a_part(self) -> Self {
        Self { partial: true, ..self }
    }

    pub(super) fn is_for_a_part(&self) -> bool {
        self.partial
    }

    fn take(&mut self, payload: Payload) {
        let seq = payload.seq;
        match self.held.get(&seq) {
            Some(other) if other.hash != payload.hash => {
                self.complain(format!("there are two different checkpoints {seq}"));
            }
            Some(_) => {}
            None => drop(self.held.insert(seq, payload)),
        }
    }

    /// Each names the one before it, from the first that is given on.
    fn check_chain(&mut self) {
        let mut faults = Vec::new();
        for ((before, one), (seq, other)) in self.held.iter().zip(self.held.iter().skip(1)) {
            if before.checked_add(1) != Some(*seq) {
                faults.push(format!("checkpoints are missing between {before} and {seq}"));
            } else if other.previous.as_ref() != Some(&one.hash) {
                faults
                    .push(format!("checkpoint {seq} does not follow the checkpoint {before} that is given"));
            }
        }
        faults.into_iter().for_each(|fault| self.complain(fault));
    }

    fn complain(&mut self, fault: impl Into<String>) {
        self.findings.push(Finding::new(Kind::Checkpoint, None, fault));
    }

    /// What is wrong with the checkpoints themselves, for an export of this realm at this time.
    pub(super) fn findings(&self, realm_id: &str, at: &str) -> Vec<Finding> {
        let strangers = self.held.values().filter_map(|payload| {
            let fault = if payload.realm_id != realm_id {
                format!("checkpoint {} is of another realm", payload.seq)
            } else if payload.at.as_str() > at {
                format!(
                    "checkpoint {} is of {}, and the export of {at}: take an export that is younger",
                    payload.seq, payload.at
                )
            } else {
                return None;
            };
            Some(Finding::new(Kind::Checkpoint, None, fault))
        });
        self.findings.iter().cloned().chain(strangers).collect()
    }

    /// The numbers of those whose signature holds.
    pub(super) fn numbers(&self) -> Vec<u64> {
        self.held.keys().copied().collect()
    }

    /// What they say about each request of a realm.
    pub(super) fn attested(&self, realm_id: &str) -> BTreeMap<&str, Attested> {
        let mut attested: BTreeMap<&str, Attested> = BTreeMap::new();
        for payload in self.held.values().filter(|payload| payload.realm_id == realm_id) {
            for head in payload.heads.iter().chain(&payload.removed) {
                let of_request = attested.entry(head.request.as_str()).or_default();
                of_request.heads.entry(head.seq).or_insert_with(|| (head.head.clone(), payload.seq));
            }
            let gone: BTreeSet<&str> = payload.removed.iter().map(|head| head.request.as_str()).collect();
            for request in gone {
                attested.entry(request).or_default().removed = true;
            }
        }
        attested
    }
}

/// A line is a compact JWS, or a JSON object that has one.
fn compact(line: &str) -> Result<String, Trouble> {
    if !line.starts_with('{') {
        return Ok(line.to_owned());
    }
    let object: Value = serde_json::from_str(line)
        .map_err(|error| Trouble(format!("a line of the checkpoints is no JSON: {error}")))?;
    let jws = object.get("jws").and_then(Value::as_str);
    jws.map(str::to_owned)
        .ok_or_else(|| Trouble("a line of the checkpoints is an object without `jws`".to_owned()))
}

fn open(jws: &str, keys: &JwkSet) -> Result<Payload, String> {
    let header = decode_header(jws).map_err(|error| format!("is no signed statement: {error}"))?;
    if header.typ.as_deref() != Some(TYPE) {
        return Err(format!("is signed as something else than `{TYPE}`"));
    }
    if !ALGORITHMS.contains(&header.alg) {
        return Err(format!("is signed with {:?}, which nobody but the signer can verify", header.alg));
    }
    let kid = header.kid.as_deref().ok_or("does not name its key")?;
    let key =
        keys.find(kid).ok_or_else(|| format!("is signed with a key that is not among those given: {kid}"))?;
    let mut validation = Validation::new(header.alg);
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    validation.validate_aud = false;
    let mut payload: Payload = decoding_key(key)
        .and_then(|key| decode(jws, &key, &validation))
        .map_err(|error| format!("does not verify: {error}"))?
        .claims;
    if payload.v != 1 {
        return Err(format!("has version {}, not 1", payload.v));
    }
    payload.hash = digest(jws.as_bytes());
    Ok(payload)
}

fn decoding_key(key: &Jwk) -> jsonwebtoken::errors::Result<DecodingKey> {
    DecodingKey::from_jwk(key)
}
