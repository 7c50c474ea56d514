//! `jit-policy activate`: another version decides from now on, unless the one that decides has a say in it.

use super::rehearsal::{self, rehearse};
use super::{FORMAT_VERSION, YAML, ended};
use crate::args::{ActivateArgs, Format, SwitchArgs};
use crate::server::{Answer, Refusal, Server, json_of, percent, tag_of, text_of};
use crate::text::{harmless, harmless_lines, write_json};
use crate::{Ending, Trouble, reported};
use policy_core::policy::load;
use serde_json::{Value, json};
use std::io::{self, Write};
use std::thread;
use std::time::Duration;

/// How long to wait between two questions whether it has been approved.
const PAUSE: Duration = Duration::from_secs(5);

/// Lets a version decide, or with `--dry-run` says what that would change.
///
/// # Errors
/// Where the server can't be reached.
pub(crate) fn run(args: &ActivateArgs, out: &mut impl Write) -> Result<Ending, Trouble> {
    ended(if args.rehearsal.dry_run { check(args, out) } else { activate(args, out) })
}

fn activate(args: &ActivateArgs, out: &mut impl Write) -> Answer<Ending> {
    let server = Server::connect(&args.server)?;
    let active = to(&server, args.version, args.comment.as_deref(), &args.switch)?;
    reported(match args.server.format {
        Format::Human => human(&active, out),
        Format::Json => write_json(&json!({ "version": FORMAT_VERSION, "active": active }), out),
    })?;
    Ok(Ending::Good)
}

fn check(args: &ActivateArgs, out: &mut impl Write) -> Answer<Ending> {
    let server = Server::connect(&args.server)?;
    let source = text_of(server.get_as(&format!("policies/{}", args.version), YAML, &[])?)?;
    let name = format!("version {}", args.version);
    // Its engine may be a newer one than ours.
    let loaded = load(&source, &name).map_err(|found| Trouble::refused(&name, &found))?;
    let replay = rehearse(&server, &args.rehearsal, &name, &loaded.policy)?;
    reported(match args.server.format {
        Format::Human => replay.human(out),
        Format::Json => write_json(&rehearsal::json(&replay), out),
    })?;
    Ok(rehearsal::ending(&replay, &args.rehearsal))
}

/// Lets a version decide, and says what decides then. Another switch meanwhile is not overwritten; only where
/// nothing decided before, there is none to name.
pub(super) fn to(server: &Server, version: u64, comment: Option<&str>, args: &SwitchArgs) -> Answer<Value> {
    let mut left = Duration::from_secs(args.wait.unwrap_or(0).into());
    let before = active_tag(server)?;
    let justification = args.justification.as_deref().map(percent);
    let mut confirmed: Option<String> = None;
    let mut told = false;
    loop {
        let headers = [
            ("If-Match", before.as_deref()),
            ("X-JIT-Justification", justification.as_deref()),
            ("X-JIT-Confirm", confirmed.as_deref()),
        ];
        let headers: Vec<(&str, &str)> =
            headers.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
        let path = format!("policies/{version}/activate");
        let mut problem = match server.post(&path, &headers, &json!({ "comment": comment })) {
            Ok(response) => return json_of(response),
            Err(Refusal::Server(problem)) => problem,
            Err(refusal) => return Err(refusal),
        };
        match (problem.text("code"), left.checked_sub(PAUSE)) {
            (Some("confirmation_required"), _) if args.yes && confirmed.is_none() => {
                confirmed = problem.text("confirm").map(str::to_owned);
            }
            (Some("approval_required"), Some(rest)) => {
                if !std::mem::replace(&mut told, true) {
                    say(&format!("{problem}\nWaiting for it"));
                }
                thread::sleep(PAUSE);
                left = rest;
            }
            (code, _) => {
                problem.hint = match code {
                    Some("confirmation_required") => Some("Say --yes to confirm it."),
                    Some("justification_required") => Some("Say why with --justification."),
                    Some("approval_required") => {
                        Some("Run this again once it is approved, or wait for that with --wait.")
                    }
                    _ => None,
                };
                return Err(Refusal::Server(problem));
            }
        }
    }
}

/// The entity tag of what decides now, or none where nothing does.
fn active_tag(server: &Server) -> Answer<Option<String>> {
    match server.get("policies/active") {
        Ok(response) => tag_of(&response).map(Some),
        Err(Refusal::Server(problem)) if problem.status() == 404 => Ok(None),
        Err(refusal) => Err(refusal),
    }
}

fn say(what: &str) {
    let _ = writeln!(anstream::stderr(), "jit-policy: {}", harmless_lines(what));
}

/// What decides now, and since when.
pub(super) fn human(active: &Value, out: &mut impl Write) -> io::Result<()> {
    let text =
        |pointer: &str| active.pointer(pointer).and_then(Value::as_str).map_or("-".to_owned(), harmless);
    let number = active.get("version").and_then(Value::as_u64).map_or("-".to_owned(), |it| it.to_string());
    writeln!(
        out,
        "Version {number} of {} decides since {} ({})",
        text("/name"),
        text("/activation/at"),
        text("/hash")
    )
}
