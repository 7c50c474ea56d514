//! CEL, the language of a policy's conditions (<https://cel.dev>).
//!
//! This is the only place that names the crate `cel`, and only types of our own leave it. The crate gives the
//! values, their operators and the function library; the parser and the walk over the tree are ours, because a login
//! needs what the crate has not: bounds while parsing, places and plain messages for every error, a budget that
//! nothing absorbs, and maps that iterate in key order on every host.

mod access;
mod ast;
mod check;
#[doc(hidden)]
pub mod conformance;
mod estimate;
mod evaluate;
mod expression;
mod functions;
mod inspect;
pub mod limits;
mod literal;
mod loops;
mod macros;
mod network;
mod operate;
mod order;
mod parse;
mod pattern;
mod primary;
mod problem;
mod references;
mod scope;
mod shape;
#[cfg(test)]
mod steps;
mod token;
mod value;

pub use expression::{EvalError, Evaluation, Expression};
pub use problem::Problem;
pub use references::References;
pub use scope::{Scope, Type};
pub use value::Value;

#[cfg(test)]
mod tests;
