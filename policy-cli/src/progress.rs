//! How far something is that takes its time; shown on a terminal only, and on standard error.

use indicatif::{ProgressBar, ProgressStyle};
use std::io::Read;

/// What is shown of how far it is.
pub(crate) struct Progress {
    bar: ProgressBar,
}

impl Progress {
    /// Of something with so many bytes.
    pub(crate) fn bytes(all: u64) -> Self {
        Self::new(all, "{bar:30} {bytes} of {total_bytes}, {eta} left")
    }

    /// Of so many things.
    pub(crate) fn things(all: usize) -> Self {
        Self::new(u64::try_from(all).unwrap_or(u64::MAX), "{bar:30} {pos} of {len}")
    }

    fn new(all: u64, template: &str) -> Self {
        let bar = ProgressBar::new(all);
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        Self { bar }
    }

    /// Shows how much of it has been read.
    pub(crate) fn watch<R: Read>(&self, reader: R) -> impl Read + use<R> {
        self.bar.wrap_read(reader)
    }

    /// One more is done.
    pub(crate) fn step(&self) {
        self.bar.inc(1);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
