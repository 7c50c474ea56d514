//! Stages that nobody can approve, as far as their approvers are written out.
//!
//! Every stage in line must be approved, and is looked at when a request is opened: one that nobody can approve denies at
//! once. The requester never approves their own request, and nobody approves two stages, unless the second allows it.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::Rules;
use crate::approval::chain::{Quorum, Selector};
use crate::cel::analysis::Analysis;
use crate::policy::codes;
use crate::policy::load::Chains;
use crate::policy::model::{SelectorPlan, StagePlan, Then};
use crate::policy::reader::Reader;

/// Of how many approvers it is found out whether the rule is for one of them.
const MOST_NAMES: usize = 4;

/// A stage whose approvers are known.
struct Known<'c> {
    stage: &'c StagePlan,
    range: Range<usize>,
    /// User names that are written out.
    named: BTreeSet<String>,
    /// How many others there may be.
    others: usize,
    /// It lists the requester.
    requester: bool,
}

impl Known<'_> {
    fn needs(&self) -> usize {
        match self.stage.quorum {
            Quorum::AtLeast(people) => usize::try_from(people).unwrap_or(usize::MAX),
            Quorum::All => 1,
        }
    }

    fn has(&self) -> usize {
        self.named.len().saturating_add(self.others)
    }

    /// Whether every request must be approved in this stage.
    fn is_in_line(&self) -> bool {
        !self.stage.standby && self.stage.escalate.is_none()
    }
}

#[inline(never)]
pub(super) fn check(
    reader: &mut Reader<'_>,
    chains: &Chains,
    rules: &Rules<'_>,
    analysis: &mut Analysis<'_>,
) {
    let elsewhere = used_elsewhere(rules);
    let mut scarce: BTreeMap<&str, Vec<Known<'_>>> = BTreeMap::new();
    for (name, chain) in chains {
        let Some(chain) = &chain.value else { continue };
        let stages = chain.plan.stages.iter().zip(&chain.stages);
        let known: Vec<Known<'_>> = stages
            .filter_map(|(stage, range)| {
                know(stage, range.clone(), elsewhere.contains(name.as_str()), analysis)
            })
            .collect();
        reader.rule = None;
        let fine: Vec<Known<'_>> = known.into_iter().filter(|stage| !hopeless(reader, stage)).collect();
        people_twice(reader, &fine);
        scarce.insert(name.as_str(), fine);
    }
    for linted in &rules.rules {
        let Then::RequireApproval { chain, .. } = &linted.rule.then else { continue };
        if elsewhere.contains(chain.as_str()) {
            continue;
        }
        let needed = scarce.get(chain.as_str()).into_iter().flatten();
        for stage in needed.filter(|stage| !stage.stage.standby && stage.has() == stage.needs()) {
            let requester = stage.named.iter().take(MOST_NAMES).find(|name| {
                stage.others == 0 && analysis.requires_user(linted.condition, name, &linted.rule.on)
            });
            if let Some(name) = requester {
                reader.rule = Some(linted.rule.id.clone());
                let message = format!(
                    "nobody can approve this: the rule is for `{name}`, whom the stage `{}` needs as an approver",
                    stage.stage.name
                );
                let help = "people never approve their own requests: name somebody else as well";
                reader.warn(codes::UNSATISFIABLE_STAGE, linted.range.clone(), message, help);
            }
        }
    }
    reader.rule = None;
}

/// The chains of rules whose requester may have no account in the realm where approvers are looked for: a user of the
/// same name is somebody else there.
fn used_elsewhere<'r>(rules: &Rules<'r>) -> BTreeSet<&'r str> {
    let elsewhere = |action: &String| action.starts_with("admin-") || action == "activate-policy";
    let rules = rules.rules.iter().filter(|linted| linted.rule.on.iter().any(elsewhere));
    rules
        .filter_map(|linted| match &linted.rule.then {
            Then::RequireApproval { chain, .. } => Some(chain.as_str()),
            _ => None,
        })
        .collect()
}

/// The stage with its approvers, where all of them are known.
#[inline(never)]
fn know<'c>(
    stage: &'c StagePlan,
    range: Range<usize>,
    elsewhere: bool,
    analysis: &mut Analysis<'_>,
) -> Option<Known<'c>> {
    let mut known = Known { stage, range, named: BTreeSet::new(), others: 0, requester: false };
    for selector in &stage.approvers {
        match selector {
            SelectorPlan::Fixed(Selector::User(name)) => {
                known.named.insert(name.clone());
            }
            SelectorPlan::Fixed(_) => return None,
            SelectorPlan::Cel(expression) => {
                let people = analysis.people(expression)?;
                // An empty name is refused when the chain is resolved.
                known.named.extend(people.named.into_iter().filter(|name| !name.trim().is_empty()));
                known.requester |= people.requester;
            }
        }
    }
    known.others = usize::from(known.requester && elsewhere);
    Some(known)
}

/// Whether nobody can approve the stage, which is told.
#[inline(never)]
fn hopeless(reader: &mut Reader<'_>, known: &Known<'_>) -> bool {
    let (has, needs) = (known.has(), known.needs());
    if has >= needs {
        return false;
    }
    let listed = known.named.len();
    let (message, help) = match (has, known.requester) {
        (0, true) => (
            "nobody can approve this stage: its only approver is the requester".to_owned(),
            "people never approve their own requests: name somebody else",
        ),
        (0, false) => {
            ("nobody can approve this stage: its list of approvers is empty".to_owned(), "name somebody")
        }
        _ => {
            let beside = if known.requester { " beside the requester, who cannot approve" } else { "" };
            let people = if listed == 1 { "person" } else { "people" };
            (
                format!(
                    "this stage can never be approved: it needs {needs} people, and names {listed} {people}{beside}"
                ),
                "name more approvers, or lower the `quorum`",
            )
        }
    };
    reader.warn(codes::UNSATISFIABLE_STAGE, known.range.clone(), message, help);
    true
}

/// Two stages in line that share too few people.
#[inline(never)]
fn people_twice(reader: &mut Reader<'_>, stages: &[Known<'_>]) {
    for (at, second) in stages.iter().enumerate() {
        if !second.is_in_line() || second.stage.allow_repeat {
            continue;
        }
        for first in stages.iter().take(at).filter(|first| first.is_in_line()) {
            let people: BTreeSet<&String> = first.named.union(&second.named).collect();
            let others = first.others.max(second.others);
            let needs = first.needs().saturating_add(second.needs());
            if people.len().saturating_add(others) < needs {
                let message = format!(
                    "this stage can never be approved after `{}`: the two need {needs} different people, and name {}",
                    first.stage.name,
                    people.len()
                );
                let help = "name more approvers, or write `allow_repeat: true`";
                reader.warn(codes::UNSATISFIABLE_STAGE, second.range.clone(), message, help);
                break;
            }
        }
    }
}
