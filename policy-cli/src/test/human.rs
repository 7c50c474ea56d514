//! For people: what failed and why, and what no case shows.

use super::{Ran, Report, Tested};
use crate::text::{bold, harmless, harmless_lines, many};
use anstyle::AnsiColor;
use std::io::{self, Write};

pub(super) fn write(report: &Report, verbose: bool, out: &mut impl Write) -> io::Result<()> {
    for file in report.files.iter().filter(|file| file.trouble.is_none()) {
        tested(file, verbose, out)?;
    }
    for policy in &report.untested {
        if let Some(refused) = &policy.refused {
            refusal(&policy.file, refused, out)?;
        }
        let warning = bold(AnsiColor::Yellow);
        writeln!(out, "{warning}warning{warning:#}: {} has no tests beside it", harmless(&policy.file))?;
    }
    if report.passed == 0 && report.failed == 0 {
        return Ok(());
    }
    let (colour, word) =
        if report.failed == 0 { (AnsiColor::Green, "passed") } else { (AnsiColor::Red, "failed") };
    let style = bold(colour);
    let count = if report.failed == 0 { report.passed } else { report.failed };
    write!(out, "{style}{} {word}{style:#}", many(count, "case"))?;
    if report.failed > 0 {
        write!(out, ", {} passed", report.passed)?;
    }
    writeln!(out, "{}", if report.filtered { "; of the others nothing was asked" } else { "" })
}

fn refusal(policy: &str, refused: &str, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "{}\n", harmless_lines(refused))?;
    let style = bold(AnsiColor::Red);
    writeln!(out, "{}: {style}the policy is refused{style:#}", harmless(policy))
}

fn tested(file: &Tested, verbose: bool, out: &mut impl Write) -> io::Result<()> {
    if let Some(refused) = &file.refused {
        return refusal(&file.policy, refused, out);
    }
    for ran in &file.cases {
        case(&file.file, ran, verbose, out)?;
    }
    for unseen in &file.unseen {
        let lacks = match (unseen.matching, unseen.other) {
            (true, true) => "no case shows it match, and none shows it not match",
            (true, false) => "no case shows it match",
            _ => "no case shows it not match",
        };
        let warning = bold(AnsiColor::Yellow);
        writeln!(
            out,
            "{warning}warning{warning:#}: {}, rule `{}`: {lacks}",
            harmless(&file.policy),
            harmless(&unseen.rule)
        )?;
    }
    if let Some(coverage) = &file.coverage {
        let warning = bold(AnsiColor::Yellow);
        let policy = harmless(&file.policy);
        for (span, rule, text, missing) in coverage.gaps() {
            let (line, column, rule) = (span.line, span.column, harmless(rule));
            let text = harmless(&text.split_whitespace().collect::<Vec<_>>().join(" "));
            writeln!(
                out,
                "{warning}warning{warning:#}: {policy}:{line}:{column}, rule `{rule}`, `{text}`: {missing}"
            )?;
        }
        let style = bold(if coverage.is_whole() { AnsiColor::Green } else { AnsiColor::Yellow });
        let (seen, all, percent) = (coverage.seen, coverage.all, coverage.percent());
        writeln!(
            out,
            "{policy}: {style}{percent} % covered{style:#}, {seen} of {all} sides of rules and clauses"
        )?;
    }
    Ok(())
}

fn case(file: &str, ran: &Ran, verbose: bool, out: &mut impl Write) -> io::Result<()> {
    let place = format!("{}:{}: {}", harmless(file), ran.line, harmless(&ran.name));
    if ran.faults.is_empty() {
        let style = bold(AnsiColor::Green);
        return if verbose { writeln!(out, "{style}passed{style:#} {place}") } else { Ok(()) };
    }
    let style = bold(AnsiColor::Red);
    writeln!(out, "{style}failed{style:#} {place}")?;
    for fault in &ran.faults {
        writeln!(out, "       {}", harmless(fault))?;
    }
    writeln!(out)
}
