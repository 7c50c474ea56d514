//! `matches`, within bounds.
//!
//! Patterns are RE2's and matched in linear time, but compiling one can take milliseconds, and a pattern may come from
//! the context. So each is compiled once a decision, has a bounded size, and costs what its size makes it cost.

use std::cell::RefCell;
use std::collections::BTreeMap;

use cel::common::types::CelString;
use regex::{Regex, RegexBuilder};

use super::ast::Node;
use super::evaluate::{Evaluator, Failure, Val1, bool, fault};
use super::limits::{MAX_REGEX_BYTES, SMALL_REGEX_BYTES};
use super::operate::cost;

/// The patterns compiled for a decision; a large one is marked.
#[derive(Default)]
pub(super) struct Patterns(RefCell<BTreeMap<String, (Regex, bool)>>);

/// What compiling costs, in units of the budget.
const SMALL: u64 = 500;
const LARGE: u64 = 10_000;

impl Evaluator<'_> {
    /// The value of a call of `matches` on two strings, or nothing for any other call.
    pub(super) fn matches<'a>(
        &'a self,
        name: &str,
        args: &[Val1<'_>],
        node: &Node,
    ) -> Result<Option<Val1<'a>>, Failure> {
        let [text, pattern] = args else { return Ok(None) };
        let (Some(text), Some(pattern)) =
            (text.downcast_ref::<CelString<'_>>(), pattern.downcast_ref::<CelString<'_>>())
        else {
            return Ok(None);
        };
        if name != "matches" {
            return Ok(None);
        }
        let known = self.patterns.0.borrow().get(pattern.inner()).cloned();
        let (regex, large) = match known {
            Some(known) => known,
            None => self.compile(pattern.inner(), node)?,
        };
        let length = cost(text.inner().len()) >> 4;
        self.charge(length.saturating_mul(if large { 64 } else { 4 }))?;
        Ok(Some(bool(regex.is_match(text.inner()))))
    }

    fn compile(&self, pattern: &str, node: &Node) -> Result<(Regex, bool), Failure> {
        self.charge(SMALL)?;
        let compiled = match build(pattern, SMALL_REGEX_BYTES) {
            Err(regex::Error::CompiledTooBig(_)) => {
                self.charge(LARGE)?;
                build(pattern, MAX_REGEX_BYTES).map(|regex| (regex, true))
            }
            small => small.map(|regex| (regex, false)),
        };
        match compiled {
            Ok(compiled) => {
                self.patterns.0.borrow_mut().insert(pattern.to_owned(), compiled.clone());
                Ok(compiled)
            }
            Err(regex::Error::CompiledTooBig(_)) => fault(node, "the pattern of `matches` is too large"),
            Err(_) => fault(node, "the pattern of `matches` is no valid regular expression"),
        }
    }
}

fn build(pattern: &str, size: usize) -> Result<Regex, regex::Error> {
    RegexBuilder::new(pattern).size_limit(size).build()
}

/// Why `pattern` can never be matched with, if it can't.
pub(super) fn problem(pattern: &str) -> Option<String> {
    match build(pattern, MAX_REGEX_BYTES) {
        Ok(_) => None,
        Err(regex::Error::Syntax(told)) => {
            let reason = told.lines().last().unwrap_or_default().trim_start_matches("error: ");
            Some(format!("this is no valid regular expression (RE2): {reason}"))
        }
        Err(_) => Some("this regular expression is too large".to_owned()),
    }
}
