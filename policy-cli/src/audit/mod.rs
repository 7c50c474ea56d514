//! Proving an export, as docs/audit.md describes it.

mod checkpoint;
mod export;
mod history;
mod lines;
mod report;

pub use checkpoint::Checkpoints;
pub use report::{Finding, Kind, Report};

use crate::Trouble;
use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

/// Verifies an export in a file, all of the realm's or `partial`, against checkpoints in files.
///
/// # Errors
/// Where a file cannot be read, or is something else altogether.
pub fn verify_files(
    export: &Path,
    checkpoints: &[PathBuf],
    jwks: Option<&Path>,
    partial: bool,
) -> Result<Report, Trouble> {
    let unreadable = |path: &Path| {
        let path = path.display().to_string();
        move |error: std::io::Error| Trouble(format!("{path}: {error}"))
    };
    let held = match jwks {
        None => Checkpoints::default(),
        Some(jwks) => {
            let keys = fs::read_to_string(jwks).map_err(unreadable(jwks))?;
            let mut texts = Vec::new();
            for path in checkpoints {
                texts.push(fs::read_to_string(path).map_err(unreadable(path))?);
            }
            Checkpoints::read(&texts.concat(), &keys)?
        }
    };
    let held = if partial { held.for_a_part() } else { held };
    let file = File::open(export).map_err(unreadable(export))?;
    verify(BufReader::new(file), &held, &export.display().to_string())
}

/// Verifies an export, line by line; at no time is more of it held than one request.
///
/// # Errors
/// Where it cannot be read, or is no export at all.
pub fn verify(export: impl BufRead, checkpoints: &Checkpoints, name: &str) -> Result<Report, Trouble> {
    export::verify(export, checkpoints, name)
}
