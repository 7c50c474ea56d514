//! What is known where an expression is evaluated: fields that are there, and what the context can be about.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::Typed;

/// Some values of the discriminator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Choice {
    /// These.
    Only(BTreeSet<String>),
    /// Every one but these.
    AllBut(BTreeSet<String>),
}

/// More literals than this are not remembered: a choice that is too wide rules too little out, and costs nothing.
const MOST_VALUES: usize = 64;

impl Default for Choice {
    fn default() -> Self {
        Self::AllBut(BTreeSet::new())
    }
}

impl Choice {
    /// One of these; nothing is known of too many.
    fn only(values: BTreeSet<String>) -> Self {
        Self::exactly(values).unwrap_or_default()
    }

    /// One of these and nothing else, so that it may be turned round; `None` for too many.
    pub(super) fn exactly(values: BTreeSet<String>) -> Option<Self> {
        (values.len() <= MOST_VALUES).then_some(Self::Only(values))
    }

    /// None of these. What is asked must be exact: of what says more than is known, the contrary would say less.
    pub(super) fn none_of(&self) -> Self {
        match self {
            Self::Only(values) => Self::AllBut(values.clone()),
            Self::AllBut(values) => Self::Only(values.clone()),
        }
    }

    /// Whether this value is one of them.
    #[must_use]
    pub fn has(&self, value: &str) -> bool {
        match self {
            Self::Only(values) => values.contains(value),
            Self::AllBut(values) => !values.contains(value),
        }
    }

    fn and(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::Only(these), other) | (other, Self::Only(these)) => {
                Self::Only(these.iter().filter(|value| other.has(value)).cloned().collect())
            }
            (Self::AllBut(these), Self::AllBut(those)) => {
                Self::AllBut(these.union(those).take(MOST_VALUES).cloned().collect())
            }
        }
    }

    fn or(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::Only(these), Self::Only(those)) => Self::only(these | those),
            (Self::AllBut(these), other) | (other, Self::AllBut(these)) => {
                Self::AllBut(these.iter().filter(|value| !other.has(value)).cloned().collect())
            }
        }
    }
}

/// What holds at a place.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Facts {
    /// The paths of fields that are there, such as `user.email`.
    pub(super) present: BTreeSet<String>,
    /// Many places share one.
    pub(super) choice: Arc<Choice>,
}

impl Facts {
    pub(super) fn present(path: String) -> Self {
        Self { present: BTreeSet::from([path]), ..Self::default() }
    }

    pub(super) fn about(choice: Choice) -> Self {
        Self { choice: Arc::new(choice), ..Self::default() }
    }

    pub(super) fn and(&self, other: &Self) -> Self {
        let choice = Arc::new(self.choice.and(&other.choice));
        Self { present: &self.present | &other.present, choice }
    }

    fn or(&self, other: &Self) -> Self {
        let choice = Arc::new(self.choice.or(&other.choice));
        Self { present: &self.present & &other.present, choice }
    }
}

/// What holds if a condition came out one way; `None` where it never does.
pub(super) type Outcome = Option<Facts>;

/// What is known of the context where a condition was true.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Knowledge(pub(super) Facts);

/// Both.
pub(super) fn both(one: &Outcome, other: &Outcome) -> Outcome {
    Some(one.as_ref()?.and(other.as_ref()?))
}

/// One of the two.
pub(super) fn either(one: &Outcome, other: &Outcome) -> Outcome {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.or(other)),
        (one, other) => one.clone().or_else(|| other.clone()),
    }
}

/// What a condition that is true tells, and one that is false.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Truths {
    pub(super) yes: Outcome,
    pub(super) no: Outcome,
}

impl Default for Truths {
    fn default() -> Self {
        Self { yes: Some(Facts::default()), no: Some(Facts::default()) }
    }
}

impl Truths {
    pub(super) fn when_true(facts: Facts) -> Self {
        Self { yes: Some(facts), ..Self::default() }
    }

    pub(super) fn always(value: bool) -> Self {
        let holds = |it: bool| it.then(Facts::default);
        Self { yes: holds(value), no: holds(!value) }
    }

    pub(super) fn negated(self) -> Self {
        Self { yes: self.no, no: self.yes }
    }
}

impl Typed {
    /// What the value tells, where it is a condition that tells anything.
    pub(super) fn truths(&self) -> Truths {
        self.truths.as_deref().cloned().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn some(values: &[&str]) -> BTreeSet<String> {
        values.iter().map(|value| (*value).to_owned()).collect()
    }

    #[test]
    fn a_choice_is_a_set() {
        const VALUES: [&str; 4] = ["a", "b", "c", "other"];
        let sets = [&[][..], &["a"], &["b"], &["a", "b"], &["b", "c"], &["a", "b", "c"]];
        let choices: Vec<Choice> =
            sets.iter().flat_map(|set| [Choice::only(some(set)), Choice::AllBut(some(set))]).collect();
        for one in &choices {
            for value in VALUES {
                assert_eq!(one.none_of().has(value), !one.has(value), "none of {one:?}: {value}");
            }
            for other in &choices {
                for value in VALUES {
                    let (in_one, in_other) = (one.has(value), other.has(value));
                    assert_eq!(one.or(other).has(value), in_one || in_other, "{one:?} or {other:?}: {value}");
                    assert_eq!(
                        one.and(other).has(value),
                        in_one && in_other,
                        "{one:?} and {other:?}: {value}"
                    );
                }
            }
        }
    }

    #[test]
    fn of_too_many_values_nothing_is_known_rather_than_something_wrong() {
        let many: BTreeSet<String> = (0..=MOST_VALUES).map(|value| value.to_string()).collect();
        assert_eq!(Choice::exactly(many.clone()), None);
        assert!(Choice::only(many.clone()).has("none of them"));
        let (even, odd): (BTreeSet<String>, BTreeSet<String>) =
            many.into_iter().partition(|value| value.ends_with(['0', '2', '4', '6', '8']));
        let both = Choice::only(even.clone()).or(&Choice::only(odd.clone()));
        assert_eq!(both, Choice::default());
        // Fewer are ruled out than could be: what is left of a value is said to be possible.
        let neither = Choice::AllBut(even.clone()).and(&Choice::AllBut(odd));
        let left_out = even.iter().filter(|value| neither.has(value)).count();
        assert!(left_out <= 1 && neither.has("none of them"), "{left_out}");
    }
}
