//! What cannot be told of a condition, as it reads facts that were taken out.

use std::collections::BTreeSet;

use super::conditions::{Parts, PartsKind, Variables};

/// Whether a path leads to what was taken out, into it, or to what it was in.
pub(super) fn is_in(path: &[String], withheld: &[String]) -> bool {
    let path = path.join(".");
    let begins = |whole: &str, part: &str| {
        whole.strip_prefix(part).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    withheld.iter().any(|taken| begins(&path, taken) || begins(taken, &path))
}

/// The variables that read what was taken out, themselves or by another variable.
pub(super) fn reading<'a>(variables: &'a Variables, withheld: &[String]) -> BTreeSet<&'a str> {
    let mut found: BTreeSet<&str> = BTreeSet::new();
    if withheld.is_empty() {
        return found;
    }
    loop {
        let more: Vec<&str> = variables
            .iter()
            .filter(|(name, parts)| !found.contains(name.as_str()) && reads_any(parts, &found, withheld))
            .map(|(name, _)| name.as_str())
            .collect();
        if more.is_empty() {
            return found;
        }
        found.extend(more);
    }
}

fn reads_any(parts: &Parts, found: &BTreeSet<&str>, withheld: &[String]) -> bool {
    let any = |parts: &[Parts]| parts.iter().any(|it| reads_any(it, found, withheld));
    match &parts.kind {
        PartsKind::All(of) | PartsKind::Any(of) => any(of),
        PartsKind::Not(of) => reads_any(of, found, withheld),
        PartsKind::Choice(of) => any(of.as_slice()),
        PartsKind::Name(name) => found.contains(name.as_str()),
        PartsKind::Test { paths, variables, .. } => {
            paths.iter().any(|path| is_in(path, withheld))
                || variables.iter().any(|(name, _)| found.contains(name.as_str()))
        }
    }
}
