//! The functions that an expression may call: the standard library of cel-spec and its extensions for strings, math, lists,
//! sets, encoders, optionals and the network. None of them reads a clock, a random source or the outside.

pub(super) mod convert;
mod encoders;
mod format;
pub(super) mod lists;
mod math;
pub(super) mod network;
mod optional;
pub(super) mod pattern;
mod sets;
mod strings;
mod table;
mod times;

use super::functions::Style;
use super::run::{Failure, Run};
use super::time::{Instant, Span};
use super::val::{Cidr, Val};

pub(super) use encoders::{base64_bytes, base64_text};
pub(super) use table::FUNCTIONS;

/// What a function does. The arguments are as many as the table says, and of any type.
pub(super) type Body = for<'a> fn(&Run<'a>, &[Val<'a>]) -> Result<Val<'a>, Wrong<'a>>;

/// Why a function has no result.
#[derive(Debug, Clone, Copy)]
pub(super) enum Wrong<'a> {
    /// It does not take arguments of these types.
    Types,
    /// It can't be computed for this value, which the message must not hold.
    Value,
    /// The result is out of the bounds of its type.
    Range,
    Says(&'static str),
    /// The run itself has failed.
    Failed(Failure<'a>),
}

impl<'a> From<Failure<'a>> for Wrong<'a> {
    fn from(failure: Failure<'a>) -> Self {
        Self::Failed(failure)
    }
}

type Returned<'a> = Result<Val<'a>, Wrong<'a>>;

/// A function, how it is called, and how many arguments it takes, without what it is called on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Function {
    pub(super) name: &'static str,
    pub(super) style: Style,
    pub(super) min: usize,
    pub(super) max: usize,
    pub(super) body: Body,
}

/// The function of this name and style that takes as many arguments.
pub(super) fn find(name: &str, style: Style, args: usize) -> Option<Body> {
    let fits = |known: &&Function| {
        known.name == name && known.style == style && (known.min..=known.max).contains(&args)
    };
    FUNCTIONS.iter().find(fits).map(|known| known.body)
}

/// The value of a function of a text that is written out, where it can be had once for all decisions.
pub(super) fn constant(name: &str, text: &str) -> Option<Val<'static>> {
    match name {
        "timestamp" => Instant::parse(text).map(Val::Timestamp),
        "duration" => Span::parse(text).map(Val::Duration),
        "ip" => network::parse_ip(text).ok().map(Val::Ip),
        "cidr" => network::parse_cidr(text).ok().map(|(address, bits)| Val::Cidr(Cidr { address, bits })),
        _ => None,
    }
}
