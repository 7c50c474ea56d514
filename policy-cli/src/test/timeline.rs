//! Timelines of chains: who does what when, and what should come of it.

use super::fixture::instead;
use policy_core::approval::{CommandKind, Outcome};
use policy_core::decision::Decision;
use policy_core::policy::duration;
use policy_core::testing::{Act, Member, Timeline};
use serde_json::{Map, Value as Json};
use std::collections::BTreeMap;

/// What people do, as timelines say it.
const VERBS: &[(&str, CommandKind)] = &[
    ("approves", CommandKind::Approve),
    ("denies", CommandKind::Deny),
    ("comments", CommandKind::Comment),
    ("cancels", CommandKind::Cancel),
    ("uses", CommandKind::Use),
    ("revokes", CommandKind::Revoke),
];

const STATUSES: &[&str] = &["pending", "approved", "denied", "cancelled", "expired", "used", "revoked"];

/// One line of a timeline.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    /// Seconds after the request was opened.
    pub(crate) at: u32,
    /// As a sentence, such as `bob approves`.
    pub(crate) what: String,
    act: Act,
    /// The status that should come of it.
    then: Option<String>,
    /// The stage that should be decided afterwards.
    stage: Option<String>,
    /// The code with which it should be refused.
    rejected: Option<String>,
}

/// What came of one line.
#[derive(Debug)]
pub(crate) struct Happened {
    pub(crate) at: u32,
    pub(crate) what: String,
    pub(crate) outcome: Outcome,
}

impl Step {
    /// Reads `{ at: 2m, bob: approves, then: approved }`.
    pub(crate) fn read(written: &Map<String, Json>) -> Result<Self, String> {
        let mut step = Self {
            at: 0,
            what: "time passes".to_owned(),
            act: Act::wait(),
            then: None,
            stage: None,
            rejected: None,
        };
        let text = |name: &str, value: &Json| {
            let text = value.as_str().ok_or_else(|| format!("`{name}` is a text, not `{value}`"))?;
            Ok::<_, String>(text.to_owned())
        };
        let flag = |name: &str, value: &Json| {
            value.as_bool().ok_or_else(|| format!("`{name}` is `true` or `false`, not `{value}`"))
        };
        let (mut at, mut acr, mut code, mut comment) = (None, true, true, None);
        for (key, value) in written {
            match key.as_str() {
                "at" => at = Some(duration::parse(&text(key, value)?)?),
                "then" => {
                    let status = text(key, value)?;
                    if !STATUSES.contains(&status.as_str()) {
                        return Err(format!("there is no status `{status}`{}", instead(&status, STATUSES)));
                    }
                    step.then = Some(status);
                }
                "stage" => step.stage = Some(text(key, value)?),
                "rejected" => step.rejected = Some(text(key, value)?),
                "comment" => comment = Some(text(key, value)?),
                "acr" => acr = flag(key, value)?,
                "match_code" => code = flag(key, value)?,
                name if step.act.by.is_some() => {
                    return Err(format!("one person acts at a time, not `{name}` as well"));
                }
                name if !value.is_string() => {
                    return Err(format!(
                        "`{name}` is neither a person who does something, nor {}",
                        instead_of(name)
                    ));
                }
                name => {
                    let verb = text(name, value)?;
                    let known: Vec<&str> = VERBS.iter().map(|(verb, _)| *verb).collect();
                    let kind = VERBS.iter().find(|(known, _)| *known == verb).map(|(_, kind)| *kind);
                    let kind = kind.ok_or_else(|| format!("nobody `{verb}`{}", instead(&verb, &known)))?;
                    step.what = format!("{name} {verb}");
                    step.act = Act::new(name, kind);
                }
            }
        }
        step.at = at.ok_or("it needs `at`, the time since the request was opened, such as `at: 2m`")?;
        step.act = Act { acr, match_code: code, comment, ..step.act };
        Ok(step)
    }

    fn name(&self) -> String {
        format!("{}, {}", duration::show(self.at), self.what)
    }

    fn faults(&self, outcome: &Outcome) -> Vec<String> {
        let code = outcome.rejection.as_ref().map(|rejection| as_written(&rejection.code));
        let refused = match (&self.rejected, &code, &outcome.rejection) {
            (Some(expected), None, _) => {
                Some(format!("expected to be refused with `{expected}`, and was not"))
            }
            (Some(expected), Some(got), _) if expected != got => {
                Some(format!("expected to be refused with `{expected}`, and was with `{got}`"))
            }
            (None, Some(got), Some(rejection)) if self.act.kind != CommandKind::Tick => {
                Some(format!("refused: {} (`rejected: {got}` would expect that)", rejection.message))
            }
            _ => None,
        };
        let status = outcome.status.map_or("not open", |status| status.name());
        let then = self.then.as_ref().filter(|expected| *expected != status);
        let then =
            then.map(|expected| format!("expected the request to be `{expected}`, and it is `{status}`"));
        let at = outcome.stage.as_deref().unwrap_or("none");
        let is_there = |expected: &String| at == expected || at.rsplit('/').next() == Some(expected.as_str());
        let stage = self.stage.as_ref().filter(|expected| !is_there(expected));
        let stage = stage.map(|expected| format!("expected the stage `{expected}`, and it is `{at}`"));
        [refused, then, stage]
            .into_iter()
            .flatten()
            .map(|fault| format!("{}: {fault}", self.name()))
            .collect()
    }
}

/// What a line of a timeline may have, apart from a person.
fn instead_of(name: &str) -> String {
    let members = ["at", "then", "stage", "rejected", "comment", "acr", "match_code"];
    format!("a member of a timeline's line{}", instead(name, &members))
}

/// The word that JSON has for it.
fn as_written(value: &impl serde::Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|json| json.as_str().map(str::to_owned)).unwrap_or_default()
}

/// Why a request was denied as soon as a stage was entered.
pub(crate) fn hopeless(outcome: &Outcome) -> Option<String> {
    let events = outcome.append.iter().filter_map(|event| serde_json::from_str::<Json>(event).ok());
    let denied = events.filter(|event| event.get("kind").and_then(Json::as_str) == Some("denied"));
    denied.into_iter().find_map(|event| {
        let (stage, code) = (event.get("stage")?.as_str()?, event.get("code")?.as_str()?);
        let why = match code {
            "no_eligible_approver" => "nobody of the people may approve",
            "quorum_unreachable" => "too few of the people may approve",
            "too_many_eligible" => "more people than can be told apart may approve",
            _ => return None,
        };
        Some(format!("denied at once: {why} the stage {stage} (`{code}`)"))
    })
}

/// Walks a decision's chain along a timeline: what happened, and what was expected to happen and did not.
pub(crate) fn walk(
    steps: &[Step],
    people: &BTreeMap<String, Member>,
    decision: &Decision,
    context: &Json,
) -> (Vec<Happened>, Vec<String>) {
    let (mut timeline, opened) = match Timeline::open(decision, context, people.clone()) {
        Ok(opened) => opened,
        Err(error) => return (Vec::new(), vec![error.to_string()]),
    };
    let who = context.get("user").and_then(|user| user.get("username")?.as_str()).unwrap_or("alice");
    let cause = hopeless(&opened);
    let mut happened = vec![Happened { at: 0, what: format!("{who} asks"), outcome: opened }];
    let mut faults = Vec::new();
    let mut last = 0;
    for step in steps {
        if step.at < last {
            faults.push(format!("{}: it stands behind something later", step.name()));
            break;
        }
        last = step.at;
        match timeline.at(step.at, &step.act) {
            Ok(outcome) => {
                faults.extend(step.faults(&outcome));
                happened.push(Happened { at: step.at, what: step.what.clone(), outcome });
            }
            Err(error) => {
                faults.push(format!("{}: {error}", step.name()));
                break;
            }
        }
    }
    if let Some(cause) = cause.filter(|_| !faults.is_empty()) {
        faults.insert(0, cause);
    }
    (happened, faults)
}
