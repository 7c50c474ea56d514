//! Request and answer envelopes.

use super::{ENVELOPE_VERSION, canonical};
use serde::Deserialize;
use serde_json::{Value, json};

/// What a host asks: an operation and its body.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Request {
    v: u64,
    pub(super) op: String,
    #[serde(default)]
    pub(super) body: Value,
}

impl Request {
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, WireError> {
        let text = std::str::from_utf8(bytes)
            .map_err(|error| WireError::new("bad_utf8", format!("the request is not UTF-8: {error}")))?;
        let json: Value = serde_json::from_str(text)
            .map_err(|error| WireError::new("bad_json", format!("the request is not JSON: {error}")))?;
        let request: Self = serde_json::from_value(json).map_err(|error| {
            WireError::new("bad_envelope", format!("the request is no envelope {{v, op, body}}: {error}"))
        })?;
        if request.v != ENVELOPE_VERSION {
            let message =
                format!("this engine speaks version {ENVELOPE_VERSION} of the envelope, not {}", request.v);
            return Err(WireError::new("unsupported_version", message));
        }
        Ok(request)
    }
}

/// Why a request could not be answered.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{code}: {message}")]
pub struct WireError {
    /// A stable code, see docs/wire-format.md.
    pub code: &'static str,
    /// A sentence for people.
    pub message: String,
}

impl WireError {
    /// An error with a stable code and a sentence for people.
    #[must_use]
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }
}

/// The bytes of the answer envelope.
#[must_use]
pub fn answer(result: Result<Value, WireError>) -> Vec<u8> {
    let envelope = match result {
        Ok(ok) => json!({ "ok": ok }),
        Err(error) => json!({ "error": { "code": error.code, "message": error.message } }),
    };
    canonical(&envelope).unwrap_or_else(|error| {
        json!({ "error": { "code": "internal", "message": error.message } }).to_string().into_bytes()
    })
}
