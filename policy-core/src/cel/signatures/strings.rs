//! The extension for strings.

use super::Term::{Dyn, Int, String};
use super::{Signature, Term, global, member};

const STRINGS: Term = Term::List(&String);

pub(super) const ALL: &[Signature] = &[
    member("charAt", &[String, Int], String),
    member("indexOf", &[String, String], Int),
    member("indexOf", &[String, String, Int], Int),
    member("lastIndexOf", &[String, String], Int),
    member("lastIndexOf", &[String, String, Int], Int),
    member("lowerAscii", &[String], String),
    member("upperAscii", &[String], String),
    member("replace", &[String, String, String], String),
    member("replace", &[String, String, String, Int], String),
    member("reverse", &[String], String),
    member("split", &[String, String], STRINGS),
    member("split", &[String, String, Int], STRINGS),
    member("substring", &[String, Int], String),
    member("substring", &[String, Int, Int], String),
    member("trim", &[String], String),
    member("format", &[String, Term::List(&Dyn)], String),
    member("join", &[STRINGS], String),
    member("join", &[STRINGS, String], String),
    global("strings.quote", &[String], String),
];
