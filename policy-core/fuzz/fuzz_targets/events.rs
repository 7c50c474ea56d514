//! Any course of commands on an approval, and any damage to its history.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| fuzz_checks::check("events", data));
