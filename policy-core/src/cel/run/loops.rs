//! Comprehensions: `all`, `exists`, `map` and their like.

use bumpalo::collections::Vec as List;

use super::make::Pairs;
use super::{Failure, Frame, Message, Outcome, Run, Truth, count};
use crate::cel::ast::Loop;
use crate::cel::library::lists;
use crate::cel::plan::{Comprehension, Plan};
use crate::cel::val::Val;

/// One element: what the first and the second variable of a loop with two are, and what the only one of the others is.
#[derive(Clone, Copy)]
struct Item<'a> {
    key: Val<'a>,
    value: Val<'a>,
    single: Val<'a>,
}

/// What is walked: a list by index and element, a map by key and value.
#[derive(Clone, Copy)]
enum Elements<'a> {
    List(&'a [Val<'a>]),
    Map(&'a [(Val<'a>, Val<'a>)]),
}

impl<'a> Elements<'a> {
    fn len(self) -> usize {
        match self {
            Self::List(items) => items.len(),
            Self::Map(entries) => entries.len(),
        }
    }

    fn get(self, at: usize) -> Option<Item<'a>> {
        match self {
            Self::List(items) => {
                let value = *items.get(at)?;
                Some(Item { key: Val::Int(i64::try_from(at).ok()?), value, single: value })
            }
            Self::Map(entries) => {
                let (key, value) = *entries.get(at)?;
                Some(Item { key, value, single: key })
            }
        }
    }

    fn iter(self) -> impl Iterator<Item = Item<'a>> {
        (0..self.len()).filter_map(move |at| self.get(at))
    }
}

impl<'a> Run<'a> {
    /// What a loop walks, which is paid for.
    #[inline(never)]
    fn elements(&self, it: &'a Comprehension, frame: Frame<'a>) -> Result<Elements<'a>, Failure<'a>> {
        let elements = match self.eval(&it.range, frame)? {
            Val::List(items) => Elements::List(items),
            Val::Map(entries) => Elements::Map(entries),
            other => {
                return self.fault_with(
                    &it.range,
                    format_args!("this must be a list or a map, not {}", other.a_kind()),
                );
            }
        };
        self.charge(count(elements.len()))?;
        Ok(elements)
    }

    /// A loop as a condition.
    #[inline(never)]
    pub(super) fn test_loop(&self, plan: &Plan, it: &'a Comprehension, frame: Frame<'a>) -> Truth {
        let decides = match it.kind {
            Loop::All => false,
            Loop::Exists => true,
            _ => return self.truth_of(self.comprehension(plan, it, frame)),
        };
        match self.elements(it, frame) {
            Ok(elements) => self.quantify(it, elements, decides, frame),
            Err(failure) => self.fail(failure),
        }
    }

    #[inline(never)]
    pub(super) fn comprehension(&self, plan: &Plan, it: &'a Comprehension, frame: Frame<'a>) -> Outcome<'a> {
        let elements = self.elements(it, frame)?;
        match it.kind {
            Loop::All => self.outcome_of(self.quantify(it, elements, false, frame)),
            Loop::Exists => self.outcome_of(self.quantify(it, elements, true, frame)),
            Loop::ExistsOne => self.exists_one(it, elements, frame),
            Loop::Filter => self.filter(it, elements, frame),
            Loop::Map => self.transform(it, elements, frame),
            Loop::TransformMap => self.transform_map(plan, it, elements, frame),
            Loop::TransformMapEntry => self.transform_entries(plan, it, elements, frame),
            Loop::SortBy => self.sort_by(plan, it, elements, frame),
        }
    }

    /// Sets the variables of the loop; whether its filter lets the element through.
    #[inline(never)]
    fn enter(&self, it: &'a Comprehension, item: Item<'a>, frame: Frame<'a>) -> Result<bool, Failure<'a>> {
        let local = usize::from(it.local);
        if let Some(first) = frame.get(local) {
            first.set(if it.two { item.key } else { item.single });
        }
        if it.two
            && let Some(second) = frame.get(local.saturating_add(1))
        {
            second.set(item.value);
        }
        it.filter.as_ref().map_or(Ok(true), |filter| self.holds(filter, frame))
    }

    /// `exists` where `decides` is true, `all` where it is false: an element that decides absorbs the errors of the others.
    #[inline(never)]
    fn quantify(
        &self,
        it: &'a Comprehension,
        elements: Elements<'a>,
        decides: bool,
        frame: Frame<'a>,
    ) -> Truth {
        let mut error = None;
        for at in 0..elements.len() {
            self.enter_plain(it, elements, at, frame);
            match self.condition(&it.body, frame) {
                Truth::Failed => match self.failure() {
                    Failure::Exhausted => return Truth::Failed,
                    failure => error = error.or(Some(failure)),
                },
                truth if truth == Truth::from(decides) => return truth,
                _ => {}
            }
        }
        error.map_or(Truth::from(!decides), |failure| self.fail(failure))
    }

    /// Sets the variables of a loop that has no filter.
    #[inline]
    fn enter_plain(&self, it: &'a Comprehension, elements: Elements<'a>, at: usize, frame: Frame<'a>) {
        let local = usize::from(it.local);
        match (elements, frame.get(local)) {
            (Elements::List(items), Some(only)) if !it.two => {
                only.set(items.get(at).copied().unwrap_or(Val::Null));
            }
            _ => {
                // Nothing to fail: only a filter does.
                let _ = elements.get(at).map(|item| self.enter(it, item, frame));
            }
        }
    }

    #[inline(never)]
    fn exists_one(&self, it: &'a Comprehension, elements: Elements<'a>, frame: Frame<'a>) -> Outcome<'a> {
        let mut found = 0_usize;
        for item in elements.iter() {
            self.enter(it, item, frame)?;
            found = found.saturating_add(usize::from(self.holds(&it.body, frame)?));
        }
        Ok(Val::Bool(found == 1))
    }

    #[inline(never)]
    fn filter(&self, it: &'a Comprehension, elements: Elements<'a>, frame: Frame<'a>) -> Outcome<'a> {
        let mut items = List::new_in(self.arena);
        for item in elements.iter() {
            self.enter(it, item, frame)?;
            if self.holds(&it.body, frame)? {
                items.push(item.single);
            }
        }
        Ok(Val::List(items.into_bump_slice()))
    }

    #[inline(never)]
    fn transform(&self, it: &'a Comprehension, elements: Elements<'a>, frame: Frame<'a>) -> Outcome<'a> {
        let mut items = List::with_capacity_in(elements.len(), self.arena);
        for item in elements.iter() {
            if self.enter(it, item, frame)? {
                items.push(self.eval(&it.body, frame)?);
            }
        }
        Ok(Val::List(items.into_bump_slice()))
    }

    #[inline(never)]
    fn transform_map(
        &self,
        plan: &Plan,
        it: &'a Comprehension,
        elements: Elements<'a>,
        frame: Frame<'a>,
    ) -> Outcome<'a> {
        let mut pairs = Pairs::new(self, elements.len());
        for item in elements.iter() {
            if self.enter(it, item, frame)? {
                pairs.push(item.key, self.eval(&it.body, frame)?);
            }
        }
        self.finish(plan, pairs)
    }

    #[inline(never)]
    fn transform_entries(
        &self,
        plan: &Plan,
        it: &'a Comprehension,
        elements: Elements<'a>,
        frame: Frame<'a>,
    ) -> Outcome<'a> {
        let mut pairs = Pairs::new(self, elements.len());
        for item in elements.iter() {
            if !self.enter(it, item, frame)? {
                continue;
            }
            match self.eval(&it.body, frame)? {
                Val::Map(entries) => {
                    self.charge(count(entries.len()))?;
                    entries.iter().for_each(|(key, value)| pairs.push(*key, *value));
                }
                other => {
                    return self.fault_with(
                        &it.body,
                        format_args!("`transformMapEntry` needs a map here, not {}", other.a_kind()),
                    );
                }
            }
        }
        self.finish(plan, pairs)
    }

    #[inline(never)]
    fn sort_by(
        &self,
        plan: &Plan,
        it: &'a Comprehension,
        elements: Elements<'a>,
        frame: Frame<'a>,
    ) -> Outcome<'a> {
        let mut keyed = List::with_capacity_in(elements.len(), self.arena);
        for item in elements.iter() {
            self.enter(it, item, frame)?;
            keyed.push((self.eval(&it.body, frame)?, item.single));
        }
        self.charge(lists::sorting(keyed.iter().map(|(key, _)| *key)))?;
        if !lists::sort(&mut keyed, |(key, _)| *key) {
            return self.fault(plan, Message::Fixed("`sortBy` needs keys of one type that can be compared"));
        }
        let sorted = keyed.iter().map(|(_, item)| *item);
        Ok(Val::List(List::from_iter_in(sorted, self.arena).into_bump_slice()))
    }
}
