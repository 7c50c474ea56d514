//! Values that are written out, with the order that CEL gives them.

use std::cmp::Ordering;

use crate::cel::ast::Literal;
use crate::cel::time::{Instant, Span};

/// Whole numbers up to this are told apart by a double, and so are the results of comparing them.
const EXACT: f64 = 4_503_599_627_370_496.0;

/// A number of any type: `1`, `1u` and `1.0` are one. Never NaN, never beyond [`EXACT`], no `-0.0`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Number(f64);

impl Number {
    pub(super) fn new(value: f64) -> Option<Self> {
        // The sum has no sign where it is zero.
        (value.abs() <= EXACT).then_some(Self(value + 0.0))
    }

    pub(super) fn from_int(value: i64) -> Option<Self> {
        #[expect(clippy::cast_precision_loss, reason = "what would lose precision is refused by `new`")]
        Self::new(value as f64)
    }

    pub(super) fn get(self) -> f64 {
        self.0
    }

    /// Whether an int can be this.
    pub(super) fn is_whole(self) -> bool {
        self.0.fract() == 0.0
    }
}

impl Eq for Number {}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.total_cmp(&other.0)
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// A value that is written out. Two that are not equal here are not equal in CEL, and the other way round.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Constant {
    Null,
    Bool(bool),
    Number(Number),
    Text(String),
    /// Nanoseconds since 1970-01-01T00:00:00Z.
    Instant(i128),
    /// Nanoseconds.
    Span(i128),
    Bytes(Vec<u8>),
}

/// What can be compared with each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Null,
    Bool,
    /// A whole number: what is typed `int`, or counted.
    Int,
    /// A number of any type.
    Number,
    Text,
    Instant,
    Span,
    Bytes,
}

impl Kind {
    /// Whether values of the two kinds can be equal, or be compared by `<`.
    pub(super) fn meets(self, other: Self) -> bool {
        self == other || matches!((self, other), (Self::Int, Self::Number) | (Self::Number, Self::Int))
    }
}

impl Constant {
    /// The value of a literal; nothing for a number that a double would round.
    pub(super) fn of(literal: &Literal) -> Option<Self> {
        Some(match literal {
            Literal::Null => Self::Null,
            Literal::Bool(value) => Self::Bool(*value),
            Literal::Int(value) => Self::Number(Number::from_int(*value)?),
            Literal::Uint(value) => Self::Number(Number::from_int(i64::try_from(*value).ok()?)?),
            Literal::Double(value) => Self::Number(Number::new(*value)?),
            Literal::String(text) => Self::Text(text.clone()),
            Literal::Bytes(bytes) => Self::Bytes(bytes.clone()),
        })
    }

    pub(super) fn kind(&self) -> Kind {
        match self {
            Self::Null => Kind::Null,
            Self::Bool(_) => Kind::Bool,
            Self::Number(_) => Kind::Number,
            Self::Text(_) => Kind::Text,
            Self::Instant(_) => Kind::Instant,
            Self::Span(_) => Kind::Span,
            Self::Bytes(_) => Kind::Bytes,
        }
    }

    /// Whether the order of such values is known here.
    pub(super) fn is_ordered(&self) -> bool {
        matches!(self, Self::Number(_) | Self::Text(_) | Self::Instant(_) | Self::Span(_))
    }

    /// How `<` orders the two; nothing where it does not take both.
    pub(super) fn order(&self, other: &Self) -> Option<Ordering> {
        (self.is_ordered() && self.kind() == other.kind()).then(|| self.cmp(other))
    }
}

/// An instant as `timestamp("…")` reads it, in nanoseconds since 1970.
pub(super) fn instant(text: &str) -> Option<i128> {
    let instant = Instant::parse(text)?;
    let seconds = i128::from(instant.seconds()).checked_mul(1_000_000_000)?;
    seconds.checked_add(i128::from(instant.nanos()))
}

/// A span as `duration("…")` reads it, in nanoseconds.
pub(super) fn span(text: &str) -> Option<i128> {
    Span::parse(text).map(|span| i128::from(span.total_nanos()))
}
