//! What is legal and probably not meant. Only a policy without errors is worth these remarks.
//!
//! A remark is made where it is certain. All of them together take steps in proportion to the policy: rules that may have
//! to do with each other are found by an index, never by trying all pairs.

mod absorbed;
mod alike;
mod approvers;
mod doors;
mod index;
mod reach;
mod unused;

use std::collections::BTreeMap;

use super::codes;
use super::expressions::Expressions;
use super::load::{Chains, ReadRule, Settings};
use super::model::{Combine, Mode, Rule};
use super::reader::Reader;
use crate::cel::Expression;
use crate::cel::analysis::{Analysis, Term};

/// Rules with their conditions.
struct Rules<'r> {
    rules: Vec<Linted<'r>>,
    combine: Combine,
}

/// A rule with its condition.
struct Linted<'r> {
    rule: &'r Rule,
    /// Where its id stands.
    range: std::ops::Range<usize>,
    condition: Term,
}

impl Linted<'_> {
    fn is_enforced(&self) -> bool {
        self.rule.mode == Mode::Enforce
    }
}

/// Warns of what nothing uses, of conditions that always come out alike, and of rules and stages that can never decide.
#[inline(never)]
pub(crate) fn lint(
    reader: &mut Reader<'_>,
    expressions: &Expressions<'_>,
    chains: &Chains,
    rules: &[ReadRule],
    settings: Settings,
) {
    unused::check(reader, expressions, chains, rules);
    let variables: BTreeMap<String, Expression> =
        expressions.variables().map(|(name, expression, _)| (name.to_owned(), expression.clone())).collect();
    let mut analysis = Analysis::new(expressions.scope(), &variables);
    let linted: Vec<Linted<'_>> = rules
        .iter()
        .map(|read| {
            let rule = &read.value;
            let condition = match &rule.when {
                Some(when) => analysis.condition(when),
                None => analysis.always(),
            };
            Linted { rule, range: read.range.clone(), condition }
        })
        .collect();
    conditions(reader, expressions, &linted, &mut analysis);
    let rules = Rules { rules: linted, combine: settings.combine };
    let told = match rules.combine {
        Combine::FirstMatch => reach::check(reader, &rules, &mut analysis),
        Combine::Strictest => absorbed::check(reader, &rules, &mut analysis, settings.default),
    };
    alike::check(reader, &rules, &analysis, &told);
    approvers::check(reader, chains, &rules, &mut analysis);
    doors::check(reader, chains, &rules, &mut analysis);
    reader.rule = None;
}

/// Conditions, variables, reasons and approvers, each where it is written.
#[inline(never)]
fn conditions(
    reader: &mut Reader<'_>,
    expressions: &Expressions<'_>,
    rules: &[Linted<'_>],
    analysis: &mut Analysis<'_>,
) {
    for (_, expression, scalar) in expressions.variables() {
        expressions.remark(reader, scalar, analysis.findings(expression, None));
    }
    let actions: BTreeMap<&str, _> =
        rules.iter().map(|linted| (linted.rule.id.as_str(), &linted.rule.on)).collect();
    for (expression, scalar, rule) in expressions.compiled() {
        let on = rule.and_then(|id| actions.get(id).copied());
        let findings = analysis.findings(expression, on);
        reader.rule = rule.map(str::to_owned);
        expressions.remark(reader, scalar, findings);
    }
    for linted in rules {
        if linted.rule.when.as_ref().is_some_and(|when| when.source().trim() == "false") {
            reader.rule = Some(linted.rule.id.clone());
            reader.warn(
                codes::UNREACHABLE_RULE,
                linted.range.clone(),
                "this rule never matches: its condition is `false`",
                "to try a rule out, write `mode: observe`",
            );
        }
    }
    reader.rule = None;
}
