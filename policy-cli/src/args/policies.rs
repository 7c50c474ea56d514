//! The command line of what works on the policies of a server.

use super::ServerArgs;
use clap::Args as Arguments;
use std::path::PathBuf;

const PUSH_EXIT_CODES: &str = "\
The roles policy-editor, with --activate policy-activator too, and with --dry-run auditor (docs/api.md).

Exit codes:
  0  it is stored, and with --activate decides; or, with --dry-run, could be, and no more changes than may
  1  the policy is refused, the server says no, or more changes than may
  2  something cannot be read or reached, or the command line makes no sense";

#[derive(Debug, Arguments)]
#[command(after_help = PUSH_EXIT_CODES)]
pub(crate) struct PushArgs {
    /// The policy; `-` is standard input
    #[arg(value_name = "POLICY")]
    pub(crate) policy: PathBuf,
    /// What the change is for, such as the number of a ticket; it is kept with the version
    #[arg(long, value_name = "TEXT")]
    pub(crate) comment: Option<String>,
    /// Let it decide at once, as `activate` does
    #[arg(long, conflicts_with = "dry_run")]
    pub(crate) activate: bool,
    #[command(flatten)]
    pub(crate) switch: SwitchArgs,
    #[command(flatten)]
    pub(crate) rehearsal: RehearsalArgs,
    #[command(flatten)]
    pub(crate) server: ServerArgs,
}

/// What to do where the active policy has a say in the change.
#[derive(Debug, Arguments)]
pub(crate) struct SwitchArgs {
    /// How long to wait for the people whom the active policy asks about the change, such as `2h`; without it, ask them and end
    #[arg(long, value_name = "DURATION", conflicts_with = "dry_run", value_parser = super::seconds)]
    pub(crate) wait: Option<u32>,
    /// Confirm the change, where the active policy asks for that
    #[arg(long, conflicts_with = "dry_run")]
    pub(crate) yes: bool,
    /// What those people are told, where the active policy asks why
    #[arg(long, value_name = "TEXT", conflicts_with = "dry_run")]
    pub(crate) justification: Option<String>,
}

/// What `--dry-run` does.
#[derive(Debug, Arguments)]
pub(crate) struct RehearsalArgs {
    /// Change nothing; say what the server would say, and which decisions of its log would have come out otherwise
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// With --dry-run: how much of the log, as a duration back from now, such as `7d`, or an instant as in RFC 3339
    #[arg(long, value_name = "SINCE", default_value = "7d", requires = "dry_run", value_parser = super::since)]
    pub(crate) since: super::Since,
    /// With --dry-run: fail where more of the decisions change, in percent
    #[arg(long, value_name = "PERCENT", requires = "dry_run", value_parser = super::percent)]
    pub(crate) max_changed: Option<f64>,
    /// With --dry-run: fail where of more of the decisions nobody can tell, in percent
    #[arg(long, value_name = "PERCENT", requires = "dry_run", value_parser = super::percent)]
    pub(crate) max_unknown: Option<f64>,
}

const ACTIVATE_EXIT_CODES: &str = "\
The role policy-activator, and with --dry-run auditor (docs/api.md).

Exit codes:
  0  it decides; or, with --dry-run, could, and no more changes than may
  1  the server says no, people are asked first, or more changes than may
  2  something cannot be read or reached, or the command line makes no sense";

#[derive(Debug, Arguments)]
#[command(after_help = ACTIVATE_EXIT_CODES)]
pub(crate) struct ActivateArgs {
    /// The number of a version, as `push` and `status` tell it
    #[arg(value_parser = super::version)]
    pub(crate) version: u64,
    /// Why; it is kept with the switch
    #[arg(long, value_name = "TEXT")]
    pub(crate) comment: Option<String>,
    #[command(flatten)]
    pub(crate) switch: SwitchArgs,
    #[command(flatten)]
    pub(crate) rehearsal: RehearsalArgs,
    #[command(flatten)]
    pub(crate) server: ServerArgs,
}

#[derive(Debug, Arguments)]
pub(crate) struct PullArgs {
    /// The number of a version; without one, what decides
    #[arg(value_parser = super::version)]
    pub(crate) version: Option<u64>,
    /// Where to write it, instead of standard output
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) server: ServerArgs,
}

const STATUS_EXIT_CODES: &str = "\
Any of the roles policy-editor, policy-activator and auditor; with view-realm, it says whether the realm is ready.

Exit codes:
  0  a policy decides, and nothing is known to be missing
  1  no policy decides, something is missing, another policy than --policy decides, or the server says no
  2  something cannot be read or reached, or the command line makes no sense";

#[derive(Debug, Arguments)]
#[command(after_help = STATUS_EXIT_CODES)]
pub(crate) struct StatusArgs {
    /// Fail unless this very file decides
    #[arg(long, value_name = "FILE")]
    pub(crate) policy: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) server: ServerArgs,
}
