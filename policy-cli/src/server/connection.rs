//! How the server is reached, and how it lets us in.

use super::address::{is_safe, segment};
use super::{Answer, PATIENCE, accepted, device, json_of, trouble};
use crate::args::ServerArgs;
use serde_json::Value;
use std::path::Path;
use std::sync::Arc;
use ureq::Agent;
use ureq::tls::{PemItem, RootCerts, TlsConfig, parse_pem};

/// What speaks to the server, and the token with which it does.
pub(super) fn open(args: &ServerArgs, server: &str) -> Answer<(Agent, String)> {
    if !args.insecure_http && !is_safe(server) {
        return Err(trouble(format!(
            "{server} is not reached by https, and everybody on the way could read the secret; --insecure-http does it all the same"
        )));
    }
    let agent = agent(args.ca_certificate.as_deref())?;
    let token = token(args, &agent, server)?;
    Ok((agent, token))
}

fn token(args: &ServerArgs, agent: &Agent, server: &str) -> Answer<String> {
    if let Some(token) = &args.token {
        return Ok(token.clone());
    }
    let endpoints = format!("{server}/realms/{}/protocol/openid-connect", segment(&args.auth_realm)?);
    match (&args.client_id, &args.client_secret) {
        (Some(client), _) if args.device => device::sign_in(agent, &endpoints, client),
        (Some(client), Some(secret)) => {
            let response = agent.post(format!("{endpoints}/token")).send_form([
                ("grant_type", "client_credentials"),
                ("client_id", client),
                ("client_secret", secret),
            ]);
            token_of(&json_of(accepted(response)?)?)
        }
        _ if args.device => Err(trouble("say with --client-id which client people sign in to")),
        _ => Err(trouble("give --client-id and --client-secret, --client-id and --device, or --token")),
    }
}

/// The access token of a successful answer (RFC 6749, 5.1).
pub(super) fn token_of(answer: &Value) -> Answer<String> {
    let token = answer.get("access_token").and_then(Value::as_str);
    token.map(str::to_owned).ok_or_else(|| trouble("the server gave no access token"))
}

fn agent(certificates: Option<&Path>) -> Answer<Agent> {
    let mut config = Agent::config_builder()
        .http_status_as_error(false)
        .timeout_global(Some(PATIENCE))
        .max_redirects(0)
        .user_agent(concat!("jit-policy/", env!("CARGO_PKG_VERSION")));
    if let Some(path) = certificates {
        let fault = |error: &dyn std::fmt::Display| trouble(format!("{}: {error}", path.display()));
        let pem = std::fs::read(path).map_err(|error| fault(&error))?;
        let mut trusted = Vec::new();
        for item in parse_pem(&pem) {
            if let PemItem::Certificate(certificate) = item.map_err(|error| fault(&error))? {
                trusted.push(certificate);
            }
        }
        if trusted.is_empty() {
            return Err(fault(&"there is no certificate in it"));
        }
        let roots = RootCerts::Specific(Arc::new(trusted));
        config = config.tls_config(TlsConfig::builder().root_certs(roots).build());
    }
    Ok(config.build().new_agent())
}
