//! What a rule asks for that its actions cannot give, and doors beside those that a rule guards.
//!
//! docs/doors.md tells what each action has.

use std::collections::BTreeSet;

use super::{Linted, Rules};
use crate::cel::analysis::Analysis;
use crate::decision::Effect;
use crate::policy::codes;
use crate::policy::load::Chains;
use crate::policy::model::Then;
use crate::policy::reader::Reader;

/// Where a program asks for a token: there is no page on which a person could wait, or say why.
const TOKEN_ENDPOINT: &[&str] =
    &["direct-grant", "client-credentials", "token-refresh", "token-exchange", "jwt-grant", "ciba"];
/// Of how many rules it is found out whether they guard the other door.
const MOST_GUARDS: usize = 64;

#[inline(never)]
pub(super) fn check(
    reader: &mut Reader<'_>,
    chains: &Chains,
    rules: &Rules<'_>,
    analysis: &mut Analysis<'_>,
) {
    for linted in &rules.rules {
        reader.rule = Some(linted.rule.id.clone());
        pages(reader, chains, linted);
    }
    reauthentication(reader, rules, analysis);
    reader.rule = None;
}

#[inline(never)]
fn pages(reader: &mut Reader<'_>, chains: &Chains, linted: &Linted<'_>) {
    let Then::RequireApproval { chain: name, .. } = &linted.rule.then else { return };
    let Some(chain) = chains.get(name).and_then(|chain| chain.value.as_ref()) else { return };
    let program = linted.rule.on.iter().find(|action| TOKEN_ENDPOINT.contains(&action.as_str()));
    let pageless = |action: &&String| {
        TOKEN_ENDPOINT.contains(&action.as_str())
            || action.starts_with("admin-")
            || action.as_str() == "activate-policy"
    };
    let code = chain.plan.stages.iter().find(|stage| stage.require.match_code && !stage.standby);
    if let (Some(stage), Some(action)) = (code, linted.rule.on.iter().find(pageless)) {
        let message = format!(
            "nobody can approve this for `{action}`: the stage `{}` asks for a code, and the requester has no page to \
             read it from",
            stage.name
        );
        let help = "use a chain without `match_code` for this action";
        reader.warn(codes::NO_PAGE, linted.range.clone(), message, help);
    }
    if let (true, Some(action)) = (chain.plan.justification, program) {
        let message = format!(
            "no request is ever opened for `{action}`: the chain `{name}` asks for a justification, and a program has no \
             page to write it on"
        );
        let help = "use a chain without `justification` for this action";
        reader.warn(codes::NO_PAGE, linted.range.clone(), message, help);
    }
}

/// Where a policy has rules on `reauthenticate`, somebody who is signed in can have a login judged by those instead.
#[inline(never)]
fn reauthentication(reader: &mut Reader<'_>, rules: &Rules<'_>, analysis: &mut Analysis<'_>) {
    let guards: Vec<&Linted<'_>> = rules
        .rules
        .iter()
        .filter(|linted| is_on(linted, "reauthenticate"))
        .take(MOST_GUARDS.saturating_add(1))
        .collect();
    if guards.is_empty() || guards.len() > MOST_GUARDS {
        return;
    }
    let there: BTreeSet<String> = std::iter::once("reauthenticate".to_owned()).collect();
    for linted in rules.rules.iter().filter(|it| is_on(it, "login") && !is_on(it, "reauthenticate")) {
        let effect = linted.rule.then.effect();
        let guarded = effect == Effect::Allow
            || guards.iter().any(|guard| {
                guard.rule.then.effect() >= effect
                    && analysis.implies(linted.condition, guard.condition, &there, false)
            });
        if !guarded {
            reader.rule = Some(linted.rule.id.clone());
            let message = "there is a way round this rule: who is signed in already can turn a `login` into a \
                           `reauthenticate`, on which this policy has other rules";
            reader.warn(codes::LOGIN_ONLY, linted.range.clone(), message, "add `reauthenticate` to `on`");
        }
    }
}

fn is_on(linted: &Linted<'_>, action: &str) -> bool {
    linted.is_enforced() && linted.rule.on.contains(action)
}
