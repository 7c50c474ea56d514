//! Calls: the function, its overload, and what is wrong with either.

use super::super::analysis::literals;
use super::super::ast::{Call, Node};
use super::super::functions::{Style, arity, names};
use super::super::macros::is_macro;
use super::super::problem::{Problem, nearest};
use super::super::signatures::overloads;
use super::super::types::Type;
use super::overloads::resolve;
use super::{Checker, Rules, Typed, advice};

impl<'s> Checker<'s> {
    pub(super) fn call(&mut self, call: &'s Call, node: &'s Node) -> Typed {
        let mut kinds = Vec::new();
        let mut truths = None;
        if let Some(target) = &call.target {
            let typed = self.visit(target);
            truths = typed.truths.filter(|_| call.function == "hasValue");
            kinds.push(typed.kind);
        }
        for arg in &call.args {
            kinds.push(self.visit(arg).kind);
        }
        let style = if call.target.is_some() { Style::Member } else { Style::Global };
        let name = call.function.trim_start_matches('.');
        let Some((least, most)) = arity(name, style) else {
            self.unknown_function(call, style);
            return Type::Never.into();
        };
        if call.args.len() < least || call.args.len() > most {
            self.wrong_count(call, least, most);
            return Type::Never.into();
        }
        if self.rules == Rules::Policy {
            match literals::argument(call) {
                Ok(bytes) => self.patterns = self.patterns.saturating_add(bytes),
                Err(problem) => self.problems.push(problem),
            }
        }
        match resolve(overloads(name, style.into()), &kinds) {
            Some(kind) => Typed { kind: self.holding(kind, node), truths },
            None => {
                self.no_overload(call, style, &kinds);
                Type::Never.into()
            }
        }
    }

    #[inline(never)]
    fn wrong_count(&mut self, call: &Call, least: usize, most: usize) {
        let wanted = match (least, most) {
            (_, usize::MAX) => format!("at least {least}"),
            (least, most) if least == most => format!("{least}"),
            (least, most) => format!("{least} to {most}"),
        };
        let message = format!("`{}` takes {wanted} argument(s), not {}", call.function, call.args.len());
        self.report(Problem::new("wrong-argument-count", call.name_range.clone(), message));
    }

    #[inline(never)]
    fn no_overload(&mut self, call: &Call, style: Style, kinds: &[Type]) {
        let name = &call.function;
        let list = |kinds: &[Type]| kinds.iter().map(Type::to_string).collect::<Vec<_>>().join(", ");
        let message = match (style, kinds) {
            (Style::Member, [receiver]) => format!("`{name}` can't be called on {}", receiver.described()),
            (Style::Member, [receiver, rest @ ..]) => {
                format!("`{name}` can't be called on {} with ({})", receiver.described(), list(rest))
            }
            _ => format!("`{name}` does not take ({})", list(kinds)),
        };
        let known = overloads(name.trim_start_matches('.'), style.into());
        let help = advice::call(call, kinds).unwrap_or_else(|| advice::those_that_fit(known));
        self.report(Problem::new("no-such-overload", call.name_range.clone(), message).with_help(help));
    }

    #[inline(never)]
    fn unknown_function(&mut self, call: &Call, style: Style) {
        let name = &call.function;
        if is_macro(name) {
            let message = match style {
                Style::Global => format!("`{name}` is called on a list or a map"),
                Style::Member => format!("`{name}` is not called on a value"),
            };
            self.report(Problem::new("macro-misuse", call.name_range.clone(), message));
            return;
        }
        let message = format!("there is no function `{name}`");
        let problem = Problem::new("unknown-function", call.name_range.clone(), message);
        let other = if style == Style::Global { Style::Member } else { Style::Global };
        let is_variable = self.scope.roots.contains_key(name) || self.scope.variables.contains_key(name);
        let help = if style == Style::Global && is_variable && call.args.is_empty() {
            Some(format!("`{name}` is a variable: write it without parentheses"))
        } else if arity(name, other).is_some() {
            Some(match other {
                Style::Member => format!("it is called on a value: `value.{name}(…)`"),
                Style::Global => format!("it is not called on a value: `{name}(…)`"),
            })
        } else {
            let macros = ["all", "exists", "exists_one", "filter", "map"];
            let known = names(style);
            let known = known.chain(macros.into_iter().filter(|_| style == Style::Member));
            nearest(name, known).map(|near| format!("did you mean `{near}`?"))
        };
        self.report(Problem { help, ..problem });
    }
}
