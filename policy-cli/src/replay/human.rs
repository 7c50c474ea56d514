//! For people: a summary that fits into a change ticket.

use super::line::Said;
use super::tally::{Kind, Tally};
use crate::text::{grouped, harmless};
use anstyle::Style;
use std::collections::BTreeMap;
use std::io::{self, Write};

/// How many names of a kind are told.
const NAMES: usize = 5;

pub(super) fn write(
    tally: &Tally,
    policy: &str,
    against: Option<&str>,
    out: &mut impl Write,
) -> io::Result<()> {
    let against = against.map_or("what was decided".to_owned(), harmless);
    let bold = Style::new().bold();
    writeln!(
        out,
        "{bold}{} {}, {} against {against}{bold:#}",
        grouped(tally.replayed),
        if tally.replayed == 1 { "decision" } else { "decisions" },
        harmless(policy)
    )?;
    if let (Some(first), Some(last)) = (&tally.first, &tally.last) {
        writeln!(out, "from {} to {}", harmless(first), harmless(last))?;
    }
    writeln!(out)?;
    let other = match tally.by_another_rule {
        0 => String::new(),
        count => format!(", {} of them by another rule", grouped(count)),
    };
    writeln!(out, "{:>11} same{other}", grouped(tally.same))?;
    writeln!(
        out,
        "{:>11} changed{}",
        grouped(tally.changed),
        estimate(tally.changed, tally.changed_estimate)
    )?;
    writeln!(out, "{:>11} unknown", grouped(tally.unknown))?;
    for (why, count) in largest(&tally.unknown_because) {
        writeln!(out, "{:>15} {}", grouped(count), harmless(why))?;
    }
    if tally.drifted > 0 {
        writeln!(
            out,
            "\n{} of the changes are decisions of this very policy: another version of the engine made them.",
            grouped(tally.drifted)
        )?;
    }
    for (before, after, kind) in tally.kinds() {
        writeln!(out)?;
        change(before, after, kind, out)?;
    }
    Ok(())
}

fn change(before: &Said, after: &Said, kind: &Kind, out: &mut impl Write) -> io::Result<()> {
    let bold = Style::new().bold();
    let count = grouped(kind.count);
    writeln!(
        out,
        "{bold}{count} × {} → {}{bold:#}{}",
        said(before),
        said(after),
        estimate(kind.count, kind.estimate)
    )?;
    for (what, names) in [("users", &kind.users), ("clients", &kind.clients), ("actions", &kind.actions)] {
        let told: Vec<String> =
            largest(names).map(|(name, count)| format!("{} {}", harmless(name), grouped(count))).collect();
        let more = names.len().saturating_sub(told.len());
        let more = if more > 0 {
            format!(" and {} more", grouped(u64::try_from(more).unwrap_or(u64::MAX)))
        } else {
            String::new()
        };
        writeln!(out, "  {what}: {}{more}", told.join(", "))?;
    }
    writeln!(out, "  such as: {}", harmless(&kind.examples.join(", ")))
}

fn said(said: &Said) -> String {
    let rule = said.rule.as_ref().map_or("default".to_owned(), |rule| harmless(rule));
    let must = if said.must.is_empty() { String::new() } else { format!(": {}", harmless(&said.must)) };
    format!("{} ({rule}{must})", harmless(&said.effect))
}

/// What samples stand for, where that is more than they are.
fn estimate(count: u64, estimate: f64) -> String {
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a positive estimate, rounded for people"
    )]
    let rounded = estimate.round().max(0.0) as u64;
    if rounded > count { format!(", which stand for some {}", grouped(rounded)) } else { String::new() }
}

/// The most frequent, the first of them first.
fn largest(names: &BTreeMap<String, u64>) -> impl Iterator<Item = (&str, u64)> {
    let mut names: Vec<(&str, u64)> = names.iter().map(|(name, count)| (name.as_str(), *count)).collect();
    names.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    names.into_iter().take(NAMES)
}
