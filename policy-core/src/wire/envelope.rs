//! Request and answer envelopes.

use super::{ENVELOPE_VERSION, canonical, json};
use crate::context::Problem;
use crate::policy::Diagnostic;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The largest request, in bytes.
pub const LARGEST_REQUEST: usize = 1024 * 1024;
/// The largest `advance`, `verify` and `erase`, in bytes: room for the longest history that a request can have, since one that could not
/// be read any more could not be denied any more either. And the largest `load`, `validate` and `explain`: JSON writes a line end or a quote of the
/// largest policy as two bytes.
pub const LARGEST_ADVANCE: usize = 4 * LARGEST_REQUEST;

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
        check_size(bytes, LARGEST_ADVANCE)?;
        let text = std::str::from_utf8(bytes)
            .map_err(|error| WireError::new("bad_utf8", format!("the request is not UTF-8: {error}")))?;
        let json: Value = json::parse(text)
            .map_err(|error| WireError::new("bad_json", format!("the request is not JSON: {error}")))?;
        let request: Self = serde_json::from_value(json).map_err(|error| {
            WireError::new("bad_envelope", format!("the request is no envelope {{v, op, body}}: {error}"))
        })?;
        if request.v != ENVELOPE_VERSION {
            let message =
                format!("this engine speaks version {ENVELOPE_VERSION} of the envelope, not {}", request.v);
            return Err(WireError::new("unsupported_version", message));
        }
        if !matches!(request.op.as_str(), "advance" | "verify" | "erase" | "load" | "validate" | "explain") {
            check_size(bytes, LARGEST_REQUEST)?;
        }
        Ok(request)
    }
}

fn check_size(request: &[u8], limit: usize) -> Result<(), WireError> {
    if request.len() <= limit {
        return Ok(());
    }
    let message = format!("the request has {} bytes; at most {limit} are allowed", request.len());
    Err(WireError::new("too_large", message))
}

/// Why a request could not be answered.
#[derive(Clone, Debug, PartialEq, Serialize, thiserror::Error)]
#[error("{code}: {message}")]
pub struct WireError {
    /// A stable code, see docs/wire-format.md.
    pub code: &'static str,
    /// A sentence for people.
    pub message: String,
    /// What is wrong with a policy.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub diagnostics: Vec<Diagnostic>,
    /// What is wrong with a context.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<Problem>,
}

impl WireError {
    /// An error with a stable code and a sentence for people.
    #[must_use]
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), diagnostics: Vec::new(), problems: Vec::new() }
    }

    /// The error for a context that does not fit the schema; the message alone names the first problem.
    pub(crate) fn invalid_context(problems: Vec<Problem>) -> Self {
        let more = match problems.len() {
            0 | 1 => String::new(),
            count => format!(" (and {} more)", count.saturating_sub(1)),
        };
        let first = problems
            .first()
            .map_or(String::new(), |problem| format!(": `{}` {}", problem.path, problem.message));
        let message = format!("the context does not fit the schema{first}{more}");
        Self { problems, ..Self::new("invalid_context", message) }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Answer {
    Ok(Value),
    Error(WireError),
}

/// The bytes of the answer envelope.
///
/// # Example: an answer, and an error
///
/// ```
/// use policy_core::wire::{WireError, answer};
/// use serde_json::json;
///
/// assert_eq!(answer(Ok(json!({ "unloaded": true }))), br#"{"ok":{"unloaded":true}}"#);
/// let error = WireError::new("bad_body", "`context` is missing");
/// assert_eq!(answer(Err(error)), br#"{"error":{"code":"bad_body","message":"`context` is missing"}}"#);
/// ```
#[must_use]
pub fn answer(result: Result<Value, WireError>) -> Vec<u8> {
    let envelope = match result {
        Ok(ok) => Answer::Ok(ok),
        Err(error) => Answer::Error(error),
    };
    canonical(&envelope).unwrap_or_else(|_| {
        // Only a value that JSON cannot express leads here, and no answer holds one.
        br#"{"error":{"code":"internal","message":"the answer cannot be written as JSON"}}"#.to_vec()
    })
}
