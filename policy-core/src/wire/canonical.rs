//! Canonical JSON (RFC 8785): the one way in which the engine writes bytes that are hashed or compared.

use super::WireError;
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// The canonical JSON bytes of a value.
///
/// # Errors
/// `internal`, when the value holds something that JSON cannot express, such as an infinite number.
pub fn canonical<T: Serialize>(value: &T) -> Result<Vec<u8>, WireError> {
    serde_json_canonicalizer::to_vec(value).map_err(|error| {
        WireError::new("internal", format!("a value cannot be written as canonical JSON: {error}"))
    })
}

/// As [`canonical`], as text.
///
/// # Errors
/// As [`canonical`].
///
/// # Example: members in one order, whatever was written
/// ```
/// use policy_core::wire::canonical_text;
/// use serde_json::json;
///
/// let text = canonical_text(&json!({ "quorum": 2.0, "name": "manager" }))?;
/// assert_eq!(text, r#"{"name":"manager","quorum":2}"#);
/// # Ok::<(), policy_core::wire::WireError>(())
/// ```
pub fn canonical_text<T: Serialize>(value: &T) -> Result<String, WireError> {
    serde_json_canonicalizer::to_string(value).map_err(|error| {
        WireError::new("internal", format!("a value cannot be written as canonical JSON: {error}"))
    })
}

/// `sha256:` and the 64 lower-case hex digits of the bytes' SHA-256.
///
/// # Example: the hash of a policy file
/// ```
/// let hash = policy_core::wire::digest(b"");
/// assert_eq!(hash, "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
/// ```
#[must_use]
pub fn digest(bytes: &[u8]) -> String {
    let mut text = String::from("sha256:");
    for byte in Sha256::digest(bytes) {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}
