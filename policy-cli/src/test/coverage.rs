//! Which clauses the cases have seen decide, both ways.

use policy_core::context::Facts;
use policy_core::explain::{Explainer, Outcome, Span};
use serde::Serialize;
use std::collections::BTreeMap;
use std::io::{self, Write};

/// What the cases have shown of one policy.
#[derive(Debug, Default, Serialize)]
pub(super) struct Coverage {
    /// Sides of clauses and rules that have been seen.
    pub(super) seen: usize,
    /// All of them.
    pub(super) all: usize,
    rules: Vec<RuleSeen>,
    clauses: Vec<ClauseSeen>,
}

/// In how many cases a rule matched, and in how many it was asked and did not.
#[derive(Debug, Serialize)]
struct RuleSeen {
    rule: String,
    line: usize,
    matched: usize,
    not_matched: usize,
    /// It has no condition: it always matches.
    always: bool,
}

/// In how many cases a clause held and decided, and in how many it did not hold and decided.
#[derive(Debug, Serialize)]
struct ClauseSeen {
    /// The rule whose condition it is a part of, perhaps through a variable.
    rule: String,
    text: String,
    #[serde(flatten)]
    span: Span,
    held: usize,
    did_not_hold: usize,
}

impl Coverage {
    /// Of cases with these facts.
    pub(super) fn of<'f>(explainer: &Explainer, cases: impl Iterator<Item = &'f Facts>) -> Self {
        let clauses = explainer.clauses().into_iter();
        let mut clauses: BTreeMap<(String, Span), ClauseSeen> = clauses
            .map(|((rule, span), text)| {
                let (rule, text) = (rule.to_owned(), text.to_owned());
                ((rule.clone(), span), ClauseSeen { rule, text, span, held: 0, did_not_hold: 0 })
            })
            .collect();
        let mut rules: Vec<RuleSeen> = explainer
            .rules()
            .map(|(rule, line)| RuleSeen {
                rule: rule.id.clone(),
                line,
                matched: 0,
                not_matched: 0,
                always: rule.when.is_none(),
            })
            .collect();
        for facts in cases {
            let Ok(explanation) = explainer.explain(facts) else { continue };
            for explained in &explanation.rules {
                if let Some(seen) = rules.iter_mut().find(|seen| seen.rule == explained.rule) {
                    seen.matched =
                        seen.matched.saturating_add(usize::from(explained.outcome == Outcome::Matched));
                    let other = explained.outcome == Outcome::NotMatched;
                    seen.not_matched = seen.not_matched.saturating_add(usize::from(other));
                }
                let asked = explained.outcome != Outcome::NotAsked;
                let tests = explained.when.iter().filter(|_| asked).flat_map(|when| when.tests());
                for clause in tests.filter(|clause| clause.decides) {
                    if let Some(seen) = clauses.get_mut(&(explained.rule.clone(), clause.span)) {
                        let side =
                            if clause.holds == Some(true) { &mut seen.held } else { &mut seen.did_not_hold };
                        *side = side.saturating_add(1);
                    }
                }
            }
        }
        let mut clauses: Vec<ClauseSeen> = clauses.into_values().collect();
        clauses.sort_by(|one, other| (one.span, &one.rule).cmp(&(other.span, &other.rule)));
        let mut coverage = Self { rules, clauses, seen: 0, all: 0 };
        let sides: Vec<bool> = coverage.sides().map(|(_, count)| count > 0).collect();
        coverage.all = sides.len();
        coverage.seen = sides.into_iter().filter(|seen| *seen).count();
        coverage
    }

    /// Everything that can be seen: in which line, and in how many cases it was.
    fn sides(&self) -> impl Iterator<Item = (usize, usize)> {
        let rules = self.rules.iter().flat_map(|it| {
            let other = (!it.always).then_some((it.line, it.not_matched));
            std::iter::once((it.line, it.matched)).chain(other)
        });
        let clauses =
            self.clauses.iter().flat_map(|it| [(it.span.line, it.held), (it.span.line, it.did_not_hold)]);
        rules.chain(clauses)
    }

    pub(super) fn is_whole(&self) -> bool {
        self.seen == self.all
    }

    /// How much of it was seen, rounded down: only all is 100.
    pub(super) fn percent(&self) -> usize {
        self.seen.saturating_mul(100).checked_div(self.all).unwrap_or(100)
    }

    /// The clauses of which a side was not seen: place, rule, text, and what is missing.
    pub(super) fn gaps(&self) -> impl Iterator<Item = (Span, &str, &str, &'static str)> {
        self.clauses.iter().filter_map(|it| {
            let missing = match (it.held, it.did_not_hold) {
                (0, 0) => "no case in which it decides",
                (0, _) => "no case in which it holds and decides",
                (_, 0) => "no case in which it does not hold and decides",
                _ => return None,
            };
            Some((it.span, it.rule.as_str(), it.text.as_str(), missing))
        })
    }

    /// As LCOV's `geninfo` writes it: rules are functions, the two sides of a clause are branches.
    pub(super) fn write_lcov(&self, policy: &str, out: &mut impl Write) -> io::Result<()> {
        writeln!(out, "TN:\nSF:{policy}")?;
        for it in &self.rules {
            writeln!(out, "FN:{},{}\nFNDA:{},{}", it.line, it.rule, it.matched, it.rule)?;
        }
        let matched = self.rules.iter().filter(|it| it.matched > 0).count();
        writeln!(out, "FNF:{}\nFNH:{matched}", self.rules.len())?;
        let mut lines: BTreeMap<usize, usize> = BTreeMap::new();
        for (block, it) in self.clauses.iter().enumerate() {
            for (branch, count) in [it.held, it.did_not_hold].into_iter().enumerate() {
                let taken = if it.held.saturating_add(it.did_not_hold) == 0 {
                    "-".to_owned()
                } else {
                    count.to_string()
                };
                writeln!(out, "BRDA:{},{block},{branch},{taken}", it.span.line)?;
            }
        }
        let branches = self.clauses.iter().flat_map(|it| [it.held, it.did_not_hold]);
        writeln!(
            out,
            "BRF:{}\nBRH:{}",
            self.clauses.len().saturating_mul(2),
            branches.filter(|count| *count > 0).count()
        )?;
        for (line, count) in self.sides() {
            let hits = lines.entry(line).or_default();
            *hits = hits.saturating_add(count);
        }
        for (line, count) in &lines {
            writeln!(out, "DA:{line},{count}")?;
        }
        writeln!(
            out,
            "LF:{}\nLH:{}\nend_of_record",
            lines.len(),
            lines.values().filter(|count| **count > 0).count()
        )
    }
}
