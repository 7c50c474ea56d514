//! `jit-policy pull`: a policy of the server, as it was written.

use super::{FORMAT_VERSION, YAML, ended};
use crate::args::{Format, PullArgs};
use crate::server::{Answer, Server, json_of, text_of};
use crate::text::{harmless_lines, write_json};
use crate::{Ending, Trouble, reported};
use serde_json::{Value, json};
use std::fs;
use std::io::{self, IsTerminal, Write};

/// Fetches a policy.
///
/// # Errors
/// Where the server can't be reached, or the file not be written.
pub(crate) fn run(args: &PullArgs, out: &mut impl Write) -> Result<Ending, Trouble> {
    ended(pull(args, out))
}

fn pull(args: &PullArgs, out: &mut impl Write) -> Answer<Ending> {
    let server = Server::connect(&args.server)?;
    let path = args.version.map_or("policies/active".to_owned(), |number| format!("policies/{number}"));
    let source = text_of(server.get_as(&path, YAML, &[])?)?;
    if let Some(file) = &args.output {
        fs::write(file, &source)
            .map_err(|error| Trouble(format!("{} cannot be written: {error}", file.display())))?;
    }
    match args.server.format {
        Format::Json => {
            let mut policy = json_of(server.get(&path)?)?;
            if let Some(members) = policy.as_object_mut() {
                members.insert("source".to_owned(), Value::String(source));
            }
            reported(write_json(&json!({ "version": FORMAT_VERSION, "policy": policy }), out))?;
        }
        Format::Human if args.output.is_some() => {}
        // A comment of a policy could hide what follows it from who reads it.
        Format::Human if io::stdout().is_terminal() => {
            reported(writeln!(out, "{}", harmless_lines(source.trim_end())))?
        }
        // Byte for byte, so that it has the hash that the server says; `out` would leave out what is for terminals.
        Format::Human => reported(io::stdout().write_all(source.as_bytes()))?,
    }
    Ok(Ending::Good)
}
