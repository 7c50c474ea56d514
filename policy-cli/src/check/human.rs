//! For people: as compilers write it.

use super::{Checked, Report, Verdict};
use crate::text::{bold, harmless, harmless_lines, many};
use anstyle::{AnsiColor, Style};
use policy_core::policy::{Diagnostic, Severity};
use std::io::{self, Write};

pub(super) fn write(report: &Report, out: &mut impl Write) -> io::Result<()> {
    for file in &report.files {
        for diagnostic in &file.diagnostics {
            finding(diagnostic, out)?;
        }
    }
    for file in &report.files {
        summary(file, out)?;
    }
    Ok(())
}

/// What a terminal shows of a finding: its first word and what it marks stand out.
pub(crate) fn finding(diagnostic: &Diagnostic, out: &mut impl Write) -> io::Result<()> {
    let style = style(diagnostic.severity);
    let rendered = harmless_lines(&diagnostic.rendered);
    let (head, rest) = rendered.split_once(": ").unwrap_or((&rendered, ""));
    write!(out, "{style}{head}{style:#}: ")?;
    for (at, line) in rest.split('\n').enumerate() {
        match line.split_once('^') {
            // The third line below the message is the one with the marks.
            Some((before, _)) if at == 4 => {
                let marks = line.strip_prefix(before).unwrap_or_default();
                writeln!(out, "{before}{style}{marks}{style:#}")?;
            }
            _ => writeln!(out, "{line}")?,
        }
    }
    writeln!(out)
}

fn style(severity: Severity) -> Style {
    let colour = match severity {
        Severity::Error => AnsiColor::Red,
        Severity::Warning => AnsiColor::Yellow,
    };
    bold(colour)
}

fn summary(file: &Checked, out: &mut impl Write) -> io::Result<()> {
    let count = |severity| file.diagnostics.iter().filter(|found| found.severity == severity).count();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    let (colour, verdict) = match file.result {
        Verdict::Accepted => (AnsiColor::Green, "accepted"),
        Verdict::Refused => (AnsiColor::Red, "refused"),
        // Why stands in the message of the command.
        Verdict::Unreadable => return Ok(()),
    };
    let mut counts = Vec::new();
    counts.extend(file.rules.map(|rules| many(rules, "rule")));
    counts.extend((errors > 0).then(|| many(errors, "error")));
    counts.extend((warnings > 0).then(|| many(warnings, "warning")));
    let style = bold(colour);
    writeln!(out, "{}: {style}{verdict}{style:#}, {}", harmless(&file.file), counts.join(", "))
}
