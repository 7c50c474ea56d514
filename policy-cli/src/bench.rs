//! `jit-policy bench`: what a decision costs, from its JSON to its JSON, by this machine's clock.

use crate::args::{BenchArgs, Format};
use crate::explain::given;
use crate::text::{grouped, harmless, many, write_json};
use crate::{Ending, Trouble, files, reported};
use policy_core::wire::Engine;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::io::{self, Read, Write};
use std::time::{Duration, Instant};

/// The version of what `--format json` writes; it grows when a member is renamed, dropped, or means something else.
const FORMAT_VERSION: u32 = 1;

/// How many decisions are timed as one: a clock is too coarse for a single one.
const AT_ONCE: u32 = 64;

/// How often a policy is loaded.
const LOADS: usize = 9;

/// What was measured, in nanoseconds.
#[derive(Debug, Serialize)]
struct Measured {
    version: u32,
    policy: String,
    rules: usize,
    /// What was decided all the while.
    effect: String,
    rule: Option<String>,
    /// The median of some loads.
    load: u128,
    /// The median of decisions, and the 99th percentile, each of the mean of 64.
    median: u128,
    p99: u128,
    decisions: u64,
}

/// What the engine says of a policy.
#[derive(Deserialize)]
struct Loaded {
    hash: String,
    rules: Vec<String>,
}

/// What it decides.
#[derive(Deserialize)]
struct Decided {
    effect: String,
    rule: Option<String>,
}

/// Times a policy on one step.
///
/// # Errors
/// Where the policy or the context can't be read, or is none.
pub(crate) fn run(args: &BenchArgs, stdin: impl Read, out: &mut impl Write) -> Result<Ending, Trouble> {
    let files::File { name, text } = files::read(&args.step.policy);
    let source = text.map_err(Trouble)?;
    let context = given::context(&args.step, stdin)?;
    let mut engine = Engine::new();
    let load = request("load", &json!({ "source": source, "file": name }));
    let policy: Loaded = answered(&mut engine, &load)?;
    let decide = request("decide", &json!({ "policy": policy.hash, "context": context }));
    let decision: Decided = answered(&mut engine, &decide)?;
    let mut loads: Vec<u128> = (0..LOADS).map(|_| time(1, || drop(Engine::new().call(&load)))).collect();
    let mut decisions = Vec::new();
    // What is measured first is slow: caches are cold.
    let patience = Duration::from_secs(args.seconds.into());
    time_for(patience.div_f32(10.0), &mut engine, &decide, &mut Vec::new());
    time_for(patience, &mut engine, &decide, &mut decisions);
    let count = u64::try_from(decisions.len()).unwrap_or(u64::MAX).saturating_mul(AT_ONCE.into());
    let (median, p99) = (percentile(&mut decisions, 50), percentile(&mut decisions, 99));
    let measured = Measured {
        version: FORMAT_VERSION,
        policy: name,
        rules: policy.rules.len(),
        effect: decision.effect,
        rule: decision.rule,
        load: percentile(&mut loads, 50),
        median,
        p99,
        decisions: count,
    };
    reported(match args.step.format {
        Format::Human => measured.human(out),
        Format::Json => write_json(&measured, out),
    })?;
    Ok(Ending::Good)
}

fn request(op: &str, body: &Value) -> Vec<u8> {
    json!({ "v": 1, "op": op, "body": body }).to_string().into_bytes()
}

/// What the engine answers, or why it doesn't.
fn answered<T: DeserializeOwned>(engine: &mut Engine, request: &[u8]) -> Result<T, Trouble> {
    let answer: Value = serde_json::from_slice(&engine.call(request)).unwrap_or_default();
    if let Some(ok) = answer.get("ok") {
        return T::deserialize(ok)
            .map_err(|error| Trouble(format!("the engine's answer is another: {error}")));
    }
    let found = answer.pointer("/error/diagnostics").and_then(Value::as_array);
    let found: Vec<&str> =
        found.into_iter().flatten().filter_map(|it| it.get("rendered")?.as_str()).collect();
    let message =
        answer.pointer("/error/message").and_then(Value::as_str).unwrap_or("the engine gave no answer");
    Err(Trouble(format!("{message}\n\n{}", found.join("\n\n")).trim_end().to_owned()))
}

fn time_for(patience: Duration, engine: &mut Engine, request: &[u8], times: &mut Vec<u128>) {
    let begun = now();
    while begun.elapsed() < patience {
        times.push(time(AT_ONCE, || drop(std::hint::black_box(engine.call(std::hint::black_box(request))))));
    }
}

/// The mean of some runs.
fn time(runs: u32, mut run: impl FnMut()) -> u128 {
    let begun = now();
    for _ in 0..runs {
        run();
    }
    begun.elapsed().as_nanos().checked_div(runs.into()).unwrap_or_default()
}

#[allow(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
fn now() -> Instant {
    Instant::now()
}

fn percentile(times: &mut [u128], percent: usize) -> u128 {
    times.sort_unstable();
    let at = times.len().saturating_sub(1).saturating_mul(percent) / 100;
    times.get(at).copied().unwrap_or_default()
}

impl Measured {
    fn human(&self, out: &mut impl Write) -> io::Result<()> {
        let by = self
            .rule
            .as_deref()
            .map_or("the policy's default".to_owned(), |rule| format!("the rule `{rule}`"));
        writeln!(out, "{}: {}, {} by {by}", harmless(&self.policy), many(self.rules, "rule"), self.effect)?;
        let shown = |nanoseconds: u128| grouped(u64::try_from(nanoseconds).unwrap_or(u64::MAX));
        writeln!(out, "  load    {} µs", shown(self.load / 1000))?;
        writeln!(out, "  decide  {} ns, 99th percentile {} ns", shown(self.median), shown(self.p99))?;
        writeln!(
            out,
            "{} decisions, native and on one core; in Keycloak each takes about three times as long.",
            grouped(self.decisions)
        )
    }
}
