//! The engine in a web page or in Node, through wasm-bindgen. `./jit browser` builds it.
//!
//! ```js
//! import init, { Engine } from "./jit_policy.js";
//!
//! await init();
//! const engine = new Engine();
//! const answer = JSON.parse(engine.call(JSON.stringify({ v: 1, op: "version", body: {} })));
//! ```

use wasm_bindgen::prelude::wasm_bindgen;

/// An engine of its own, with its own cache of loaded policies.
#[wasm_bindgen]
#[derive(Debug, Default)]
pub struct Engine {
    engine: policy_core::wire::Engine,
}

#[wasm_bindgen]
impl Engine {
    /// An engine that has no policy loaded.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Answers a request envelope, as docs/wire-format.md describes it, with an answer envelope. Both are JSON texts.
    ///
    /// It never throws: what is wrong with a request is told in an error envelope. The answer is canonical JSON, byte
    /// for byte what the other hosts answer; compare or hash this text, not what `JSON.stringify` makes of it.
    #[must_use]
    pub fn call(&mut self, request: &str) -> String {
        // Canonical JSON is always UTF-8.
        String::from_utf8(self.engine.call(request.as_bytes())).unwrap_or_default()
    }
}
