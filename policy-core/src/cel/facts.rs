//! The facts of one decision, as they are read.

use bumpalo::collections::Vec as List;

use super::arena::Arena;
use super::compare::key_order;
use super::run::Fact;
use super::time::Instant;
use super::val::Val;

/// The most facts.
const MOST: usize = 64;

/// Room for as many as most lists and maps have.
const FEW: usize = 4;

/// Facts by their slots in a layout, which borrow their texts from where they were read.
#[derive(Debug)]
pub struct Facts<'a> {
    arena: &'a Arena,
    pub(super) slots: &'a mut [Fact<'a>],
}

/// Texts that become a list.
#[derive(Debug)]
pub struct Texts<'a>(List<'a, Val<'a>>);

/// Keys and values that become a map.
#[derive(Debug)]
pub struct Entries<'a>(List<'a, (Val<'a>, Val<'a>)>);

impl<'a> Facts<'a> {
    /// So many facts, all of them absent; at most 64.
    #[must_use]
    pub fn new(arena: &'a Arena, slots: usize) -> Self {
        // Copied as a whole, rather than made one by one.
        const ABSENT: [Fact<'_>; MOST] = [Fact::Absent; MOST];
        let absent = ABSENT.get(..slots).unwrap_or(&ABSENT);
        Self { arena, slots: arena.bump().alloc_slice_copy(absent) }
    }

    fn set(&mut self, slot: u16, value: Val<'a>) {
        if let Some(fact) = self.slots.get_mut(usize::from(slot)) {
            *fact = Fact::Read(value);
        }
    }

    /// The text that a fact is.
    #[must_use]
    pub fn as_text(&self, slot: u16) -> Option<&'a str> {
        self.slots.get(usize::from(slot))?.as_text()
    }

    /// The fact is a text.
    pub fn text(&mut self, slot: u16, text: &'a str) {
        self.set(slot, Val::String(text));
    }

    /// The fact is a bool.
    pub fn bool(&mut self, slot: u16, value: bool) {
        self.set(slot, Val::Bool(value));
    }

    /// The fact is an int.
    pub fn int(&mut self, slot: u16, value: i64) {
        self.set(slot, Val::Int(value));
    }

    /// The fact is an instant, in milliseconds since 1970; `false` where CEL has no such instant.
    pub fn timestamp(&mut self, slot: u16, millis: i64) -> bool {
        match Instant::from_millis(millis) {
            Some(at) => {
                self.set(slot, Val::Timestamp(at));
                true
            }
            None => false,
        }
    }

    /// The fact is a list of these.
    pub fn list(&mut self, slot: u16, texts: Texts<'a>) {
        self.set(slot, Val::List(texts.0.into_bump_slice()));
    }

    /// The fact is a map of these; `false` where a key is there twice.
    pub fn map(&mut self, slot: u16, mut entries: Entries<'a>) -> bool {
        let distinct = entries.sort();
        if distinct {
            self.set(slot, Val::Map(entries.0.into_bump_slice()));
        }
        distinct
    }

    /// No texts yet.
    #[must_use]
    pub fn texts(&self) -> Texts<'a> {
        Texts(List::with_capacity_in(FEW, self.arena.bump()))
    }

    /// No entries yet.
    #[must_use]
    pub fn entries(&self) -> Entries<'a> {
        Entries(List::with_capacity_in(FEW, self.arena.bump()))
    }
}

impl<'a> Texts<'a> {
    /// Adds a text.
    pub fn push(&mut self, text: &'a str) {
        self.0.push(Val::String(text));
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<'a> Entries<'a> {
    /// Sorts the entries; `false` where a key is there twice.
    fn sort(&mut self) -> bool {
        let ordered = |pair: &[(Val<'a>, Val<'a>)]| match pair {
            [(a, _), (b, _)] => key_order(*a, *b).is_lt(),
            _ => true,
        };
        if self.0.windows(2).all(ordered) {
            return true;
        }
        self.0.sort_by(|(a, _), (b, _)| key_order(*a, *b));
        self.0.windows(2).all(ordered)
    }

    /// Adds a text under a key.
    pub fn text(&mut self, key: &'a str, text: &'a str) {
        self.0.push((Val::String(key), Val::String(text)));
    }

    /// Adds a list under a key.
    pub fn list(&mut self, key: &'a str, texts: Texts<'a>) {
        self.0.push((Val::String(key), Val::List(texts.0.into_bump_slice())));
    }

    /// Adds an instant under a key, in milliseconds since 1970; `false` where CEL has no such instant.
    pub fn timestamp(&mut self, key: &'a str, millis: i64) -> bool {
        let at = Instant::from_millis(millis);
        self.0.extend(at.map(|at| (Val::String(key), Val::Timestamp(at))));
        at.is_some()
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
