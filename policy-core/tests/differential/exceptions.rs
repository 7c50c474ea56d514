//! Where the engine and the crate differ, and why.

use serde_json::Value;

use crate::cases::Outcome;

/// An expression, and what came of it on either side.
pub(crate) struct Seen<'s> {
    pub(crate) source: &'s str,
    pub(crate) ours: &'s Outcome,
    pub(crate) theirs: &'s Outcome,
}

impl Seen<'_> {
    fn has(&self, part: &str) -> bool {
        self.source.contains(part)
    }

    /// The engine has a value, and the crate's error says one of these.
    fn only_they_fail(&self, with: &[&str]) -> bool {
        self.ours.is_ok()
            && matches!(self.theirs, Err((_, why)) if with.iter().any(|part| why.contains(part)))
    }

    /// The crate has a value, and the engine's error says this.
    fn only_we_fail(&self, with: &str) -> bool {
        self.theirs.is_ok() && matches!(self.ours, Err((_, why)) if why.contains(with))
    }
}

pub(crate) struct Exception {
    pub(crate) reason: &'static str,
    /// An expression that shows it.
    pub(crate) example: &'static str,
    pub(crate) covers: fn(&Seen<'_>) -> bool,
}

pub(crate) const EXCEPTIONS: &[Exception] = &[
    Exception {
        reason: "cel-spec: the milliseconds of a duration are the part below a second; the crate gives the whole span",
        example: "duration('1.5s').getMilliseconds()",
        covers: |seen| seen.has("getMilliseconds()"),
    },
    Exception {
        reason: "cel-spec has no sum of a list and a map; the crate adds the entries in a random order",
        example: "[1] + {'a': 2}",
        covers: |seen| {
            seen.has(" + ") && seen.has("{") && seen.only_we_fail("`+` does not work on a list and a map")
        },
    },
    Exception {
        reason: "as in cel-go, what `or` and `orValue` are given is evaluated where it is needed; the crate always does",
        example: "optional.of(1).orValue(1 / 0)",
        covers: |seen| seen.has(".or") && seen.ours.is_ok() && seen.theirs.is_err(),
    },
    Exception {
        reason: "`or` takes an optional; the crate gives back whatever it is called with",
        example: "optional.none().or([1])",
        covers: |seen| seen.has(".or(") && seen.only_we_fail("`or` can't be called on an optional with"),
    },
    Exception {
        reason: "only an optional may stand behind `?`, as in cel-go; the crate takes any value",
        example: "[?1]",
        covers: |seen| seen.has("?") && seen.only_we_fail("this needs an optional, not"),
    },
    Exception {
        reason: "what is neither a list nor a map has nothing that could be absent: a mistake; for the crate it is absence",
        example: "1.?a",
        covers: |seen| {
            seen.has("?")
                && (seen.only_we_fail("is no field of") || seen.only_we_fail("can't be indexed with"))
        },
    },
    Exception {
        reason: "what no key can be is not in a map; for the crate it is an error to ask",
        example: "null in {}",
        covers: |seen| seen.has(" in ") && seen.only_they_fail(&[""]),
    },
    Exception {
        reason: "NaN is neither less nor greater than anything (IEEE 754), which cel-spec leaves open; the crate fails",
        example: "0.0 / 0.0 < 1.0",
        covers: |seen| {
            let orders = ["'_<_' applied", "'_<=_' applied", "'_>_' applied", "'_>=_' applied", "NaN"];
            seen.only_they_fail(&orders) || (seen.has("0.0 / 0.0") && seen.only_they_fail(&[""]))
        },
    },
    Exception {
        reason: "a double is written as in cel-go, with an exponent where it is large or small; the crate writes all digits",
        example: "string(1e21)",
        covers: |seen| seen.has("string(") && seen.ours.is_ok() && seen.theirs.is_ok(),
    },
    Exception {
        reason: "cel-spec does not say which instant is zero; the crate takes 1970, cel-go the year 1, and ours is never zero",
        example: "optional.ofNonZeroValue(timestamp(0))",
        covers: |seen| seen.has("ofNonZeroValue(") && seen.has("timestamp("),
    },
    Exception {
        reason: "an offset beyond the end is an error for an empty part as well; the crate cuts it to the end",
        example: "'abc'.indexOf('', 9)",
        covers: |seen| seen.has("ndexOf(") && seen.only_we_fail("ndexOf` can't be computed for this value"),
    },
    Exception {
        reason: "`optFlatMap` takes an optional; the crate gives back whatever its body is",
        example: "optional.of(1).optFlatMap(x, x)",
        covers: |seen| seen.has("optFlatMap(") && seen.only_we_fail("`optFlatMap` needs an optional here"),
    },
    Exception {
        reason: "a literal that a function can't take is an error when it is evaluated; for the crate's macros, when it is parsed",
        example: "false && math.greatest('a', 1) == 1",
        covers: |seen| {
            seen.only_they_fail(&[
                "literal arguments must be numeric",
                "invalid single argument",
                "sortBy can only be",
            ])
        },
    },
    Exception {
        reason: "the keys of a map come in their order; in the crate, in any",
        example: "{1: 1, 2: 1, 3: 1, 4: 1, 5: 1, 6: 1, 7: 1, 8: 1, 9: 1, 10: 1, 11: 1, 12: 1}.map(k, k)",
        covers: |seen| matches!((seen.ours, seen.theirs), (Ok(ours), Ok(theirs)) if parts(ours) == parts(theirs)),
    },
];

/// What a value holds, in no order.
fn parts(value: &Value) -> Vec<String> {
    match value.as_array() {
        Some(items) if items.iter().any(Value::is_array) => {
            let mut parts: Vec<_> = items.iter().flat_map(parts).collect();
            parts.sort();
            parts
        }
        _ => vec![value.to_string()],
    }
}
