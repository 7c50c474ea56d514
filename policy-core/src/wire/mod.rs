//! The JSON envelope that every host speaks, as docs/wire-format.md describes it.
//!
//! A host hands over bytes and gets bytes back; nothing that it hands over makes the engine panic. The answer is
//! canonical JSON (RFC 8785), so that the same request gives the same bytes on every host.

mod cache;
mod canonical;
mod envelope;
pub(crate) mod json;
mod policies;
pub(crate) mod scan;
mod swift;

pub use canonical::{canonical, canonical_text, digest};
pub use envelope::{LARGEST_ADVANCE, LARGEST_REQUEST, WireError, answer};
pub use json::parse as parse_json;

use crate::approval::{self, AdvanceError, Stored};
use crate::cel::Arena;
use cache::Cache;
use envelope::Request;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

/// The version of the envelope that this engine speaks.
pub const ENVELOPE_VERSION: u64 = 1;
/// The version of the C ABI of the WebAssembly module, see `wasm-bindings/src/abi.rs`.
pub const ABI_VERSION: u32 = 1;
/// The version of the context schema.
pub const SCHEMA_VERSION: u32 = 1;

/// One instance of the engine. It has no state but its cache of loaded policies.
///
/// # Example: a policy is loaded once, and decides
///
/// ```
/// use policy_core::wire::{Engine, canonical};
/// use serde_json::{Value, json};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut engine = Engine::new();
/// let mut ask = |op: &str, body: Value| -> Result<Value, Box<dyn std::error::Error>> {
///     let request = canonical(&json!({ "v": 1, "op": op, "body": body }))?;
///     Ok(serde_json::from_slice(&engine.call(&request))?)
/// };
/// let source = "apiVersion: jit-approval.dev/v1
/// name: p
/// rules: [{ id: nobody, on: [x-payout], effect: deny }]";
/// let loaded = ask("load", json!({ "source": source, "file": "p.yaml" }))?;
/// let context = json!({ "action": "x-payout", "now": "2026-11-24T14:32:38.000Z", "realm": { "name": "demo" } });
/// let decision = ask("decide", json!({ "policy": loaded["ok"]["hash"], "context": context }))?;
/// assert_eq!((&decision["ok"]["effect"], &decision["ok"]["rule"]), (&json!("deny"), &json!("nobody")));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Default)]
pub struct Engine {
    policies: Cache,
    arena: Arena,
}

impl Engine {
    /// An engine that has no policy loaded.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Answers one request. What is wrong with a request is told in an error envelope.
    ///
    /// # Example: an operation that there is not
    ///
    /// ```
    /// use policy_core::wire::Engine;
    ///
    /// let answer = Engine::new().call(br#"{"v":1,"op":"dance","body":{}}"#);
    /// let told = br#"{"error":{"code":"unknown_op","message":"there is no operation `dance`"}}"#;
    /// assert_eq!(answer, told);
    /// ```
    pub fn call(&mut self, request: &[u8]) -> Vec<u8> {
        self.call_into(request, Vec::new())
    }

    /// The same, where `room` may become the answer: what it holds is of no account.
    pub fn call_into(&mut self, request: &[u8], room: Vec<u8>) -> Vec<u8> {
        let swift = swift::decide(&mut self.policies, &self.arena, request, room);
        self.arena.reset();
        swift.unwrap_or_else(|_| self.call_in_full(request))
    }

    #[inline(never)]
    fn call_in_full(&mut self, request: &[u8]) -> Vec<u8> {
        answer(Request::parse(request).and_then(|request| self.dispatch(&request)))
    }

    fn dispatch(&mut self, request: &Request) -> Result<Value, WireError> {
        match request.op.as_str() {
            "version" => {
                let Empty {} = body(request)?;
                Ok(
                    json!({ "engine": env!("CARGO_PKG_VERSION"), "abi": ABI_VERSION, "schema": SCHEMA_VERSION }),
                )
            }
            "validate" => json_of(&policies::validate(&body(request)?)?),
            "load" => json_of(&policies::load(&mut self.policies, &body(request)?)?),
            "unload" => json_of(&policies::unload(&mut self.policies, &body(request)?)),
            "decide" => json_of(&policies::decide(&mut self.policies, &body(request)?)?),
            "redact" => json_of(&policies::redact(&mut self.policies, body(request)?)?),
            "explain" => json_of(&policies::explain(body(request)?)?),
            "pin" => json_of(&approval::pin(body(request)?)?),
            "advance" => json_of(&approval::advance(&body(request)?)?),
            "verify" => {
                let Stored { pinned, events } = body(request)?;
                json_of(&approval::verify(&pinned, &events)?)
            }
            "erase" => json_of(&approval::erase(&body(request)?)?),
            other => {
                let shown: String = other.chars().take(64).collect();
                Err(WireError::new("unknown_op", format!("there is no operation `{shown}`")))
            }
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Empty {}

/// Reads an operation's typed body.
#[inline(never)]
fn body<T: DeserializeOwned>(request: &Request) -> Result<T, WireError> {
    T::deserialize(&request.body).map_err(|error| {
        WireError::new("bad_body", format!("the body of `{}` is wrong: {error}", request.op))
    })
}

/// An operation's typed answer as JSON.
#[inline(never)]
fn json_of<T: Serialize>(answer: &T) -> Result<Value, WireError> {
    serde_json::to_value(answer)
        .map_err(|error| WireError::new("internal", format!("an answer is no JSON: {error}")))
}

impl From<AdvanceError> for WireError {
    fn from(error: AdvanceError) -> Self {
        let code = match error {
            AdvanceError::BadBody(_) => "bad_body",
            AdvanceError::BrokenHistory(_) => "broken_history",
            AdvanceError::ErasedHistory(_) => "erased_history",
            AdvanceError::NotEnded(_) => "not_ended",
            AdvanceError::Internal(_) => "internal",
        };
        Self::new(code, error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(request: &[u8]) -> Value {
        serde_json::from_slice(&Engine::new().call(request)).unwrap()
    }

    #[test]
    fn tells_its_version() {
        let answer = call(br#"{"v":1,"op":"version","body":{}}"#);
        assert_eq!(answer, json!({ "ok": { "engine": "0.1.0", "abi": 1, "schema": 1 } }));
    }

    #[test]
    fn a_bad_request_is_an_error_envelope() {
        for (request, code) in [
            (&b"\xff"[..], "bad_utf8"),
            (b"{", "bad_json"),
            (b"[1]", "bad_envelope"),
            (br#"{"v":1,"op":"version","extra":0}"#, "bad_envelope"),
            (br#"{"v":2,"op":"version","body":{}}"#, "unsupported_version"),
            (br#"{"v":1,"op":"dance","body":{}}"#, "unknown_op"),
            (br#"{"v":1,"op":"version","body":{"extra":0}}"#, "bad_body"),
        ] {
            assert_eq!(call(request)["error"]["code"], code, "{}", String::from_utf8_lossy(request));
        }
    }
}
