//! Operators that have overloads. `==`, `in`, `[]`, `?:` and the logical ones have rules of their own.

use super::Term::{Bytes, Double, Duration, Int, String, Timestamp, Uint};
use super::{Signature, Term, operator};

const LIST: Term = Term::List(&Term::A);

pub(super) const ALL: &[Signature] = &[
    operator("+", &[Int, Int], Int),
    operator("+", &[Uint, Uint], Uint),
    operator("+", &[Double, Double], Double),
    operator("+", &[String, String], String),
    operator("+", &[Bytes, Bytes], Bytes),
    operator("+", &[LIST, LIST], LIST),
    operator("+", &[Timestamp, Duration], Timestamp),
    operator("+", &[Duration, Timestamp], Timestamp),
    operator("+", &[Duration, Duration], Duration),
    operator("-", &[Int, Int], Int),
    operator("-", &[Uint, Uint], Uint),
    operator("-", &[Double, Double], Double),
    operator("-", &[Timestamp, Timestamp], Duration),
    operator("-", &[Timestamp, Duration], Timestamp),
    operator("-", &[Duration, Duration], Duration),
    operator("*", &[Int, Int], Int),
    operator("*", &[Uint, Uint], Uint),
    operator("*", &[Double, Double], Double),
    operator("/", &[Int, Int], Int),
    operator("/", &[Uint, Uint], Uint),
    operator("/", &[Double, Double], Double),
    operator("%", &[Int, Int], Int),
    operator("%", &[Uint, Uint], Uint),
    operator("-", &[Int], Int),
    operator("-", &[Double], Double),
];
