//! The policy engine of Keycloak Just-In-Time Action Approval.
//!
//! Everything here is a pure function: no I/O, no clock, no randomness, no panics, no `unsafe`. The clock and
//! every identifier come in with the request, so that native Rust, wasmtime, the JVM and the browser give the
//! same bytes for the same request.
//!
//! # Which module for what
//!
//! - [`testing`] tries a policy, in a few lines: begin here.
//! - [`policy`] makes a policy of its text, or says all that is wrong with it.
//! - [`context`] makes facts of JSON, and has the schema of all that can be known about a step.
//! - [`decide`] makes a decision of a policy and facts; [`decision`] is what that holds.
//! - [`explain`] says why it came out like that, clause by clause: at once, or later from a decision log.
//! - [`approval`] is what follows where people must approve: a request is pinned, votes and deadlines are folded, its history is proved.
//! - [`wire`] is all of this as JSON in, JSON out: what hosts in other languages call.
//! - [`cel`] is the language of conditions alone, and [`time`] how instants are written.
//!
//! # Example: a policy is loaded, decides, and says why
//!
//! ```
//! use policy_core::context::decode;
//! use policy_core::decision::Effect;
//! use policy_core::explain::{Clause, Explainer};
//! use policy_core::testing::{TestError, context_with};
//! use serde_json::json;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let policy = r#"
//! apiVersion: jit-approval.dev/v1
//! name: production
//! rules:
//!   - id: abroad
//!     on: [login]
//!     when: 'client.id == "console" && !request.ip.startsWith("10.")'
//!     effect: confirm
//! "#;
//! let explainer = Explainer::new(policy, "production.yaml").map_err(TestError::Policy)?;
//! let context = context_with(&json!({ "client": { "id": "console" } })); // a server sends all of it
//! let facts = decode(&context).map_err(TestError::Context)?;
//!
//! let explanation = explainer.explain(&facts)?;
//! assert_eq!(explanation.decision.effect, Effect::Confirm);
//!
//! let mut why = Vec::new();
//! for clause in explanation.rules.iter().flat_map(|rule| &rule.when).flat_map(Clause::tests) {
//!     why.push(format!("{}:{} {} is {:?}", clause.span.line, clause.span.column, clause.text, clause.holds));
//! }
//! assert_eq!(why, [
//!     r#"7:12 client.id == "console" is Some(true)"#,
//!     r#"7:39 request.ip.startsWith("10.") is Some(false)"#,
//! ]);
//! # Ok(())
//! # }
//! ```

#![forbid(unsafe_code)]

pub mod approval;
mod bytes;
pub mod cel;
pub mod context;
pub mod decide;
pub mod decision;
pub mod explain;
pub mod policy;
pub mod testing;
pub mod time;
pub mod wire;
