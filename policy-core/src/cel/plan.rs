//! What is evaluated: the tree of an expression with every name resolved.
//!
//! Facts have a slot, variables a number and what a loop binds a place in a frame, so that no name is looked up while
//! a decision is made; what is constant is prepared once.

use super::ast::{Binary, BindKind, Loop, SelectKind};
use super::library::Body;
use super::library::pattern::Pattern;
use super::term::Term;
use super::val::Val;

/// An expression, ready to be evaluated.
#[derive(Debug, Clone)]
pub(super) struct Program {
    pub(super) root: Plan,
    /// How many values its loops and bindings hold at once.
    pub(super) locals: usize,
    /// Levels of the tree.
    pub(super) depth: u16,
    /// The terms of the root where it is an `&&`, or the root itself, in their order.
    pub(super) terms: Box<[Term]>,
    /// What that `&&` costs.
    pub(super) joined: u64,
}

/// A step and its place in the source.
#[derive(Debug, Clone)]
pub(super) struct Plan {
    pub(super) start: u32,
    pub(super) end: u32,
    pub(super) op: Op,
}

/// What a step does.
#[derive(Debug, Clone)]
pub(super) enum Op {
    Fixed(Val<'static>),
    Text(Box<str>),
    Data(Box<[u8]>),
    /// A fact, which is an error where it is absent.
    Slot(Slot),
    /// `has(fact)`.
    HasSlot(u16),
    /// `.?fact`.
    MaybeSlot(u16),
    /// The facts of a root such as `user`, as a map of those that are there.
    Object(Box<[(Box<str>, u16)]>),
    /// What a loop or a binding around it holds.
    Local(u16),
    /// A variable of the policy.
    Variable(u16),
    /// A name that stands for nothing: an error when it is read.
    Unknown(Box<str>),
    Select(Box<Select>),
    Index(Box<Index>),
    /// A term that other conditions of the policy have as well, under its number.
    Shared(u16, Box<Plan>),
    Not(Box<Plan>),
    Negate(Box<Plan>),
    And(Box<[Plan]>),
    Or(Box<[Plan]>),
    Conditional(Box<[Plan; 3]>),
    Equal(Box<[Plan; 2]>),
    NotEqual(Box<[Plan; 2]>),
    Compare(Binary, Box<[Plan; 2]>),
    In(Box<[Plan; 2]>),
    Arithmetic(Binary, Box<[Plan; 2]>),
    List(Box<[Element]>),
    Map(Box<[MapEntry]>),
    Call(Box<Call>),
    /// `matches` with a pattern that is written out.
    Matches(Box<Matches>),
    Loop(Box<Comprehension>),
    /// `list.exists(x, x == "text")`, the text and the loop: a list is looked through without binding its elements.
    Among(Box<str>, Box<Comprehension>),
    Bind(Box<Bind>),
    /// `a.or(b)` and `a.orValue(b)`, of which the second is evaluated where the first holds nothing.
    OrElse(Box<OrElse>),
}

#[derive(Debug, Clone)]
pub(super) struct OrElse {
    pub(super) optional: Plan,
    pub(super) other: Plan,
    /// Whether the other is a value rather than an optional.
    pub(super) value: bool,
}

/// A fact of the context, and the last name of its path for the error where it is absent.
#[derive(Debug, Clone)]
pub(super) struct Slot {
    pub(super) index: u16,
    pub(super) name: Box<str>,
}

#[derive(Debug, Clone)]
pub(super) struct Select {
    pub(super) operand: Plan,
    pub(super) field: Box<str>,
    pub(super) kind: SelectKind,
}

#[derive(Debug, Clone)]
pub(super) struct Index {
    pub(super) operand: Plan,
    pub(super) index: Plan,
    pub(super) optional: bool,
}

#[derive(Debug, Clone)]
pub(super) struct Element {
    pub(super) value: Plan,
    pub(super) optional: bool,
}

#[derive(Debug, Clone)]
pub(super) struct MapEntry {
    pub(super) key: Plan,
    pub(super) value: Plan,
    pub(super) optional: bool,
}

/// A call of a function; what it is called on is the first argument.
#[derive(Debug, Clone)]
pub(super) struct Call {
    pub(super) name: Box<str>,
    pub(super) member: bool,
    /// Nothing where there is no such function, or none that takes as many arguments.
    pub(super) body: Option<Body>,
    pub(super) known: bool,
    /// What it asks of two texts, where it is one of these functions.
    pub(super) test: Option<TextTest>,
    pub(super) args: Box<[Plan]>,
}

/// A function that compares a text with a part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TextTest {
    StartsWith,
    EndsWith,
}

#[derive(Debug, Clone)]
pub(super) struct Matches {
    pub(super) text: Plan,
    /// Why there is none, for a pattern that can't be compiled.
    pub(super) pattern: Result<Pattern, &'static str>,
}

#[derive(Debug, Clone)]
pub(super) struct Comprehension {
    pub(super) kind: Loop,
    pub(super) range: Plan,
    /// The place of the first variable; a second one is behind it.
    pub(super) local: u16,
    pub(super) two: bool,
    pub(super) filter: Option<Plan>,
    pub(super) body: Plan,
}

#[derive(Debug, Clone)]
pub(super) struct Bind {
    pub(super) kind: BindKind,
    pub(super) local: u16,
    pub(super) value: Plan,
    pub(super) body: Plan,
}
