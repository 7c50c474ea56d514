//! The conditions of one expression, from the inside out: which are always or never true, and which compare a value with
//! one that it never has.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use super::constant::Constant;
use super::solve::Want;
use super::term::Term;
use super::{Analysis, Bound};
use crate::cel::ast::{Binary, Bind, Comprehension, Expr, Literal, Loop, Node, SelectKind, Unary};
use crate::cel::expression::Expression;
use crate::cel::problem::{Problem, nearest};
use crate::context::action;
use crate::context::schema::HEADERS;

/// How many findings of one expression are told.
const MOST: usize = 20;
/// Of how many operands it is found out which two contradict each other.
const MOST_OPERANDS: usize = 16;
/// The longest part of an expression that a message repeats, in characters.
const LONGEST: usize = 60;

impl Analysis<'_> {
    /// What is to be said about the conditions of an expression. `actions` are those that it is evaluated for, where that is
    /// known.
    pub(crate) fn findings(
        &mut self,
        expression: &Expression,
        actions: Option<&BTreeSet<String>>,
    ) -> Vec<Problem> {
        self.seen = Some(BTreeMap::new());
        let mut walk = Walk { analysis: self, source: expression.source(), actions, findings: Vec::new() };
        walk.value(expression.root(), &mut Bound::new());
        let findings = walk.findings;
        self.seen = None;
        findings
    }
}

struct Walk<'a, 's, 'e> {
    analysis: &'a mut Analysis<'s>,
    source: &'e str,
    actions: Option<&'e BTreeSet<String>>,
    findings: Vec<Problem>,
}

impl<'e> Walk<'_, '_, 'e> {
    /// Looks at a value of any type; says whether there was something to be said.
    fn value(&mut self, node: &'e Node, bound: &mut Bound<'e>) -> bool {
        if self.findings.len() >= MOST {
            return true;
        }
        match &node.expr {
            Expr::And(_) | Expr::Or(_) | Expr::Unary(Unary::Not, _) => self.condition(node, bound),
            Expr::Binary(operator, _) if operator.compares() => self.condition(node, bound),
            Expr::Select(select) if select.kind == SelectKind::Test => self.condition(node, bound),
            _ => self.inside(node, bound),
        }
    }

    /// Looks at what must be a bool. What is wrong with a part of it is not told again of the whole.
    fn condition(&mut self, node: &'e Node, bound: &mut Bound<'e>) -> bool {
        let told = match &node.expr {
            // What is written out is meant. A variable is looked at where it is defined.
            Expr::Literal(_) | Expr::Ident(_) => return false,
            Expr::And(terms) | Expr::Or(terms) => {
                let mut told = false;
                for term in terms {
                    told |= self.condition(term, bound);
                }
                told
            }
            Expr::Unary(Unary::Not, operand) => self.condition(operand, bound),
            _ => self.inside(node, bound) || self.comparison(node, bound),
        };
        told || self.constant(node, bound)
    }

    /// Looks at the parts of a node.
    #[inline(never)]
    fn inside(&mut self, node: &'e Node, bound: &mut Bound<'e>) -> bool {
        match &node.expr {
            Expr::Conditional(parts) => {
                let condition = self.condition(&parts.0, bound);
                let yes = self.value(&parts.1, bound);
                self.value(&parts.2, bound) || yes || condition
            }
            Expr::Comprehension(it) => self.comprehension(it, bound),
            Expr::Bind(it) => self.bind(it, bound),
            expr => {
                let mut told = self.header(expr, bound);
                expr.children(|child| told |= self.value(child, bound));
                told
            }
        }
    }

    /// A request header by a name that no context has: who reads it without `?` lets nobody in.
    #[inline(never)]
    fn header(&mut self, expr: &Expr, bound: &Bound<'e>) -> bool {
        let (map, name, range) = match expr {
            Expr::Index(it) => (&it.operand, it.index.expr.as_text(), it.index.range()),
            Expr::Select(it) => (&it.operand, Some(it.field.as_str()), it.field_range.clone()),
            Expr::Binary(Binary::In, sides) => (&sides.1, sides.0.expr.as_text(), sides.0.range()),
            _ => return false,
        };
        let Some(name) = name.filter(|name| is_headers(map, bound) && !HEADERS.contains(name)) else {
            return false;
        };
        let known: Vec<String> = HEADERS.iter().map(|known| format!("`{known}`")).collect();
        let message = format!("`request.headers` never has `{name}`");
        let help = format!("it can have {}", known.join(", "));
        self.findings.push(Problem::new("impossible-comparison", range, message).with_help(help));
        true
    }

    #[inline(never)]
    fn comprehension(&mut self, it: &'e Comprehension, bound: &mut Bound<'e>) -> bool {
        let mut told = self.value(&it.range, bound);
        let before = bound.len();
        bound.push(&it.var);
        bound.extend(it.var2.as_deref());
        if let Some(filter) = &it.filter {
            told |= self.condition(filter, bound);
        }
        told |= match it.kind {
            Loop::All | Loop::Exists | Loop::ExistsOne | Loop::Filter => self.condition(&it.body, bound),
            _ => self.value(&it.body, bound),
        };
        bound.truncate(before);
        told
    }

    fn bind(&mut self, it: &'e Bind, bound: &mut Bound<'e>) -> bool {
        let value = self.value(&it.value, bound);
        bound.push(&it.var);
        let body = self.value(&it.body, bound);
        bound.pop();
        value || body
    }

    /// Whether a condition always comes out alike.
    #[inline(never)]
    fn constant(&mut self, node: &'e Node, bound: &mut Bound<'e>) -> bool {
        let term = self.analysis.lower(node, bound);
        let (code, outcome) = if self.analysis.never_true(term, self.actions) {
            ("always-false", false)
        } else if self.analysis.never_false(term, self.actions) {
            ("always-true", true)
        } else {
            return false;
        };
        let message = self
            .by_the_rule(node, outcome)
            .or_else(|| self.pair(node, bound))
            .or_else(|| self.by_bounds(node, outcome, bound))
            .unwrap_or_else(|| format!("this is {} true", if outcome { "always" } else { "never" }));
        let help = match &node.expr {
            Expr::Or(terms) if outcome && all(terms, Binary::NotEqual) => {
                "`&&` may be meant, or `!(value in [one, other])`"
            }
            Expr::And(terms) if !outcome && all(terms, Binary::Equal) => {
                "`||` may be meant, or `value in [one, other]`"
            }
            _ if outcome => "leave it out, or correct it",
            _ => "correct it, or leave it out",
        };
        self.findings.push(Problem::new(code, node.range(), message).with_help(help));
        true
    }

    /// A comparison of `action` that the rule's `on` has answered already.
    fn by_the_rule(&self, node: &Node, outcome: bool) -> Option<String> {
        let actions = self.actions?;
        let Expr::Binary(_, sides) = &node.expr else { return None };
        let about_action = [&sides.0, &sides.1].into_iter().any(is_action);
        let listed =
            actions.iter().take(3).map(|action| format!("`{action}`")).collect::<Vec<_>>().join(", ");
        let more = if actions.len() > 3 { ", …" } else { "" };
        let always = if outcome { "always" } else { "never" };
        about_action.then(|| format!("this is {always} true here: the rule is on {listed}{more}"))
    }

    /// The two operands that contradict each other, or one of which always holds.
    #[inline(never)]
    fn pair(&mut self, node: &'e Node, bound: &mut Bound<'e>) -> Option<String> {
        let (terms, want, what) = match &node.expr {
            Expr::And(terms) => (terms, Want::True, "cannot both be true"),
            Expr::Or(terms) => (terms, Want::False, "cannot both be false"),
            _ => return None,
        };
        if terms.len() > MOST_OPERANDS {
            return None;
        }
        let parts: Vec<Term> = terms.iter().map(|term| self.analysis.lower(term, bound)).collect();
        for (at, second) in parts.iter().enumerate() {
            for (before, first) in parts.iter().take(at).enumerate() {
                if self.analysis.impossible(vec![(*first, want), (*second, want)], self.actions) {
                    let (first, second) = (self.quoted(terms.get(before)?)?, self.quoted(terms.get(at)?)?);
                    return Some(format!("{first} and {second} {what}"));
                }
            }
        }
        None
    }

    /// A short part of the expression, as it is written.
    fn quoted(&self, node: &Node) -> Option<String> {
        let text = self.source.get(node.range())?;
        // The range of an operation leaves out the brackets around its outermost operands.
        let level = text.chars().fold(0_i32, |level, c| match c {
            '(' => level.saturating_add(1),
            ')' => level.saturating_sub(1),
            _ => level,
        });
        let short = text.chars().count() <= LONGEST && !text.contains(['\n', '`']);
        (short && level == 0).then(|| format!("`{text}`"))
    }

    /// A comparison with what the context never holds.
    #[inline(never)]
    fn comparison(&mut self, node: &'e Node, bound: &mut Bound<'e>) -> bool {
        let Expr::Binary(operator, sides) = &node.expr else { return false };
        let sides = match operator {
            Binary::Equal | Binary::NotEqual if sides.0.expr.as_text().is_some() => (&sides.1, &sides.0),
            Binary::Equal | Binary::NotEqual | Binary::In => (&sides.0, &sides.1),
            _ => return false,
        };
        let subject = self.analysis.lower(sides.0, bound);
        if *operator == Binary::Equal && self.out_of_range(node, subject, sides.1, bound) {
            return true;
        }
        let Some(path) = self.analysis.terms.path(subject) else { return false };
        let literals: Vec<&Node> = match &sides.1.expr {
            Expr::Literal(_) if *operator != Binary::In => vec![sides.1],
            Expr::List(elements) if *operator == Binary::In => {
                elements.iter().map(|element| &element.value).collect()
            }
            _ => return false,
        };
        let before = self.findings.len();
        for literal in literals {
            if let Expr::Literal(Literal::String(text)) = &literal.expr
                && let Some((message, help)) = never_holds(&path, text)
            {
                let problem = Problem::new("impossible-comparison", literal.range(), message);
                self.findings.push(match help {
                    Some(help) => problem.with_help(help),
                    None => problem,
                });
            }
        }
        self.findings.len() > before
    }

    /// A part of a clock that is never shown, such as month 12.
    fn out_of_range(&mut self, node: &Node, subject: Term, value: &'e Node, bound: &mut Bound<'e>) -> bool {
        let value = self.analysis.lower(value, bound);
        let (Some((least, most)), Some(Constant::Number(number))) =
            (self.analysis.terms.bounds(subject), self.analysis.terms.constant(value))
        else {
            return false;
        };
        if (least..=most).contains(&number.get()) {
            return false;
        }
        let message = format!("this is never true: the value is {}", shown(least, most));
        self.findings.push(Problem::new("impossible-comparison", node.range(), message));
        true
    }

    /// A comparison with what lies beyond the parts of a clock.
    fn by_bounds(&mut self, node: &'e Node, outcome: bool, bound: &mut Bound<'e>) -> Option<String> {
        let Expr::Binary(_, sides) = &node.expr else { return None };
        let (least, most) = [&sides.0, &sides.1].into_iter().find_map(|side| {
            let term = self.analysis.lower(side, bound);
            self.analysis.terms.bounds(term)
        })?;
        let always = if outcome { "always" } else { "never" };
        Some(format!("this is {always} true: the value is {}", shown(least, most)))
    }
}

impl Binary {
    fn compares(self) -> bool {
        !matches!(self, Self::Add | Self::Subtract | Self::Multiply | Self::Divide | Self::Remainder)
    }
}

/// Whether all operands are comparisons of this kind.
fn all(terms: &[Node], operator: Binary) -> bool {
    terms.iter().all(|term| matches!(&term.expr, Expr::Binary(other, _) if *other == operator))
}

fn shown(least: f64, most: f64) -> String {
    if most.is_finite() { format!("{least} to {most}") } else { format!("at least {least}") }
}

fn is_headers(node: &Node, bound: &Bound<'_>) -> bool {
    let Expr::Select(select) = &node.expr else { return false };
    let Expr::Ident(name) = &select.operand.expr else { return false };
    // `.request` is the context's, whatever a loop calls its variables.
    let is_request = name == ".request" || (name == "request" && !bound.contains(&"request"));
    is_request && select.field == "headers"
}

fn is_action(node: &Node) -> bool {
    matches!(&node.expr, Expr::Ident(name) if name.trim_start_matches('.') == "action")
}

/// Why the field never holds this text, and what would be right.
#[inline(never)]
fn never_holds(path: &str, text: &str) -> Option<(String, Option<String>)> {
    match path {
        "action" if !action::is_known(text) => {
            let near = nearest(text, action::names()).map(|near| format!("did you mean `{near}`?"));
            let help = near.unwrap_or_else(|| {
                "docs/context-reference.md lists the actions; one of your own begins with `x-`".to_owned()
            });
            Some((format!("there is no action `{text}`"), Some(help)))
        }
        // The address of an interface may carry a zone.
        "request.ip" if text.split('%').next().is_none_or(|text| text.parse::<IpAddr>().is_err()) => {
            let range = crate::cel::library::network::parse_cidr(text).is_ok();
            let help = range.then(|| format!("write `cidr(\"{text}\").containsIP(request.ip)`"));
            Some((format!("`request.ip` is an IP address, which `{text}` is not"), help))
        }
        "client.id" | "realm.name" | "user.id" | "user.username" if text.is_empty() => Some((
            format!("`{path}` is never empty"),
            Some(format!("where it may be absent, write `!has({path})`")),
        )),
        _ => None,
    }
}
