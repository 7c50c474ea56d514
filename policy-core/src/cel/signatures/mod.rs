//! What every operator and function takes and gives: the one table of the checker, and of how many arguments there are.
//!
//! Sources: cel-spec, "Standard Definitions"; its extensions for strings, math, lists, sets, encoders, optionals and
//! the network, whose tables stand beside this file.

mod collections;
mod encoders;
mod math;
mod network;
mod operators;
mod optionals;
mod standard;
mod strings;

use std::fmt;
use std::sync::LazyLock;

use super::functions::Style;

/// A type in a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Term {
    Dyn,
    Bool,
    Int,
    Uint,
    Double,
    String,
    Bytes,
    Timestamp,
    Duration,
    Ip,
    Cidr,
    /// Any type; the same one wherever it stands in the signature.
    A,
    B,
    /// Any type that `<` orders; the same one wherever it stands.
    Ordered,
    List(&'static Term),
    Map(&'static Term, &'static Term),
    Optional(&'static Term),
    Type(&'static Term),
}

/// One overload. A member's receiver is its first argument.
#[derive(Debug, Clone, Copy)]
pub(super) struct Signature {
    pub(super) name: &'static str,
    pub(super) call: Call,
    pub(super) args: &'static [Term],
    pub(super) gives: Term,
}

/// How something is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Call {
    /// `f(x)`
    Global,
    /// `x.f()`
    Member,
    /// `x + y`, `-x`
    Operator,
}

impl From<Style> for Call {
    fn from(style: Style) -> Self {
        match style {
            Style::Global => Self::Global,
            Style::Member => Self::Member,
        }
    }
}

const fn global(name: &'static str, args: &'static [Term], gives: Term) -> Signature {
    Signature { name, call: Call::Global, args, gives }
}

const fn member(name: &'static str, args: &'static [Term], gives: Term) -> Signature {
    Signature { name, call: Call::Member, args, gives }
}

const fn operator(name: &'static str, args: &'static [Term], gives: Term) -> Signature {
    Signature { name, call: Call::Operator, args, gives }
}

/// By kind of call and name; overloads stay in their order.
static TABLE: LazyLock<Vec<&'static Signature>> = LazyLock::new(|| {
    let all = [
        operators::ALL,
        standard::ALL,
        strings::ALL,
        math::ALL,
        collections::ALL,
        encoders::ALL,
        optionals::ALL,
        network::ALL,
    ];
    let mut table: Vec<&Signature> = all.into_iter().flatten().collect();
    table.sort_by_key(|it| (it.call, it.name));
    table
});

/// The overloads of a function or operator, none where there is no such one.
pub(super) fn overloads(name: &str, call: Call) -> &'static [&'static Signature] {
    let from = TABLE.partition_point(|it| (it.call, it.name) < (call, name));
    let to = TABLE.partition_point(|it| (it.call, it.name) <= (call, name));
    TABLE.get(from..to).unwrap_or_default()
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::List(item) => return write!(f, "list({item})"),
            Self::Map(key, value) => return write!(f, "map({key}, {value})"),
            Self::Optional(value) => return write!(f, "optional({value})"),
            Self::Type(of) => return write!(f, "type({of})"),
            Self::Dyn => "dyn",
            Self::Bool => "bool",
            Self::Int => "int",
            Self::Uint => "uint",
            Self::Double => "double",
            Self::String => "string",
            Self::Bytes => "bytes",
            Self::Timestamp => "timestamp",
            Self::Duration => "duration",
            Self::Ip => "net.IP",
            Self::Cidr => "net.CIDR",
            Self::A => "A",
            Self::B => "B",
            Self::Ordered => "T",
        })
    }
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |args: &[Term]| args.iter().map(Term::to_string).collect::<Vec<_>>().join(", ");
        match (self.call, self.args) {
            (Call::Operator, [one]) => write!(f, "{}{one}", self.name),
            (Call::Operator, [one, other]) => write!(f, "{one} {} {other}", self.name),
            (Call::Member, [receiver, rest @ ..]) => write!(f, "{receiver}.{}({})", self.name, list(rest)),
            (_, args) => write!(f, "{}({})", self.name, list(args)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cel::library::{FUNCTIONS, Function};

    #[test]
    fn a_signature_is_written_as_it_is_called() {
        let first = |name, call| overloads(name, call).first().map(ToString::to_string);
        assert_eq!(first("indexOf", Call::Member).as_deref(), Some("string.indexOf(string)"));
        assert_eq!(first("isIP", Call::Global).as_deref(), Some("isIP(string)"));
        assert_eq!(first("%", Call::Operator).as_deref(), Some("int % int"));
        assert_eq!(first("-", Call::Operator).as_deref(), Some("int - int"));
    }

    #[test]
    fn every_function_has_overloads_of_all_its_lengths_and_nothing_else_has() {
        for function in FUNCTIONS {
            let receiver = usize::from(function.style == Style::Member);
            let counts =
                overloads(function.name, function.style.into()).iter().map(|it| it.args.len() - receiver);
            let counts = (counts.clone().min().expect(function.name), counts.max().expect(function.name));
            // More than two arguments of these are a list when the parser is done with them.
            let most = if function.max == usize::MAX { 2 } else { function.max };
            assert_eq!(counts, (function.min, most), "{}", function.name);
        }
        for signature in TABLE.iter().filter(|it| it.call != Call::Operator) {
            let known = |it: &Function| it.name == signature.name && Call::from(it.style) == signature.call;
            assert!(FUNCTIONS.iter().any(known), "{signature}");
        }
    }

    #[test]
    fn no_overload_stands_twice() {
        let mut written: Vec<String> = TABLE.iter().map(|it| format!("{:?} {it}", it.call)).collect();
        written.sort();
        let before = written.len();
        written.dedup();
        assert_eq!(written.len(), before);
    }
}
