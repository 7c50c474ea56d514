//! `jit-policy`: what a security engineer, an operator and an auditor do from a shell.
//!
//! - `jit-policy check` finds everything that is wrong with policies, as the engine does when it loads them; `docs` explains what it says.
//! - `jit-policy test` runs the cases that are written beside policies; `eval` and `explain` decide about one step, and say why.
//! - `jit-policy replay` decides a decision log again under another policy.
//! - `jit-policy simulate` walks a chain of approvers along a timeline.
//! - `jit-policy push`, `activate`, `pull` and `status` bring policies to a server over the admin API, and look at what decides there.
//! - `jit-policy audit verify` proves an export of the realm's histories, without any server.
//! - `jit-policy requests` shows and ends requests over the admin API, for when the console is not reachable.
//! - `jit-policy cel` evaluates expressions as the engine does.
//!
//! Exit codes: 0, it is as it should be, or was done; 1, a policy is refused, an export is damaged, or the server refused; 2, something could not be read or reached, or
//! the command line makes no sense.

#![forbid(unsafe_code)]
#![allow(clippy::disallowed_methods, reason = "a command-line tool reads files; the engine does not")]

mod args;
pub mod audit;
mod bench;
mod cel;
mod check;
mod completions;
mod docs;
mod explain;
mod files;
mod new;
mod policies;
mod progress;
mod replay;
mod requests;
mod schema;
mod server;
mod simulate;
mod test;
mod text;
mod yaml;

use args::{Args, AuditCommand, Format, Group};
use clap::Parser;
use policy_core::policy::Diagnostic;
use std::io::{self, Write};
use std::process::ExitCode;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// As it should.
    Good,
    /// A policy is refused, an export is damaged, or the server refused.
    Bad,
}

/// A sentence for people about why a command could not be carried out.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Trouble(pub String);

impl Trouble {
    /// A policy that nothing can be done with, and all that is wrong with it.
    fn refused(what: &str, found: &[Diagnostic]) -> Self {
        let found: Vec<&str> = found.iter().map(|it| it.rendered.as_str()).collect();
        Self(format!("{what} is refused\n\n{}", found.join("\n\n")))
    }
}

/// Carries out the command line.
#[must_use]
pub fn main() -> ExitCode {
    let mut out = anstream::stdout().lock();
    let result = match Args::parse().group {
        Group::Audit(AuditCommand::Verify(args)) => {
            audit::verify_files(&args.export, &args.checkpoint, args.jwks.as_deref(), args.partial).and_then(
                |report| {
                    let written = match args.format {
                        Format::Human => report.write_human(&mut out),
                        Format::Json => report.write_json(&mut out),
                    };
                    reported(written)?;
                    Ok(report.ending())
                },
            )
        }
        Group::Check(args) => check::run(&args, io::stdin().lock(), &mut out),
        Group::Test(args) => test::run(&args, &mut out),
        Group::Eval(args) => explain::run(&args, false, io::stdin().lock(), &mut out),
        Group::Explain(args) => explain::run(&args, true, io::stdin().lock(), &mut out),
        Group::Simulate(args) => simulate::run(&args, io::stdin().lock(), &mut out),
        Group::New(args) => new::run(&args, &mut out),
        Group::Schema { of } => reported(schema::write(of, &mut out)).map(|()| Ending::Good),
        Group::Completions(args) => reported(completions::write(args.shell, &mut out)).map(|()| Ending::Good),
        Group::Replay(args) => replay::run(&args, io::stdin().lock(), &mut out),
        Group::Bench(args) => bench::run(&args, io::stdin().lock(), &mut out),
        Group::Push(args) => policies::push(&args, io::stdin().lock(), &mut out),
        Group::Activate(args) => policies::activate(&args, &mut out),
        Group::Pull(args) => policies::pull(&args, &mut out),
        Group::Status(args) => policies::status(&args, &mut out),
        Group::Docs(args) => docs::run(&args, &mut out),
        Group::Requests(args) => requests::run(&args, &mut out),
        Group::Cel => {
            drop(out);
            // Answers are for programs: what a terminal would be spared stays in them.
            return ended(cel::answer_lines(io::stdin().lock(), io::stdout().lock()));
        }
    };
    // Who closes the pipe early has seen enough.
    let _ = out.flush();
    ended(result)
}

/// Who closes the pipe early has seen enough.
fn reported(written: io::Result<()>) -> Result<(), Trouble> {
    match written {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Trouble(format!("the report cannot be written: {error}")))
        }
        _ => Ok(()),
    }
}

fn ended(result: Result<Ending, Trouble>) -> ExitCode {
    match result {
        Ok(Ending::Good) => ExitCode::SUCCESS,
        Ok(Ending::Bad) => ExitCode::from(1),
        Err(trouble) => {
            let _ = writeln!(anstream::stderr(), "jit-policy: {}", text::harmless_lines(&trouble.0));
            ExitCode::from(2)
        }
    }
}
