//! A running server, over the admin API of the extension (docs/openapi.yaml).

mod address;
mod connection;
mod device;

pub(crate) use address::{percent, segment};

use crate::args::ServerArgs;
use crate::text::{harmless, harmless_lines};
use crate::{Ending, Trouble};
use connection::Pass;
use serde_json::Value;
use std::cell::RefCell;
use std::fmt;
use std::io::Write;
use std::time::Duration;
use ureq::http::{Response, StatusCode};
use ureq::{Agent, Body, BodyReader};

/// How long one call may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// How long an export may take: all that was decided in months.
const LONG_PATIENCE: Duration = Duration::from_secs(900);

/// The largest page of a list.
const PAGE: usize = 100;

/// The most items of a list that are read, of all pages together.
const MOST_ITEMS: usize = 100_000;

/// The most bytes of an answer that is read as a whole; a policy has at most 2 MiB, and is escaped.
const LARGEST_ANSWER: u64 = 16 << 20;

/// A server that let us in, and a realm of it.
pub(crate) struct Server {
    agent: Agent,
    base: String,
    pass: RefCell<Pass>,
}

/// Why there is no answer.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// The server understood, and says no.
    Server(Problem),
    /// It was not reached, or not asked.
    Trouble(Trouble),
}

/// What the server says where it says no.
#[derive(Debug)]
pub(crate) struct Problem {
    status: StatusCode,
    body: Value,
    /// What to do about it here.
    pub(crate) hint: Option<&'static str>,
}

/// What the server says, or why it doesn't.
pub(crate) type Answer<T> = Result<T, Refusal>;

/// Why a call was not made, or not answered.
pub(crate) fn trouble(text: impl Into<String>) -> Refusal {
    Refusal::Trouble(Trouble(text.into()))
}

/// Tells a person what the server refused, and ends the command.
///
/// # Errors
/// Where the server was not reached.
pub(crate) fn refused(refusal: Refusal) -> Result<Ending, Trouble> {
    match refusal {
        Refusal::Server(problem) => {
            let _ = writeln!(anstream::stderr(), "jit-policy: {}", harmless_lines(&problem.to_string()));
            Ok(Ending::Bad)
        }
        Refusal::Trouble(trouble) => Err(trouble),
    }
}

impl Server {
    /// Gets a token, unless there is one.
    pub(crate) fn connect(args: &ServerArgs) -> Answer<Self> {
        let server = args
            .server
            .as_deref()
            .ok_or_else(|| trouble("say with --server (JIT_POLICY_SERVER) where Keycloak is"))?;
        let realm = args
            .realm
            .as_deref()
            .ok_or_else(|| trouble("say with --realm (JIT_POLICY_REALM) which realm"))?;
        let server = server.trim_end_matches('/');
        let (agent, pass) = connection::open(args, server)?;
        Ok(Self {
            agent,
            pass: RefCell::new(pass),
            base: format!("{server}/admin/realms/{}/jit-approval", segment(realm)?),
        })
    }

    /// Reads.
    pub(crate) fn get(&self, path: &str) -> Answer<Response<Body>> {
        self.get_as(path, "application/json", &[])
    }

    /// Reads in a media type.
    pub(crate) fn get_as(&self, path: &str, accept: &str, query: &[(&str, &str)]) -> Answer<Response<Body>> {
        self.with_token(|bearer| {
            let request = self.agent.get(format!("{}/{path}", self.base));
            let request = request.query_pairs(query.iter().copied()).header("Accept", accept);
            accepted(request.header("Authorization", bearer).call())
        })
    }

    /// Sends JSON, with headers beside.
    pub(crate) fn post(&self, path: &str, headers: &[(&str, &str)], body: &Value) -> Answer<Response<Body>> {
        self.with_token(|bearer| {
            let mut request = self.agent.post(format!("{}/{path}", self.base));
            for (name, value) in headers {
                request = request.header(*name, *value);
            }
            accepted(request.header("Authorization", bearer).send_json(body))
        })
    }

    /// Reads lines that may be any number.
    pub(crate) fn stream(&self, path: &str, query: &[(&str, &str)]) -> Answer<BodyReader<'static>> {
        let response = self.with_token(|bearer| {
            let request = self.agent.get(format!("{}/{path}", self.base));
            let request = request.query_pairs(query.iter().copied()).header("Authorization", bearer);
            accepted(request.config().timeout_global(Some(LONG_PATIENCE)).build().call())
        })?;
        Ok(response.into_body().into_reader())
    }

    /// Calls once more with another token, where the first one is not good any more. (Keycloak says what it lacks otherwise with other codes.)
    fn with_token(&self, call: impl Fn(&str) -> Answer<Response<Body>>) -> Answer<Response<Body>> {
        let bearer = || format!("Bearer {}", self.pass.borrow().token);
        match call(&bearer()) {
            Err(Refusal::Server(problem)) if problem.is_of_the_token() => {
                self.pass.borrow_mut().renew(&self.agent)?;
                call(&bearer())
            }
            answer => answer,
        }
    }

    /// Reads a list page by page.
    pub(crate) fn pages(&self, path: &str, filters: &[(&str, &str)], limit: usize) -> Answer<Vec<Value>> {
        let mut items: Vec<Value> = Vec::new();
        let mut cursor: Option<String> = None;
        while items.len() < limit {
            let wanted = limit.saturating_sub(items.len()).min(PAGE).to_string();
            let mut query = filters.to_vec();
            query.push(("limit", &wanted));
            query.extend(cursor.as_deref().map(|cursor| ("cursor", cursor)));
            let page = json_of(self.get_as(path, "application/json", &query)?)?;
            let found = page.get("items").and_then(Value::as_array);
            let found = found.ok_or_else(|| trouble("the server's answer is no list"))?;
            items.extend(found.iter().cloned());
            let next = page.get("next").and_then(Value::as_str).map(str::to_owned);
            // A server that says that there is more, and has none, would be asked for ever.
            if next.is_none() || next == cursor || items.len() > MOST_ITEMS {
                break;
            }
            cursor = next;
        }
        Ok(items)
    }
}

/// The tag of this version of what was read (RFC 9110, 8.8.3).
///
/// # Errors
/// Where there is none: what is changed then could be another version than the one that was read.
pub(crate) fn tag_of(response: &Response<Body>) -> Answer<String> {
    let tag = response.headers().get("etag").and_then(|tag| tag.to_str().ok());
    tag.map(str::to_owned).ok_or_else(|| {
        trouble("the server's answer has no entity tag (ETag), without which a change could be made to what nobody has seen")
    })
}

/// An answer as JSON.
pub(crate) fn json_of(mut response: Response<Body>) -> Answer<Value> {
    let read = response.body_mut().with_config().limit(LARGEST_ANSWER).read_json();
    read.map_err(|error| trouble(format!("the server's answer is no JSON: {error}")))
}

/// An answer as it is.
pub(crate) fn text_of(mut response: Response<Body>) -> Answer<String> {
    let read = response.body_mut().with_config().limit(LARGEST_ANSWER).read_to_string();
    read.map_err(|error| trouble(format!("the server's answer cannot be read: {error}")))
}

/// The answer, unless the server says no.
fn accepted(response: Result<Response<Body>, ureq::Error>) -> Answer<Response<Body>> {
    let mut response = response.map_err(|error| trouble(format!("the server cannot be reached: {error}")))?;
    let status = response.status();
    if status.is_success() {
        return Ok(response);
    }
    let body = response.body_mut().read_json().unwrap_or_default();
    Err(Refusal::Server(Problem { status, body, hint: None }))
}

impl Problem {
    pub(crate) fn status(&self) -> u16 {
        self.status.as_u16()
    }

    /// Whether another token may do what this one could not: not where the policy asks for a stronger sign-in.
    fn is_of_the_token(&self) -> bool {
        self.status == StatusCode::UNAUTHORIZED
            && !matches!(self.text("code"), Some("step_up_required" | "acr_required" | "sign_in_too_old"))
    }

    /// A text of it, such as `code`.
    pub(crate) fn text(&self, member: &str) -> Option<&str> {
        self.body.get(member).and_then(Value::as_str)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // RFC 9457, then RFC 6749 of the token endpoint, then Keycloak's own.
        let detail = ["detail", "error_description", "errorMessage", "title"].iter();
        let detail = detail.filter_map(|member| self.text(member)).next();
        let reason = self.status.canonical_reason().unwrap_or("no success");
        write!(formatter, "the server says {}: {}", self.status(), harmless(detail.unwrap_or(reason)))?;
        if let Some(code) = self.text("code").or(self.text("error")) {
            write!(formatter, " ({})", harmless(code))?;
        }
        for found in self.body.get("diagnostics").and_then(Value::as_array).into_iter().flatten() {
            if let Some(rendered) = found.get("rendered").and_then(Value::as_str) {
                write!(formatter, "\n\n{rendered}")?;
            }
        }
        self.hint.map_or(Ok(()), |hint| write!(formatter, "\n{hint}"))
    }
}
