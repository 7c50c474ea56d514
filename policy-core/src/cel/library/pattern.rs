//! `matches`, within bounds.
//!
//! Patterns are RE2's and matched in linear time, but compiling one can take milliseconds. One that is written out is
//! compiled with the policy; one that is made of the context once a decision, within a bounded size, and at a cost.

use regex::{Regex, RegexBuilder};

use super::{Returned, Wrong};
use crate::cel::limits::{MAX_REGEX_BYTES, SMALL_REGEX_BYTES};
use crate::cel::run::{Run, units};
use crate::cel::val::Val;

/// A compiled pattern.
#[derive(Debug, Clone)]
pub(in crate::cel) struct Pattern {
    regex: Regex,
    class: Class,
}

/// Patterns of about one size. Matching looks at a byte of the text once for each place in the pattern that it may be at, so that a
/// larger pattern costs more.
#[derive(Debug, Clone, Copy)]
struct Class {
    /// Memory of the compiled pattern, in bytes.
    size: usize,
    /// What compiling costs, in units of the budget.
    compiling: u64,
    /// What matching 16 bytes costs.
    matching: u64,
}

const CLASSES: [Class; 3] = [
    Class { size: 1 << 13, compiling: 500, matching: 4 },
    Class { size: SMALL_REGEX_BYTES, compiling: 500, matching: 32 },
    Class { size: MAX_REGEX_BYTES, compiling: 10_500, matching: 512 },
];

/// What it costs to find out that there is no such pattern.
const REFUSED: u64 = 10_500;

impl Pattern {
    /// Why there is no such pattern, or the pattern.
    pub(in crate::cel) fn new(source: &str) -> Result<Self, &'static str> {
        for class in CLASSES {
            match build(source, class.size) {
                Ok(regex) => return Ok(Self { regex, class }),
                Err(regex::Error::CompiledTooBig(_)) => {}
                Err(_) => return Err("the pattern of `matches` is no valid regular expression"),
            }
        }
        Err("the pattern of `matches` is too large")
    }

    pub(in crate::cel) fn is_match(&self, text: &str) -> bool {
        self.regex.is_match(text)
    }

    /// What matching this text costs.
    pub(in crate::cel) fn cost(&self, text: &str) -> u64 {
        units(text.len()).saturating_mul(self.class.matching)
    }
}

/// What matching 16 bytes costs; 1 where there is no such pattern.
pub(in crate::cel) fn matching(source: &str) -> u64 {
    Pattern::new(source).map_or(1, |pattern| pattern.class.matching)
}

/// Groups and repetitions inside each other. Compiling goes into each, on the small stack of a module.
const MOST_NESTED: u32 = 50;

fn build(source: &str, size: usize) -> Result<Regex, regex::Error> {
    RegexBuilder::new(source).size_limit(size).nest_limit(MOST_NESTED).build()
}

/// Bounds that a pattern may fit, in bytes.
const SIZES: [usize; 5] = [1 << 12, 1 << 14, SMALL_REGEX_BYTES, 1 << 18, MAX_REGEX_BYTES];

/// The memory that a pattern takes once it is compiled, rounded up.
///
/// # Errors
///
/// Why it can never be matched with.
pub(in crate::cel) fn size(pattern: &str) -> Result<usize, String> {
    for size in SIZES {
        match build(pattern, size) {
            Ok(_) => return Ok(size),
            Err(regex::Error::Syntax(told)) => {
                let reason = told.lines().last().unwrap_or_default().trim_start_matches("error: ");
                return Err(format!("this is no valid regular expression (RE2): {reason}"));
            }
            Err(_) => {}
        }
    }
    Err("this regular expression is too large".to_owned())
}

/// `matches` with a pattern that is not written out.
pub(super) fn matches<'a>(run: &Run<'a>, args: &[Val<'a>]) -> Returned<'a> {
    let [Val::String(text), Val::String(source)] = args else { return Err(Wrong::Types) };
    if !run.patterns.borrow().contains_key(source) {
        let pattern = Pattern::new(source);
        run.charge(pattern.as_ref().map_or(REFUSED, |pattern| pattern.class.compiling))?;
        run.patterns.borrow_mut().insert(source, pattern.map_err(Wrong::Says)?);
    }
    let patterns = run.patterns.borrow();
    let pattern = patterns.get(source).ok_or(Wrong::Value)?;
    run.charge(pattern.cost(text))?;
    Ok(Val::Bool(pattern.is_match(text)))
}
