//! For people: the decision, and each rule with its clauses as a tree.

use crate::text::{bold, harmless};
use anstyle::{AnsiColor, Style};
use policy_core::approval::chain::{Quorum, Stage};
use policy_core::decision::{Decision, Effect};
use policy_core::explain::{Clause, Explained, Kind, Outcome, WITHHELD};
use policy_core::policy::{Mode, duration};
use serde_json::Value as Json;
use std::io::{self, Write};

/// The longest value that is quoted, in characters.
const LONGEST: usize = 120;

pub(super) fn write(
    file: &str,
    action: &str,
    decision: &Decision,
    rules: Option<&[Explained]>,
    out: &mut impl Write,
) -> io::Result<()> {
    decided(action, decision, out)?;
    each(file, rules.unwrap_or_default(), out)
}

/// Each rule with its clauses as a tree.
pub(crate) fn each(file: &str, rules: &[Explained], out: &mut impl Write) -> io::Result<()> {
    for explained in rules {
        writeln!(out)?;
        rule(file, explained, out)?;
    }
    Ok(())
}

fn decided(action: &str, decision: &Decision, out: &mut impl Write) -> io::Result<()> {
    let colour = match decision.effect {
        Effect::Allow => AnsiColor::Green,
        Effect::Deny => AnsiColor::Red,
        Effect::Confirm | Effect::StepUp | Effect::RequireApproval => AnsiColor::Yellow,
    };
    let style = bold(colour);
    let by = decision
        .rule
        .as_deref()
        .map_or("the policy's default".to_owned(), |rule| format!("the rule `{rule}`"));
    writeln!(out, "{}: {style}{}{style:#}, by {}", harmless(action), decision.effect.name(), harmless(&by))?;
    if let Some(reason) = &decision.reason {
        writeln!(out, "  reason: {}", harmless(reason))?;
    }
    let obligations = &decision.obligations;
    if let Some(acr) = &obligations.acr {
        writeln!(out, "  step up to: {}", harmless(acr))?;
    }
    if obligations.confirm {
        let held = obligations
            .remember
            .map_or("this once".to_owned(), |seconds| format!("for {}", duration::show(seconds)));
        writeln!(out, "  confirm: {held}")?;
    }
    if let Some(chain) = &obligations.approval {
        for it in &chain.stages {
            writeln!(out, "  approval: {}", harmless(&stage(it)))?;
        }
    }
    if let Some(grant) = &obligations.grant {
        writeln!(out, "  grant: {}", duration::show(grant.seconds))?;
    }
    for observed in
        decision.matched.iter().filter(|it| it.mode == Mode::Observe && it.effect > decision.effect)
    {
        writeln!(
            out,
            "  observed: the rule `{}` would have been {}",
            harmless(&observed.rule),
            observed.effect.name()
        )?;
    }
    for failure in &decision.errors {
        let part = format!("{:?}", failure.part).to_lowercase();
        let message = harmless(&failure.message);
        writeln!(out, "  error: the rule `{}`, {part}: {message}", harmless(&failure.rule))?;
    }
    Ok(())
}

fn stage(stage: &Stage) -> String {
    let people = match stage.quorum {
        Quorum::AtLeast(1) => "one person".to_owned(),
        Quorum::AtLeast(people) => format!("{people} people"),
        Quorum::All => "everyone".to_owned(),
    };
    let standby = if stage.standby { ", by escalation only" } else { "" };
    format!("{}, {people}, within {}{standby}", stage.id, duration::show(stage.timeout))
}

fn rule(file: &str, explained: &Explained, out: &mut impl Write) -> io::Result<()> {
    let (style, outcome) = match explained.outcome {
        Outcome::Matched => (Style::new().bold(), "matched"),
        Outcome::NotMatched => (Style::new(), "did not match"),
        Outcome::Failed => (bold(AnsiColor::Red), "could not be evaluated"),
        Outcome::NotAsked => (Style::new().dimmed(), "was not asked, as a rule before it had decided"),
    };
    let observed = if explained.mode == Mode::Observe { ", only observed" } else { "" };
    writeln!(
        out,
        "{} ({}{observed}) {style}{outcome}{style:#}  {}:{}",
        harmless(&explained.rule),
        explained.effect.name(),
        harmless(file),
        explained.line
    )?;
    match &explained.when {
        Some(when) => clause(when, 1, out),
        None if explained.left_out => writeln!(out, "  its condition is too long to be told here"),
        None => writeln!(out, "  it has no condition"),
    }
}

fn clause(it: &Clause, depth: usize, out: &mut impl Write) -> io::Result<()> {
    let (style, word) = match it.holds {
        Some(true) => (Style::new().fg_color(Some(AnsiColor::Green.into())), "true "),
        Some(false) => (Style::new().fg_color(Some(AnsiColor::Yellow.into())), "false"),
        None if it.error.as_deref() == Some(WITHHELD) => (Style::new().dimmed(), "?    "),
        None => (bold(AnsiColor::Red), "error"),
    };
    let indent = "  ".repeat(depth);
    let text = match it.kind {
        Kind::All => "all of".to_owned(),
        Kind::Any => "one of".to_owned(),
        Kind::Not | Kind::Choice | Kind::Variable | Kind::Test => one_line(&it.text),
    };
    writeln!(
        out,
        "{indent}{style}{word}{style:#}  {text}{}",
        if it.decides && it.of.is_empty() { "  ← decides" } else { "" }
    )?;
    let error = it.error.as_ref().filter(|error| it.of.is_empty() && *error != WITHHELD);
    if let Some(error) = error {
        writeln!(out, "{indent}       {}", harmless(error))?;
    }
    for read in &it.reads {
        let path = harmless(&read.path);
        if read.withheld {
            writeln!(out, "{indent}       {path} was not kept")?;
        } else {
            let value = read.value.as_ref().map_or("absent".to_owned(), shown);
            writeln!(out, "{indent}       {path} = {value}")?;
        }
    }
    it.of.iter().try_for_each(|part| clause(part, depth.saturating_add(1), out))
}

fn one_line(text: &str) -> String {
    cut(&harmless(&text.split_whitespace().collect::<Vec<_>>().join(" ")))
}

fn shown(value: &Json) -> String {
    cut(&harmless(&value.to_string()))
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}
