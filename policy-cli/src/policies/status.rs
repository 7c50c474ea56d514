//! `jit-policy status`: what decides on a server, and whether the realm is ready.

use super::{FORMAT_VERSION, ended};
use crate::args::{Format, StatusArgs};
use crate::server::{Answer, Refusal, Server, json_of};
use crate::text::{bold, harmless, write_json};
use crate::{Ending, Trouble, files, reported};
use anstyle::AnsiColor;
use policy_core::wire::digest;
use serde_json::{Value, json};
use std::io::{self, Write};

/// What the server says.
struct Status {
    realm: String,
    /// The policy that decides; null where none does.
    active: Value,
    /// The newest version; null where there is none.
    newest: Value,
    /// Whether the realm is ready; null where the caller may not know.
    readiness: Value,
    /// The hash of the file that should decide.
    wanted: Option<String>,
}

/// Asks a server how it is.
///
/// # Errors
/// Where the server can't be reached, or the file not be read.
pub(crate) fn run(args: &StatusArgs, out: &mut impl Write) -> Result<Ending, Trouble> {
    let wanted = args.policy.as_deref().map(files::read).map(|file| file.text.map_err(Trouble));
    let wanted = wanted.transpose()?.map(|text| digest(text.as_bytes()));
    ended(status(args, wanted, out))
}

fn status(args: &StatusArgs, wanted: Option<String>, out: &mut impl Write) -> Answer<Ending> {
    let server = Server::connect(&args.server)?;
    let versions = server.pages("policies", &[], 1)?;
    let status = Status {
        realm: args.server.realm.clone().unwrap_or_default(),
        active: unless(404, &server, "policies/active")?,
        newest: versions.into_iter().next().unwrap_or_default(),
        readiness: unless(403, &server, "status")?,
        wanted,
    };
    reported(match args.server.format {
        Format::Human => status.human(out),
        Format::Json => write_json(&status.json(), out),
    })?;
    Ok(if status.problems().is_empty() { Ending::Good } else { Ending::Bad })
}

/// An answer, or null where the server says no with this status.
fn unless(status: u16, server: &Server, path: &str) -> Answer<Value> {
    match server.get(path) {
        Ok(response) => json_of(response),
        Err(Refusal::Server(problem)) if problem.status() == status => Ok(Value::Null),
        Err(refusal) => Err(refusal),
    }
}

impl Status {
    /// Each as a sentence.
    fn problems(&self) -> Vec<String> {
        let told = self.readiness.get("problems").and_then(Value::as_array);
        let mut problems: Vec<String> =
            told.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect();
        // Who may know whether the realm is ready has been told.
        if self.active.is_null() && self.readiness.is_null() {
            problems.push("No policy decides: each step that the checkpoint guards is refused".to_owned());
        }
        if let Some(error) = self.readiness.pointer("/policy/last_error").and_then(Value::as_str) {
            problems
                .push(format!("The node that answered has not taken over the newest activation: {error}"));
        }
        if let Some(wanted) = &self.wanted
            && self.active.get("hash").and_then(Value::as_str) != Some(wanted)
        {
            problems.push(format!("Another policy than the file given decides: that is {wanted}"));
        }
        problems
    }

    fn json(&self) -> Value {
        json!({ "version": FORMAT_VERSION, "realm": self.realm, "ready": self.problems().is_empty(), "problems": self.problems(),
            "active": self.active, "newest": self.newest, "readiness": self.readiness })
    }

    fn human(&self, out: &mut impl Write) -> io::Result<()> {
        let problems = self.problems();
        let (style, word) = match (problems.is_empty(), self.readiness.is_null()) {
            (false, _) => (bold(AnsiColor::Red), "not ready"),
            (true, false) => (bold(AnsiColor::Green), "ready"),
            (true, true) => (bold(AnsiColor::Green), "a policy decides"),
        };
        writeln!(out, "Realm {}: {style}{word}{style:#}", harmless(&self.realm))?;
        for problem in &problems {
            writeln!(out, "  problem: {}", harmless(problem))?;
        }
        let warnings = self.readiness.get("warnings").and_then(Value::as_array);
        for warning in warnings.into_iter().flatten().filter_map(Value::as_str) {
            writeln!(out, "  warning: {}", harmless(warning))?;
        }
        if self.readiness.is_null() {
            writeln!(out, "  Whether the realm is ready is for those with the role view-realm to know.")?;
        }
        if !self.active.is_null() {
            let by = [
                ("since", "/activation/at"),
                ("by", "/activation/actor/name"),
                ("for", "/activation/comment"),
            ];
            line("Decides", &self.active, &by, out)?;
        }
        if number(&self.newest).is_some() && number(&self.newest) != number(&self.active) {
            let by = [("put at", "/created_at"), ("by", "/author/name"), ("for", "/comment")];
            line("Newest", &self.newest, &by, out)?;
        }
        Ok(())
    }
}

fn number(version: &Value) -> Option<u64> {
    version.get("version").and_then(Value::as_u64)
}

fn line(label: &str, it: &Value, by: &[(&str, &str)], out: &mut impl Write) -> io::Result<()> {
    let text = |pointer: &str| it.pointer(pointer).and_then(Value::as_str).filter(|text| !text.is_empty());
    let which = match (number(it), text("/file")) {
        (Some(number), _) => format!("version {number}"),
        (None, Some(file)) => format!("the file {}", harmless(file)),
        (None, None) => "-".to_owned(),
    };
    let name = text("/name").map_or("-".to_owned(), harmless);
    let mode = text("/mode").map_or(String::new(), |mode| format!(", {}", harmless(mode)));
    write!(out, "{label:9}{which} of {name}{mode}")?;
    for (word, pointer) in by {
        if let Some(value) = text(pointer) {
            write!(out, ", {word} {}", harmless(value))?;
        }
    }
    writeln!(out, "\n{:9}{}", "", text("/hash").map_or("-".to_owned(), harmless))
}
