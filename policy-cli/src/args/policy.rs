//! The command line of what works on policy files.

use clap::{Args as Arguments, ValueEnum};
use std::path::PathBuf;

const EXIT_CODES: &str = "\
Exit codes:
  0  every policy may be used
  1  a policy is refused; with --deny-warnings, or has a warning
  2  a file cannot be read, or the command line makes no sense";

#[derive(Debug, Arguments)]
#[command(after_help = EXIT_CODES)]
pub(crate) struct CheckArgs {
    /// Policy files; of a folder, all `*.yaml`, `*.yml` and `*.json` below it but `*.test.yaml`; `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// How to write what was found
    #[arg(long, value_enum, default_value_t = CheckFormat::Human)]
    pub(crate) format: CheckFormat,
    /// Warnings are as bad as errors
    #[arg(long)]
    pub(crate) deny_warnings: bool,
}

/// How to write what a check found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum CheckFormat {
    /// For people
    Human,
    /// For programs
    Json,
    /// For code scanning, such as GitHub's: SARIF 2.1.0
    Sarif,
}

#[derive(Debug, Arguments)]
pub(crate) struct DocsArgs {
    /// What stands in the brackets of an error or a warning, such as `unknown-field`; none: all of them
    pub(crate) code: Option<String>,
}
