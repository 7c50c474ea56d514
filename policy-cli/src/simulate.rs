//! `jit-policy simulate`: a chain of approvers along a timeline, as a table.

use crate::args::{Format, SimulateArgs};
use crate::explain::given;
use crate::test::timeline::{Happened, Step, hopeless, walk};
use crate::test::{Named, People};
use crate::text::{bold, harmless, write_json};
use crate::{Ending, Trouble, files, reported, yaml};
use anstyle::{AnsiColor, Style};
use policy_core::approval::{Effect, Outcome};
use policy_core::policy::duration;
use policy_core::testing::PolicyTest;
use policy_core::time::Timestamp;
use serde::Serialize;
use std::io::{self, Read, Write};

/// The version of what `--format json` writes; it grows when a member is renamed, dropped, or means something else.
const FORMAT_VERSION: u32 = 1;

/// What is written as JSON.
#[derive(Debug, Serialize)]
struct Answer<'a> {
    version: u32,
    steps: Vec<Line<'a>>,
    faults: &'a [String],
}

#[derive(Debug, Serialize)]
struct Line<'a> {
    /// Seconds after the request was opened.
    at: u32,
    what: &'a str,
    outcome: &'a Outcome,
}

/// Walks the timeline, and writes what happened.
///
/// # Errors
/// Where the policy, the context or the timeline is none, or nobody is asked.
pub(crate) fn run(args: &SimulateArgs, stdin: impl Read, out: &mut impl Write) -> Result<Ending, Trouble> {
    let files::File { name, text } = files::read(&args.step.policy);
    let policy = PolicyTest::named(&text.map_err(Trouble)?, &name);
    let policy = policy.map_err(|error| Trouble(format!("the policy is refused\n\n{error}")))?;
    let Named { timeline, mut people, .. } = given::case(&args.step)?.unwrap_or_default();
    people.extend(persons(&args.person)?);
    let timeline = if args.does.is_empty() { timeline } else { steps(&args.does)? };
    let step = policy.given(given::context(&args.step, stdin)?);
    let decision =
        step.decide().map_err(|error| Trouble(format!("no server gives such a context: {error}")))?;
    let (happened, faults) = walk(&timeline, &people, &decision, step.context());
    if happened.is_empty() {
        return Err(Trouble(faults.join("; ")));
    }
    let written = match args.step.format {
        Format::Human => {
            let opened = step.context().get("now").and_then(|now| Timestamp::parse(now.as_str()?).ok());
            table(opened, &happened, &faults, out)
        }
        Format::Json => {
            let steps =
                happened.iter().map(|it| Line { at: it.at, what: &it.what, outcome: &it.outcome }).collect();
            let answer = Answer { version: FORMAT_VERSION, steps, faults: &faults };
            write_json(&answer, out)
        }
    };
    reported(written)?;
    Ok(if faults.is_empty() { Ending::Good } else { Ending::Bad })
}

fn persons(given: &[String]) -> Result<People, Trouble> {
    given
        .iter()
        .map(|person| {
            let (name, member) = person.split_once('=').unwrap_or((person, "{}"));
            Ok((name.trim().to_owned(), yaml::read(member, name).map_err(Trouble)?))
        })
        .collect()
}

fn steps(given: &[String]) -> Result<Vec<Step>, Trouble> {
    let read = |line: &String| {
        let written = yaml::read(&format!("{{{line}}}"), "--does")?;
        Step::read(&written).map_err(|why| format!("--does {line:?}: {why}"))
    };
    given.iter().map(read).collect::<Result<_, _>>().map_err(Trouble)
}

const HEAD: [&str; 6] = ["at", "what", "status", "stage", "deadline", "then"];

fn table(
    opened: Option<Timestamp>,
    happened: &[Happened],
    faults: &[String],
    out: &mut impl Write,
) -> io::Result<()> {
    let rows: Vec<[String; 6]> = happened.iter().map(|it| row(opened, it)).collect();
    let widths: Vec<usize> = (0..HEAD.len())
        .map(|column| {
            let cells = rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count());
            cells.chain(HEAD.get(column).map(|head| head.len())).max().unwrap_or_default()
        })
        .collect();
    let head = Style::new().bold();
    writeln!(out, "{head}{}{head:#}", line(&HEAD.map(str::to_owned), &widths))?;
    for row in &rows {
        writeln!(out, "{}", line(row, &widths))?;
    }
    let red = bold(AnsiColor::Red);
    for fault in faults {
        writeln!(out, "{red}failed{red:#} {}", harmless(fault))?;
    }
    Ok(())
}

fn line(cells: &[String; 6], widths: &[usize]) -> String {
    let cells = cells.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}"));
    cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
}

fn row(opened: Option<Timestamp>, Happened { at, what, outcome }: &Happened) -> [String; 6] {
    let after = |instant: Option<Timestamp>| {
        let seconds = opened.zip(instant).map(|(from, to)| from.seconds_until(to));
        seconds.map_or_else(String::new, duration::show)
    };
    let mut then: Vec<String> = outcome
        .effects
        .iter()
        .map(|effect| match effect {
            Effect::NotifyStage { stage } => format!("{stage} is asked"),
            Effect::NotifyOutcome { .. } => "everybody is told".to_owned(),
        })
        .collect();
    then.extend(hopeless(outcome));
    then.extend(outcome.rejection.as_ref().map(|rejection| format!("refused: {}", rejection.message)));
    then.extend(outcome.grant_until.map(|end| format!("good until {}", after(Some(end)))));
    let status = outcome.status.map_or("", |status| status.name());
    [
        duration::show(*at),
        harmless(what),
        status.to_owned(),
        harmless(outcome.stage.as_deref().unwrap_or_default()),
        after(outcome.deadline),
        harmless(&then.join("; ")),
    ]
}
