//! Signing in with a browser that may be on another machine: the device authorization grant (RFC 8628).

use super::{Answer, PATIENCE, Problem, Refusal, accepted, json_of, trouble};
use crate::text::harmless;
use serde_json::Value;
use std::io::Write;
use std::thread;
use std::time::Duration;
use ureq::Agent;

/// How long to wait between two questions where the server does not say, and how much longer where it says `slow_down`: RFC 8628, 3.2 and 3.5.
const INTERVAL: Duration = Duration::from_secs(5);

/// How long a code is good at most, whatever the server says.
const LONGEST: Duration = Duration::from_secs(3600);

/// Shows a person where to sign in, and waits for the answer with their tokens. `client` is a public one for which this grant is enabled.
pub(super) fn sign_in(agent: &Agent, endpoints: &str, client: &str) -> Answer<Value> {
    let response = agent.post(format!("{endpoints}/auth/device")).send_form([("client_id", client)]);
    let code = json_of(accepted(response)?)?;
    let text = |key: &str| code.get(key).and_then(Value::as_str);
    let seconds = |key: &str| code.get(key).and_then(Value::as_u64).map(Duration::from_secs);
    let lacks = || trouble("the server's answer has no code to sign in with");
    let device_code = text("device_code").ok_or_else(lacks)?;
    let user_code = text("user_code").ok_or_else(lacks)?;
    let place = text("verification_uri_complete").or(text("verification_uri")).ok_or_else(lacks)?;
    let _ = writeln!(
        anstream::stderr(),
        "Sign in at {}\nand see there that the code is {}",
        harmless(place),
        harmless(user_code)
    );
    let mut interval = seconds("interval").unwrap_or(INTERVAL).clamp(Duration::from_secs(1), PATIENCE);
    let mut left = seconds("expires_in").unwrap_or(LONGEST).min(LONGEST);
    while let Some(rest) = left.checked_sub(interval) {
        thread::sleep(interval);
        left = rest;
        match ask(agent, endpoints, client, device_code)? {
            Poll::Done(answer) => return Ok(answer),
            Poll::Pending => {}
            Poll::SlowDown => interval = interval.saturating_add(INTERVAL),
        }
    }
    Err(trouble("nobody signed in while the code was good"))
}

/// What the server says while it is asked.
#[derive(Debug)]
enum Poll {
    Done(Value),
    Pending,
    SlowDown,
}

fn ask(agent: &Agent, endpoints: &str, client: &str, device_code: &str) -> Answer<Poll> {
    let response = agent.post(format!("{endpoints}/token")).send_form([
        ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
        ("client_id", client),
        ("device_code", device_code),
    ]);
    let mut response = response.map_err(|error| trouble(format!("the server cannot be reached: {error}")))?;
    if !response.status().is_success() {
        let error = response.body_mut().read_json::<Value>().unwrap_or_default();
        return match error.get("error").and_then(Value::as_str) {
            Some("authorization_pending") => Ok(Poll::Pending),
            Some("slow_down") => Ok(Poll::SlowDown),
            Some("access_denied") => Err(trouble("the sign-in was declined")),
            Some("expired_token") => Err(trouble("nobody signed in while the code was good")),
            _ => Err(Refusal::Server(Problem { status: response.status(), body: error, hint: None })),
        };
    }
    json_of(response).map(Poll::Done)
}
