//! The exchanges of a run, for hosts that are not written in Rust to play again.

use crate::Report;
use std::fmt::Write;
use std::fs;
use std::path::Path;

/// Writes one JSON object a line, in the order of the run.
///
/// # Errors
/// When the file cannot be written.
pub fn write_replay(report: &Report, path: &Path) -> Result<(), String> {
    let fault = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
    let mut lines = String::new();
    for exchange in &report.exchanges {
        let line = serde_json::to_string(exchange).map_err(|error| fault(&error))?;
        writeln!(lines, "{line}").map_err(|error| fault(&error))?;
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|error| fault(&error))?;
    }
    fs::write(path, lines).map_err(|error| fault(&error))
}
