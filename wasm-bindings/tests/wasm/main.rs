//! The engine's module in wasmtime: the same answers as native Rust, and no harm from a host that errs.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that panics fails, which is what it is for"
)]

mod host;

use corpus_runner::{Host, Native, run};
use host::{Wasm, module};
use proptest::prelude::*;
use serde_json::Value;
use std::path::Path;
use wasm_bindings::buffers::{MAX_LIVE, MAX_REQUEST};

const VERSION: &[u8] = br#"{"v":1,"op":"version","body":{}}"#;

fn error_code(answer: &[u8]) -> String {
    let answer: Value = serde_json::from_slice(answer).unwrap();
    answer["error"]["code"].as_str().unwrap_or_else(|| panic!("no error: {answer}")).to_owned()
}

fn assert_well(wasm: &mut Wasm) {
    assert_eq!(wasm.call(VERSION), Native::default().call(VERSION));
}

#[test]
fn the_module_imports_nothing() {
    let imports: Vec<String> =
        module().imports().map(|import| format!("{}.{}", import.module(), import.name())).collect();
    assert_eq!(imports, [""; 0]);
}

#[test]
fn the_module_speaks_the_abi_that_it_says() {
    let mut wasm = Wasm::new();
    assert_eq!(wasm.abi_version.call(&mut wasm.store, ()).unwrap(), policy_core::wire::ABI_VERSION);
}

#[test]
fn wasm_and_native_rust_answer_the_corpus_alike() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/corpus");
    let native = run(&corpus, Native::default).unwrap();
    let wasm = run(&corpus, Wasm::new).unwrap();
    assert!(wasm.failures.is_empty(), "{} cases failed:\n{}", wasm.failures.len(), wasm.failures.join("\n"));
    assert!(!wasm.exchanges.is_empty());
    for (native, wasm) in native.exchanges.iter().zip(&wasm.exchanges) {
        assert_eq!(native, wasm);
    }
    assert_eq!(native.exchanges.len(), wasm.exchanges.len());
}

#[test]
fn an_address_that_was_not_given_is_refused() {
    let mut wasm = Wasm::new();
    let (address, length) = wasm.buffer(VERSION);
    for (wrong, size) in [
        (0, 0),
        (0, length),
        (address, 0),
        (address, length + 1),
        (address + 1, length - 1),
        (address, u32::MAX),
        (u32::MAX, u32::MAX),
        (u32::MAX - 3, 8),
        (1024, 64),
        (i32::MAX as u32, 1),
    ] {
        assert_eq!(error_code(&wasm.call_at(wrong, size)), "bad_buffer", "{wrong} {size}");
        wasm.free(wrong, size);
    }
    assert_eq!(wasm.call_at(address, length), Native::default().call(VERSION), "the buffer is as it was");
    wasm.free(address, length);
    assert_well(&mut wasm);
}

#[test]
fn a_buffer_serves_for_shorter_requests_too() {
    let mut wasm = Wasm::new();
    let longer = [VERSION, b"   "].concat();
    let (address, length) = wasm.buffer(&longer);
    let cut = VERSION.len() - 1;
    for request in [&longer, VERSION, &VERSION[..cut]] {
        let answer = wasm.call_at(address, u32::try_from(request.len()).unwrap());
        assert_eq!(answer, Native::default().call(request));
    }
    wasm.free(address, length - 1);
    assert_eq!(wasm.call_at(address, length), Native::default().call(VERSION), "it was not freed");
    wasm.free(address, length);
    assert_eq!(error_code(&wasm.call_at(address, 1)), "bad_buffer");
    assert_well(&mut wasm);
}

#[test]
fn a_buffer_that_was_freed_is_gone() {
    let mut wasm = Wasm::new();
    let (address, length) = wasm.buffer(VERSION);
    wasm.free(address, length);
    assert_eq!(error_code(&wasm.call_at(address, length)), "bad_buffer");
    for _ in 0..10 {
        wasm.free(address, length);
    }
    let (one, _) = wasm.buffer(VERSION);
    let (other, _) = wasm.buffer(VERSION);
    assert_ne!(one, other, "a double free must not hand one buffer out twice");
    assert_well(&mut wasm);
}

#[test]
fn a_length_that_no_request_has_is_refused() {
    let mut wasm = Wasm::new();
    let most = u32::try_from(MAX_REQUEST).unwrap();
    for length in [0, most + 1, i32::MAX as u32, i32::MAX as u32 + 1, u32::MAX - 7, u32::MAX] {
        assert_eq!(wasm.alloc(length), 0, "{length}");
    }
    let spaces = vec![b' '; MAX_REQUEST];
    assert_eq!(error_code(&wasm.call(&spaces)), "too_large");
    assert_well(&mut wasm);
}

#[test]
fn a_host_that_frees_nothing_is_stopped_and_still_answered() {
    let mut wasm = Wasm::new();
    let buffers: Vec<(u32, u32)> = (0..MAX_LIVE).map(|_| wasm.buffer(VERSION)).collect();
    assert_eq!(wasm.alloc(8), 0);
    let (address, length) = buffers[0];
    assert_eq!(wasm.call_at(address, length), Native::default().call(VERSION));
    for (address, length) in buffers {
        wasm.free(address, length);
    }
    assert_well(&mut wasm);
}

#[test]
fn an_instance_does_not_grow_with_use() {
    let mut wasm = Wasm::new();
    let requests: [&[u8]; 3] = [VERSION, b"\xff\xfe", br#"{"v":1,"op":"advance","body":{"pinned":{}}}"#];
    let mut round = |rounds: usize| {
        for _ in 0..rounds {
            for request in requests {
                wasm.call(request);
            }
        }
        wasm.memory.size(&wasm.store)
    };
    let warm = round(100);
    assert_eq!(round(3000), warm);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn any_bytes_are_answered_as_by_native_rust(bytes in prop::collection::vec(any::<u8>(), 1..300)) {
        let answer = Wasm::new().call(&bytes);
        prop_assert!(["bad_utf8", "bad_json", "bad_envelope"].contains(&error_code(&answer).as_str()));
        prop_assert_eq!(answer, Native::default().call(&bytes));
    }

    #[test]
    fn a_request_that_was_damaged_is_answered_as_by_native_rust(
        place in any::<prop::sample::Index>(), byte in any::<u8>(), cut in any::<prop::sample::Index>(),
    ) {
        let mut bytes = VERSION.to_vec();
        let place = place.index(bytes.len());
        bytes[place] = byte;
        bytes.truncate(1 + cut.index(bytes.len()));
        prop_assert_eq!(Wasm::new().call(&bytes), Native::default().call(&bytes));
    }

    #[test]
    fn any_address_and_length_does_no_harm(address in any::<u32>(), length in any::<u32>()) {
        let mut wasm = Wasm::new();
        prop_assert_eq!(error_code(&wasm.call_at(address, length)), "bad_buffer");
        wasm.free(address, length);
        prop_assert_eq!(wasm.call(VERSION), Native::default().call(VERSION));
    }
}
