//! Lists, maps, bindings and calls.

use bumpalo::collections::Vec as List;

use super::{Failure, Frame, Message, Outcome, Run};
use crate::cel::ast::BindKind;
use crate::cel::compare::key_order;
use crate::cel::library::{Wrong, lists};
use crate::cel::plan::{Bind, Call, Element, MapEntry, Plan};
use crate::cel::val::{Entry, NONE, Val};

/// The most arguments that a function takes, with what it is called on.
const MAX_ARGS: usize = 4;

/// A map under construction: an entry that comes later finds its place among those before it.
pub(super) struct Pairs<'a>(List<'a, Entry<'a>>);

impl<'a> Pairs<'a> {
    pub(super) fn new(run: &Run<'a>, capacity: usize) -> Self {
        Self(List::with_capacity_in(capacity, run.arena))
    }

    /// Adds an entry. `1` and `1u` are one key.
    pub(super) fn push(&mut self, key: Val<'a>, value: Val<'a>) {
        self.0.push((key, value));
    }

    /// Whether they are in the order of maps, and no key is there twice.
    fn are_ordered(&self) -> bool {
        self.0.windows(2).all(|pair| match pair {
            [(a, _), (b, _)] => key_order(*a, *b).is_lt(),
            _ => true,
        })
    }

    /// The map, or nothing where a key is there twice.
    pub(super) fn finish(mut self) -> Option<Val<'a>> {
        if !self.are_ordered() {
            self.0.sort_by(|(a, _), (b, _)| key_order(*a, *b));
            if !self.are_ordered() {
                return None;
            }
        }
        Some(Val::Map(self.0.into_bump_slice()))
    }
}

impl<'a> Run<'a> {
    /// The value to add; nothing for an empty optional of `[?x]` or `{?k: x}`.
    fn present(&self, plan: &Plan, value: Val<'a>, optional: bool) -> Result<Option<Val<'a>>, Failure<'a>> {
        match value {
            value if !optional => Ok(Some(value)),
            Val::Optional(inner) => Ok(inner.copied()),
            other => self.fault_with(plan, format_args!("this needs an optional, not {}", other.a_kind())),
        }
    }

    #[inline(never)]
    pub(super) fn list(&self, _: &Plan, elements: &'a [Element], frame: Frame<'a>) -> Outcome<'a> {
        let mut items = List::with_capacity_in(elements.len(), self.arena);
        for element in elements {
            let value = self.eval(&element.value, frame)?;
            items.extend(self.present(&element.value, value, element.optional)?);
        }
        Ok(Val::List(items.into_bump_slice()))
    }

    #[inline(never)]
    pub(super) fn map(&self, plan: &Plan, entries: &'a [MapEntry], frame: Frame<'a>) -> Outcome<'a> {
        let mut pairs = Pairs::new(self, entries.len());
        for entry in entries {
            let key = self.eval(&entry.key, frame)?;
            let key = self.key(&entry.key, key)?;
            let value = self.eval(&entry.value, frame)?;
            if let Some(value) = self.present(&entry.value, value, entry.optional)? {
                pairs.push(key, value);
            }
        }
        self.finish(plan, pairs)
    }

    pub(super) fn finish(&self, plan: &Plan, pairs: Pairs<'a>) -> Outcome<'a> {
        if !pairs.are_ordered() {
            self.charge(lists::sorting(pairs.0.iter().map(|(key, _)| *key)))?;
        }
        match pairs.finish() {
            Some(map) => Ok(map),
            None => self.fault(plan, Message::Fixed("a map has the same key twice")),
        }
    }

    /// A value as a key of a map.
    pub(super) fn key(&self, plan: &Plan, key: Val<'a>) -> Outcome<'a> {
        match key {
            Val::Bool(_) | Val::Int(_) | Val::Uint(_) | Val::String(_) => Ok(key),
            other => self.fault_with(plan, format_args!("{} can't be the key of a map", other.a_kind())),
        }
    }

    /// The facts of a root that are there, as a map.
    #[inline(never)]
    pub(super) fn object(&self, fields: &'a [(Box<str>, u16)]) -> Outcome<'a> {
        self.charge(super::count(fields.len()))?;
        let mut entries = List::with_capacity_in(fields.len(), self.arena);
        for (name, slot) in fields {
            if let Some(value) = self.fact(*slot)? {
                entries.push((Val::String(name), value));
            }
        }
        Ok(Val::Map(entries.into_bump_slice()))
    }

    #[inline(never)]
    pub(super) fn bind(&self, plan: &Plan, it: &'a Bind, frame: Frame<'a>) -> Outcome<'a> {
        let value = self.eval(&it.value, frame)?;
        let value = match (it.kind, value) {
            (BindKind::Plain, value) => value,
            (_, Val::Optional(Some(inner))) => *inner,
            (_, Val::Optional(None)) => return Ok(NONE),
            (_, other) => {
                return self.fault_with(plan, format_args!("this needs an optional, not {}", other.a_kind()));
            }
        };
        if let Some(local) = frame.get(usize::from(it.local)) {
            local.set(value);
        }
        let body = self.eval(&it.body, frame)?;
        match (it.kind, body) {
            (BindKind::OptMap, body) => Ok(self.some(body)),
            (BindKind::Plain, body) | (BindKind::OptFlatMap, body @ Val::Optional(_)) => Ok(body),
            (BindKind::OptFlatMap, other) => self.fault_with(
                &it.body,
                format_args!("`optFlatMap` needs an optional here, not {}", other.a_kind()),
            ),
        }
    }

    #[inline(never)]
    pub(super) fn call(&self, plan: &Plan, call: &'a Call, frame: Frame<'a>) -> Outcome<'a> {
        let mut args = [Val::Null; MAX_ARGS];
        for (arg, place) in call.args.iter().zip(&mut args) {
            *place = self.eval(arg, frame)?;
            // A function reads its texts once; whoever does more pays for it.
            if let Val::String(text) = place {
                self.charge_bytes(text.len())?;
            }
        }
        let args = args.get(..call.args.len()).unwrap_or_default();
        let wrong = match call.body {
            Some(body) => match body(self, args) {
                Ok(value) => return Ok(value),
                Err(wrong) => wrong,
            },
            None => Wrong::Types,
        };
        self.refused(plan, call, args, wrong)
    }

    #[cold]
    fn refused(&self, plan: &Plan, call: &'a Call, args: &[Val<'a>], wrong: Wrong<'a>) -> Outcome<'a> {
        let name = &call.name;
        match wrong {
            Wrong::Failed(failure) => Err(failure),
            Wrong::Says(message) => self.fault(plan, Message::Fixed(message)),
            Wrong::Range => {
                self.fault_with(plan, format_args!("the result of `{name}` is out of the range of its type"))
            }
            Wrong::Value => self.fault_with(plan, format_args!("`{name}` can't be computed for this value")),
            Wrong::Types if !call.known => {
                self.fault_with(plan, format_args!("there is no function `{name}`"))
            }
            Wrong::Types => {
                let kinds =
                    |args: &[Val<'a>]| args.iter().map(|arg| arg.kind()).collect::<Vec<_>>().join(", ");
                match args {
                    [target, rest @ ..] if call.member => self.fault_with(
                        plan,
                        format_args!(
                            "`{name}` can't be called on {} with ({})",
                            target.a_kind(),
                            kinds(rest)
                        ),
                    ),
                    args => self.fault_with(plan, format_args!("`{name}` does not take ({})", kinds(args))),
                }
            }
        }
    }
}
