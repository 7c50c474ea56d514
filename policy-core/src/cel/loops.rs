//! Comprehensions: `all`, `exists`, `map` and their like.

use cel::common::types::{CelList, CelMap};
use cel::common::value::{CowVal, Val};

use super::ast::{Comprehension, Loop, Node};
use super::evaluate::{Dyn, Evaluator, Failure, Frame, Outcome, Pairs, bool, fault};
use super::inspect::{a_type, items};
use super::operate::cost;
use super::value::map;

/// What a loop has come to so far.
#[derive(Default)]
struct Fold {
    /// `all` and `exists`: an error that a later element may absorb.
    error: Option<Failure>,
    settled: bool,
    count: u64,
    list: Vec<Box<dyn Val>>,
    keys: Vec<Box<dyn Val>>,
    pairs: Pairs,
}

/// One element: the index or key, and the element of a list or the value of a map.
struct Item<'a> {
    key: &'a Dyn,
    value: &'a Dyn,
    /// What the variable of a one-variable loop is: the element of a list, the key of a map.
    single: &'a Dyn,
}

impl Evaluator<'_> {
    pub(super) fn comprehension<'a>(
        &'a self,
        it: &'a Comprehension,
        node: &'a Node,
        frame: Option<&'a Frame<'a>>,
    ) -> Outcome<'a> {
        let range = self.eval(&it.range, frame)?;
        let Some(elements) = items(range.as_ref()) else {
            return fault(&it.range, format!("this must be a list or a map, not {}", a_type(range.as_ref())));
        };
        self.charge(cost(elements.len()))?;
        let is_map = range.downcast_ref::<CelMap<'_>>().is_some();
        let mut fold = Fold::default();
        for (key, value) in &elements {
            let single = if is_map { key.as_ref() } else { *value };
            let item = Item { key: key.as_ref(), value: *value, single };
            self.step(it, &item, &mut fold, frame)?;
            if fold.settled {
                break;
            }
        }
        self.result(it.kind, fold, node)
    }

    fn step(
        &self,
        it: &Comprehension,
        item: &Item<'_>,
        fold: &mut Fold,
        frame: Option<&Frame<'_>>,
    ) -> Result<(), Failure> {
        let first = Frame::new(frame, &it.var, if it.var2.is_some() { item.key } else { item.single });
        let second = it.var2.as_ref().map(|name| Frame::new(Some(&first), name, item.value));
        let scope = Some(second.as_ref().unwrap_or(&first));
        if let Some(filter) = &it.filter
            && !self.condition(filter, scope)?
        {
            return Ok(());
        }
        match it.kind {
            Loop::All | Loop::Exists => match self.condition(&it.body, scope) {
                Ok(value) => fold.settled = value == (it.kind == Loop::Exists),
                Err(Failure::Exhausted) => return Err(Failure::Exhausted),
                Err(failure) => drop(fold.error.get_or_insert(failure)),
            },
            Loop::ExistsOne => {
                fold.count = fold.count.saturating_add(u64::from(self.condition(&it.body, scope)?));
            }
            Loop::Filter => {
                if self.condition(&it.body, scope)? {
                    fold.list.push(self.own(CowVal::Borrowed(item.single))?);
                }
            }
            Loop::Map => fold.list.push(self.own(self.eval(&it.body, scope)?)?),
            Loop::SortBy => {
                fold.keys.push(self.own(self.eval(&it.body, scope)?)?);
                fold.list.push(self.own(CowVal::Borrowed(item.single))?);
            }
            Loop::TransformMap => {
                let key = self.key(CowVal::Borrowed(item.key), &it.body)?;
                fold.pairs.insert(key, self.own(self.eval(&it.body, scope)?)?);
            }
            Loop::TransformMapEntry => self.entries(&it.body, scope, fold)?,
        }
        Ok(())
    }

    fn entries(&self, body: &Node, scope: Option<&Frame<'_>>, fold: &mut Fold) -> Result<(), Failure> {
        let value = self.eval(body, scope)?;
        let Some(entries) = value.downcast_ref::<CelMap<'_>>().and(items(value.as_ref())) else {
            return fault(
                body,
                format!("`transformMapEntry` needs a map here, not {}", a_type(value.as_ref())),
            );
        };
        for (key, value) in entries {
            let key = self.key(key, body)?;
            if !fold.pairs.insert(key, self.own(CowVal::Borrowed(value))?) {
                return fault(body, "a map has the same key twice");
            }
        }
        Ok(())
    }

    fn result<'a>(&'a self, kind: Loop, fold: Fold, node: &'a Node) -> Outcome<'a> {
        match kind {
            Loop::All | Loop::Exists if fold.settled => Ok(bool(kind == Loop::Exists)),
            Loop::All | Loop::Exists => fold.error.map_or(Ok(bool(kind == Loop::All)), Err),
            Loop::ExistsOne => Ok(bool(fold.count == 1)),
            Loop::Filter | Loop::Map => Ok(CowVal::owned(CelList::from(fold.list))),
            Loop::TransformMap | Loop::TransformMapEntry => {
                Ok(CowVal::owned(map(fold.pairs.0.into_iter().collect())))
            }
            Loop::SortBy => {
                let args =
                    vec![CowVal::owned(CelList::from(fold.list)), CowVal::owned(CelList::from(fold.keys))];
                match self.member("@sortByAssociatedKeys", args)? {
                    Ok(sorted) => Ok(sorted),
                    Err(_) => fault(node, "`sortBy` needs keys of one type that can be compared"),
                }
            }
        }
    }
}
