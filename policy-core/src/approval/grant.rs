//! How long an approval stays good, and what it is bound to while it does.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

/// A time that begins when the last stage approves. What it is bound to must be then as it was when the approval was first used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grant {
    /// How long, in seconds, from the approval; never 0.
    pub seconds: u32,
    /// What must be the same; never empty.
    pub bound_to: BTreeSet<Binding>,
}

/// What a grant can be bound to. The host compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Binding {
    /// The client.
    Client,
    /// The scopes: those that are asked for were all approved.
    Scopes,
    /// The browser, by the secret that only it keeps.
    Device,
    /// The user's session.
    Session,
}

impl Binding {
    /// What a grant is bound to where its rule does not say.
    pub const DEFAULT: [Self; 3] = [Self::Client, Self::Scopes, Self::Device];

    /// As policies write them.
    pub(crate) const WORDS: [(&'static str, Self); 4] = [
        ("client", Self::Client),
        ("scopes", Self::Scopes),
        ("device", Self::Device),
        ("session", Self::Session),
    ];
}

impl Grant {
    /// What is granted where several rules match: for the shortest time, bound to whatever one of them names.
    ///
    /// # Example: two rules grant
    ///
    /// ```
    /// use policy_core::approval::{Binding, Grant};
    /// use std::collections::BTreeSet;
    ///
    /// let long = Grant { seconds: 28_800, bound_to: BTreeSet::from([Binding::Client]) };
    /// let short = Grant { seconds: 3_600, bound_to: BTreeSet::from([Binding::Device]) };
    /// let both = long.strictest(&short);
    /// assert_eq!(both.seconds, 3_600);
    /// assert_eq!(both.bound_to, BTreeSet::from([Binding::Client, Binding::Device]));
    /// ```
    #[must_use]
    pub fn strictest(self, other: &Self) -> Self {
        Self {
            seconds: self.seconds.min(other.seconds),
            bound_to: self.bound_to.union(&other.bound_to).copied().collect(),
        }
    }

    /// What is wrong with it, if anything.
    pub(super) fn fault(&self) -> Option<&'static str> {
        if self.seconds == 0 {
            Some("`seconds` is 0: it would end before it begins")
        } else if self.bound_to.is_empty() {
            Some("`bound_to` is empty: it would be good for anything that the person does")
        } else {
            None
        }
    }
}
