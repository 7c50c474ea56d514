//! What can be told to be wrong before evaluation: names, fields, functions, and literals that can never work.
//!
//! It knows the types of the context and nothing else, and reports only what no evaluation could ever accept.

use cel::common::types::CelString;
use cel::common::value::CowVal;

use super::ast::{Call, Expr, Node, Select, SelectKind};
use super::functions::{self, ENV, Style};
use super::macros::is_macro;
use super::problem::{Problem, nearest};
use super::scope::{Scope, Type};
use super::{network, pattern};

/// How many problems of one expression are told.
const MAX_PROBLEMS: usize = 20;

pub(super) fn check(root: &Node, scope: &Scope) -> Vec<Problem> {
    let mut checker = Checker { scope, bound: Vec::new(), problems: Vec::new() };
    checker.visit(root);
    checker.problems.truncate(MAX_PROBLEMS);
    checker.problems.sort_by_key(|problem| (problem.range.start, problem.range.end));
    checker.problems
}

struct Checker<'s> {
    scope: &'s Scope,
    /// The variables of comprehensions around this place, with their types where they are known.
    bound: Vec<(&'s str, Option<&'s Type>)>,
    problems: Vec<Problem>,
}

impl<'s> Checker<'s> {
    /// Checks a node and tells its type, where the context's schema gives it.
    fn visit(&mut self, node: &'s Node) -> Option<&'s Type> {
        #[cfg(test)]
        super::steps::take();
        if self.problems.len() >= MAX_PROBLEMS {
            return None;
        }
        match &node.expr {
            Expr::Ident(name) => self.ident(name, node),
            Expr::Select(select) => self.select(select),
            Expr::Index(index) => {
                let container = self.visit(&index.operand);
                self.visit(&index.index);
                match container {
                    Some(Type::Object(_)) => {
                        let Expr::Literal(key) = &index.index.expr else { return None };
                        let key = key.downcast_ref::<CelString<'_>>()?.inner();
                        let found = self.field(&index.operand, container, key, &index.index.range());
                        found.filter(|_| !index.optional)
                    }
                    Some(Type::Map(item) | Type::List(item)) if !index.optional => Some(item.as_ref()),
                    _ => None,
                }
            }
            Expr::Call(call) => {
                self.call(call);
                None
            }
            Expr::Comprehension(it) => {
                let range = self.visit(&it.range);
                let (key, value) = match range {
                    Some(Type::List(item)) => (None, Some(item.as_ref())),
                    Some(Type::Map(item)) => (Some(&Type::String), Some(item.as_ref())),
                    _ => (None, None),
                };
                let before = self.bound.len();
                match &it.var2 {
                    Some(second) => self.bound.extend([(it.var.as_str(), key), (second.as_str(), value)]),
                    None => self.bound.push((&it.var, if key.is_some() { key } else { value })),
                }
                for child in it.filter.iter().chain([&it.body]) {
                    self.visit(child);
                }
                self.bound.truncate(before);
                None
            }
            Expr::Bind(it) => {
                let value = self.visit(&it.value);
                self.bound.push((&it.var, value));
                let body = self.visit(&it.body);
                self.bound.pop();
                body.filter(|_| it.kind == super::ast::BindKind::Plain)
            }
            expr => {
                expr.children(|child| {
                    self.visit(child);
                });
                None
            }
        }
    }

    fn ident(&mut self, name: &'s str, node: &'s Node) -> Option<&'s Type> {
        let absolute = name.strip_prefix('.');
        if absolute.is_none()
            && let Some((_, known)) = self.bound.iter().rev().find(|(bound, _)| *bound == name)
        {
            return *known;
        }
        let name = absolute.unwrap_or(name);
        let scope = self.scope;
        if scope.variables.contains(name) {
            return None;
        }
        if let Some(root) = scope.roots.get(name) {
            return Some(root);
        }
        if functions::type_value(name).is_none() {
            let problem =
                Problem::new("unknown-variable", node.range(), format!("there is no variable `{name}`"));
            let known = scope.roots.keys().chain(&scope.variables).map(String::as_str);
            let known = known.chain(self.bound.iter().map(|(bound, _)| *bound));
            let inside =
                scope.roots.iter().find(|(_, root)| matches!(root, Type::Object(f) if f.contains_key(name)));
            self.problems.push(match (inside, nearest(name, known)) {
                (Some((root, _)), _) => problem.with_help(format!("did you mean `{root}.{name}`?")),
                (None, Some(near)) => problem.with_help(format!("did you mean `{near}`?")),
                (None, None) => problem,
            });
        }
        None
    }

    fn select(&mut self, select: &'s Select) -> Option<&'s Type> {
        let operand = self.visit(&select.operand);
        let found = self.field(&select.operand, operand, &select.field, &select.field_range);
        found.filter(|_| select.kind == SelectKind::Plain)
    }

    /// The type of `field` of an operand of type `of`, or a problem where there can be no such field.
    fn field(
        &mut self,
        operand: &Node,
        of: Option<&'s Type>,
        field: &str,
        range: &std::ops::Range<usize>,
    ) -> Option<&'s Type> {
        let name = spelled(operand).unwrap_or_else(|| "this".to_owned());
        let kind = match of? {
            Type::Any => return None,
            Type::Map(value) => return Some(value),
            Type::Object(fields) => {
                if let Some(found) = fields.get(field) {
                    return Some(found);
                }
                let problem =
                    Problem::new("unknown-field", range.clone(), format!("`{name}` has no field `{field}`"));
                let near = nearest(field, fields.keys().map(String::as_str));
                let near = near.and_then(|near| Some((near, fields.get(near)?)));
                self.problems.push(match near {
                    Some((near, Type::List(_))) => problem
                        .with_help(format!("did you mean `{near}`? It is a list: `\"…\" in {name}.{near}`")),
                    Some((near, _)) => problem.with_help(format!("did you mean `{near}`?")),
                    None => {
                        let all =
                            fields.keys().map(|known| format!("`{known}`")).collect::<Vec<_>>().join(", ");
                        problem.with_help(format!("it has {all}"))
                    }
                });
                return None;
            }
            Type::List(_) => "a list",
            Type::Bool => "a bool",
            Type::Int => "an int",
            Type::Double => "a double",
            Type::String => "a string",
            Type::Bytes => "bytes",
            Type::Timestamp => "a timestamp",
            Type::Duration => "a duration",
        };
        let message = format!("`{name}` is {kind} and has no field `{field}`");
        self.problems.push(Problem::new("unknown-field", range.clone(), message));
        None
    }

    fn call(&mut self, call: &'s Call) {
        let target = call.target.as_ref().and_then(|target| self.visit(target));
        for arg in &call.args {
            self.visit(arg);
        }
        let style = if call.target.is_some() { Style::Member } else { Style::Global };
        match functions::arity(&call.function, style) {
            None => self.unknown_function(call, style),
            Some((min, max)) if call.args.len() < min || call.args.len() > max => {
                let wanted = match (min, max) {
                    (_, usize::MAX) => format!("at least {min}"),
                    (min, max) if min == max => format!("{min}"),
                    (min, max) => format!("{min} to {max}"),
                };
                let message =
                    format!("`{}` takes {wanted} argument(s), not {}", call.function, call.args.len());
                self.problems.push(Problem::new("wrong-argument-count", call.name_range.clone(), message));
            }
            Some(_) => self.literals(call),
        }
        if call.function == "contains"
            && let (Some(Type::List(_) | Type::Map(_)), Some(node)) = (target, &call.target)
        {
            let name = spelled(node).unwrap_or_else(|| "this".to_owned());
            let problem =
                Problem::new("no-such-overload", call.name_range.clone(), "`contains` works on strings only");
            self.problems.push(problem.with_help(format!("write `\"…\" in {name}`")));
        }
    }

    fn unknown_function(&mut self, call: &Call, style: Style) {
        let name = &call.function;
        if is_macro(name) {
            let message = match style {
                Style::Global => format!("`{name}` is called on a list or a map"),
                Style::Member => format!("`{name}` is not called on a value"),
            };
            self.problems.push(Problem::new("macro-misuse", call.name_range.clone(), message));
            return;
        }
        let problem = Problem::new(
            "unknown-function",
            call.name_range.clone(),
            format!("there is no function `{name}`"),
        );
        let other = if style == Style::Global { Style::Member } else { Style::Global };
        let help = if functions::arity(name, other).is_some() {
            Some(match other {
                Style::Member => format!("it is called on a value: `value.{name}(…)`"),
                Style::Global => format!("it is not called on a value: `{name}(…)`"),
            })
        } else {
            let macros = ["all", "exists", "exists_one", "filter", "map"];
            let known = functions::names(style).chain(macros.into_iter().filter(|_| style == Style::Member));
            nearest(name, known).map(|near| format!("did you mean `{near}`?"))
        };
        self.problems.push(Problem { help, ..problem });
    }

    /// Literals that the function can never accept.
    fn literals(&mut self, call: &Call) {
        let member = usize::from(call.target.is_none());
        let at = match call.function.as_str() {
            "matches" => member,
            "ip" | "cidr" | "timestamp" | "duration" | "ip.isCanonical" if call.target.is_none() => 0,
            "containsIP" | "containsCIDR" => 0,
            _ => return,
        };
        let Some(Node { expr: Expr::Literal(value), .. }) = call.args.get(at) else { return };
        let Some(text) = value.downcast_ref::<CelString<'_>>().map(CelString::inner) else { return };
        let range = call.args.get(at).map(Node::range).unwrap_or_default();
        let wrong = match call.function.as_str() {
            "matches" => pattern::problem(text).map(|why| ("invalid-regex", why)),
            "ip" | "ip.isCanonical" | "containsIP" => {
                network::parse_ip(text).err().map(|why| ("invalid-ip", why.to_owned()))
            }
            "cidr" | "containsCIDR" => {
                network::parse_cidr(text).err().map(|why| ("invalid-cidr", why.to_owned()))
            }
            "timestamp" => refused("timestamp", text).then(|| {
                (
                    "invalid-timestamp",
                    "this is no timestamp; one is written `2026-01-31T12:00:00Z`".to_owned(),
                )
            }),
            _ => refused("duration", text).then(|| {
                ("invalid-duration", "this is no duration; one is written `1h30m` or `90s`".to_owned())
            }),
        };
        if let Some((code, message)) = wrong {
            self.problems.push(Problem::new(code, range, message));
        }
    }
}

/// Whether the function refuses this string.
fn refused(function: &str, text: &str) -> bool {
    let args = vec![CowVal::owned(CelString::from(text.to_owned()))];
    ENV.find_overload(function, &args).is_some_and(|function| function(args).is_err())
}

/// `a.b.c` where the node spells it.
fn spelled(node: &Node) -> Option<String> {
    match &node.expr {
        Expr::Ident(name) => Some(name.clone()),
        Expr::Select(select) => Some(format!("{}.{}", spelled(&select.operand)?, select.field)),
        _ => None,
    }
}
