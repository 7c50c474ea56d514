//! Where an escalation may lead.
//!
//! A chain is a line of stages. When the time of one is up, an escalation may go to the next one in line, or to a
//! standby stage further down, which stands in for the one that timed out; then the line goes on. Anything else
//! would go round a stage whose approval the policy asks for.

use super::chain::Read;
use super::codes;
use super::load::unknown;
use super::reader::Reader;

/// Checks every escalation of a chain, and that somebody can reach each standby stage.
pub(crate) fn check(reader: &mut Reader<'_>, stages: &[Read<'_>]) {
    for (at, stage) in stages.iter().enumerate() {
        let (Some(target), Some(node)) = (&stage.plan.escalate, stage.escalate) else { continue };
        let Some(to) = stages.iter().position(|other| other.plan.name == *target) else {
            let names = stages.iter().map(|other| other.plan.name.as_str());
            unknown(reader, codes::UNKNOWN_STAGE, node, "stage", target, names);
            continue;
        };
        if let Some((message, help)) = objection(stages, at, to) {
            reader.error(codes::BAD_ESCALATION, node.range.clone(), message, help);
        }
    }
    if !stages.is_empty() && stages.iter().all(|stage| stage.plan.standby) {
        let message = "every stage of this chain is on standby: nobody would ever be asked";
        reader.error(
            codes::BAD_ESCALATION,
            name_of(stages, 0),
            message,
            "take `standby` from the stage that comes first",
        );
        return;
    }
    for stage in stages {
        let name = &stage.plan.name;
        if stage.plan.standby && !stages.iter().any(|other| other.plan.escalate.as_ref() == Some(name)) {
            let help =
                format!("write `on_timeout: {{ escalate: {name} }}` in an earlier stage, or remove this one");
            let message = format!("no stage escalates to the standby stage `{name}`: it is never entered");
            reader.warn(codes::UNREACHABLE_STAGE, stage.name.range.clone(), message, help);
        }
    }
}

fn name_of(stages: &[Read<'_>], at: usize) -> std::ops::Range<usize> {
    stages.get(at).map_or(0..0, |stage| stage.name.range.clone())
}

/// Why a stage may not escalate to another, and what would be right.
fn objection(stages: &[Read<'_>], at: usize, to: usize) -> Option<(String, String)> {
    let (from, target) = (&stages.get(at)?.plan, &stages.get(to)?.plan);
    if to == at {
        let message = format!("the stage `{}` cannot escalate to itself", from.name);
        return Some((message, "name a later stage, or raise its `timeout`".to_owned()));
    }
    if to < at {
        let message = format!("`{}` comes before `{}`: an escalation goes forward", target.name, from.name);
        return Some((message, "move the stage further down".to_owned()));
    }
    if target.standby {
        return None;
    }
    if from.standby {
        // The line goes on after the stage that it stood in for, which need not be the one before it in the file.
        let message = format!(
            "the standby stage `{}` cannot hand over to `{}`: it stands in for another stage, after which the line goes on",
            from.name, target.name
        );
        return Some((message, "escalate to a standby stage further down, or deny".to_owned()));
    }
    let next = stages.iter().enumerate().skip(at.saturating_add(1)).find(|(_, stage)| !stage.plan.standby);
    let (next_at, next) = next?;
    if next_at == to {
        return None;
    }
    let message = format!("an escalation to `{}` would skip the stage `{}`", target.name, next.plan.name);
    let help = format!(
        "escalate to `{}`, or make `{}` a standby stage (`standby: true`)",
        next.plan.name, target.name
    );
    Some((message, help))
}
