//! Requests of a running server: shown, cancelled, expired.

mod api;
mod view;

use crate::args::{EndArgs, Format, ListArgs, RequestsArgs, RequestsCommand};
use crate::server::{Refusal, Server, refused};
use crate::text::write_json;
use crate::{Ending, Trouble, reported};
use serde_json::{Value, json};
use std::io::{self, BufRead, IsTerminal, Write};

/// The version of what `--format json` writes; it grows when a member is renamed, dropped, or means something else.
const FORMAT_VERSION: u32 = 1;

/// Carries out a command of `requests`.
///
/// # Errors
/// Where the server cannot be reached, or the command line does not say enough.
pub(crate) fn run(args: &RequestsArgs, out: &mut impl Write) -> Result<Ending, Trouble> {
    let server = match Server::connect(&args.server) {
        Ok(server) => server,
        Err(refusal) => return refused(refusal),
    };
    let format = args.server.format;
    let answer = match &args.command {
        RequestsCommand::List(list) => {
            api::list(&server, &filters(list), usize::try_from(list.limit).unwrap_or(usize::MAX))
                .map(|requests| print(out, format, "requests", &Value::Array(requests), view::table))
        }
        RequestsCommand::Show { id } => {
            show(&server, id).map(|shown| print(out, format, "request", &shown, view::details))
        }
        RequestsCommand::Explain { id } => api::explanation(&server, id)
            .map(|shown| print(out, format, "explanation", &shown, view::explanation)),
        RequestsCommand::Cancel(end) => finish(&server, "cancel", end, out, format),
        RequestsCommand::Expire(end) => finish(&server, "expire", end, out, format),
    };
    match answer {
        Ok(printed) => printed.map(|()| Ending::Good),
        Err(refusal) => refused(refusal),
    }
}

fn filters(list: &ListArgs) -> Vec<(&'static str, &str)> {
    [
        ("status", &list.status),
        ("user", &list.user),
        ("client", &list.client),
        ("policy", &list.policy),
        ("rule", &list.rule),
        ("opened_after", &list.opened_after),
        ("opened_before", &list.opened_before),
    ]
    .into_iter()
    .filter_map(|(name, value)| Some((name, value.as_deref()?)))
    .collect()
}

/// The request, with its events in a member `events`.
fn show(server: &Server, id: &str) -> Result<Value, Refusal> {
    let (mut request, _) = api::request(server, id)?;
    let events = api::events(server, id)?;
    if let Some(members) = request.as_object_mut() {
        members.insert("events".to_owned(), Value::Array(events));
    }
    Ok(request)
}

/// Ends a request, as it was when it was shown: where it has changed meanwhile, nothing happens.
fn finish(
    server: &Server,
    verb: &str,
    end: &EndArgs,
    out: &mut impl Write,
    format: Format,
) -> Result<Result<(), Trouble>, Refusal> {
    let (request, version) = api::request(server, &end.id)?;
    if !end.yes {
        confirm(verb, &request).map_err(Refusal::Trouble)?;
    }
    let ended = api::end(server, verb, &end.id, &end.comment, &version)?;
    Ok(print(out, format, "request", &ended, view::details))
}

fn confirm(verb: &str, request: &Value) -> Result<(), Trouble> {
    if !io::stdin().is_terminal() {
        return Err(Trouble(format!("say with --yes that you want to {verb} the request; nothing was done")));
    }
    let mut terminal = anstream::stderr().lock();
    let fault = |error: io::Error| Trouble(format!("the terminal cannot be used: {error}"));
    view::details(&mut terminal, request).map_err(fault)?;
    write!(terminal, "Do you want to {verb} this request? Type yes: ").map_err(fault)?;
    terminal.flush().map_err(fault)?;
    let mut typed = String::new();
    io::stdin().lock().read_line(&mut typed).map_err(fault)?;
    if typed.trim() == "yes" { Ok(()) } else { Err(Trouble("nothing was done".to_owned())) }
}

fn print<W: Write>(
    out: &mut W,
    format: Format,
    what: &str,
    value: &Value,
    human: fn(&mut W, &Value) -> io::Result<()>,
) -> Result<(), Trouble> {
    reported(match format {
        Format::Human => human(out, value),
        Format::Json => write_json(&json!({ "version": FORMAT_VERSION, what: value }), out),
    })
}
