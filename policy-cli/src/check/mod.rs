//! `jit-policy check`: everything that the engine would say about policies when they are loaded.

mod human;
mod sarif;

pub(crate) use human::finding;

use crate::args::{CheckArgs, CheckFormat};
use crate::files;
use crate::text::write_json;
use crate::{Ending, Trouble, reported};
use policy_core::policy::{Diagnostic, Severity, load};
use serde::Serialize;
use std::io::{Read, Write};

/// The version of what `--format json` writes; it grows when a member is renamed, dropped, or means something else.
const FORMAT_VERSION: u32 = 1;

/// What was found in all files.
#[derive(Debug, Serialize)]
struct Report {
    version: u32,
    files: Vec<Checked>,
    errors: usize,
    warnings: usize,
}

/// What was found in one file.
#[derive(Debug, Serialize)]
struct Checked {
    file: String,
    result: Verdict,
    /// What the policy calls itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    /// `sha256:…` of the file: the version that a server would name.
    #[serde(skip_serializing_if = "Option::is_none")]
    hash: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rules: Option<usize>,
    /// Why the file could not be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    trouble: Option<String>,
    diagnostics: Vec<Diagnostic>,
}

/// What becomes of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Verdict {
    /// It may be used, with or without warnings.
    Accepted,
    /// A server would not take it.
    Refused,
    /// Nobody knows.
    Unreadable,
}

/// Checks files, and writes what was found.
///
/// # Errors
/// Where a file can't be read, after what was found in the others has been written.
pub(crate) fn run(args: &CheckArgs, stdin: impl Read, out: &mut impl Write) -> Result<Ending, Trouble> {
    let report = Report::new(files::policies(&args.files, stdin));
    let written = match args.format {
        CheckFormat::Human => human::write(&report, out),
        CheckFormat::Json => write_json(&report, out),
        CheckFormat::Sarif => sarif::write(&report, out),
    };
    reported(written)?;
    report.ending(args.deny_warnings)
}

impl Report {
    fn new(files: Vec<files::File>) -> Self {
        let files: Vec<Checked> = files.into_iter().map(Checked::new).collect();
        let count = |severity| {
            files.iter().flat_map(|file| &file.diagnostics).filter(|found| found.severity == severity).count()
        };
        let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
        Self { version: FORMAT_VERSION, files, errors, warnings }
    }

    fn ending(&self, deny_warnings: bool) -> Result<Ending, Trouble> {
        let unread: Vec<&str> = self.files.iter().filter_map(|file| file.trouble.as_deref()).collect();
        if !unread.is_empty() {
            return Err(Trouble(unread.join("\njit-policy: ")));
        }
        let bad = self.errors > 0 || (deny_warnings && self.warnings > 0);
        Ok(if bad { Ending::Bad } else { Ending::Good })
    }
}

impl Checked {
    fn new(files::File { name: file, text }: files::File) -> Self {
        let nothing = Self {
            file,
            result: Verdict::Unreadable,
            name: None,
            hash: None,
            rules: None,
            trouble: None,
            diagnostics: Vec::new(),
        };
        match text.map(|text| load(&text, &nothing.file)) {
            Err(trouble) => Self { trouble: Some(trouble), ..nothing },
            Ok(Err(diagnostics)) => Self { result: Verdict::Refused, diagnostics, ..nothing },
            Ok(Ok(loaded)) => Self {
                result: Verdict::Accepted,
                name: Some(loaded.policy.name),
                hash: Some(loaded.policy.hash),
                rules: Some(loaded.policy.rules.len()),
                diagnostics: loaded.warnings,
                ..nothing
            },
        }
    }
}
