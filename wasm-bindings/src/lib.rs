//! The policy engine as a WebAssembly module.
//!
//! Two hosts, two doors to the same [`policy_core::wire::Engine`]: `abi` is the C ABI for the JVM and wasmtime, a
//! module that imports nothing; `browser` (feature `browser`) is the wasm-bindgen module for web pages.

#![deny(unsafe_op_in_unsafe_fn)]

#[cfg(all(target_family = "wasm", not(feature = "browser")))]
mod abi;
#[cfg(feature = "browser")]
pub mod browser;
pub mod buffers;
