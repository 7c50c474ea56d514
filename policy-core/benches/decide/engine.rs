//! The engine as a host sees it: an envelope's bytes in, an envelope's bytes out.

use policy_core::wire::Engine;
use serde_json::{Value, json};

use super::case::{Case, Verdict};
use crate::Contender;

pub(crate) struct EngineCall {
    engine: Engine,
    begin: String,
}

impl Contender for EngineCall {
    type Decision = Vec<u8>;

    fn load(case: &Case) -> Result<Self, String> {
        let mut engine = Engine::new();
        let body = json!({ "source": case.policy, "file": "bench.yaml" });
        let answer = engine.call(json!({ "v": 1, "op": "load", "body": body }).to_string().as_bytes());
        let answer: Value = serde_json::from_slice(&answer).map_err(|error| error.to_string())?;
        let hash = answer.pointer("/ok/hash").and_then(Value::as_str).ok_or_else(|| answer.to_string())?;
        let begin = format!(r#"{{"v":1,"op":"decide","body":{{"policy":"{hash}","context":"#);
        Ok(Self { engine, begin })
    }

    fn decide(&mut self, context: &[u8]) -> Vec<u8> {
        self.engine.call(&[self.begin.as_bytes(), context, b"}}"].concat())
    }

    fn verdict(decision: &Vec<u8>) -> Verdict {
        let answer: Value = serde_json::from_slice(decision).expect("answers are JSON");
        let ok = answer.get("ok").unwrap_or_else(|| panic!("{answer}"));
        serde_json::from_value(json!({ "effect": ok.get("effect"), "rule": ok.get("rule") }))
            .expect("a rule decided")
    }
}
