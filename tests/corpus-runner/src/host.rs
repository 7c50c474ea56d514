//! Hosts of the engine, and what is exchanged with them.

use policy_core::wire::Engine;
use serde::Serialize;
use serde_json::{Value, json};

/// Anything that answers request envelopes: native Rust, a wasm runtime, …
pub trait Host {
    /// Answers one request.
    fn call(&mut self, request: &[u8]) -> Vec<u8>;
}

/// The engine as a library.
#[derive(Debug, Default)]
pub struct Native {
    engine: Engine,
}

impl Host for Native {
    fn call(&mut self, request: &[u8]) -> Vec<u8> {
        self.engine.call(request)
    }
}

/// One request and its answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Exchange {
    /// The file and the name of the case.
    pub case: String,
    /// The request's text.
    pub request: String,
    /// The answer's text.
    pub answer: String,
}

/// The exchanges of one case with one host.
#[derive(Debug)]
pub(crate) struct Session<H> {
    pub(crate) exchanges: Vec<Exchange>,
    case: String,
    host: H,
}

impl<H: Host> Session<H> {
    pub(crate) fn new(case: &str, host: H) -> Self {
        Self { exchanges: Vec::new(), case: case.to_owned(), host }
    }

    /// Asks for an operation and gives the answer envelope.
    pub(crate) fn ask(&mut self, op: &str, body: &Value) -> Result<Value, String> {
        let request = json!({ "v": 1, "op": op, "body": body }).to_string();
        let answer = String::from_utf8(self.host.call(request.as_bytes()))
            .map_err(|error| format!("the answer is not UTF-8: {error}"))?;
        let envelope =
            serde_json::from_str(&answer).map_err(|error| format!("the answer is not JSON: {error}"));
        self.exchanges.push(Exchange { case: self.case.clone(), request, answer });
        envelope
    }
}
