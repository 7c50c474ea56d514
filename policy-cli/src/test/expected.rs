//! What a case expects of a decision.

use super::fixture::instead;
use policy_core::decision::Decision;
use policy_core::policy::duration;
use serde_json::Value as Json;
use std::collections::BTreeMap;

/// The values that are expected, by the names that fixtures give them. What is not named may be anything, but for `errors`.
#[derive(Clone, Debug, Default)]
pub(super) struct Expected(BTreeMap<&'static str, Json>);

impl Expected {
    /// Everything that can be expected, in the order in which it is told.
    pub(super) const NAMES: &[&str] =
        &["effect", "rule", "reason", "chain", "acr", "confirm", "remember", "grant", "matched", "errors"];

    /// Reads `expect`: an effect, or a mapping.
    pub(super) fn read(written: &Json) -> Result<Self, String> {
        let mut expected = Self::default();
        match written {
            Json::Null => {}
            Json::String(_) => expected.set("effect", written)?,
            Json::Object(members) => {
                for (name, value) in members {
                    expected.set(name, value)?;
                }
            }
            other => return Err(format!("`expect` is an effect or a mapping, not `{other}`")),
        }
        Ok(expected)
    }

    pub(super) fn knows(name: &str) -> bool {
        Self::NAMES.contains(&name)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Expects one value.
    pub(super) fn set(&mut self, name: &str, value: &Json) -> Result<(), String> {
        let Some(known) = Self::NAMES.iter().find(|known| **known == name) else {
            return Err(format!("nothing of a decision is called `{name}`{}", instead(name, Self::NAMES)));
        };
        self.0.insert(known, normal(known, value)?);
        Ok(())
    }

    /// Where a decision is not what is expected, a sentence each.
    pub(super) fn faults(&self, decision: &Decision) -> Vec<String> {
        let mut faults: Vec<String> = Self::NAMES
            .iter()
            .filter_map(|name| {
                let (expected, got) = (self.0.get(name)?, actual(name, decision));
                (*expected != got)
                    .then(|| format!("{name}: expected {}, got {}", shown(expected), shown(&got)))
            })
            .collect();
        if !self.0.contains_key("errors") {
            faults.extend(decision.errors.iter().map(|failure| {
                let rule = &failure.rule;
                format!(
                    "the rule `{rule}` cannot be evaluated: {} (`errors: [{rule}]` would expect that)",
                    failure.message
                )
            }));
        }
        faults
    }
}

/// A value as decisions have it: times in seconds, single names as lists.
fn normal(name: &str, value: &Json) -> Result<Json, String> {
    let wrong = |what: &str| Err(format!("`{name}` is {what}, not `{value}`"));
    match (name, value) {
        ("effect", Json::String(effect)) => {
            let known = ["allow", "confirm", "step_up", "require_approval", "deny"];
            if known.contains(&effect.as_str()) {
                Ok(value.clone())
            } else {
                Err(format!("there is no effect `{effect}`{}", instead(effect, &known)))
            }
        }
        ("effect", _) => wrong("the name of an effect"),
        ("confirm", Json::Bool(_)) | ("rule" | "reason" | "acr", Json::String(_)) => Ok(value.clone()),
        ("confirm", _) => wrong("`true` or `false`"),
        ("rule" | "reason" | "acr" | "remember" | "grant" | "chain", Json::Null) => Ok(Json::Null),
        ("remember" | "grant", Json::String(text)) => duration::parse(text).map(Json::from),
        ("remember" | "grant", _) => wrong("a duration, such as `8h`, or `null`"),
        ("chain" | "matched" | "errors", Json::String(_)) => Ok(Json::from(vec![value.clone()])),
        ("chain" | "matched" | "errors", Json::Array(names)) if names.iter().all(Json::is_string) => {
            Ok(value.clone())
        }
        ("chain" | "matched" | "errors", _) => wrong("a name or a list of names"),
        _ => wrong("a text in quotes, or `null`"),
    }
}

fn actual(name: &str, decision: &Decision) -> Json {
    let obligations = &decision.obligations;
    match name {
        "effect" => decision.effect.name().into(),
        "rule" => decision.rule.clone().into(),
        "reason" => decision.reason.clone().into(),
        "acr" => obligations.acr.clone().into(),
        "confirm" => obligations.confirm.into(),
        "remember" => obligations.remember.into(),
        "grant" => obligations.grant.as_ref().map(|grant| grant.seconds).into(),
        "matched" => decision.matched.iter().map(|matched| matched.rule.as_str()).collect(),
        "errors" => decision.errors.iter().map(|failure| failure.rule.as_str()).collect(),
        _ => obligations
            .approval
            .as_ref()
            .map(|chain| {
                let mut names: Vec<&str> = chain.stages.iter().map(|stage| stage.chain.as_str()).collect();
                names.dedup();
                names
            })
            .into(),
    }
}

/// A value as a sentence has it.
fn shown(value: &Json) -> String {
    match value {
        Json::Null => "none".to_owned(),
        Json::String(text) => format!("`{text}`"),
        Json::Number(seconds) => {
            let seconds = seconds.as_u64().and_then(|it| u32::try_from(it).ok());
            seconds.map_or_else(|| value.to_string(), duration::show)
        }
        Json::Array(names) if names.is_empty() => "none".to_owned(),
        Json::Array(names) => names.iter().map(shown).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}
