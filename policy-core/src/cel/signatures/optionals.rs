//! Optional values. `optMap` and `optFlatMap` bind a variable and are nodes of their own.

use super::Term::{A, Bool};
use super::{Signature, Term, global, member};

const OPTIONAL: Term = Term::Optional(&A);
const LIST: Term = Term::List(&A);
const OPTIONALS: Term = Term::List(&OPTIONAL);

pub(super) const ALL: &[Signature] = &[
    global("optional.none", &[], OPTIONAL),
    global("optional.of", &[A], OPTIONAL),
    global("optional.ofNonZeroValue", &[A], OPTIONAL),
    global("optional.unwrap", &[OPTIONALS], LIST),
    member("unwrapOpt", &[OPTIONALS], LIST),
    member("value", &[OPTIONAL], A),
    member("hasValue", &[OPTIONAL], Bool),
    member("or", &[OPTIONAL, OPTIONAL], OPTIONAL),
    member("orValue", &[OPTIONAL, A], A),
];
