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

const TEST_EXIT_CODES: &str = "\
Exit codes:
  0  every case passed
  1  a case failed, or a policy is refused; with --deny-warnings, or a rule lacks a case
  2  tests cannot be read or are not there, or the command line makes no sense

docs/testing.md has the format of tests.";

#[derive(Debug, Arguments)]
#[command(after_help = TEST_EXIT_CODES)]
pub(crate) struct TestArgs {
    /// Files of tests (`*.test.yaml`), policies that have some beside them, or folders
    #[arg(value_name = "PATH", default_value = ".")]
    pub(crate) paths: Vec<PathBuf>,
    /// Only the cases that have this in their name
    #[arg(long, value_name = "TEXT")]
    pub(crate) filter: Option<String>,
    /// Name the cases that passed, too
    #[arg(long, short)]
    pub(crate) verbose: bool,
    /// How to write what came of it
    #[arg(long, value_enum, default_value_t = TestFormat::Human)]
    pub(crate) format: TestFormat,
    /// Write the same as JUnit's XML to this file
    #[arg(long, value_name = "FILE")]
    pub(crate) junit: Option<PathBuf>,
    /// A rule without a case that matches and one that does not is as bad as a failure, and so is a policy without tests
    #[arg(long)]
    pub(crate) deny_warnings: bool,
}

/// How to write what came of tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum TestFormat {
    /// For people
    Human,
    /// For programs
    Json,
}
