//! What must hold for any input of the engine.
//!
//! Each check takes the bytes of one input and panics where something does not hold. The fuzz targets in
//! `policy-core/fuzz` call them with what libFuzzer makes up, and `tests/replay.rs` with the seeds and with everything
//! that fuzzing has found so far.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a check that panics has failed, which is what it is for"
)]

mod answer;
mod cel;
mod context;
mod decision;
mod envelope;
mod events;
mod facts;
mod policy;
mod seeds;

pub use seeds::{Seed, seeds};

/// A check: any bytes may be handed in.
pub type Check = fn(&[u8]);

/// The names of the fuzz targets, and what each of them checks.
pub const TARGETS: [(&str, Check); 5] = [
    ("policy", policy::check),
    ("cel", cel::check),
    ("context", context::check),
    ("envelope", envelope::check),
    ("events", events::check),
];

/// The check of a fuzz target.
///
/// # Panics
/// Where there is no such target.
pub fn check(target: &str, data: &[u8]) {
    let found = TARGETS.iter().find(|(name, _)| *name == target);
    let (_, check) = found.unwrap_or_else(|| panic!("there is no fuzz target `{target}`"));
    check(data);
}
