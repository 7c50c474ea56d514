//! The resolved approval chain: what a decision hands out and what a request pins.
//!
//! A chain is resolved once, when the decision is made, and never changes afterwards: CEL selectors have
//! become lists of user names, durations have become seconds, chains of several rules have been joined. Who
//! matches a role, a group or an attribute is looked up live by the host, at the moment of each vote.

use serde::{Deserialize, Serialize};

/// An ordered list of stages, and what holds for the request as a whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chain {
    /// In the order in which they are entered. Standby stages are skipped unless an escalation names them.
    pub stages: Vec<Stage>,
    /// The requester must say why before the request is opened.
    #[serde(default)]
    pub justification: bool,
    /// The requester may see the names of those who approve.
    #[serde(default)]
    pub show_approvers: bool,
    /// How long an approval may be used, in seconds.
    pub use_by: u32,
}

/// One step of a chain: a group of people of whom a quorum must approve.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stage {
    /// `<chain>/<name>`, unique in the resolved chain.
    pub id: String,
    /// The chain that this stage was written in.
    pub chain: String,
    /// The stage's name in the policy.
    pub name: String,
    /// Who may vote; matching one selector is enough.
    pub approvers: Vec<Selector>,
    /// How many distinct people must approve.
    pub quorum: Quorum,
    /// How long the stage may take, in seconds, from the moment it is entered.
    pub timeout: u32,
    /// What happens then. There is no way to make a time-out approve.
    pub on_timeout: OnTimeout,
    /// Entered only by escalation.
    #[serde(default)]
    pub standby: bool,
    /// Who approved another stage may approve this one too.
    #[serde(default)]
    pub allow_repeat: bool,
    /// Tell the approvers when the stage is entered.
    pub notify: bool,
    /// What a vote must carry.
    pub require: Require,
}

/// Names people. The host looks up who matches, live, at each vote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Selector {
    /// Everyone who has this realm role, directly, by group or by composite.
    Role(String),
    /// Everyone who has this role of a client.
    ClientRole {
        /// The client's `client_id`.
        client: String,
        /// The role's name.
        role: String,
    },
    /// The members of the group with this path, e.g. `/security/on-call`, and of its subgroups.
    Group(String),
    /// The user with this user name.
    User(String),
    /// The users whose names stand in this attribute of the requester, e.g. `manager`.
    Attribute(String),
    /// User names that a CEL selector gave.
    Users(Vec<String>),
    /// In a stored chain: a selector that names people, by its place in the erasable part of what is pinned.
    Named(u32),
}

/// How many distinct people a stage needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quorum {
    /// At least this many, never 0.
    AtLeast(u32),
    /// Everyone who is eligible at the moment of the vote.
    All,
}

/// What happens when a stage's time is up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnTimeout {
    /// The request ends as expired.
    Deny,
    /// Another stage takes over, by its id.
    Escalate(String),
}

/// What a vote must carry to count.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Require {
    /// A comment that is not blank.
    pub comment: bool,
    /// The code that the requester's page shows.
    pub match_code: bool,
    /// The authentication level that the approver must have reached, as an `acr` value.
    pub acr: Option<String>,
}

impl Serialize for Quorum {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::AtLeast(people) => serializer.serialize_u32(*people),
            Self::All => serializer.serialize_str("all"),
        }
    }
}

impl<'de> Deserialize<'de> for Quorum {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            People(u32),
            Word(String),
        }
        match Written::deserialize(deserializer)? {
            Written::People(0) => Err(serde::de::Error::custom("a quorum is at least 1")),
            Written::People(people) => Ok(Self::AtLeast(people)),
            Written::Word(word) if word == "all" => Ok(Self::All),
            Written::Word(word) => {
                Err(serde::de::Error::custom(format!("`{word}` is no quorum: write a number or `all`")))
            }
        }
    }
}
