//! Unit tests for policies: a policy, a step, and what is decided about it.
//!
//! # Example: a test in five lines
//!
//! ```
//! use policy_core::decision::Effect;
//! use policy_core::testing::PolicyTest;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let text = "apiVersion: jit-approval.dev/v1\nname: p\nrules:\n  - { id: finance, on: [login], when: '\"finance\" in user.roles', effect: confirm }\n";
//! let policy = PolicyTest::new(text)?; // include_str!("production.yaml")
//! let decision = policy.on("login").with("user.roles", ["finance"]).decide()?;
//! assert_eq!(decision.effect, Effect::Confirm);
//! assert_eq!(decision.rule.as_deref(), Some("finance"));
//! # Ok(())
//! # }
//! ```

mod context;
mod merge;
mod timeline;

pub use context::{context, context_with};
pub use merge::{merge, patch};
pub use timeline::{Act, Member, Timeline};

use crate::context::Problem;
use crate::decide::decide;
use crate::decision::Decision;
use crate::policy::{Diagnostic, Policy, load};
use crate::wire::WireError;
use serde_json::Value as Json;
use std::fmt;

/// A policy under test.
#[derive(Debug)]
pub struct PolicyTest {
    policy: Policy,
    warnings: Vec<Diagnostic>,
}

impl PolicyTest {
    /// Loads a policy, as a server does.
    ///
    /// # Errors
    ///
    /// [`TestError::Policy`], where it would be refused; printed, it says where and why.
    ///
    /// # Example: a policy that is refused
    ///
    /// ```
    /// use policy_core::testing::PolicyTest;
    ///
    /// let error = PolicyTest::new("apiVersion: jit-approval.dev/v1\nname: p\nrules: []\n").unwrap_err();
    /// assert!(error.to_string().starts_with("error[empty]: "), "{error}");
    /// ```
    pub fn new(text: &str) -> Result<Self, TestError> {
        Self::named(text, "policy.yaml")
    }

    /// The same, with the name of the file to use in messages.
    ///
    /// # Errors
    ///
    /// [`TestError::Policy`], where it would be refused.
    pub fn named(text: &str, file: &str) -> Result<Self, TestError> {
        let loaded = load(text, file).map_err(TestError::Policy)?;
        Ok(Self { policy: loaded.policy, warnings: loaded.warnings })
    }

    /// The policy itself.
    #[must_use]
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// What its author should know.
    ///
    /// # Example: a rule that can never match
    ///
    /// ```
    /// use policy_core::testing::PolicyTest;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let policy = PolicyTest::new(
    ///     "apiVersion: jit-approval.dev/v1
    /// name: p
    /// rules: [{ id: a, on: [login], when: 'client.id == \"a\" && client.id == \"b\"', effect: deny }]",
    /// )?;
    /// let codes: Vec<&str> = policy.warnings().iter().map(|it| it.code).collect();
    /// assert_eq!(codes, ["always-false"]);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn warnings(&self) -> &[Diagnostic] {
        &self.warnings
    }

    /// A step at which nothing is remarkable, to be made so: see [`context()`].
    #[must_use]
    pub fn on(&self, action: &str) -> Step<'_> {
        self.given(context(action))
    }

    /// A step of which all is given, as it would come from a server.
    #[must_use]
    pub fn given(&self, context: Json) -> Step<'_> {
        Step { policy: &self.policy, context }
    }
}

/// A step that a policy is asked about.
#[derive(Clone, Debug)]
pub struct Step<'p> {
    policy: &'p Policy,
    context: Json,
}

impl Step<'_> {
    /// Sets one fact, by its path in the context reference.
    ///
    /// # Example: an address and a list
    ///
    /// ```
    /// # use policy_core::testing::PolicyTest;
    /// # let text = "apiVersion: jit-approval.dev/v1\nname: p\nrules: [{ id: a, on: [login], effect: deny }]\n";
    /// # let policy = PolicyTest::new(text).unwrap();
    /// let step = policy.on("login").with("request.ip", "203.0.113.7").with("user.roles", ["staff", "finance"]);
    /// assert_eq!(step.context()["user"]["roles"][1], "finance");
    /// ```
    #[must_use]
    pub fn with(self, path: &str, value: impl Into<Json>) -> Self {
        self.merged(&patch(path, value.into()))
    }

    /// Takes one fact away.
    ///
    /// # Example: a fact that the action requires
    ///
    /// ```
    /// # use policy_core::testing::PolicyTest;
    /// # let text = "apiVersion: jit-approval.dev/v1\nname: p\nrules: [{ id: a, on: [login], effect: deny }]\n";
    /// # let policy = PolicyTest::new(text).unwrap();
    /// let error = policy.on("login").without("request.ip").decide().unwrap_err();
    /// assert_eq!(error.to_string(), "`request.ip` is required for the action `login`");
    /// ```
    #[must_use]
    pub fn without(self, path: &str) -> Self {
        self.with(path, Json::Null)
    }

    /// Sets several facts, as [`merge()`] does.
    #[must_use]
    pub fn merged(mut self, patch: &Json) -> Self {
        merge(&mut self.context, patch);
        self
    }

    /// What the policy would be given.
    #[must_use]
    pub fn context(&self) -> &Json {
        &self.context
    }

    /// What the policy decides.
    ///
    /// # Errors
    ///
    /// [`TestError::Context`], where no server could give such a context: a fact that does not exist, is of another type, or is missing though
    /// the action requires it.
    ///
    /// # Example: a fact that does not exist
    ///
    /// ```
    /// # use policy_core::testing::PolicyTest;
    /// # let text = "apiVersion: jit-approval.dev/v1\nname: p\nrules: [{ id: a, on: [login], effect: deny }]\n";
    /// # let policy = PolicyTest::new(text).unwrap();
    /// let error = policy.on("login").with("user.role", "finance").decide().unwrap_err();
    /// assert_eq!(error.to_string(), "`user.role` is no field of the context");
    /// ```
    pub fn decide(&self) -> Result<Decision, TestError> {
        let facts = crate::context::decode(&self.context).map_err(TestError::Context)?;
        decide(self.policy, &facts).map_err(TestError::Engine)
    }
}

/// Why there is nothing to test.
#[derive(Clone, PartialEq, thiserror::Error)]
pub enum TestError {
    /// The policy is refused.
    #[error("{}", rendered(.0))]
    Policy(Vec<Diagnostic>),
    /// The context is none.
    #[error("{}", problems(.0))]
    Context(Vec<Problem>),
    /// There is nothing to walk through.
    #[error("{0}")]
    Timeline(String),
    /// The engine has failed, which it should not.
    #[error("{}: {}", .0.code, .0.message)]
    Engine(WireError),
}

/// As it is displayed: a test that unwraps it shows what a person can read.
impl fmt::Debug for TestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

fn rendered(diagnostics: &[Diagnostic]) -> String {
    diagnostics.iter().map(|it| it.rendered.as_str()).collect::<Vec<_>>().join("\n\n")
}

fn problems(problems: &[Problem]) -> String {
    problems.iter().map(|it| format!("`{}` {}", it.path, it.message)).collect::<Vec<_>>().join("\n")
}
