//! Macros that bind variables (cel-spec, "Macros", and its extensions for two variables and bindings).

use super::super::ast::{Bind, BindKind, Comprehension, Loop, Node};
use super::super::problem::Problem;
use super::super::types::Type;
use super::guards::Outcome;
use super::{Checker, Typed, advice, spelled};

impl<'s> Checker<'s> {
    pub(super) fn comprehension(&mut self, it: &'s Comprehension, node: &'s Node) -> Typed {
        let range = self.visit(&it.range).kind;
        let (key, value) = self.elements(&range, it);
        let before = self.bound.len();
        match &it.var2 {
            Some(second) => {
                self.bound.extend([(it.var.as_str(), key.clone().into()), (second.as_str(), value.into())]);
            }
            None => {
                let each = if matches!(range, Type::Map(..) | Type::Object(_)) { key.clone() } else { value };
                self.bound.push((&it.var, each.into()));
            }
        }
        let filtered = it.filter.as_ref().map(|filter| {
            let typed = self.visit(filter);
            self.condition_of(it, &typed.kind, filter);
            typed.truths().yes
        });
        let body = self.visit_knowing(filtered.as_ref().unwrap_or(&NOTHING), &it.body).kind;
        self.bound.truncate(before);
        let kind = match it.kind {
            Loop::All | Loop::Exists | Loop::ExistsOne => {
                self.condition_of(it, &body, &it.body);
                Type::Bool
            }
            Loop::Filter => {
                self.condition_of(it, &body, &it.body);
                match range {
                    Type::Map(key, _) => Type::list(key.as_ref().clone()),
                    Type::Object(_) => Type::list(Type::String),
                    list => list,
                }
            }
            Loop::Map => Type::list(body),
            Loop::TransformMap => Type::map(key, body),
            Loop::TransformMapEntry => self.entries(body, it),
            Loop::SortBy => {
                self.sort_key(&body, it);
                range
            }
        };
        self.holding(kind, node).into()
    }

    /// The types of the key or index and of the value that a loop meets.
    fn elements(&mut self, range: &Type, it: &Comprehension) -> (Type, Type) {
        let only_lists = it.kind == Loop::SortBy;
        match range {
            Type::List(item) => (Type::Int, item.as_ref().clone()),
            Type::Map(key, value) if !only_lists => (key.as_ref().clone(), value.as_ref().clone()),
            Type::Object(_) if !only_lists => (Type::String, Type::Dyn),
            Type::Dyn | Type::Never => (range.clone(), range.clone()),
            _ => {
                let over = if only_lists { "a list" } else { "a list or a map" };
                let message = format!(
                    "`{}` goes over {over}, and {} is {}",
                    name(it),
                    spelled(&it.range),
                    range.described()
                );
                let problem = Problem::new("no-such-overload", it.range.range(), message);
                self.report(Problem { help: advice::range(range, &it.range), ..problem });
                (Type::Never, Type::Never)
            }
        }
    }

    fn condition_of(&mut self, it: &Comprehension, kind: &Type, node: &Node) {
        if *kind == Type::Bool || kind.is_open() {
            return;
        }
        let message =
            format!("`{}` needs a condition, and {} is {}", name(it), spelled(node), kind.described());
        let problem = Problem::new("no-such-overload", node.range(), message);
        self.report(Problem { help: advice::condition(kind, node), ..problem });
    }

    fn entries(&mut self, body: Type, it: &Comprehension) -> Type {
        if matches!(body, Type::Map(..)) || body.is_open() {
            return body;
        }
        let message =
            format!("`transformMapEntry` needs a map of one entry, and this is {}", body.described());
        let problem = Problem::new("no-such-overload", it.body.range(), message);
        self.report(problem.with_help("write `{key: value}`"));
        Type::Never
    }

    fn sort_key(&mut self, body: &Type, it: &Comprehension) {
        if !(body.is_ordered() || body.is_open()) {
            let message =
                format!("`sortBy` needs a key that can be ordered, and this is {}", body.described());
            self.report(Problem::new("no-such-overload", it.body.range(), message));
        }
    }

    pub(super) fn bind(&mut self, it: &'s Bind, node: &'s Node) -> Typed {
        let value = self.visit(&it.value);
        if it.kind == BindKind::Plain {
            return self.visit_with(&it.var, value, &it.body);
        }
        let there = value.truths().yes;
        let inner = match &value.kind {
            Type::Optional(inner) => inner.as_ref().clone(),
            Type::Dyn | Type::Never => value.kind.clone(),
            other => {
                let written = if it.kind == BindKind::OptMap { "optMap" } else { "optFlatMap" };
                let message =
                    format!("`{written}` can't be called on {}, only on an optional", other.described());
                let problem = Problem::new("no-such-overload", it.value.range(), message);
                self.report(problem.with_help("`a.?b` and `optional.of(…)` give an optional"));
                Type::Never
            }
        };
        self.bound.push((&it.var, inner.into()));
        let body = self.visit_knowing(&there, &it.body).kind;
        self.bound.pop();
        let kind = match (it.kind, body) {
            (BindKind::OptFlatMap, kind @ (Type::Optional(_) | Type::Dyn | Type::Never)) => kind,
            (BindKind::OptFlatMap, kind) => {
                let message = format!("`optFlatMap` needs an optional, and this is {}", kind.described());
                let problem = Problem::new("no-such-overload", it.body.range(), message);
                self.report(problem.with_help("write `optMap`, which makes one of it"));
                Type::Never
            }
            (_, kind) => Type::optional(kind),
        };
        self.holding(kind, node).into()
    }
}

/// A condition that tells nothing.
static NOTHING: Outcome = None;

/// The macro as it is written, or one that does the same.
fn name(it: &Comprehension) -> &'static str {
    match (it.kind, it.var2.is_some()) {
        (Loop::All, _) => "all",
        (Loop::Exists, _) => "exists",
        (Loop::ExistsOne, false) => "exists_one",
        (Loop::ExistsOne, true) => "existsOne",
        (Loop::Filter, _) => "filter",
        (Loop::Map, false) => "map",
        (Loop::Map, true) => "transformList",
        (Loop::TransformMap, _) => "transformMap",
        (Loop::TransformMapEntry, _) => "transformMapEntry",
        (Loop::SortBy, _) => "sortBy",
    }
}
