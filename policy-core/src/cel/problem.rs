//! What is wrong with an expression, and where.

use std::ops::Range;

/// One thing that is wrong with a CEL expression, found before it is ever evaluated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// A stable kebab-case code, such as `unknown-field`.
    pub code: &'static str,
    /// The place, as a byte range of the CEL source. It may be empty, at the end of the source, where
    /// something is missing.
    pub range: Range<usize>,
    /// What is wrong, for the policy's author.
    pub message: String,
    /// What would be right, where that can be told.
    pub help: Option<String>,
}

impl Problem {
    /// A problem without help.
    #[must_use]
    pub fn new(code: &'static str, range: Range<usize>, message: impl Into<String>) -> Self {
        Self { code, range, message: message.into(), help: None }
    }

    /// The same problem, saying what would be right.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

// A suggestion is a courtesy: it must not be what a hostile policy spends time on.
const MAX_NAME: usize = 48;
const MAX_CANDIDATES: usize = 300;

/// The candidate nearest to `name`, when it is near enough to be what the author meant.
pub(super) fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = name.chars().count();
    if length > MAX_NAME {
        return None;
    }
    let allowed = (length.saturating_add(1) / 3).clamp(1, 3);
    candidates
        .into_iter()
        .take(MAX_CANDIDATES)
        .filter(|candidate| candidate.chars().count().abs_diff(length) <= allowed)
        .map(|candidate| (distance(&name.to_lowercase(), &candidate.to_lowercase()), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min()
        .map(|(_, candidate)| candidate)
}

/// The Levenshtein distance, on characters.
fn distance(a: &str, b: &str) -> usize {
    #[cfg(test)]
    super::steps::take();
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut next = vec![i.saturating_add(1)];
        for ((y, replaced), deleted) in b.iter().zip(&row).zip(row.iter().skip(1)) {
            let inserted = next.last().copied().unwrap_or_default();
            let kept = replaced.saturating_add(usize::from(x != *y));
            next.push(kept.min(deleted.saturating_add(1)).min(inserted.saturating_add(1)));
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_found_and_a_far_one_is_not() {
        assert_eq!(nearest("role", ["roles", "groups"]), Some("roles"));
        assert_eq!(nearest("emailVerified", ["email", "email_verified"]), Some("email_verified"));
        assert_eq!(nearest("department", ["roles", "groups"]), None);
    }
}
