//! How the server is reached, and how it lets us in.

use super::address::{is_address, is_safe, segment};
use super::{Answer, PATIENCE, accepted, device, json_of, trouble};
use crate::args::ServerArgs;
use serde_json::Value;
use std::path::Path;
use std::sync::Arc;
use ureq::Agent;
use ureq::tls::{PemItem, RootCerts, TlsConfig, parse_pem};

/// What speaks to the server, and what lets it in.
pub(super) fn open(args: &ServerArgs, server: &str) -> Answer<(Agent, Pass)> {
    if !is_address(server) {
        return Err(trouble(format!(
            "{server:?} is no address of a server, such as https://keycloak.example.org"
        )));
    }
    if !args.insecure_http && !is_safe(server) {
        return Err(trouble(format!(
            "{server} is not reached by https, and everybody on the way could read the secret; --insecure-http does it all the same"
        )));
    }
    let agent = agent(args.ca_certificate.as_deref(), server)?;
    let pass = Pass::new(args, &agent, server)?;
    Ok((agent, pass))
}

/// A token, and how to get the next one: a token lives for minutes, and people may take hours.
pub(super) struct Pass {
    pub(super) token: String,
    renewal: Renewal,
}

enum Renewal {
    /// It was given, and nobody knows where it is from.
    None,
    Secret {
        endpoints: String,
        client: String,
        secret: String,
    },
    /// RFC 6749, 6.
    Refresh {
        endpoints: String,
        client: String,
        token: String,
    },
}

impl Pass {
    fn new(args: &ServerArgs, agent: &Agent, server: &str) -> Answer<Self> {
        if let Some(token) = &args.token {
            return Ok(Self { token: token.clone(), renewal: Renewal::None });
        }
        let endpoints = format!("{server}/realms/{}/protocol/openid-connect", segment(&args.auth_realm)?);
        match (&args.client_id, &args.client_secret) {
            (Some(client), _) if args.device => {
                let answer = device::sign_in(agent, &endpoints, client)?;
                Self::of(&answer, |token| Renewal::Refresh { endpoints, client: client.clone(), token })
            }
            (Some(client), Some(secret)) => {
                let (client, secret) = (client.clone(), secret.clone());
                let mut pass =
                    Self { token: String::new(), renewal: Renewal::Secret { endpoints, client, secret } };
                pass.renew(agent)?;
                Ok(pass)
            }
            _ if args.device => Err(trouble("say with --client-id which client people sign in to")),
            (Some(_), None) => Err(trouble("give --client-secret (JIT_POLICY_CLIENT_SECRET), or --device")),
            _ => Err(trouble(
                "give --client-id (JIT_POLICY_CLIENT_ID) with --client-secret (JIT_POLICY_CLIENT_SECRET) or --device, or --token (JIT_POLICY_TOKEN)",
            )),
        }
    }

    /// Of a successful answer (RFC 6749, 5.1).
    fn of(answer: &Value, refresh: impl FnOnce(String) -> Renewal) -> Answer<Self> {
        let text = |member: &str| answer.get(member).and_then(Value::as_str).map(str::to_owned);
        let token = text("access_token").ok_or_else(|| trouble("the server gave no access token"))?;
        Ok(Self { token, renewal: text("refresh_token").map_or(Renewal::None, refresh) })
    }

    /// Gets another token.
    ///
    /// # Errors
    /// Where the server gives none, or nobody knows how to ask for one.
    pub(super) fn renew(&mut self, agent: &Agent) -> Answer<()> {
        match &self.renewal {
            Renewal::None => return Err(trouble("the access token is not good any more: get another one")),
            Renewal::Secret { endpoints, client, secret } => {
                let form =
                    [("grant_type", "client_credentials"), ("client_id", client), ("client_secret", secret)];
                let answer = json_of(accepted(agent.post(format!("{endpoints}/token")).send_form(form))?)?;
                self.token = Self::of(&answer, |_| Renewal::None)?.token;
            }
            Renewal::Refresh { endpoints, client, token } => {
                let form = [("grant_type", "refresh_token"), ("client_id", client), ("refresh_token", token)];
                let answer = json_of(accepted(agent.post(format!("{endpoints}/token")).send_form(form))?)?;
                let (endpoints, client) = (endpoints.clone(), client.clone());
                *self = Self::of(&answer, |token| Renewal::Refresh { endpoints, client, token })?;
            }
        }
        Ok(())
    }
}

fn agent(certificates: Option<&Path>, server: &str) -> Answer<Agent> {
    let mut config = Agent::config_builder()
        .http_status_as_error(false)
        .timeout_global(Some(PATIENCE))
        .max_redirects(0)
        .user_agent(concat!("jit-policy/", env!("CARGO_PKG_VERSION")));
    if !server.starts_with("https:") {
        // A proxy of the environment would read what is meant for this machine alone.
        config = config.proxy(None);
    }
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
