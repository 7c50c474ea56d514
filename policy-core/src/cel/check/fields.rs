//! Fields and elements: `a.b`, `a.?b`, `has(a.b)`, `a[b]`.

use std::ops::Range;
use std::sync::Arc;

use super::super::ast::{Index, Node, Select, SelectKind};
use super::super::problem::{Problem, nearest};
use super::super::types::{Object, Type};
use super::guards::{Choice, Facts, Truths};
use super::{Checker, Typed, advice, spelled};

/// A field of the context that an expression reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldRead {
    /// Such as `user.email`.
    pub path: String,
    /// What it holds.
    pub kind: Type,
    /// The place, as a byte range of the source.
    pub range: Range<usize>,
    /// What happens where it is absent.
    pub if_absent: IfAbsent,
    /// The values of the discriminator for which this place is evaluated.
    pub when: Arc<Choice>,
}

impl FieldRead {
    /// A value to fall back to, as CEL writes it: `""` for a text.
    #[must_use]
    pub fn fallback(&self) -> &'static str {
        advice::fallback(&self.kind)
    }
}

/// What happens where a field that is read is absent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IfAbsent {
    /// Evaluation fails.
    Fails,
    /// It is not read: a condition around it sees to that.
    Guarded,
    /// It is an empty optional.
    Empty,
}

impl<'s> Checker<'s> {
    pub(super) fn select(&mut self, select: &'s Select, node: &'s Node) -> Typed {
        let operand = self.visit(&select.operand).kind;
        let range = select.operand.range().start..select.field_range.end;
        let place = Place { operand: &select.operand, range };
        match select.kind {
            SelectKind::Plain => self.field(&operand, &select.field, place, IfAbsent::Fails).into(),
            SelectKind::Optional => {
                let there = path(&operand, &select.field);
                let kind = self.field(&operand, &select.field, place, IfAbsent::Empty);
                let kind = if matches!(operand, Type::Optional(_)) { kind } else { Type::optional(kind) };
                telling(self.holding(kind, node), there)
            }
            SelectKind::Test => {
                let there = path(&operand, &select.field);
                self.tested(&operand, &select.field, place);
                telling(Type::Bool, there)
            }
        }
    }

    /// The type of a field; a problem where there is none.
    fn field(&mut self, of: &Type, field: &str, place: Place<'_>, if_absent: IfAbsent) -> Type {
        match of {
            Type::Dyn | Type::Never => of.clone(),
            Type::Map(_, value) => value.as_ref().clone(),
            // cel-spec: selecting from an optional gives an optional.
            Type::Optional(value) => Type::optional(self.field(value, field, place, IfAbsent::Empty)),
            Type::Object(object) => match object.fields.get(field) {
                Some(kind) => {
                    self.read(object, field, kind, place.range, if_absent);
                    kind.clone()
                }
                None => self.unknown_field(object, field, place),
            },
            _ => self.no_fields(of, field, place),
        }
    }

    /// Whether there can be such a field, for `has`.
    fn tested(&mut self, of: &Type, field: &str, place: Place<'_>) {
        match of {
            Type::Optional(value) => self.tested(value, field, place),
            Type::Object(object) if object.fields.contains_key(field) => {}
            Type::Object(object) => {
                self.unknown_field(object, field, place);
            }
            Type::Dyn | Type::Never | Type::Map(..) => {}
            _ => {
                self.no_fields(of, field, place);
            }
        }
    }

    fn read(&mut self, object: &Object, field: &str, kind: &Type, range: Range<usize>, if_absent: IfAbsent) {
        let path = format!("{}.{field}", object.name);
        let guarded = if_absent == IfAbsent::Fails && self.known.present.contains(&path);
        let if_absent = if guarded { IfAbsent::Guarded } else { if_absent };
        let when = Arc::clone(&self.known.choice);
        self.reads.push(FieldRead { path, kind: kind.clone(), range, if_absent, when });
    }

    #[inline(never)]
    fn unknown_field(&mut self, object: &Object, field: &str, place: Place<'_>) -> Type {
        let name = spelled(place.operand);
        let problem = Problem::new("unknown-field", place.range, format!("{name} has no field `{field}`"));
        let near = nearest(field, object.fields.keys().map(String::as_str));
        let near = near.and_then(|near| Some((near, object.fields.get(near)?)));
        let help = match near {
            Some((near, Type::List(_))) => {
                let list = format!("{}.{near}", name.trim_matches('`'));
                format!("did you mean `{near}`? It is a list: `\"…\" in {list}`")
            }
            Some((near, _)) => format!("did you mean `{near}`?"),
            None => {
                let all = object.fields.keys().map(|known| format!("`{known}`")).collect::<Vec<_>>();
                format!("it has {}", all.join(", "))
            }
        };
        self.report(problem.with_help(help));
        Type::Never
    }

    #[inline(never)]
    fn no_fields(&mut self, of: &Type, field: &str, place: Place<'_>) -> Type {
        let name = spelled(place.operand);
        let message = format!("{name} is {} and has no field `{field}`", of.brief());
        let it = name.trim_matches('`');
        let help = match of {
            Type::String | Type::List(_) | Type::Bytes if matches!(field, "length" | "len" | "count") => {
                Some(format!("write `{it}.size()`"))
            }
            Type::List(item) if **item == Type::String => Some(format!("write `\"{field}\" in {it}`")),
            _ => None,
        };
        self.report(Problem { help, ..Problem::new("unknown-field", place.range, message) });
        Type::Never
    }

    pub(super) fn index(&mut self, index: &'s Index, node: &'s Node) -> Typed {
        let operand = self.visit(&index.operand).kind;
        let key = self.visit(&index.index).kind;
        let text = index.index.expr.as_text();
        let (of, through) = match &operand {
            Type::Optional(value) => (value.as_ref(), true),
            of => (of, false),
        };
        let optional = through || index.optional;
        let if_absent = if optional { IfAbsent::Empty } else { IfAbsent::Fails };
        let there = text.and_then(|text| path(of, text));
        let kind = match (of, text) {
            (Type::Object(_), Some(text)) => {
                let place = Place { operand: &index.operand, range: node.range() };
                self.field(of, text, place, if_absent)
            }
            _ => self.element(of, &key, index),
        };
        if optional { telling(self.holding(Type::optional(kind), node), there) } else { kind.into() }
    }

    fn element(&mut self, of: &Type, key: &Type, index: &Index) -> Type {
        let (wanted, fits, kind) = match of {
            Type::Dyn | Type::Never => return of.clone(),
            Type::List(item) => ("an int", matches!(key, Type::Int) || key.is_open(), item.as_ref().clone()),
            Type::Map(known, value) => (known.brief(), key.can_equal(known), value.as_ref().clone()),
            Type::Object(_) => ("a string", key.can_equal(&Type::String), Type::Dyn),
            _ => {
                let message =
                    format!("{} is {} and has no elements", spelled(&index.operand), of.described());
                self.report(Problem::new("no-such-overload", index.operand.range(), message));
                return Type::Never;
            }
        };
        if !fits {
            let message = format!("{} is read by {wanted}, not by {}", of.brief(), key.described());
            let problem = Problem::new("no-such-overload", index.index.range(), message);
            self.report(Problem { help: advice::key(of, key, index), ..problem });
        }
        kind
    }
}

/// Where a field is read, and of what.
struct Place<'n> {
    operand: &'n Node,
    range: Range<usize>,
}

/// The path of a field of the context.
pub(super) fn path(of: &Type, field: &str) -> Option<String> {
    match of {
        Type::Object(object) if object.fields.contains_key(field) => Some(format!("{}.{field}", object.name)),
        Type::Optional(value) => path(value, field),
        _ => None,
    }
}

/// A value that tells, by being true or there, that a field is there.
pub(super) fn telling(kind: Type, there: Option<String>) -> Typed {
    match there {
        Some(path) => Typed::telling(kind, Truths::when_true(Facts::present(path))),
        None => kind.into(),
    }
}
