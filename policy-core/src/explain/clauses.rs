//! What each clause of a condition came to.

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

/// Why a clause comes to nothing where what it reads was taken out of what was kept: its [`Clause::error`].
pub const WITHHELD: &str = "what it reads was not kept";

/// A place in the policy's file. Lines and columns count from 1; a column counts Unicode characters; the end is exclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Span {
    /// Where it begins.
    pub line: usize,
    /// Where it begins.
    pub column: usize,
    /// Where it ends.
    pub end_line: usize,
    /// Where it ends, exclusive.
    pub end_column: usize,
}

/// A condition or a part of one, and what it came to.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Clause {
    /// How it is joined of its parts.
    pub kind: Kind,
    /// As it is written.
    pub text: String,
    /// Where it is written.
    #[serde(flatten)]
    pub span: Span,
    /// Whether it holds; none where that can't be told.
    pub holds: Option<bool>,
    /// Why it can't be told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// Whether the whole condition would have come out otherwise, had this come out otherwise, here and nowhere else.
    pub decides: bool,
    /// What it read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reads: Vec<Read>,
    /// Its parts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub of: Vec<Clause>,
}

/// How a clause is joined of its parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// `a && b && …`
    All,
    /// `a || b || …`
    Any,
    /// `!a`
    Not,
    /// `a ? b : c`
    Choice,
    /// A variable of the policy; its part is the variable's condition, where the variable is used for the first time.
    Variable,
    /// It has no parts.
    Test,
}

/// A fact or a variable that a clause read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Read {
    /// As far as the clause writes it out, such as `user.attributes.manager`.
    pub path: String,
    /// What it was, of long lists and maps the first entries; none where it is absent, or could not be had.
    pub value: Option<Json>,
    /// Whether it was taken out of what was kept.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub withheld: bool,
}

impl Clause {
    /// Marks what decides, in a condition that is whole.
    pub(super) fn weigh(&mut self) {
        let decides = self.holds.is_some();
        self.mark(decides);
    }

    fn mark(&mut self, decides: bool) {
        self.decides = decides && self.holds.is_some();
        let decides = self.decides;
        match self.kind {
            Kind::All | Kind::Any => {
                // A part decides where no other one does without it. One that has failed does not: `has(x) && x > 1` is false by the
                // first part where `x` is absent, and an error without it.
                let wins = Some(self.kind == Kind::Any);
                let winning = self.of.iter().filter(|clause| clause.holds == wins).count();
                for clause in &mut self.of {
                    let others = winning.saturating_sub(usize::from(clause.holds == wins));
                    clause.mark(decides && others == 0);
                }
            }
            Kind::Choice => {
                let values: Vec<Option<bool>> = self.of.iter().map(|clause| clause.holds).collect();
                let [condition, yes, no] = self.of.as_mut_slice() else { return };
                let differ = matches!(values.as_slice(), [_, yes, no] if yes != no);
                let chosen = condition.holds;
                condition.mark(decides && differ);
                yes.mark(decides && chosen == Some(true));
                no.mark(decides && chosen == Some(false));
            }
            Kind::Not | Kind::Variable | Kind::Test => {
                self.of.iter_mut().for_each(|clause| clause.mark(decides));
            }
        }
    }

    /// Every clause that is no more than itself, this one or below it.
    ///
    /// # Example: the clauses by which a condition did not hold
    ///
    /// ```
    /// # use policy_core::{context::decode, explain::Explainer, testing::{TestError, context}};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let text = "apiVersion: jit-approval.dev/v1
    /// # name: p
    /// # rules: [{ id: a, on: [login], when: '!user.federated && (client.public || session.sso)', effect: confirm }]";
    /// # let explainer = Explainer::new(text, "p.yaml").map_err(TestError::Policy)?;
    /// # let facts = decode(&context("login")).map_err(TestError::Context)?;
    /// # let mut rules = explainer.explain(&facts)?.rules;
    /// # let Some(clause) = rules.pop().and_then(|rule| rule.when) else { return Err("no condition".into()) };
    /// // What `!user.federated && (client.public || session.sso)` came to, where all three are false.
    /// let tests = clause.tests();
    /// let texts: Vec<&str> = tests.iter().map(|it| it.text.as_str()).collect();
    /// assert_eq!(texts, ["user.federated", "client.public", "session.sso"]);
    /// let decide: Vec<&str> = tests.iter().filter(|it| it.decides).map(|it| it.text.as_str()).collect();
    /// assert_eq!(decide, ["client.public", "session.sso"]);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn tests(&self) -> Vec<&Clause> {
        match self.kind {
            Kind::Test => vec![self],
            _ => self.of.iter().flat_map(Self::tests).collect(),
        }
    }
}
