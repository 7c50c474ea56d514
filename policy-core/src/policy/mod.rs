//! Policies: YAML into a model in which everything that is referred to exists and every expression compiles.
//!
//! [`load`] reports everything that is wrong in one pass, each finding with its place in the file.

mod absence;
mod chain;
pub mod codes;
mod cost;
mod decision_log;
mod diagnostic;
pub mod duration;
mod escalation;
mod expressions;
mod grant;
mod index;
mod levels;
mod lint;
mod load;
mod model;
mod reader;
mod reads;
mod rule;
mod source;
mod suggest;
mod written;
mod yaml;

pub use decision_log::DecisionLog;
pub use diagnostic::{Diagnostic, Severity};
pub use index::{Candidates, Index};
pub(crate) use levels::higher;
pub use load::{LARGEST, Loaded, load};
pub use model::{
    ChainPlan, Combine, DefaultEffect, Mode, OnError, Policy, Rule, SelectorPlan, StagePlan, Then,
};
pub(crate) use written::{Written, written};
