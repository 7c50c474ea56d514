//! Runs the corpus in `tests/corpus` against any host of the engine. The format of its files stands in
//! `tests/corpus/README.md`.

#![allow(clippy::disallowed_methods, reason = "a test tool reads and writes files; the engine does not")]

mod approvals;
mod compare;
mod decisions;
mod files;
mod host;
mod invalid;
mod replay;

pub use host::{Exchange, Host, Native};
pub use replay::write_replay;

use host::Session;
use std::path::Path;

/// What came of a run.
#[derive(Debug, Default)]
pub struct Report {
    /// How many cases of `decisions/` were run.
    pub decisions: usize,
    /// How many cases of `approvals/` were run.
    pub approvals: usize,
    /// How many cases of `invalid/` were run.
    pub invalid: usize,
    /// For each case that failed: file, case, and what was wrong.
    pub failures: Vec<String>,
    /// Everything that was asked and answered, in order.
    pub exchanges: Vec<Exchange>,
}

/// Runs every case of the corpus, each on a fresh host.
///
/// # Errors
/// When a file of the corpus cannot be read or is not written in its format. A case that fails is no error but a
/// [`Report::failures`].
pub fn run<H: Host>(corpus: &Path, mut fresh: impl FnMut() -> H) -> Result<Report, String> {
    let mut report = Report::default();
    for (file, cases) in files::read(&corpus.join("decisions"))? {
        for case in decisions::cases(cases) {
            report.decisions = report.decisions.saturating_add(1);
            report.take(&file, &case.name, fresh(), |session| case.run(session));
        }
    }
    for (file, cases) in files::read(&corpus.join("approvals"))? {
        for case in approvals::cases(&file, cases)? {
            report.approvals = report.approvals.saturating_add(1);
            report.take(&file, &case.name, fresh(), |session| case.run(session));
        }
    }
    for (file, cases) in files::read::<invalid::File>(&corpus.join("invalid"))? {
        for case in cases.cases {
            report.invalid = report.invalid.saturating_add(1);
            report.take(&file, &case.name, fresh(), |session| case.run(session));
        }
    }
    Ok(report)
}

impl Report {
    fn take<H: Host>(
        &mut self,
        file: &str,
        name: &str,
        host: H,
        run: impl FnOnce(&mut Session<H>) -> Result<(), String>,
    ) {
        let case = format!("{file}: {name}");
        let mut session = Session::new(&case, host);
        if let Err(fault) = run(&mut session) {
            self.failures.push(format!("{case}\n    {}", fault.replace('\n', "\n    ")));
        }
        self.exchanges.extend(session.exchanges);
    }
}
