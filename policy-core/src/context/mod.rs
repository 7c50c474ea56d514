//! The context: what is known about the step that is being decided.

pub mod action;
mod decode;
mod digest;
mod facts;
mod redact;
mod reference;
pub mod schema;
pub(crate) mod swift;
pub(crate) mod table;

pub use decode::{Problem, decode};
pub use digest::digest;
pub use facts::Facts;
pub(crate) use facts::to_json as fact_as_json;
pub use redact::{FieldPath, redact};
pub use reference::reference_markdown;
