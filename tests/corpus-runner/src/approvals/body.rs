//! From the shorthands of a step to the body of `advance`.

#![allow(clippy::indexing_slicing, reason = "indexing a JSON object by a key adds the key")]

use super::format::{Account, Chain, Eligible, EligibleThere, Nothing, Shown, Stage, Step, Tampering};
use super::{Case, DIGEST, PREFIX, time};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// A request on its way through the steps of a case.
#[derive(Debug)]
pub(super) struct Course<'a> {
    case: &'a Case,
    stages: &'a [Stage],
    /// What is to be pinned.
    wanted: Value,
    /// What was pinned, once it was.
    pinned: Value,
    events: Vec<Value>,
    /// The id of the current stage, as of the last answer.
    stage: Option<String>,
    at: &'a str,
    /// How many steps there were, for salts that differ.
    steps: u32,
}

impl<'a> Course<'a> {
    pub(super) fn new(case: &'a Case) -> Result<Self, String> {
        let stages = match &case.chain {
            Chain::Stages(stages) => stages,
            Chain::Mapping(settings) => &settings.stages,
        };
        let mut wanted = json!({
            "about": { "request": "8a1e", "realm": "demo", "client": "prod-console", "action": "login", "policy": DIGEST },
            "chain": chain(&case.chain, stages)?,
            "requester": person(&case.people, "alice", None),
            "opened_at": time::instant("0s")?,
            "digest": DIGEST,
            "shown": { "facts": { "client": "prod-console" }, "reason": "alice wants into production" },
            "salt": salt(0),
        });
        if let Some(patch) = &case.pinned {
            policy_core::testing::merge(&mut wanted, patch);
        }
        Ok(Self {
            case,
            stages,
            wanted,
            pinned: Value::Null,
            events: Vec::new(),
            stage: None,
            at: "0s",
            steps: 0,
        })
    }

    /// The body of `pin`, as long as nothing is pinned.
    pub(super) fn to_pin(&self) -> Option<&Value> {
        self.pinned.is_null().then_some(&self.wanted)
    }

    pub(super) fn pin(&mut self, answer: &Value) -> Result<(), String> {
        let text = answer.pointer("/ok/pinned").and_then(Value::as_str).ok_or("nothing was pinned")?;
        self.pinned = serde_json::from_str(text).map_err(|error| format!("`pinned` is not JSON: {error}"))?;
        Ok(())
    }

    /// What is stored of the request.
    pub(super) fn stored(&self, step: &Step) -> Result<Value, String> {
        let mut stored = json!({ "pinned": self.pinned, "events": self.history(step)? });
        if let Some(patch) = &step.patch {
            policy_core::testing::merge(&mut stored, patch);
        }
        Ok(stored)
    }

    /// The body of `erase`: of everybody, or of the step's `person`.
    pub(super) fn to_erase(&self, step: &Step) -> Result<Value, String> {
        let mut body = self.stored(step)?;
        if let Some(account) = &step.person {
            let name = account.id.as_deref().ok_or("say by `person: { id: … }` who is erased")?;
            body["person"] = person(&self.case.people, name, Some(account));
        }
        Ok(body)
    }

    /// Stores what `erase` left.
    pub(super) fn erase(&mut self, answer: &Value) -> Result<(), String> {
        if answer.get("ok").is_none() {
            return Ok(());
        }
        self.pin(answer)?;
        self.events = answer.pointer("/ok/events").and_then(Value::as_array).cloned().unwrap_or_default();
        Ok(())
    }

    pub(super) fn body(&mut self, step: &'a Step) -> Result<Value, String> {
        if let Some(at) = &step.at {
            self.at = at;
        }
        self.steps = self.steps.saturating_add(1);
        let mut body = json!({
            "pinned": self.pinned,
            "events": self.history(step)?,
            "command": self.command(step)?,
            "now": time::instant(self.at)?,
        });
        if let Some(patch) = &step.patch {
            policy_core::testing::merge(&mut body, patch);
        }
        Ok(body)
    }

    pub(super) fn take(&mut self, answer: &Value) {
        let Some(ok) = answer.get("ok") else {
            return;
        };
        self.events.extend(ok.get("append").and_then(Value::as_array).cloned().unwrap_or_default());
        self.stage = ok.get("stage").and_then(Value::as_str).map(str::to_owned);
    }

    fn command(&self, step: &Step) -> Result<Value, String> {
        let words: Vec<&str> = step.command.split_whitespace().collect();
        let (role, name, verb) = match words[..] {
            ["system", verb] => ("system", None, verb),
            ["admin", name, verb] => ("admin", Some(name), verb),
            [name, verb] => ("user", Some(name), verb),
            _ => return Err("write `<person> <verb>`, `admin <person> <verb>` or `system <verb>`".to_owned()),
        };
        let mut actor = name.map_or(json!({}), |name| person(&self.case.people, name, step.person.as_ref()));
        actor["kind"] = json!(role);
        let mut command = json!({ "kind": kind(verb)?, "salt": salt(self.steps), "actor": actor, "facts": self.facts(step, name) });
        if matches!(verb, "approves" | "denies" | "comments")
            && let Some(shown) = self.shown(step.shown.as_ref())
        {
            command["shown"] = shown;
        }
        for (key, value) in [("comment", &step.comment), ("code", &step.code)] {
            if let Some(value) = value {
                command[key] = json!(value);
            }
        }
        Ok(command)
    }

    fn shown(&self, shown: Option<&Shown>) -> Option<Value> {
        let current = self.stage.clone().unwrap_or_default();
        let (digest, stage) = match shown {
            Some(Shown::Nothing(Nothing::None)) => return None,
            Some(Shown::Something(parts)) => (parts.digest.clone(), parts.stage.as_deref().map(id)),
            None => (None, None),
        };
        Some(
            json!({ "digest": digest.unwrap_or_else(|| DIGEST.to_owned()), "stage": stage.unwrap_or(current) }),
        )
    }

    fn facts(&self, step: &Step, actor: Option<&str>) -> Value {
        json!({
            "matches": step.matches.clone().unwrap_or_else(|| self.matches(actor)),
            "acr": step.acr.unwrap_or(true),
            "match_code": step.match_code.unwrap_or(true),
            "eligible": self.eligible(step.eligible.as_ref()),
        })
    }

    fn matches(&self, actor: Option<&str>) -> Vec<u32> {
        let stage = self.stages.iter().find(|stage| Some(id(&stage.stage)) == self.stage);
        let index = stage.and_then(|stage| {
            let index = stage.people.iter().position(|name| Some(name.as_str()) == actor)?;
            if stage.approvers.is_some() { Some(0) } else { u32::try_from(index).ok() }
        });
        index.into_iter().collect()
    }

    fn eligible(&self, written: Option<&Eligible>) -> Value {
        let mut eligible: Map<String, Value> =
            self.stages.iter().map(|stage| (id(&stage.stage), self.people(&stage.people, None))).collect();
        match written {
            Some(Eligible::Nothing(Nothing::None)) => eligible.clear(),
            Some(Eligible::Stages(stages)) => {
                for (stage, there) in stages {
                    match there {
                        EligibleThere::Nothing(Nothing::None) => eligible.remove(&id(stage)),
                        EligibleThere::People(people) => {
                            eligible.insert(id(stage), self.people(people, None))
                        }
                        EligibleThere::Counted(counted) => {
                            eligible.insert(id(stage), self.people(&counted.people, Some(counted.count)))
                        }
                    };
                }
            }
            None => {}
        }
        Value::Object(eligible)
    }

    fn people(&self, names: &[String], count: Option<u32>) -> Value {
        let keys: BTreeSet<String> = names
            .iter()
            .map(|name| {
                person(&self.case.people, name, None)["person_key"].as_str().unwrap_or_default().to_owned()
            })
            .collect();
        json!({ "count": count.map_or(json!(keys.len()), |count| json!(count)), "people": keys })
    }

    fn history(&self, step: &Step) -> Result<Vec<Value>, String> {
        let mut events = self.events.clone();
        let index = |event: usize| {
            event
                .checked_sub(1)
                .filter(|index| *index < self.events.len())
                .ok_or(format!("there is no event {event}"))
        };
        match &step.history {
            None => {}
            Some(Tampering::Drop(event)) => drop(events.remove(index(*event)?)),
            Some(Tampering::Swap(one, other)) => events.swap(index(*one)?, index(*other)?),
            Some(Tampering::Replace { event, old, new }) => {
                if let Some(text) = events.get_mut(index(*event)?) {
                    let before = text.as_str().unwrap_or_default().to_owned();
                    *text = json!(before.replacen(old, new, 1));
                    if *text == json!(before) {
                        return Err(format!("event {event} does not hold `{old}`: {before}"));
                    }
                }
            }
        }
        Ok(events)
    }
}

/// Salts that anybody can foresee: the corpus has no secrets.
fn salt(number: u32) -> String {
    format!("{number:032x}")
}

fn kind(verb: &str) -> Result<&'static str, String> {
    Ok(match verb {
        "opens" => "open",
        "approves" => "approve",
        "denies" => "deny",
        "comments" => "comment",
        "cancels" => "cancel",
        "expires" => "expire",
        "uses" => "use",
        "revokes" => "revoke",
        "ticks" => "tick",
        other => return Err(format!("nobody {other}")),
    })
}

fn person(people: &BTreeMap<String, Account>, name: &str, changed: Option<&Account>) -> Value {
    let known = people.get(name);
    let part = |pick: fn(&Account) -> &Option<String>| {
        let given = changed.and_then(|account| pick(account).clone());
        given.or_else(|| known.and_then(|account| pick(account).clone())).unwrap_or_else(|| name.to_owned())
    };
    json!({
        "id": part(|account| &account.id),
        "username": part(|account| &account.username),
        "person_key": part(|account| &account.person_key),
    })
}

fn chain(chain: &Chain, stages: &[Stage]) -> Result<Value, String> {
    let stages = stages.iter().map(stage).collect::<Result<Vec<Value>, String>>()?;
    let (justification, show_approvers, use_by) = match chain {
        Chain::Stages(_) => (false, false, None),
        Chain::Mapping(settings) => {
            (settings.justification, settings.show_approvers, settings.use_by.as_deref())
        }
    };
    Ok(json!({
        "stages": stages,
        "justification": justification,
        "show_approvers": show_approvers,
        "use_by": time::seconds(use_by.unwrap_or("10m"))?,
    }))
}

fn stage(stage: &Stage) -> Result<Value, String> {
    let users: Vec<Value> = stage.people.iter().map(|name| json!({ "user": name })).collect();
    let mut require = json!({ "comment": false, "match_code": false, "acr": null });
    for (key, value) in stage.require.as_ref().and_then(Value::as_object).into_iter().flatten() {
        require[key] = value.clone();
    }
    Ok(json!({
        "id": id(&stage.stage),
        "chain": PREFIX.trim_end_matches('/'),
        "name": stage.stage,
        "approvers": stage.approvers.clone().unwrap_or(Value::Array(users)),
        "quorum": stage.quorum.clone().unwrap_or(json!(1)),
        "timeout": time::seconds(stage.timeout.as_deref().unwrap_or("15m"))?,
        "on_timeout": stage.escalate.as_deref().map_or(json!("deny"), |to| json!({ "escalate": id(to) })),
        "standby": stage.standby,
        "allow_repeat": stage.allow_repeat,
        "notify": stage.notify.unwrap_or(true),
        "require": require,
    }))
}

fn id(stage: &str) -> String {
    format!("{PREFIX}{stage}")
}
