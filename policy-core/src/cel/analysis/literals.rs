//! Literals that a function refuses each time, and patterns that are not written out.

use crate::cel::ast::{Call, Node};
use crate::cel::library::{network, pattern};
use crate::cel::problem::{Problem, nearest};
use crate::cel::time::{Instant, Span, is_zone};

/// The memory that the argument of a call takes once it is compiled: that of a regular expression, in bytes.
///
/// # Errors
///
/// What is wrong with the argument, where the function can never take it.
#[inline(never)]
pub(in crate::cel) fn argument(call: &Call) -> Result<usize, Problem> {
    if call.function.trim_start_matches('.') == "matches" {
        let Some(pattern) = call.args.get(usize::from(call.target.is_none())) else { return Ok(0) };
        let Some(text) = pattern.expr.as_text() else { return Err(dynamic(pattern)) };
        return pattern::size(text)
            .map_err(|message| Problem::new("invalid-regex", pattern.range(), message));
    }
    literal(call).map_or(Ok(0), Err)
}

#[inline(never)]
fn literal(call: &Call) -> Option<Problem> {
    let member = call.target.is_some();
    let function = call.function.trim_start_matches('.');
    let arg = match function {
        "ip" | "cidr" | "timestamp" | "duration" | "ip.isCanonical" if !member => call.args.first(),
        "containsIP" | "containsCIDR" => call.args.first(),
        _ if member && function.starts_with("get") => call.args.first(),
        _ => return None,
    }?;
    let text = arg.expr.as_text()?;
    let problem = |code, message: String| Some(Problem::new(code, arg.range(), message));
    match function {
        "ip" | "ip.isCanonical" | "containsIP" => {
            problem("invalid-ip", network::parse_ip(text).err()?.to_owned())
        }
        "cidr" | "containsCIDR" => problem("invalid-cidr", network::parse_cidr(text).err()?.to_owned()),
        "timestamp" if Instant::parse(text).is_none() => problem(
            "invalid-timestamp",
            "this is no timestamp; one is written `2026-01-31T12:00:00Z`".to_owned(),
        ),
        "duration" if Span::parse(text).is_none() => {
            problem("invalid-duration", "this is no duration; one is written `1h30m` or `90s`".to_owned())
        }
        "timestamp" | "duration" => None,
        _ => zone(text)
            .map(|(message, help)| Problem::new("invalid-time-zone", arg.range(), message).with_help(help)),
    }
}

fn dynamic(arg: &Node) -> Problem {
    let message = "the pattern of `matches` must be written out: it is compiled when the policy is loaded";
    Problem::new("non-constant-pattern", arg.range(), message)
        .with_help("write it as a text, or use `startsWith`, `endsWith`, `contains` or `==`")
}

/// What is wrong with a time zone, where it is none.
#[inline(never)]
fn zone(text: &str) -> Option<(String, String)> {
    if is_zone(text) {
        return None;
    }
    if text.contains(':') || text.starts_with(['+', '-']) {
        let message = format!("`{text}` is no offset from UTC");
        return Some((
            message,
            "one is written `+01:00`; a name such as `Europe/Zurich` knows summer time".to_owned(),
        ));
    }
    let help = match near_zone(text) {
        Some(zone) => format!("did you mean `{zone}`?"),
        None => {
            "write the name of a time zone, such as `Europe/Zurich`, or an offset such as `+01:00`".to_owned()
        }
    };
    Some((format!("there is no time zone `{text}`"), help))
}

#[inline(never)]
fn near_zone(text: &str) -> Option<&'static str> {
    let zones = || chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name());
    let city = text.replace(' ', "_");
    let of_city = |zone: &&str| zone.rsplit('/').next().is_some_and(|last| last.eq_ignore_ascii_case(&city));
    let alike = |zone: &&str| {
        let first = |name: &str| name.chars().next().map(|c| c.to_ascii_lowercase());
        first(zone) == first(text)
    };
    zones().find(of_city).or_else(|| nearest(text, zones().filter(alike)))
}
