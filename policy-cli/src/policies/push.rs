//! `jit-policy push`: a policy becomes the realm's next version.

use super::rehearsal::{self, rehearse};
use super::{FORMAT_VERSION, ended, switch};
use crate::args::{Format, PushArgs};
use crate::server::{Answer, Server, json_of};
use crate::text::{harmless, harmless_lines, write_json};
use crate::{Ending, Trouble, files, reported};
use policy_core::policy::{Diagnostic, Policy, load};
use serde_json::{Value, json};
use std::io::{Read, Write};

/// Stores a policy, or with `--dry-run` says what that would do.
///
/// # Errors
/// Where the policy can't be read, or the server can't be reached.
pub(crate) fn run(args: &PushArgs, stdin: impl Read, out: &mut impl Write) -> Result<Ending, Trouble> {
    let switch = &args.switch;
    if !args.activate && (switch.wait.is_some() || switch.yes || switch.justification.is_some()) {
        return Err(Trouble(
            "--wait, --yes and --justification are about an activation: add --activate".to_owned(),
        ));
    }
    let files::File { name, text } = files::read_or(&args.policy, stdin);
    let text = text.map_err(Trouble)?;
    let loaded = match load(&text, &name) {
        Ok(loaded) => loaded,
        Err(found) => {
            tell(&found);
            return Ok(Ending::Bad);
        }
    };
    tell(&loaded.warnings);
    let source = json!({ "source": text, "comment": args.comment });
    ended(if args.rehearsal.dry_run {
        check(args, &name, &loaded.policy, &source, out)
    } else {
        store(args, &source, out)
    })
}

/// What is wrong with a policy, on standard error: what stands on standard output is about the server.
fn tell(found: &[Diagnostic]) {
    let mut errors = anstream::stderr().lock();
    for it in found {
        let _ = writeln!(errors, "{}\n", harmless_lines(&it.rendered));
    }
}

fn store(args: &PushArgs, source: &Value, out: &mut impl Write) -> Answer<Ending> {
    let server = Server::connect(&args.server)?;
    let stored = json_of(server.post("policies", &[], source)?)?;
    let number = stored.get("version").and_then(Value::as_u64);
    match args.server.format {
        Format::Human => reported(human(&stored, number, args.activate, out))?,
        Format::Json if args.activate => {}
        Format::Json => reported(write_json(&answer(&stored, &Value::Null), out))?,
    }
    let (true, Some(number)) = (args.activate, number) else { return Ok(Ending::Good) };
    let switched = switch::to(&server, number, args.comment.as_deref(), &args.switch)?;
    reported(match args.server.format {
        Format::Human => switch::human(&switched, out),
        Format::Json => write_json(&answer(&stored, &switched), out),
    })?;
    Ok(Ending::Good)
}

fn answer(stored: &Value, active: &Value) -> Value {
    json!({ "version": FORMAT_VERSION, "stored": stored, "active": active })
}

fn human(stored: &Value, number: Option<u64>, activate: bool, out: &mut impl Write) -> std::io::Result<()> {
    let text = |member: &str| stored.get(member).and_then(Value::as_str).map_or("-".to_owned(), harmless);
    let number = number.map_or("-".to_owned(), |number| number.to_string());
    let is_new = stored.get("created").and_then(Value::as_bool) == Some(true);
    let already = if is_new { "" } else { " already" };
    writeln!(out, "{} is version {number}{already} ({})", text("name"), text("hash"))?;
    if !activate {
        writeln!(out, "A version decides from its activation on: jit-policy activate {number}")?;
    }
    Ok(())
}

fn check(
    args: &PushArgs,
    name: &str,
    policy: &Policy,
    source: &Value,
    out: &mut impl Write,
) -> Answer<Ending> {
    let server = Server::connect(&args.server)?;
    // Its engine may be another version than ours.
    json_of(server.post("policies/validate", &[], source)?)?;
    let replay = rehearse(&server, &args.rehearsal, name, policy)?;
    reported(match args.server.format {
        Format::Human => {
            writeln!(out, "The server takes {} ({}); nothing was stored.\n", harmless(name), policy.hash)
                .and_then(|()| replay.human(out))
        }
        Format::Json => write_json(&rehearsal::json(&replay), out),
    })?;
    Ok(rehearsal::ending(&replay, &args.rehearsal))
}
