//! The same rules with the crate `cel`, as somebody would write it who wants it fast: programs are compiled once, the standard library is
//! shared, and each decision adds its variables to a scope of its own.
//!
//! Like the engine, it asks every rule that may hold and takes the strictest; one that cannot be evaluated denies.

#![expect(
    clippy::disallowed_types,
    reason = "the crate's maps are hash maps, and whoever uses it would take one as an index"
)]

use std::collections::HashMap;
use std::sync::Arc;

use cel::objects::{Key, Map};
use cel::{Context, Program, Value};
use serde_json::Value as Json;

use super::case::{Case, Effect, Verdict};
use crate::Contender;

/// `INDEXED`: whether rules are found by action and client, so that only the rest of their condition is evaluated.
pub(crate) struct CrateCel<const INDEXED: bool> {
    library: Context<'static, 'static>,
    all: Vec<Rule>,
    by_action_and_client: HashMap<String, HashMap<Option<String>, Vec<Rule>>>,
}

struct Rule {
    id: String,
    effect: Effect,
    when: Program,
}

pub(crate) struct Decision {
    effect: Effect,
    rule: Option<String>,
    /// Part of what goes out, though nobody looks at it here.
    _matched: Vec<String>,
}

impl<const INDEXED: bool> Contender for CrateCel<INDEXED> {
    type Decision = Decision;

    fn load(case: &Case) -> Result<Self, String> {
        let mut loaded =
            Self { library: Context::default(), all: Vec::new(), by_action_and_client: HashMap::new() };
        for rule in &case.rules {
            let condition = if INDEXED { &rule.when } else { &rule.full };
            let when = Program::compile(condition).map_err(|error| format!("{}: {error:?}", rule.id))?;
            let compiled = Rule { id: rule.id.clone(), effect: rule.effect, when };
            let rules = if INDEXED {
                let clients = loaded.by_action_and_client.entry(rule.guard.action.clone()).or_default();
                clients.entry(rule.guard.client.clone()).or_default()
            } else {
                &mut loaded.all
            };
            rules.push(compiled);
        }
        Ok(loaded)
    }

    fn decide(&mut self, context: &[u8]) -> Decision {
        let json: serde_json::Map<String, Json> =
            serde_json::from_slice(context).expect("contexts are objects");
        let candidates = if INDEXED { self.candidates(&json) } else { &self.all };
        let mut variables = self.library.new_inner_scope();
        for (name, value) in json {
            variables.add_variable_from_value(name, value_of(value));
        }
        let mut decision = Decision { effect: Effect::Allow, rule: None, _matched: Vec::new() };
        for rule in candidates {
            let effect = match rule.when.execute(&variables) {
                Ok(Value::Bool(false)) => continue,
                Ok(Value::Bool(true)) => {
                    decision._matched.push(rule.id.clone());
                    rule.effect
                }
                _ => Effect::Deny,
            };
            if decision.rule.is_none() || effect < decision.effect {
                decision.effect = effect;
                decision.rule = Some(rule.id.clone());
            }
        }
        decision
    }

    fn verdict(decision: &Decision) -> Verdict {
        Verdict { effect: decision.effect, rule: decision.rule.clone().unwrap_or_default() }
    }
}

impl<const INDEXED: bool> CrateCel<INDEXED> {
    fn candidates(&self, context: &serde_json::Map<String, Json>) -> &[Rule] {
        let action = context.get("action").and_then(Json::as_str).unwrap_or_default();
        let client = context.get("client").and_then(|client| client.get("id")).and_then(Json::as_str);
        let found =
            self.by_action_and_client.get(action).and_then(|clients| clients.get(&client.map(str::to_owned)));
        found.map_or(&[], Vec::as_slice)
    }
}

fn value_of(json: Json) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Bool(value) => Value::Bool(value),
        Json::Number(number) => {
            number.as_i64().map_or_else(|| Value::Float(number.as_f64().unwrap_or_default()), Value::Int)
        }
        Json::String(text) => Value::String(Arc::new(text)),
        Json::Array(items) => Value::List(Arc::new(items.into_iter().map(value_of).collect())),
        Json::Object(entries) => {
            let entries: HashMap<Key, Value> = entries
                .into_iter()
                .map(|(key, value)| (Key::String(Arc::new(key)), value_of(value)))
                .collect();
            Value::Map(Map { map: Arc::new(entries) })
        }
    }
}
