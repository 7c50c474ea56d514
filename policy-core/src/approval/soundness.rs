//! Whether a chain can be walked at all. The policy's validation lets no other through; a host might.

use super::chain::{Chain, OnTimeout, Quorum, Selector, Stage};
use std::collections::BTreeSet;

/// More stages than any chain has that people can follow.
const MAX_STAGES: usize = 100;

/// Says what is wrong with a chain, if anything.
///
/// Every escalation leads further down, so that the stages come to an end; and one that stays in line leads to the
/// very next stage in line, so that none is skipped.
pub(super) fn check(chain: &Chain) -> Result<(), String> {
    if chain.stages.iter().all(|stage| stage.standby) {
        return Err("it has no stage that is not on standby".to_owned());
    }
    if chain.stages.len() > MAX_STAGES {
        return Err(format!("it has more than {MAX_STAGES} stages"));
    }
    if chain.use_by == 0 {
        return Err("`use_by` is 0: no approval could ever be used".to_owned());
    }
    let mut ids = BTreeSet::new();
    for stage in &chain.stages {
        check_stage(stage)?;
        if !ids.insert(stage.id.as_str()) {
            return Err(format!("two stages have the id `{}`", stage.id));
        }
    }
    chain.stages.iter().enumerate().try_for_each(|(index, stage)| check_escalation(chain, index, stage))
}

fn check_stage(stage: &Stage) -> Result<(), String> {
    let fault = if stage.id.is_empty() {
        return Err("a stage has an empty id".to_owned());
    } else if stage.approvers.is_empty() {
        "no approvers"
    } else if stage.timeout == 0 {
        "a time-out of 0"
    } else if stage.quorum == Quorum::AtLeast(0) {
        "a quorum of 0"
    } else if stage.approvers.iter().any(names_nobody) {
        "a selector with an empty name"
    } else {
        return Ok(());
    };
    Err(format!("stage `{}` has {fault}", stage.id))
}

/// A `users` list may be empty: CEL gave it, and a stage whose selectors match nobody denies when it is entered.
fn names_nobody(selector: &Selector) -> bool {
    match selector {
        Selector::Role(name) | Selector::Group(name) | Selector::User(name) | Selector::Attribute(name) => {
            name.is_empty()
        }
        Selector::ClientRole { client, role } => client.is_empty() || role.is_empty(),
        Selector::Users(_) | Selector::Named(_) => false,
    }
}

fn check_escalation(chain: &Chain, index: usize, stage: &Stage) -> Result<(), String> {
    let OnTimeout::Escalate(target) = &stage.on_timeout else {
        return Ok(());
    };
    let after = chain.stages.iter().skip(index.saturating_add(1));
    let Some(found) = after.clone().find(|stage| stage.id == *target) else {
        return Err(format!("stage `{}` escalates to `{target}`, which is no stage further down", stage.id));
    };
    let next_in_line = after.clone().find(|stage| !stage.standby);
    if !stage.standby && !found.standby && next_in_line != Some(found) {
        return Err(format!("stage `{}` escalates to `{target}` and would skip a stage", stage.id));
    }
    Ok(())
}
