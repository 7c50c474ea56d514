//! The key `grant` of a rule: a duration, or a mapping that also says what the grant is bound to.

use std::collections::BTreeSet;

use super::codes;
use super::reader::Reader;
use super::yaml::{Kind, Node};
use crate::approval::{Binding, Grant};

/// The shortest and the longest grant, in seconds: 10 s to 90 days.
const LENGTH: std::ops::RangeInclusive<u32> = 10..=90 * 86_400;

/// Reads `4h`, or `{ for: 4h, bound_to: [client, session] }`.
pub(crate) fn read(reader: &mut Reader<'_>, node: &Node) -> Option<Grant> {
    if !matches!(node.kind, Kind::Mapping(_)) {
        let seconds = reader.duration(node, "`grant`", &LENGTH)?;
        return Some(Grant { seconds, bound_to: Binding::DEFAULT.into() });
    }
    let fields = reader.mapping(node, "a grant", &["for", "bound_to"])?;
    let seconds = reader
        .required(&fields, "for", "say how long it is good, e.g. `for: 4h`")
        .and_then(|node| reader.duration(node, "`for`", &LENGTH));
    let bound_to = match fields.get("bound_to") {
        Some(node) => bindings(reader, node),
        None => Some(Binding::DEFAULT.into()),
    };
    Some(Grant { seconds: seconds?, bound_to: bound_to? })
}

fn bindings(reader: &mut Reader<'_>, node: &Node) -> Option<BTreeSet<Binding>> {
    let mut bindings = BTreeSet::new();
    for item in reader.list(node, "`bound_to`", Binding::WORDS.len())? {
        let Some(binding) = reader.word(item, "`bound_to`", &Binding::WORDS) else { continue };
        if !bindings.insert(binding) {
            reader.error(
                codes::DUPLICATE_ID,
                item.range.clone(),
                "it stands twice in `bound_to`",
                "remove one of the two",
            );
        }
    }
    if !bindings.contains(&Binding::Device) && !bindings.contains(&Binding::Session) {
        reader.warn(
            codes::UNBOUND_GRANT,
            node.range.clone(),
            "this grant is good in every browser: whoever has the password needs no approval while it lasts",
            "add `device` or `session`",
        );
    }
    Some(bindings)
}
