//! The extensions for lists and sets.

use super::Term::{A, Bool, Dyn, Int, Ordered};
use super::{Signature, Term, global, member};

const LIST: Term = Term::List(&A);
const LISTS: Term = Term::List(&LIST);
const ANY: Term = Term::List(&Dyn);
const ORDERED: Term = Term::List(&Ordered);

pub(super) const ALL: &[Signature] = &[
    member("distinct", &[LIST], LIST),
    member("flatten", &[LISTS], LIST),
    member("flatten", &[ANY], ANY),
    member("flatten", &[ANY, Int], ANY),
    member("reverse", &[LIST], LIST),
    member("slice", &[LIST, Int, Int], LIST),
    member("sort", &[ORDERED], ORDERED),
    member("first", &[LIST], Term::Optional(&A)),
    member("last", &[LIST], Term::Optional(&A)),
    global("lists.range", &[Int], Term::List(&Int)),
    global("sets.contains", &[LIST, LIST], Bool),
    global("sets.equivalent", &[LIST, LIST], Bool),
    global("sets.intersects", &[LIST, LIST], Bool),
];
