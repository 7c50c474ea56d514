//! The terms that most conditions consist of, each one fact and what it is compared with.
//!
//! They are made of a [`Plan`] when a policy is loaded, and decided by `run/direct`; what is none of them stays with the plan.

use super::plan::{Op, Plan, TextTest};

/// A term of a condition as [`super::run`] decides it without the tree.
#[derive(Debug, Clone)]
pub(super) struct Term {
    pub(super) test: Test,
    /// Of the fact, or the number of a shared term.
    pub(super) slot: u16,
    /// What the fact is compared with.
    pub(super) text: Box<str>,
    /// Where in a fact that is a map.
    pub(super) key: Box<str>,
    /// What a shared term asks.
    pub(super) inner: Option<Box<Self>>,
}

/// What is asked of a fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Test {
    /// Something else, which the tree tells.
    Tree,
    /// What other conditions ask as well.
    Shared,
    /// `fact` and `!fact`.
    Bool,
    NotBool,
    /// `has(fact)`.
    Has,
    /// `fact == "text"` and `fact != "text"`.
    Equal,
    NotEqual,
    /// `"text" in fact` and `!("text" in fact)`.
    In,
    NotIn,
    /// `fact.exists(x, x == "text")`.
    Exists,
    /// `fact["key"].exists(x, x == "text")`.
    ExistsAt,
    /// `fact.startsWith("text")` and `fact.endsWith("text")`.
    StartsWith,
    EndsWith,
}

impl Term {
    pub(super) fn of(plan: &Plan) -> Self {
        let term = |test, slot: u16, text: &str| Self {
            test,
            slot,
            text: text.into(),
            key: Box::default(),
            inner: None,
        };
        let within = |test, sides: &[Plan; 2]| match sides {
            [Plan { op: Op::Text(text), .. }, Plan { op: Op::Slot(slot), .. }] => {
                Some(term(test, slot.index, text))
            }
            _ => None,
        };
        let equal = |test, sides: &[Plan; 2]| match sides {
            [Plan { op: Op::Slot(slot), .. }, Plan { op: Op::Text(text), .. }] => {
                Some(term(test, slot.index, text))
            }
            _ => within(test, sides),
        };
        let found = match &plan.op {
            Op::Shared(number, inner) => {
                Some(Self { inner: Some(Box::new(Self::of(inner))), ..term(Test::Shared, *number, "") })
            }
            Op::HasSlot(slot) => Some(term(Test::Has, *slot, "")),
            Op::Slot(slot) => Some(term(Test::Bool, slot.index, "")),
            Op::Not(operand) => match &operand.op {
                Op::Slot(slot) => Some(term(Test::NotBool, slot.index, "")),
                Op::In(it) => within(Test::NotIn, it),
                _ => None,
            },
            Op::Equal(it) => equal(Test::Equal, it),
            Op::NotEqual(it) => equal(Test::NotEqual, it),
            Op::In(it) => within(Test::In, it),
            Op::Among(text, it) => match &it.range.op {
                Op::Slot(slot) => Some(term(Test::Exists, slot.index, text)),
                Op::Index(index) => match (&index.operand.op, &index.index.op) {
                    (Op::Slot(slot), Op::Text(key)) if !index.optional => {
                        Some(Self { key: key.clone(), ..term(Test::ExistsAt, slot.index, text) })
                    }
                    _ => None,
                },
                _ => None,
            },
            Op::Call(call) => match (call.test, &*call.args) {
                (Some(test), [Plan { op: Op::Slot(slot), .. }, Plan { op: Op::Text(text), .. }]) => {
                    let test = match test {
                        TextTest::StartsWith => Test::StartsWith,
                        TextTest::EndsWith => Test::EndsWith,
                    };
                    Some(term(test, slot.index, text))
                }
                _ => None,
            },
            _ => None,
        };
        found.unwrap_or_else(|| term(Test::Tree, 0, ""))
    }
}
