//! The command line.

#[cfg(test)]
mod documents;
mod policies;
mod policy;

pub(crate) use policies::{ActivateArgs, PullArgs, PushArgs, RehearsalArgs, StatusArgs, SwitchArgs};
pub(crate) use policy::{
    BenchArgs, CheckArgs, CheckFormat, CompletionsArgs, DocsArgs, NewArgs, ReplayArgs, SchemaOf,
    SimulateArgs, StepArgs, TestArgs, TestFormat,
};

use clap::{Args as Arguments, Parser, Subcommand, ValueEnum};
use policy_core::policy::duration;
use policy_core::time::Timestamp;
use std::path::PathBuf;

/// Policies as code: written, checked, tested, explained, replayed, and brought to a server; and what operators and auditors do from a shell.
#[derive(Debug, Parser)]
#[command(name = "jit-policy", version, after_help = EXIT_CODES)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) group: Group,
}

const EXIT_CODES: &str = "\
Exit codes:
  0  it is as it should be, or was done
  1  a policy is refused or fails its tests, an export is damaged, or the server refused
  2  something cannot be read or reached, or the command line makes no sense

Colours are left out where NO_COLOR is set, or the output is no terminal.";

#[derive(Debug, Subcommand)]
pub(crate) enum Group {
    /// Write a policy to begin with, and its tests
    New(NewArgs),
    /// Find everything that is wrong with policies
    Check(CheckArgs),
    /// Run the tests that are written beside policies
    Test(TestArgs),
    /// Decide about one step
    Eval(StepArgs),
    /// Decide about one step, and say which clauses made each rule match or not
    Explain(StepArgs),
    /// Walk a chain of approvers along a timeline: stages, deadlines and what the server would do
    Simulate(SimulateArgs),
    /// Decide the decision log again: which decisions another policy would change, for whom, and how often
    Replay(ReplayArgs),
    /// Time what a decision about one step costs
    Bench(BenchArgs),
    /// Store a policy on a server, as the realm's next version
    Push(Box<PushArgs>),
    /// Let a version decide from now on
    Activate(Box<ActivateArgs>),
    /// Get a policy from a server: the one that decides, or any version
    Pull(Box<PullArgs>),
    /// Say what decides on a server, and whether the realm is ready
    Status(Box<StatusArgs>),
    /// Explain the code of an error or a warning, with an example
    Docs(DocsArgs),
    /// What a policy may have, for editors and people
    Schema {
        /// Of what
        #[arg(value_enum, default_value_t = SchemaOf::Policy)]
        of: SchemaOf,
    },
    /// Completions for a shell, such as `jit-policy completions bash > /etc/bash_completion.d/jit-policy`
    Completions(CompletionsArgs),
    /// Proofs about exports of a realm's histories
    #[command(subcommand)]
    Audit(AuditCommand),
    /// Requests of a running server, over the admin API
    Requests(Box<RequestsArgs>),
    /// Evaluate CEL expressions from standard input, one JSON object a line, as the engine does
    #[command(after_help = CEL_FORM)]
    Cel,
}

const CEL_FORM: &str = "\
A line in, of which all but `expr` may be left out, and other members are passed over:
  {\"expr\": \"x + 1\", \"bindings\": {\"x\": [\"int\", \"2\"]},
   \"disable_check\": false, \"disable_macros\": false}

A line out, for each, in order and at once:
  {\"value\": [\"int\", \"3\"]}
  {\"error\": {\"kind\": \"parse\"|\"check\"|\"eval\", \"message\": \"…\"}}

Values:
  [\"null\"]  [\"bool\", true]  [\"int\", \"-3\"]  [\"uint\", \"3\"]  [\"double\", \"1.5\"]
  [\"string\", \"…\"]  [\"bytes\", base64]  [\"list\", [v, …]]  [\"map\", [[key, v], …]]
  [\"timestamp\", \"seconds\", nanos]  [\"duration\", \"seconds\", nanos]  [\"type\", \"int\"]
  [\"optional\", v]  [\"optional\"]  [\"net.IP\", \"::1\"]  [\"net.CIDR\", \"10.0.0.0/8\"]

Exit codes:
  0  every line was answered, be it with an error
  2  lines cannot be read or answers not be written, or the command line makes no sense";

#[derive(Debug, Subcommand)]
pub(crate) enum AuditCommand {
    /// Find every row of an export that was edited, dropped, reordered or duplicated
    #[command(after_help = EXIT_CODES)]
    Verify(VerifyArgs),
}

#[derive(Debug, Arguments)]
pub(crate) struct VerifyArgs {
    /// The export, as `GET …/jit-approval/audit/export` gave it
    pub(crate) export: PathBuf,
    /// Checkpoints of the realm, one a line; may be given more than once
    #[arg(long, value_name = "FILE", requires = "jwks")]
    pub(crate) checkpoint: Vec<PathBuf>,
    /// The realm's public keys, as `GET /realms/<realm>/protocol/openid-connect/certs` gave them when the checkpoints were signed
    #[arg(long, value_name = "FILE")]
    pub(crate) jwks: Option<PathBuf>,
    /// The export was made with `from`, `to` or `request`: what checkpoints list besides is not missed
    #[arg(long)]
    pub(crate) partial: bool,
    /// How to write the report
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub(crate) format: Format,
}

/// Since when.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Since {
    /// An instant.
    At(Timestamp),
    /// So many seconds before now.
    Ago(u32),
}

fn since(text: &str) -> Result<Since, String> {
    let instant = Timestamp::parse(text).map(Since::At);
    instant.or_else(|_| duration::parse(text).map(Since::Ago)).map_err(|_| {
        "neither a duration such as `7d`, nor an instant such as `2026-11-24T00:00:00Z`".to_owned()
    })
}

fn seconds(text: &str) -> Result<u32, String> {
    duration::parse(text).map_err(|_| "no duration such as `90s`, `30m` or `4h`".to_owned())
}

fn version(text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| "the number of a version, such as 7; `jit-policy status` tells it".to_owned())
}

/// A share from 0 to 100.
fn percent(text: &str) -> Result<f64, String> {
    let share = text.parse::<f64>().ok().filter(|share| (0.0..=100.0).contains(share));
    share.ok_or_else(|| "a number from 0 to 100, such as 2.5".to_owned())
}

/// How to write what there is to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    Human,
    /// For programs
    Json,
}

/// The arguments of `requests`.
#[derive(Debug, Arguments)]
#[command(after_help = EXIT_CODES)]
pub(crate) struct RequestsArgs {
    #[command(flatten)]
    pub(crate) server: ServerArgs,
    #[command(subcommand)]
    pub(crate) command: RequestsCommand,
}

#[derive(Debug, Arguments)]
pub(crate) struct ServerArgs {
    /// The server's address, such as `https://keycloak.example.org`
    #[arg(long, global = true, env = "JIT_POLICY_SERVER", value_name = "URL")]
    pub(crate) server: Option<String>,
    /// The realm that it is about
    #[arg(long, global = true, env = "JIT_POLICY_REALM")]
    pub(crate) realm: Option<String>,
    /// An access token of somebody who may do this
    #[arg(long, global = true, env = "JIT_POLICY_TOKEN", hide_env_values = true, conflicts_with_all = ["client_id", "client_secret"])]
    pub(crate) token: Option<String>,
    /// A client with a service account, as `kc.sh bootstrap-admin service` makes it; with --device, a public one
    #[arg(long, global = true, env = "JIT_POLICY_CLIENT_ID")]
    pub(crate) client_id: Option<String>,
    /// Its secret; better given in the environment, which other users of this machine cannot see
    #[arg(long, global = true, env = "JIT_POLICY_CLIENT_SECRET", hide_env_values = true)]
    pub(crate) client_secret: Option<String>,
    /// Sign in with a browser, which may be on another machine (RFC 8628), rather than with a secret
    #[arg(long, global = true, conflicts_with_all = ["token", "client_secret"])]
    pub(crate) device: bool,
    /// The realm of that client
    #[arg(
        long,
        global = true,
        env = "JIT_POLICY_AUTH_REALM",
        default_value = "master",
        value_name = "REALM"
    )]
    pub(crate) auth_realm: String,
    /// Certificates (PEM) to trust instead of the public ones
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) ca_certificate: Option<PathBuf>,
    /// Send secrets without TLS, to another machine than this one
    #[arg(long, global = true)]
    pub(crate) insecure_http: bool,
    /// How to write the answer
    #[arg(long, global = true, value_enum, default_value_t = Format::Human)]
    pub(crate) format: Format,
}

#[derive(Debug, Subcommand)]
pub(crate) enum RequestsCommand {
    /// List requests, the newest first
    List(ListArgs),
    /// Show one request and what happened to it
    Show {
        /// The request's id
        id: String,
    },
    /// Say why the policy held a request: what each clause of each rule came to, on which facts
    Explain {
        /// The request's id
        id: String,
    },
    /// End a request that nobody shall decide or use any more
    Cancel(EndArgs),
    /// End a request as if its time were up
    Expire(EndArgs),
}

#[derive(Debug, Arguments)]
pub(crate) struct ListArgs {
    /// Only those with this status, such as `pending`
    #[arg(long)]
    pub(crate) status: Option<String>,
    /// Only those of this user
    #[arg(long)]
    pub(crate) user: Option<String>,
    /// Only those for this client
    #[arg(long)]
    pub(crate) client: Option<String>,
    /// Only those of this policy
    #[arg(long)]
    pub(crate) policy: Option<String>,
    /// Only those of this rule
    #[arg(long)]
    pub(crate) rule: Option<String>,
    /// Only those opened after this instant, as in RFC 3339
    #[arg(long, value_name = "INSTANT")]
    pub(crate) opened_after: Option<String>,
    /// Only those opened before this instant
    #[arg(long, value_name = "INSTANT")]
    pub(crate) opened_before: Option<String>,
    /// At most so many
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) limit: u32,
}

#[derive(Debug, Arguments)]
pub(crate) struct EndArgs {
    /// The request's id
    pub(crate) id: String,
    /// Why; it is kept in the request's history
    #[arg(long)]
    pub(crate) comment: String,
    /// Do not ask whether this is meant
    #[arg(long)]
    pub(crate) yes: bool,
}
