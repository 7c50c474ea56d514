//! A policy that was checked: everything it refers to exists, every expression compiles.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::decision_log::DecisionLog;
use super::index::Index;
use crate::approval::Grant;
use crate::approval::chain::{Quorum, Require};
use crate::cel::{Expression, Variables};

/// A compiled policy.
#[derive(Debug)]
pub struct Policy {
    /// `sha256:` and the SHA-256 of the source's bytes.
    pub hash: String,
    /// The policy's own name.
    pub name: String,
    /// Holds for every rule that is not in `observe` mode itself.
    pub mode: Mode,
    /// How the rules that match add up.
    pub combine: Combine,
    /// What happens when no rule matches.
    pub default: DefaultEffect,
    /// Which decisions are kept, and what is taken out first.
    pub decision_log: DecisionLog,
    /// Named expressions.
    pub variables: Variables,
    /// The chains by name.
    pub chains: BTreeMap<String, ChainPlan>,
    /// In the order of the file.
    pub rules: Vec<Rule>,
    /// Whether one of them is only observed.
    pub observes: bool,
    /// Which of them can match.
    pub index: Index,
    /// For each action, the paths of the context that enforced rules read: `user.roles`, or `user` for all of it.
    pub reads: BTreeMap<String, BTreeSet<String>>,
    /// The paths that any rule reads for any action, in `observe` mode too.
    pub reads_at_all: BTreeSet<String>,
    /// The same as slots of the context's layout, a bit each.
    pub reads_slots: u64,
}

/// Whether decisions are carried out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Decided and carried out.
    #[default]
    Enforce,
    /// Decided, counted and logged, never held.
    Observe,
}

impl Mode {
    /// As it is written in JSON and in policies.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Enforce => "enforce",
            Self::Observe => "observe",
        }
    }
}

/// How the rules that match add up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Combine {
    /// The strictest effect wins, and the obligations of all matches add up.
    #[default]
    Strictest,
    /// The first rule that matches, or fails, decides alone.
    FirstMatch,
}

/// What happens when no rule matches.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DefaultEffect {
    /// The step goes on.
    #[default]
    Allow,
    /// The step ends.
    Deny,
}

/// What becomes of a rule whose condition cannot be evaluated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnError {
    /// It denies.
    #[default]
    Deny,
    /// It takes its own effect, as if it had matched.
    Match,
    /// It is left out.
    Skip,
}

/// A condition with what follows from it.
#[derive(Debug)]
pub struct Rule {
    /// Unique in the policy.
    pub id: String,
    /// The actions that it is for; never empty.
    pub on: BTreeSet<String>,
    /// Its condition; `None` is always true.
    pub when: Option<Expression>,
    /// What follows.
    pub then: Then,
    /// A sentence for people.
    pub reason: Option<Expression>,
    /// What happens when `when` fails: the rule's own setting, or the policy's.
    pub on_error: OnError,
    /// The rule's own mode, or the policy's: `observe` in either of them wins.
    pub mode: Mode,
}

/// An effect, with what it needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Then {
    /// The step goes on.
    Allow,
    /// The step ends.
    Deny,
    /// The user must confirm.
    Confirm {
        /// How long a confirmation holds in the browser that gave it, in seconds; `None`: for this once.
        remember: Option<u32>,
    },
    /// The user must reach this `acr`.
    StepUp {
        /// The authentication context class that must be reached.
        acr: String,
    },
    /// A chain of people must approve.
    RequireApproval {
        /// The name of the chain.
        chain: String,
        /// A level that the requester must reach as well.
        acr: Option<String>,
        /// How long the approval stays good, and for what; `None`: for this once.
        grant: Option<Grant>,
    },
}

/// A chain as it was written: its CEL selectors wait for a context.
#[derive(Debug)]
pub struct ChainPlan {
    /// The requester must say why.
    pub justification: bool,
    /// The requester sees the approvers' names.
    pub show_approvers: bool,
    /// How long an approval may be used, in seconds.
    pub use_by: u32,
    /// In the order in which they are entered.
    pub stages: Vec<StagePlan>,
}

/// A stage as it was written.
#[derive(Debug)]
pub struct StagePlan {
    /// Unique in its chain.
    pub name: String,
    /// Who may vote; never empty.
    pub approvers: Vec<SelectorPlan>,
    /// How many of them must.
    pub quorum: Quorum,
    /// In seconds.
    pub timeout: u32,
    /// The stage of the same chain that takes over when the time is up; `None`: the request expires.
    pub escalate: Option<String>,
    /// Entered only by escalation.
    pub standby: bool,
    /// Who approved another stage may approve this one too.
    pub allow_repeat: bool,
    /// Tell the approvers when the stage is entered.
    pub notify: bool,
    /// What a vote must carry.
    pub require: Require,
}

/// Names people, now or once a context is there.
#[derive(Debug)]
pub enum SelectorPlan {
    /// Needs nothing from the context.
    Fixed(crate::approval::chain::Selector),
    /// Gives a user name or a list of them.
    Cel(Expression),
}
