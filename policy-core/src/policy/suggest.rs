//! "Did you mean …?"

/// The length from which on a word is like no other, in characters.
const LONGEST: usize = 100;
/// How many candidates are looked at.
const MOST_CANDIDATES: usize = 300;

/// The candidate that is nearest to what was written, if one is near enough to be meant.
pub(crate) fn nearest<'c>(written: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let length = written.chars().count();
    let allowed = match length {
        0 => return None,
        1..=2 => 0,
        3..=4 => 1,
        5..=8 => 2,
        // Nothing that can be meant is longer, and measuring the distance takes the product of both lengths.
        LONGEST.. => return None,
        _ => 3,
    };
    let folded = |text: &str| text.to_lowercase().replace(['-', ' '], "_");
    candidates
        .into_iter()
        .take(MOST_CANDIDATES)
        .filter(|candidate| candidate.chars().count().abs_diff(length) <= allowed)
        .map(|candidate| (strsim::damerau_levenshtein(&folded(written), &folded(candidate)), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// A help text: the nearest candidate, or all of them where none is near.
pub(crate) fn help(written: &str, candidates: &[&str]) -> String {
    match nearest(written, candidates.iter().copied()) {
        Some(candidate) => format!("did you mean `{candidate}`?"),
        None => format!("write one of {}", list(candidates)),
    }
}

/// `a`, `b` or `c`.
pub(crate) fn list(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [only] => format!("`{only}`"),
        [first @ .., last] => {
            let first: Vec<String> = first.iter().map(|word| format!("`{word}`")).collect();
            format!("{} or `{last}`", first.join(", "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_words_are_suggested_and_far_ones_are_not() {
        let words = ["approvers", "quorum", "timeout", "on_timeout"];
        assert_eq!(nearest("aprovers", words), Some("approvers"));
        assert_eq!(nearest("on-timeout", words), Some("on_timeout"));
        assert_eq!(nearest("Quorum", words), Some("quorum"));
        assert_eq!(nearest("colour", words), None);
        assert_eq!(help("denny", &["deny", "skip"]), "did you mean `deny`?");
        assert_eq!(help("login", &["deny", "skip"]), "write one of `deny` or `skip`");
    }
}
