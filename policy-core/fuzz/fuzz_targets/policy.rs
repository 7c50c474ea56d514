//! Any text as a policy: refused with every finding in its place, or usable.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| fuzz_checks::check("policy", data));
