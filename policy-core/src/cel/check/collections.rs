//! Lists and maps that are written out (cel-spec, "Aggregate Values").

use super::super::ast::{Element, Entry, Node};
use super::super::problem::Problem;
use super::super::types::Type;
use super::{Checker, Typed, spelled};

impl<'s> Checker<'s> {
    pub(super) fn list(&mut self, elements: &'s [Element], node: &'s Node) -> Typed {
        let mut item = Type::Never;
        for element in elements {
            let kind = self.visit(&element.value).kind;
            let kind = if element.optional { self.unwrapped(kind, &element.value) } else { kind };
            item = item.join(&kind);
        }
        self.holding(Type::list(item), node).into()
    }

    pub(super) fn map(&mut self, entries: &'s [Entry], node: &'s Node) -> Typed {
        let (mut key, mut value) = (Type::Never, Type::Never);
        for entry in entries {
            let kind = self.visit(&entry.key).kind;
            if !is_key(&kind) {
                let message =
                    format!("a key of a map is a string, an int, a uint or a bool, not {}", kind.described());
                self.report(Problem::new("bad-map-key", entry.key.range(), message));
            }
            key = key.join(&kind);
            let kind = self.visit(&entry.value).kind;
            let kind = if entry.optional { self.unwrapped(kind, &entry.value) } else { kind };
            value = value.join(&kind);
        }
        self.holding(Type::map(key, value), node).into()
    }

    /// What an optional entry holds where it is there.
    fn unwrapped(&mut self, kind: Type, node: &Node) -> Type {
        match kind {
            Type::Optional(value) => value.as_ref().clone(),
            Type::Dyn | Type::Never => kind,
            _ => {
                let message = format!(
                    "an entry after `?` is an optional, and {} is {}",
                    spelled(node),
                    kind.described()
                );
                let problem = Problem::new("no-such-overload", node.range(), message);
                self.report(problem.with_help("take the `?` away, or write `optional.of(…)`"));
                Type::Never
            }
        }
    }
}

/// What may be a key of a map (cel-spec, "Aggregate Values").
fn is_key(kind: &Type) -> bool {
    matches!(kind, Type::String | Type::Int | Type::Uint | Type::Bool) || kind.is_open()
}
