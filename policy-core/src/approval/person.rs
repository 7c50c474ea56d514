//! People and who acts.

use serde::{Deserialize, Serialize};

/// A person as the directory knows them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// The account's id.
    pub id: String,
    /// The account's user name, for people to read.
    pub username: String,
    /// What tells people apart: two accounts of one person share it.
    pub person_key: String,
}

impl Person {
    /// Whether two accounts belong to one person: the same account, or the same key.
    #[must_use]
    pub fn is(&self, other: &Self) -> bool {
        self.id == other.id || self.person_key == other.person_key
    }

    /// What is wrong with it, if anything: a blank id or key would make strangers one person.
    pub(super) fn fault(&self) -> Option<String> {
        [("id", &self.id), ("username", &self.username), ("person_key", &self.person_key)]
            .into_iter()
            .find(|(_, value)| value.trim().is_empty())
            .map(|(name, _)| format!("a person's `{name}` is empty"))
    }
}

/// Who gave a command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "WrittenActor", into = "WrittenActor")]
pub enum Actor {
    /// Somebody who is logged in, in their own name.
    User(Person),
    /// An administrator, in that role.
    Admin(Person),
    /// The host itself, or the passing of time.
    System,
}

impl Actor {
    /// In which role.
    #[must_use]
    pub fn kind(&self) -> ActorKind {
        match self {
            Self::User(_) => ActorKind::User,
            Self::Admin(_) => ActorKind::Admin,
            Self::System => ActorKind::System,
        }
    }

    /// The person behind it; none for the system.
    #[must_use]
    pub fn person(&self) -> Option<&Person> {
        match self {
            Self::User(person) | Self::Admin(person) => Some(person),
            Self::System => None,
        }
    }
}

/// In which role somebody acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActorKind {
    /// Somebody who is logged in, in their own name.
    User,
    /// An administrator, in that role.
    Admin,
    /// The host itself, or the passing of time.
    System,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenActor {
    kind: ActorKind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    username: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    person_key: Option<String>,
}

impl TryFrom<WrittenActor> for Actor {
    type Error = String;

    fn try_from(written: WrittenActor) -> Result<Self, String> {
        if let ActorKind::System = written.kind {
            return Ok(Self::System);
        }
        let (Some(id), Some(username), Some(person_key)) = (written.id, written.username, written.person_key)
        else {
            return Err(
                "an actor of kind `user` or `admin` has an `id`, a `username` and a `person_key`".to_owned()
            );
        };
        let person = Person { id, username, person_key };
        match (person.fault(), written.kind) {
            (Some(fault), _) => Err(fault),
            (None, ActorKind::Admin) => Ok(Self::Admin(person)),
            (None, _) => Ok(Self::User(person)),
        }
    }
}

impl From<Actor> for WrittenActor {
    fn from(actor: Actor) -> Self {
        let kind = actor.kind();
        let person = match actor {
            Actor::User(person) | Actor::Admin(person) => Some(person),
            Actor::System => None,
        };
        let (id, username, person_key) = match person {
            Some(person) => (Some(person.id), Some(person.username), Some(person.person_key)),
            None => (None, None, None),
        };
        Self { kind, id, username, person_key }
    }
}
