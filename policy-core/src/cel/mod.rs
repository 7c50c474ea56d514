//! CEL, the language of a policy's conditions (<https://cel.dev>).
//!
//! An expression is parsed into a tree (`parse`, `ast`), checked (`check`, `estimate`), linked into a plan in which every name
//! is resolved (`link`, `plan`), and evaluated (`run`, with the functions of `library`). All of it is ours, because a login needs
//! what the crate `cel` has not: bounds while parsing, places and plain messages for every error, a budget that nothing
//! absorbs, maps that iterate in key order on every host, and speed on the JVM. The crate is the oracle of the tests.

pub(crate) mod analysis;
mod arena;
mod ast;
mod check;
mod clause;
mod compare;
pub mod conformance;
mod estimate;
mod exchange;
mod expression;
mod facts;
mod functions;
mod guard;
mod layout;
mod library;
pub mod limits;
mod link;
mod literal;
mod macros;
mod order;
mod parse;
mod plan;
mod primary;
mod problem;
mod references;
mod run;
mod scope;
mod shape;
mod shown;
pub(crate) use shown::beginning;
mod signatures;
mod size;
#[cfg(test)]
mod steps;
mod term;
mod time;
mod token;
mod types;
mod val;
mod value;

pub use arena::Arena;
pub use check::{Checked, Choice, FieldRead, IfAbsent, Knowledge, Wanted, check_types};
pub(crate) use clause::{Clause, ClauseKind};
pub(crate) use expression::Unheld;
pub use expression::{EvalError, Evaluation, Expression, Variables};
pub use facts::{Entries, Facts, Texts};
pub use guard::Guard;
pub use layout::Layout;
pub use problem::Problem;
pub use references::References;
pub use scope::Scope;
pub use size::Size;
pub use types::{Object, Type};
pub use value::Value;

#[cfg(test)]
mod tests;
