//! The values of an evaluation.
//!
//! A value is a small word that is copied freely. Texts, lists and maps are borrowed: from the policy, from the context,
//! or from the arena of the decision, which is given back as a whole when the decision is made.

use std::net::IpAddr;

use super::time::{Instant, Span};

/// A value, alive as long as the policy, the context and the arena of a decision are.
#[derive(Clone, Copy, Debug)]
pub(super) enum Val<'a> {
    Null,
    Bool(bool),
    Int(i64),
    Uint(u64),
    Double(f64),
    String(&'a str),
    Bytes(&'a [u8]),
    Timestamp(Instant),
    Duration(Span),
    List(&'a [Val<'a>]),
    /// Entries in the order of [`super::compare::key_order`], no key twice.
    Map(&'a [Entry<'a>]),
    Optional(Option<&'a Val<'a>>),
    /// A type, by the name that CEL gives it.
    Type(&'a str),
    Ip(IpAddr),
    Cidr(Cidr),
}

/// A key of a map, which is a bool, an int, a uint or a string, and its value.
pub(super) type Entry<'a> = (Val<'a>, Val<'a>);

/// A range of addresses; the address keeps the bits behind the prefix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cidr {
    pub(super) address: IpAddr,
    pub(super) bits: u8,
}

/// The empty optional.
pub(super) const NONE: Val<'static> = Val::Optional(None);

impl<'a> Val<'a> {
    /// The name of the value's type, as `type(…)` gives it.
    pub(super) fn type_name(self) -> &'static str {
        match self {
            Self::Null => "null_type",
            Self::Bool(_) => "bool",
            Self::Int(_) => "int",
            Self::Uint(_) => "uint",
            Self::Double(_) => "double",
            Self::String(_) => "string",
            Self::Bytes(_) => "bytes",
            Self::Timestamp(_) => "google.protobuf.Timestamp",
            Self::Duration(_) => "google.protobuf.Duration",
            Self::List(_) => "list",
            Self::Map(_) => "map",
            Self::Optional(_) => "optional_type",
            Self::Type(_) => "type",
            Self::Ip(_) => "net.IP",
            Self::Cidr(_) => "net.CIDR",
        }
    }

    /// The type as a policy's author knows it.
    pub(super) fn kind(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Timestamp(_) => "timestamp",
            Self::Duration(_) => "duration",
            Self::Optional(_) => "optional",
            Self::Ip(_) => "ip",
            Self::Cidr(_) => "cidr",
            other => other.type_name(),
        }
    }

    /// The type with its article, for messages.
    pub(super) fn a_kind(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a bool",
            Self::Int(_) => "an int",
            Self::Uint(_) => "a uint",
            Self::Double(_) => "a double",
            Self::String(_) => "a string",
            Self::Bytes(_) => "a bytes",
            Self::Timestamp(_) => "a timestamp",
            Self::Duration(_) => "a duration",
            Self::List(_) => "a list",
            Self::Map(_) => "a map",
            Self::Optional(_) => "an optional",
            Self::Type(_) => "a type",
            Self::Ip(_) => "an ip",
            Self::Cidr(_) => "a cidr",
        }
    }

    pub(super) fn as_bool(self) -> Option<bool> {
        match self {
            Self::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// The text of a string.
    pub(super) fn as_str(self) -> Option<&'a str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }
}
