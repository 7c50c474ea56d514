//! Any JSON as a context, decided on and redacted.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| fuzz_checks::check("context", data));
