//! A chain of approvers against a timeline: who does what when, and where the request stands afterwards.

use super::TestError;
use crate::approval::chain::{Chain, Selector, Stage};
use crate::approval::{
    About, Actor, Advance, AdvanceError, Command, CommandKind, Eligible, Facts, Grant, Outcome, Person, Pin,
    Pinned, Salt, Screen, Shown, advance, pin,
};
use crate::decision::Decision;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use std::collections::{BTreeMap, BTreeSet};

/// What approvers are said to have seen: what it is does not matter here.
const DIGEST: &str = "sha256:0000000000000000000000000000000000000000000000000000000000000000";

/// Somebody of the directory, as selectors find them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Member {
    /// Realm roles.
    pub roles: BTreeSet<String>,
    /// Client roles, by `client_id`.
    pub client_roles: BTreeMap<String, BTreeSet<String>>,
    /// Paths of groups.
    pub groups: BTreeSet<String>,
}

/// What somebody does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Act {
    /// By their user name; none: time passes, or the system acts.
    pub by: Option<String>,
    /// What they do.
    pub kind: CommandKind,
    /// What they write.
    pub comment: Option<String>,
    /// Whether they have reached the level that the stage asks for.
    pub acr: bool,
    /// Whether they have typed the code that the requester sees.
    pub match_code: bool,
}

impl Act {
    /// Somebody who has what the stage asks of them, but writes nothing.
    #[must_use]
    pub fn new(by: &str, kind: CommandKind) -> Self {
        Self { by: Some(by.to_owned()), kind, comment: None, acr: true, match_code: true }
    }

    /// Time passes.
    #[must_use]
    pub fn wait() -> Self {
        Self { by: None, kind: CommandKind::Tick, comment: None, acr: false, match_code: false }
    }
}

/// A request that was opened for a decision, and the people who may decide it.
///
/// # Example: the time of a stage is up
///
/// ```
/// use policy_core::approval::{CommandKind, Status};
/// use policy_core::testing::{Act, Member, PolicyTest, Timeline};
/// use std::collections::BTreeMap;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let policy = PolicyTest::new(
///     "apiVersion: jit-approval.dev/v1
/// name: p
/// chains: { two-eyes: [{ name: lead, approvers: [{ user: bob }], timeout: 15m }] }
/// rules: [{ id: a, on: [login], effect: require_approval, chain: two-eyes }]",
/// )?;
/// let step = policy.on("login");
/// let people = BTreeMap::from([("bob".to_owned(), Member::default())]);
/// let (mut timeline, opened) = Timeline::open(&step.decide()?, step.context(), people)?;
/// assert_eq!(opened.status, Some(Status::Pending));
///
/// let late = timeline.at(20 * 60, &Act::new("bob", CommandKind::Approve))?;
/// assert_eq!(late.status, Some(Status::Expired));
/// assert!(late.rejection.is_some());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Timeline {
    pinned: Pinned,
    chain: Chain,
    requester: Person,
    attributes: BTreeMap<String, Vec<String>>,
    people: BTreeMap<String, Member>,
    events: Vec<String>,
    opened: Timestamp,
    /// The id of the stage that is being decided.
    stage: Option<String>,
}

impl Timeline {
    /// Opens a request for a decision about a context, at the context's `now`. Who asks is one of the people, with the roles and groups that
    /// the context has.
    ///
    /// # Errors
    ///
    /// [`TestError::Timeline`], where the decision asks nobody, the context's `now` is no instant, or the request is refused at once, because
    /// nobody could ever approve it.
    pub fn open(
        decision: &Decision,
        context: &Json,
        people: BTreeMap<String, Member>,
    ) -> Result<(Self, Outcome), TestError> {
        let effect = decision.effect.name();
        let no_chain = || TestError::Timeline(format!("nobody is asked: the decision is `{effect}`"));
        let chain = decision.obligations.approval.clone().ok_or_else(no_chain)?;
        let user = context.get("user");
        let text = |name: &str, other: &str| {
            user.and_then(|user| user.get(name)?.as_str()).unwrap_or(other).to_owned()
        };
        let username = text("username", "alice");
        let requester =
            Person { id: text("id", "requester"), person_key: username.clone(), username: username.clone() };
        let read = |name: &str| user.and_then(|user| user.get(name).cloned()).unwrap_or_default();
        let mut people = people;
        people.entry(username).or_insert_with(|| Member {
            roles: serde_json::from_value(read("roles")).unwrap_or_default(),
            client_roles: serde_json::from_value(read("client_roles")).unwrap_or_default(),
            groups: serde_json::from_value(read("groups")).unwrap_or_default(),
        });
        let now = context.get("now").and_then(Json::as_str).unwrap_or_default();
        let opened = Timestamp::parse(now).map_err(|error| TestError::Timeline(format!("`now`: {error}")))?;
        let grant = decision.obligations.grant.clone();
        let pinned = pinned(&chain, grant, &requester, opened, context)?;
        let attributes = serde_json::from_value(read("attributes")).unwrap_or_default();
        let mut timeline =
            Self { pinned, chain, requester, attributes, people, events: Vec::new(), opened, stage: None };
        let comment = timeline.chain.justification.then(|| "as the test says".to_owned());
        let act = Act { comment, ..Act::new(&timeline.requester.username, CommandKind::Open) };
        let outcome = timeline.step(0, &act)?;
        match &outcome.rejection {
            Some(rejection) => Err(TestError::Timeline(rejection.message.clone())),
            None => Ok((timeline, outcome)),
        }
    }

    /// Lets time pass until so many seconds after the request was opened, and then somebody do something. Time does not go back: where this
    /// is earlier than what has happened, it happens right after that.
    ///
    /// # Errors
    ///
    /// [`TestError::Timeline`], where nobody is called like that. What is refused is no error, but a `rejection`.
    ///
    /// # Example: bob approves in time, and alice goes on
    ///
    /// ```
    /// use policy_core::approval::{CommandKind, Status};
    /// use policy_core::testing::Act;
    /// # use policy_core::testing::{Member, PolicyTest, Timeline};
    /// # use std::collections::BTreeMap;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let policy = PolicyTest::new(
    /// #     "apiVersion: jit-approval.dev/v1
    /// # name: p
    /// # chains: { two-eyes: [{ name: lead, approvers: [{ user: bob }], timeout: 15m }] }
    /// # rules: [{ id: a, on: [login], effect: require_approval, chain: two-eyes }]",
    /// # )?;
    /// # let step = policy.on("login");
    /// # let people = BTreeMap::from([("bob".to_owned(), Member::default())]);
    /// # let (mut timeline, _) = Timeline::open(&step.decide()?, step.context(), people)?;
    /// assert_eq!(timeline.at(60, &Act::new("bob", CommandKind::Approve))?.status, Some(Status::Approved));
    /// assert_eq!(timeline.at(90, &Act::new("alice", CommandKind::Use))?.status, Some(Status::Used));
    /// # Ok(())
    /// # }
    /// ```
    pub fn at(&mut self, seconds: u32, act: &Act) -> Result<Outcome, TestError> {
        // What is due happens first, so that who votes sees the stage that there is then.
        let passed = self.step(seconds, &Act::wait())?;
        if act.kind == CommandKind::Tick { Ok(passed) } else { self.step(seconds, act) }
    }

    /// The chain that is walked.
    #[must_use]
    pub fn chain(&self) -> &Chain {
        &self.chain
    }

    /// When the request was opened.
    #[must_use]
    pub fn opened(&self) -> Timestamp {
        self.opened
    }

    fn step(&mut self, seconds: u32, act: &Act) -> Result<Outcome, TestError> {
        let actor = match &act.by {
            None => Actor::System,
            Some(name) if *name == self.requester.username => Actor::User(self.requester.clone()),
            Some(name) if self.people.contains_key(name) => Actor::User(person(name)),
            Some(name) => {
                return Err(TestError::Timeline(format!("nobody of the people is called `{name}`")));
            }
        };
        // Whoever is not the requester does this on the page that shows the request.
        let on_the_page = matches!(act.kind, CommandKind::Approve | CommandKind::Deny)
            || (act.kind == CommandKind::Comment && act.by.as_ref() != Some(&self.requester.username));
        let shown = self.stage.clone().filter(|_| on_the_page);
        let shown = shown.map(|stage| Shown { digest: DIGEST.to_owned(), stage });
        let stage = self.chain.stages.iter().find(|stage| Some(&stage.id) == self.stage.as_ref());
        let matches = act.by.as_ref().zip(stage).map(|(name, stage)| self.matches(name, stage));
        let facts = Facts {
            matches: matches.unwrap_or_default(),
            acr: act.acr,
            match_code: act.match_code,
            eligible: self
                .chain
                .stages
                .iter()
                .map(|stage| (stage.id.clone(), self.eligible(stage)))
                .collect(),
        };
        let number = u32::try_from(self.events.len()).unwrap_or_default();
        let request = Advance {
            pinned: self.pinned.clone(),
            events: self.events.clone(),
            command: Command {
                kind: act.kind,
                salt: Salt::default().derive(number),
                actor,
                shown,
                comment: act.comment.clone(),
                code: None,
                facts,
            },
            now: self.opened.plus_seconds(seconds),
        };
        let outcome = advance(&request)?;
        self.events.extend(outcome.append.iter().cloned());
        self.stage.clone_from(&outcome.stage);
        Ok(outcome)
    }

    fn eligible(&self, stage: &Stage) -> Eligible {
        let people: BTreeSet<String> =
            self.people.keys().filter(|name| !self.matches(name, stage).is_empty()).cloned().collect();
        Eligible { count: u32::try_from(people.len()).unwrap_or(u32::MAX), people }
    }

    /// The selectors of a stage that find somebody, by their numbers.
    fn matches(&self, name: &str, stage: &Stage) -> BTreeSet<u32> {
        let Some(member) = self.people.get(name) else { return BTreeSet::new() };
        let found = |selector: &Selector| match selector {
            Selector::Role(role) => member.roles.contains(role),
            Selector::ClientRole { client, role } => {
                member.client_roles.get(client).is_some_and(|roles| roles.contains(role))
            }
            Selector::Group(path) => member.groups.iter().any(|group| {
                group.strip_prefix(path.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            }),
            Selector::User(user) => user == name,
            Selector::Users(users) => users.iter().any(|user| user == name),
            Selector::Attribute(attribute) => {
                self.attributes.get(attribute).is_some_and(|values| values.iter().any(|value| value == name))
            }
            Selector::Named(_) => false,
        };
        (0..)
            .zip(&stage.approvers)
            .filter(|(_, selector)| found(selector))
            .map(|(number, _)| number)
            .collect()
    }
}

/// Somebody whose account is called like them.
fn person(name: &str) -> Person {
    Person { id: format!("id-of-{name}"), username: name.to_owned(), person_key: name.to_owned() }
}

fn pinned(
    chain: &Chain,
    grant: Option<Grant>,
    requester: &Person,
    opened_at: Timestamp,
    context: &Json,
) -> Result<Pinned, TestError> {
    let action = context.get("action").and_then(Json::as_str).unwrap_or("login");
    let about: About = serde_json::from_value(json!({
        "request": "test", "realm": "test", "action": action, "policy": DIGEST,
    }))
    .map_err(|error| TestError::Timeline(error.to_string()))?;
    let wanted = Pin {
        about,
        chain: chain.clone(),
        grant,
        requester: requester.clone(),
        opened_at,
        digest: DIGEST.to_owned(),
        shown: Screen { facts: json!({}), reason: None, justification: None },
        salt: Salt::default().derive(0),
    };
    serde_json::from_str(&pin(wanted)?.pinned).map_err(|error| TestError::Timeline(error.to_string()))
}

impl From<AdvanceError> for TestError {
    fn from(error: AdvanceError) -> Self {
        Self::Timeline(error.to_string())
    }
}
