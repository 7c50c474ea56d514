//! The command line of what works on policy files.

use super::Format;
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
    #[arg(value_name = "FILE", default_value = ".")]
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
    /// Say which clauses no case has seen decide, both ways
    #[arg(long, conflicts_with = "filter")]
    pub(crate) coverage: bool,
    /// Write what the cases have covered to this file, as LCOV does
    #[arg(long, value_name = "FILE", conflicts_with = "filter")]
    pub(crate) lcov: Option<PathBuf>,
    /// What is not covered is as bad as a failure: a rule without a case that matches and one that does not, with --coverage a
    /// clause, and a policy without tests
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

const STEP_EXIT_CODES: &str = "\
The context is that of a step at which nothing is remarkable (docs/testing.md), with what is given merged
over it: the facts of --case, then those of --context, then each --set.

Exit codes:
  0  it was decided, whatever was decided
  2  the policy is refused, the context is none, or the command line makes no sense";

#[derive(Debug, Arguments)]
#[command(after_help = STEP_EXIT_CODES)]
pub(crate) struct StepArgs {
    /// The policy
    #[arg(value_name = "POLICY")]
    pub(crate) policy: PathBuf,
    /// A file of facts, in YAML or JSON, such as a context of the decision log; `-` is standard input
    #[arg(long, value_name = "FILE")]
    pub(crate) context: Option<PathBuf>,
    /// The facts of the case with this in its name, of the tests beside the policy
    #[arg(long, value_name = "TEXT")]
    pub(crate) case: Option<String>,
    /// One fact, such as `user.roles=[staff]` or `request.ip=10.1.2.3`; may be given more than once
    #[arg(long, value_name = "PATH=VALUE")]
    pub(crate) set: Vec<String>,
    /// How to write the answer
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub(crate) format: Format,
}

#[derive(Debug, Arguments)]
pub(crate) struct BenchArgs {
    #[command(flatten)]
    pub(crate) step: StepArgs,
    /// How long to measure
    #[arg(long, value_name = "SECONDS", default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=600))]
    pub(crate) seconds: u32,
}

const SIMULATE_EXAMPLE: &str = "\
The timeline and the people are those of --case, unless --does and --person say otherwise:
  jit-policy simulate finance.yaml --set user.roles=[finance] \\
    --person 'bob={roles: [finance-lead]}' --does 'at: 2m, bob: approves' --does 'at: 20m, alice: uses'

Exit codes:
  0  it went as the timeline expects
  1  something was refused, or came out otherwise than the timeline expects
  2  nobody is asked, the timeline is none, or the command line makes no sense";

#[derive(Debug, Arguments)]
#[command(after_help = SIMULATE_EXAMPLE)]
pub(crate) struct SimulateArgs {
    #[command(flatten)]
    pub(crate) step: StepArgs,
    /// Somebody who may approve: a name, and the `roles`, `groups` and `client_roles`; may be given more than once
    #[arg(long, value_name = "NAME[={…}]")]
    pub(crate) person: Vec<String>,
    /// Who does what when, as a line of a timeline (docs/testing.md); may be given more than once
    #[arg(long, value_name = "LINE")]
    pub(crate) does: Vec<String>,
}

#[derive(Debug, Arguments)]
pub(crate) struct NewArgs {
    /// What the policy is called, such as `production`
    pub(crate) name: String,
    /// Where to write it
    #[arg(value_name = "FOLDER", default_value = ".")]
    pub(crate) folder: PathBuf,
}

#[derive(Debug, Arguments)]
pub(crate) struct CompletionsArgs {
    /// The shell that they are for
    #[arg(value_enum)]
    pub(crate) shell: clap_complete::Shell,
}

/// What there is a schema of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SchemaOf {
    /// A policy's file, as JSON Schema, which editors take for YAML as well
    Policy,
    /// A file of tests, as JSON Schema
    Tests,
    /// The fields that conditions can read, as Markdown: the context reference
    Context,
}

const REPLAY_EXIT_CODES: &str = "\
Exit codes:
  0  it was replayed, and no more changes or is unknown than may be
  1  more changes than --max-changed lets, or is unknown than --max-unknown lets
  2  the log or a policy cannot be read, a policy is refused, or the command line makes no sense";

#[derive(Debug, Arguments)]
#[command(after_help = REPLAY_EXIT_CODES)]
pub(crate) struct ReplayArgs {
    /// The policy that decides again
    #[arg(value_name = "POLICY")]
    pub(crate) policy: PathBuf,
    /// The decision log, as `GET …/jit-approval/decisions/export` gave it; `-` is standard input
    #[arg(value_name = "LOG")]
    pub(crate) log: PathBuf,
    /// Compare with what this policy says, rather than with what was decided
    #[arg(long, value_name = "POLICY")]
    pub(crate) against: Option<PathBuf>,
    /// Write every decision that changes to this file, one JSON object a line
    #[arg(long, value_name = "FILE")]
    pub(crate) list: Option<PathBuf>,
    /// Fail where more of the decisions change, in percent
    #[arg(long, value_name = "PERCENT", value_parser = super::percent)]
    pub(crate) max_changed: Option<f64>,
    /// Fail where of more of the decisions nobody can tell, in percent
    #[arg(long, value_name = "PERCENT", value_parser = super::percent)]
    pub(crate) max_unknown: Option<f64>,
    /// How to write the summary
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub(crate) format: Format,
}
