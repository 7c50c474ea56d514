//! Reading fields, keys and elements, also of optionals.

use cel::common::types::{CelOptional, CelString};
use cel::common::value::{CowVal, Val};

use super::ast::{Expr, Index, Node, Select, SelectKind};
use super::evaluate::{Evaluator, Failure, Frame, Outcome, Val1, bool, fault};
use super::inspect::{a_type, article};

impl Evaluator<'_> {
    /// The element of a container, or why there is none: it can't be indexed at all, or it has no such element.
    fn element<'a>(
        &'a self,
        container: Val1<'a>,
        key: &dyn Val,
    ) -> Result<Result<Val1<'a>, Missing>, Failure> {
        let missing = |error| match error {
            cel::ExecutionError::NoSuchKey(_) | cel::ExecutionError::IndexOutOfBounds(_) => Missing::Element,
            _ => Missing::Key,
        };
        match container {
            CowVal::Borrowed(value) => match value.as_indexer() {
                Some(indexer) => Ok(indexer.get(key).map_err(missing)),
                None => Ok(Err(Missing::Container)),
            },
            CowVal::Owned(value) => match value.as_indexer().map(|indexer| indexer.get(key)) {
                Some(Ok(element)) => Ok(Ok(CowVal::Owned(self.own(element)?))),
                Some(Err(error)) => Ok(Err(missing(error))),
                None => Ok(Err(Missing::Container)),
            },
        }
    }

    pub(super) fn select<'a>(
        &'a self,
        select: &'a Select,
        node: &'a Node,
        frame: Option<&'a Frame<'a>>,
    ) -> Outcome<'a> {
        let operand = self.eval(&select.operand, frame)?;
        let key = CelString::from(select.field.as_str());
        let kind = operand.get_type().name().to_owned();
        let (operand, chained) = match self.unwrap(operand)? {
            Unwrapped::Plain(value) => (value, false),
            Unwrapped::Some(value) => (value, true),
            Unwrapped::None if select.kind == SelectKind::Test => return Ok(bool(false)),
            Unwrapped::None => return Ok(none()),
        };
        let found = self.element(operand, &key)?;
        match (select.kind, found) {
            (_, Err(Missing::Container)) if select.kind != SelectKind::Optional => {
                fault(node, format!("`{}` is no field of {}", select.field, article(&kind)))
            }
            (SelectKind::Test, found) => Ok(bool(found.is_ok())),
            (SelectKind::Plain, Ok(value)) if !chained => Ok(value),
            (SelectKind::Plain, Err(_)) if !chained => {
                fault(node, format!("no such key: `{}`", select.field))
            }
            (_, Ok(value)) => Ok(CowVal::owned(CelOptional::of(self.own(value)?))),
            (_, Err(_)) => Ok(none()),
        }
    }

    pub(super) fn index<'a>(
        &'a self,
        it: &'a Index,
        node: &'a Node,
        frame: Option<&'a Frame<'a>>,
    ) -> Outcome<'a> {
        let operand = self.eval(&it.operand, frame)?;
        let kind = operand.get_type().name().to_owned();
        let (operand, chained) = match self.unwrap(operand)? {
            Unwrapped::Plain(value) => (value, it.optional),
            Unwrapped::Some(value) => (value, true),
            Unwrapped::None => return Ok(none()),
        };
        let key = self.eval(&it.index, frame)?;
        match self.element(operand, key.as_ref())? {
            Ok(value) if chained => Ok(CowVal::owned(CelOptional::of(self.own(value)?))),
            Ok(value) => Ok(value),
            Err(_) if chained => Ok(none()),
            Err(Missing::Element) => match &it.index.expr {
                // A key that the author wrote is no secret.
                Expr::Literal(literal) if literal.downcast_ref::<CelString<'_>>().is_some() => {
                    let key =
                        literal.downcast_ref::<CelString<'_>>().map(CelString::inner).unwrap_or_default();
                    fault(node, format!("no such key: `{key}`"))
                }
                _ if kind == "list" => fault(node, "the list has no element at this index"),
                _ => fault(node, "no such key"),
            },
            Err(_) => {
                fault(node, format!("{} can't be indexed with {}", article(&kind), a_type(key.as_ref())))
            }
        }
    }

    /// The value to add; nothing for an empty optional of `[?x]` or `{?k: x}`.
    pub(super) fn present<'a>(
        &'a self,
        value: Val1<'a>,
        optional: bool,
    ) -> Result<Option<Val1<'a>>, Failure> {
        if !optional {
            return Ok(Some(value));
        }
        Ok(match self.unwrap(value)? {
            Unwrapped::Plain(value) | Unwrapped::Some(value) => Some(value),
            Unwrapped::None => None,
        })
    }

    pub(super) fn unwrap<'a>(&'a self, value: Val1<'a>) -> Result<Unwrapped<'a>, Failure> {
        Ok(match value {
            CowVal::Borrowed(borrowed) => match borrowed.downcast_ref::<CelOptional<'_>>() {
                None => Unwrapped::Plain(value),
                Some(optional) => optional
                    .option()
                    .map_or(Unwrapped::None, |inner| Unwrapped::Some(CowVal::Borrowed(inner))),
            },
            CowVal::Owned(ref owned) => match owned.downcast_ref::<CelOptional<'_>>() {
                None => Unwrapped::Plain(value),
                Some(optional) => match optional.option() {
                    None => Unwrapped::None,
                    Some(inner) => Unwrapped::Some(CowVal::Owned(self.own(CowVal::Borrowed(inner))?)),
                },
            },
        })
    }
}

/// The empty optional.
pub(super) fn none<'a>() -> Val1<'a> {
    CowVal::owned(CelOptional::none())
}

/// What an optional holds, or a value that is none.
pub(super) enum Unwrapped<'a> {
    Plain(Val1<'a>),
    Some(Val1<'a>),
    None,
}

/// Why there is no element: the value can't be indexed, not with this key, or has no such element.
enum Missing {
    Container,
    Key,
    Element,
}
