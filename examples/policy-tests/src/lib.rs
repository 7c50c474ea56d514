//! Policies, and nothing else: `policies/` is what a server gets, `tests/` is what `cargo test` runs.
