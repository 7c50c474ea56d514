//! Variables and chains that nothing uses.

use std::collections::BTreeSet;

use crate::policy::codes;
use crate::policy::expressions::Expressions;
use crate::policy::load::{Chains, ReadRule};
use crate::policy::model::Then;
use crate::policy::reader::Reader;

pub(super) fn check(
    reader: &mut Reader<'_>,
    expressions: &Expressions<'_>,
    chains: &Chains,
    rules: &[ReadRule],
) {
    for (name, range) in expressions.unused() {
        reader.warn(
            codes::UNUSED_VARIABLE,
            range,
            format!("nothing uses the variable `{name}`"),
            "remove it, or use it",
        );
    }
    let used: BTreeSet<&str> = rules
        .iter()
        .filter_map(|rule| match &rule.value.then {
            Then::RequireApproval { chain, .. } => Some(chain.as_str()),
            _ => None,
        })
        .collect();
    for (name, chain) in chains.iter().filter(|(name, _)| !used.contains(name.as_str())) {
        reader.warn(
            codes::UNUSED_CHAIN,
            chain.range.clone(),
            format!("no rule uses the chain `{name}`"),
            "remove it, or name it in a rule",
        );
    }
}
