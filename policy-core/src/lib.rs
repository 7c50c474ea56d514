//! The policy engine of Keycloak Just-In-Time Action Approval.
//!
//! Everything here is a pure function: no I/O, no clock, no randomness, no panics, no `unsafe`. The clock and
//! every identifier come in with the request, so that native Rust, wasmtime, the JVM and the browser give the
//! same bytes for the same request.

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
