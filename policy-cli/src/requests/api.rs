//! The calls of the admin API that are about requests.

use crate::server::{Answer, Server, json_of, segment, tag_of};
use policy_core::wire::digest;
use serde_json::{Value, json};

/// Requests, the newest first.
pub(super) fn list(server: &Server, filters: &[(&str, &str)], limit: usize) -> Answer<Vec<Value>> {
    server.pages("requests", filters, limit)
}

/// A request, and the tag of this version of it.
pub(super) fn request(server: &Server, id: &str) -> Answer<(Value, String)> {
    let response = server.get(&format!("requests/{}", segment(id)?))?;
    let tag = tag_of(&response)?;
    Ok((json_of(response)?, tag))
}

/// All that happened to a request.
pub(super) fn events(server: &Server, id: &str) -> Answer<Vec<Value>> {
    server.pages(&format!("requests/{}/events", segment(id)?), &[], usize::MAX)
}

/// Why the policy held it, as [`policy_core::explain`] says it.
pub(super) fn explanation(server: &Server, id: &str) -> Answer<Value> {
    json_of(server.get(&format!("requests/{}/explanation", segment(id)?))?)
}

/// Ends a request that is still at this version. Sent again, it does nothing more: the key names the very change.
pub(super) fn end(server: &Server, verb: &str, id: &str, comment: &str, version: &str) -> Answer<Value> {
    let key = digest(format!("{verb} {id} {version} {comment}").as_bytes());
    let headers = [("If-Match", version), ("Idempotency-Key", key.as_str())];
    let path = format!("requests/{}/{verb}", segment(id)?);
    json_of(server.post(&path, &headers, &json!({ "comment": comment }))?)
}
