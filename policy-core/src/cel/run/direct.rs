//! Terms that are decided where they stand: one fact, compared with what the policy says.
//!
//! Most conditions are a few of these, joined by `&&`, and a policy of hundreds of rules spends its time here. So they are a flat list, and one
//! loop without a call decides most of them; the rest, and every error, is left to the tree. A term costs the same of the budget on both ways.

use std::cell::Cell;

use super::access::element;
use super::truth::Truth;
use super::{Fact, Run, count, units};
use crate::bytes;
use crate::cel::term::{Term, Test};
use crate::cel::val::Val;

impl<'a> Run<'a> {
    /// What terms that are joined by `&&` come to; or the first that is not decided here, of which nothing is paid for.
    #[inline]
    pub(super) fn direct(&self, terms: &'a [Term]) -> Result<Truth, usize> {
        for (at, term) in terms.iter().enumerate() {
            match self.decided(term) {
                Some(true) => {}
                Some(false) => return Ok(Truth::False),
                None => return Err(at),
            }
        }
        Ok(Truth::True)
    }

    #[inline(always)]
    fn decided(&self, term: &'a Term) -> Option<bool> {
        if term.test == Test::Shared {
            let shared = self.shared.get(usize::from(term.slot))?;
            return match shared.get() {
                Some(holds) => self.paid(holds, 1),
                None => self.decided_first(term, shared),
            };
        }
        self.decided_here(term)
    }

    /// A term that other conditions have as well, the first time.
    #[inline(never)]
    fn decided_first(&self, term: &'a Term, shared: &Cell<Option<bool>>) -> Option<bool> {
        let holds = self.decided_here(term.inner.as_deref()?)?;
        shared.set(Some(holds));
        Some(holds)
    }

    #[inline(always)]
    fn paid(&self, holds: bool, cost: u64) -> Option<bool> {
        self.budget.set(self.budget.get().checked_sub(cost)?);
        Some(holds)
    }

    #[inline(always)]
    fn decided_here(&self, term: &'a Term) -> Option<bool> {
        let (holds, cost) = match term.test {
            Test::Shared | Test::Tree => return None,
            Test::Has => match self.facts.get(usize::from(term.slot))?.get() {
                Fact::Absent => (false, 1),
                Fact::Read(_) => (true, 1),
                Fact::Given(_) => return None,
            },
            test => {
                let Fact::Read(value) = self.facts.get(usize::from(term.slot))?.get() else { return None };
                match test {
                    Test::Bool => (value.as_bool()?, 1),
                    Test::NotBool => (!value.as_bool()?, 2),
                    Test::Equal | Test::NotEqual => {
                        let text = value.as_str()?;
                        let cost = units(text.len().min(term.text.len())).wrapping_add(3);
                        let same = bytes::same(text.as_bytes(), term.text.as_bytes());
                        (same == (test == Test::Equal), cost)
                    }
                    Test::StartsWith | Test::EndsWith => {
                        let text = value.as_str()?.as_bytes();
                        let part = term.text.as_bytes();
                        let cost = units(text.len()).wrapping_add(units(part.len())).wrapping_add(3);
                        let is_there = if test == Test::StartsWith {
                            bytes::starts_with(text, part)
                        } else {
                            bytes::ends_with(text, part)
                        };
                        (is_there, cost)
                    }
                    Test::In | Test::NotIn | Test::Exists => {
                        let Val::List(items) = value else { return None };
                        let (found, cost) = among(&term.text, items);
                        // `!` is a step of its own, and so is the list that `exists` walks.
                        let more = if test == Test::In { 1 } else { 2 };
                        (found == (test != Test::NotIn), cost.wrapping_add(more))
                    }
                    Test::ExistsAt => {
                        let Ok(Val::List(items)) = element(value, Val::String(&term.key)) else {
                            return None;
                        };
                        let (found, cost) = among(&term.text, items);
                        (found, cost.wrapping_add(units(term.key.len())).wrapping_add(4))
                    }
                    Test::Has | Test::Shared | Test::Tree => return None,
                }
            }
        };
        self.paid(holds, cost)
    }
}

/// Whether a text is among some values, and what it costs to look: its operands, and each value up to the one.
#[inline]
pub(super) fn among(text: &str, items: &[Val<'_>]) -> (bool, u64) {
    let mut cost = 2_u64;
    for (looked_at, item) in items.iter().enumerate() {
        if let Val::String(item) = item {
            cost = cost.wrapping_add(units(text.len().min(item.len())));
            if bytes::same(text.as_bytes(), item.as_bytes()) {
                return (true, cost.wrapping_add(count(looked_at)).wrapping_add(1));
            }
        }
    }
    (false, cost.wrapping_add(count(items.len())))
}
