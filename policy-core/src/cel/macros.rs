//! The calls that bind variables or test for a field: cel-spec's macros and those of the extensions in use.

use std::ops::Range;

use super::ast::{Bind, BindKind, Call, Comprehension, Element, Expr, Loop, Node, SelectKind};
use super::parse::Parser;
use super::problem::Problem;

/// A member macro: its name, the number of variables, what it is, and how it is written.
const LOOPS: [(&str, usize, Loop, &str); 14] = [
    ("all", 1, Loop::All, "list.all(x, condition)"),
    ("all", 2, Loop::All, "list.all(i, x, condition)"),
    ("exists", 1, Loop::Exists, "list.exists(x, condition)"),
    ("exists", 2, Loop::Exists, "list.exists(i, x, condition)"),
    ("exists_one", 1, Loop::ExistsOne, "list.exists_one(x, condition)"),
    ("exists_one", 2, Loop::ExistsOne, "list.exists_one(i, x, condition)"),
    ("existsOne", 1, Loop::ExistsOne, "list.existsOne(x, condition)"),
    ("existsOne", 2, Loop::ExistsOne, "list.existsOne(i, x, condition)"),
    ("filter", 1, Loop::Filter, "list.filter(x, condition)"),
    ("map", 1, Loop::Map, "list.map(x, value) or list.map(x, condition, value)"),
    ("transformList", 2, Loop::Map, "list.transformList(i, x, value)"),
    ("transformMap", 2, Loop::TransformMap, "map.transformMap(k, v, value)"),
    ("transformMapEntry", 2, Loop::TransformMapEntry, "map.transformMapEntry(k, v, {key: value})"),
    ("sortBy", 1, Loop::SortBy, "list.sortBy(x, key)"),
];

/// Whether `name` is written like a function but is none.
pub(super) fn is_macro(name: &str) -> bool {
    matches!(name, "has" | "cel.bind" | "optMap" | "optFlatMap")
        || LOOPS.iter().any(|(known, ..)| *known == name)
}

impl Parser<'_> {
    /// The node a macro stands for, or the call, where it is none.
    pub(super) fn expand(&mut self, mut call: Call, range: Range<usize>) -> Result<Node, Call> {
        if !is_macro(&call.function) {
            return Err(extremes(call, |list| self.node(range.clone(), list)));
        }
        let function = std::mem::take(&mut call.function);
        match (function.as_str(), call.target.take()) {
            ("has", None) => Ok(self.has(call, range)),
            ("cel.bind", None) => Ok(self.bind(BindKind::Plain, None, call, range)),
            ("optMap", Some(target)) => Ok(self.bind(BindKind::OptMap, Some(target), call, range)),
            ("optFlatMap", Some(target)) => Ok(self.bind(BindKind::OptFlatMap, Some(target), call, range)),
            (name, Some(target)) if name != "has" => Ok(self.comprehension(name, target, call, range)),
            (_, target) => Err(Call { target, function, ..call }),
        }
    }

    fn has(&mut self, mut call: Call, range: Range<usize>) -> Node {
        let argument = (call.args.len() == 1).then(|| call.args.pop()).flatten();
        match argument {
            Some(Node { expr: Expr::Select(mut select), .. }) if select.kind == SelectKind::Plain => {
                select.kind = SelectKind::Test;
                self.node(range, Expr::Select(select))
            }
            _ => self.misuse(
                range,
                "`has(…)` takes one field, such as `has(user.email)`",
                Some("for a key that is no name, write `\"key\" in map`"),
            ),
        }
    }

    fn bind(&mut self, kind: BindKind, target: Option<Node>, call: Call, range: Range<usize>) -> Node {
        let mut parts = call.args.into_iter();
        let var = parts.next().and_then(|node| variable(&node));
        let value = target.or_else(|| parts.next());
        match (var, value, parts.next(), parts.next()) {
            (Some(var), Some(value), Some(body), None) => {
                self.node(range, Expr::Bind(Box::new(Bind { kind, var, value, body })))
            }
            _ => {
                let usage = match kind {
                    BindKind::Plain => "cel.bind(name, value, expression)",
                    BindKind::OptMap => "optional.optMap(x, value)",
                    BindKind::OptFlatMap => "optional.optFlatMap(x, optional)",
                };
                self.misuse(range, &format!("this is written `{usage}`, with a plain name first"), None)
            }
        }
    }

    fn comprehension(&mut self, name: &str, target: Node, call: Call, range: Range<usize>) -> Node {
        let count = call.args.len();
        let forms = LOOPS.iter().filter(|(known, ..)| *known == name);
        let shape = forms.clone().find_map(|(_, vars, kind, _)| {
            let filtered = count == vars.saturating_add(2)
                && matches!(kind, Loop::Map | Loop::TransformMap | Loop::TransformMapEntry);
            (count == vars.saturating_add(1) || filtered).then_some((*vars, *kind, filtered))
        });
        let names: Vec<String> = call.args.iter().map_while(variable).collect();
        let mut args = call.args.into_iter();
        if let Some((vars, kind, filtered)) = shape
            && names.len() >= vars
        {
            let mut names = names.into_iter().take(vars);
            let (var, var2) = (names.next().unwrap_or_default(), names.next());
            if var2.as_ref() == Some(&var) {
                return self.misuse(
                    range,
                    &format!("the two variables of `{name}` have the same name"),
                    None,
                );
            }
            let mut rest = args.by_ref().skip(vars);
            let filter = if filtered { rest.next() } else { None };
            if let Some(body) = rest.next() {
                let it = Comprehension { kind, range: target, var, var2, filter, body };
                return self.node(range, Expr::Comprehension(Box::new(it)));
            }
        }
        let usage = forms.map(|(.., usage)| format!("`{usage}`")).collect::<Vec<_>>().join(" or ");
        self.misuse(range, &format!("`{name}` is written {usage}, where x is a plain name"), None)
    }

    fn misuse(&mut self, range: Range<usize>, message: &str, help: Option<&str>) -> Node {
        let mut problem = Problem::new("macro-misuse", range.clone(), message);
        problem.help = help.map(str::to_owned);
        self.report(problem);
        self.node(range, Expr::List(Vec::new()))
    }
}

/// The name that a macro's variable is, which nothing else may be.
fn variable(node: &Node) -> Option<String> {
    match &node.expr {
        Expr::Ident(name) if !name.contains('.') => Some(name.clone()),
        _ => None,
    }
}

/// `math.greatest` and `math.least` take any number of arguments: more than two become a list.
fn extremes(mut call: Call, list: impl FnOnce(Expr) -> Node) -> Call {
    if matches!(call.function.as_str(), "math.greatest" | "math.least") && call.args.len() > 2 {
        let elements = call.args.drain(..).map(|value| Element { value, optional: false }).collect();
        call.args = vec![list(Expr::List(elements))];
    }
    call
}
