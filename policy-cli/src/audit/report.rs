//! What a verification found.

use crate::Ending;
use crate::text::{bold, harmless, many, write_json};
use anstyle::AnsiColor;
use serde::Serialize;
use std::io::{self, Write};

/// The version of what `--format json` writes; it grows when a member is renamed, dropped, or means something else.
const FORMAT_VERSION: u32 = 1;

/// What was done to a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// It is not what was written.
    Edited,
    /// It is gone, and later ones are there.
    Missing,
    /// It is gone, and so is everything after it.
    Truncated,
    /// It stands somewhere else than it should.
    Reordered,
    /// It is there more than once.
    Duplicated,
    /// It does not belong there at all.
    Unexpected,
    /// It cannot be held against anything, since what would prove it is damaged.
    Unproven,
    /// A checkpoint is not what the realm signed, or not of this export.
    Checkpoint,
}

/// One thing that is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What was done.
    pub kind: Kind,
    /// The line of the export, from 1; none where there is no such line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// The request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request: Option<String>,
    /// The number of the event.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seq: Option<u64>,
    /// A sentence for people.
    pub message: String,
}

/// Everything that a verification has to say.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Report {
    /// The export's name.
    pub file: String,
    /// `intact` or `damaged`.
    pub result: &'static str,
    /// How many requests there are.
    pub requests: u64,
    /// How many events.
    pub events: u64,
    /// Personal parts that were erased, which is no damage.
    pub erased: Erased,
    /// The numbers of the checkpoints that the export was held against.
    pub checkpoints: Vec<u64>,
    /// What is wrong, in the order in which it was found.
    pub findings: Vec<Finding>,
}

/// How many personal parts were erased.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Erased {
    /// Of requests: who asked, and for what.
    pub requests: u64,
    /// Of events: who did it, and what they wrote.
    pub events: u64,
}

/// A report, as it is written for programs.
#[derive(Serialize)]
struct Versioned<'r> {
    version: u32,
    #[serde(flatten)]
    report: &'r Report,
}

impl Finding {
    /// Something that is wrong with the file as a whole, or with a line of it.
    pub(super) fn new(kind: Kind, line: Option<usize>, message: impl Into<String>) -> Self {
        Self { kind, line, request: None, seq: None, message: message.into() }
    }

    /// The same, of a request.
    pub(super) fn of(self, request: &str) -> Self {
        Self { request: Some(request.to_owned()), ..self }
    }

    /// The same, of an event.
    pub(super) fn event(self, seq: u64) -> Self {
        Self { seq: Some(seq), ..self }
    }
}

impl Report {
    /// Good where nothing is wrong.
    #[must_use]
    pub fn ending(&self) -> Ending {
        if self.findings.is_empty() { Ending::Good } else { Ending::Bad }
    }

    /// Writes one JSON object.
    ///
    /// # Errors
    /// Where the output takes no more.
    pub fn write_json(&self, out: &mut impl Write) -> io::Result<()> {
        write_json(&Versioned { version: FORMAT_VERSION, report: self }, out)
    }

    /// Writes lines for people.
    ///
    /// # Errors
    /// Where the output takes no more.
    pub fn write_human(&self, out: &mut impl Write) -> io::Result<()> {
        let (colour, verdict) = match self.findings.len() {
            0 => (AnsiColor::Green, "intact".to_owned()),
            1 => (AnsiColor::Red, "damaged, 1 finding".to_owned()),
            count => (AnsiColor::Red, format!("damaged, {count} findings")),
        };
        let style = bold(colour);
        writeln!(out, "{}: {style}{verdict}{style:#}", harmless(&self.file))?;
        for finding in &self.findings {
            let mut place = Vec::new();
            place.extend(finding.line.map(|line| format!("line {line}")));
            place.extend(finding.request.as_deref().map(|id| format!("request {}", harmless(id))));
            place.extend(finding.seq.map(|seq| format!("event {seq}")));
            let kind = format!("{:?}", finding.kind).to_lowercase();
            writeln!(out, "  {kind}: {}", place.join(", "))?;
            writeln!(out, "    {}", harmless(&finding.message))?;
        }
        writeln!(out, "{}, {}", many(self.requests, "request"), many(self.events, "event"))?;
        if self.erased != Erased::default() {
            let Erased { requests, events } = self.erased;
            writeln!(
                out,
                "erased, which is no damage: the personal parts of {} and {}",
                many(requests, "request"),
                many(events, "event")
            )?;
        }
        match self.checkpoints.as_slice() {
            [] => writeln!(
                out,
                "held against no checkpoint: rows at the end of a history, and whole requests, may be missing unseen"
            ),
            [one] => writeln!(out, "held against checkpoint {one}"),
            all => {
                let all: Vec<String> = all.iter().map(ToString::to_string).collect();
                writeln!(out, "held against checkpoints {}", all.join(", "))
            }
        }
    }
}
