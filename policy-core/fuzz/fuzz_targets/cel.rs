//! Any text as an expression, wherever a policy takes one.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| fuzz_checks::check("cel", data));
