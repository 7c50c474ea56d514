//! The approval state machine: a pure fold over the events of a request.

pub mod chain;
