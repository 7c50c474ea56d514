//! The admin API of the extension, docs/openapi.yaml.

use crate::Trouble;
use crate::args::ServerArgs;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use policy_core::wire::digest;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;
use ureq::http::{Response, Uri};
use ureq::tls::{PemItem, RootCerts, TlsConfig, parse_pem};
use ureq::{Agent, Body};

/// How long one call may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// The largest page of a list.
const PAGE: usize = 100;

/// A server that let us in.
pub(super) struct Api {
    agent: Agent,
    base: String,
    token: String,
}

/// Why there is no answer.
#[derive(Debug)]
pub(super) enum Refusal {
    /// The server understood, and says no.
    Server(String),
    /// It was not reached, or not asked.
    Trouble(Trouble),
}

type Answer<T> = Result<T, Refusal>;

fn trouble(text: impl Into<String>) -> Refusal {
    Refusal::Trouble(Trouble(text.into()))
}

impl Api {
    /// Gets a token, unless there is one.
    pub(super) fn connect(args: &ServerArgs) -> Answer<Self> {
        let server = args.server.as_deref().ok_or_else(|| trouble("say with --server where Keycloak is"))?;
        let realm = args.realm.as_deref().ok_or_else(|| trouble("say with --realm which realm"))?;
        let server = server.trim_end_matches('/');
        if !args.insecure_http && !is_safe(server) {
            return Err(trouble(format!(
                "{server} is not reached by https, and everybody on the way could read the secret; --insecure-http does it all the same"
            )));
        }
        let agent = agent(args)?;
        let token = match (&args.token, &args.client_id, &args.client_secret) {
            (Some(token), _, _) => token.clone(),
            (None, Some(id), Some(secret)) => log_in(&agent, server, &args.auth_realm, id, secret)?,
            _ => return Err(trouble("give --client-id and --client-secret, or --token")),
        };
        Ok(Self { agent, base: format!("{server}/admin/realms/{}/jit-approval", encode(realm)?), token })
    }

    pub(super) fn list(&self, filters: &[(&str, &str)], limit: usize) -> Answer<Vec<Value>> {
        self.pages("requests", filters, limit)
    }

    /// A request, and the tag of this version of it.
    pub(super) fn request(&self, id: &str) -> Answer<(Value, String)> {
        let response = self.get(&format!("requests/{}", encode(id)?), &[])?;
        let tag = response.headers().get("etag").and_then(|tag| tag.to_str().ok()).unwrap_or("*").to_owned();
        Ok((json_of(response)?, tag))
    }

    pub(super) fn events(&self, id: &str) -> Answer<Vec<Value>> {
        self.pages(&format!("requests/{}/events", encode(id)?), &[], usize::MAX)
    }

    /// Ends a request that is still at this version. Sent again, it does nothing more: the key names the very change.
    pub(super) fn end(&self, verb: &str, id: &str, comment: &str, version: &str) -> Answer<Value> {
        let key = digest(format!("{verb} {id} {version} {comment}").as_bytes());
        let response = self
            .agent
            .post(format!("{}/requests/{}/{verb}", self.base, encode(id)?))
            .header("Authorization", format!("Bearer {}", self.token))
            .header("If-Match", version)
            .header("Idempotency-Key", key)
            .send_json(json!({ "comment": comment }));
        json_of(accepted(response)?)
    }

    fn pages(&self, path: &str, filters: &[(&str, &str)], limit: usize) -> Answer<Vec<Value>> {
        let mut items: Vec<Value> = Vec::new();
        let mut cursor: Option<String> = None;
        while items.len() < limit {
            let wanted = limit.saturating_sub(items.len()).min(PAGE).to_string();
            let mut query = filters.to_vec();
            query.push(("limit", &wanted));
            query.extend(cursor.as_deref().map(|cursor| ("cursor", cursor)));
            let page = json_of(self.get(path, &query)?)?;
            let found = page.get("items").and_then(Value::as_array);
            items.extend(found.ok_or_else(|| trouble("the server's answer is no list"))?.iter().cloned());
            cursor = page.get("next").and_then(Value::as_str).map(str::to_owned);
            if cursor.is_none() {
                break;
            }
        }
        Ok(items)
    }

    fn get(&self, path: &str, query: &[(&str, &str)]) -> Answer<Response<Body>> {
        let request = self
            .agent
            .get(format!("{}/{path}", self.base))
            .query_pairs(query.iter().copied())
            .header("Authorization", format!("Bearer {}", self.token));
        accepted(request.call())
    }
}

/// Whether nobody on the way can read along.
fn is_safe(server: &str) -> bool {
    let Ok(server) = server.parse::<Uri>() else {
        return false;
    };
    let here = matches!(server.host(), Some("localhost" | "127.0.0.1" | "[::1]"));
    match server.scheme_str() {
        Some("https") => true,
        Some("http") => here,
        _ => false,
    }
}

fn agent(args: &ServerArgs) -> Answer<Agent> {
    let mut config = Agent::config_builder()
        .http_status_as_error(false)
        .timeout_global(Some(PATIENCE))
        .max_redirects(0)
        .user_agent(concat!("jit-policy/", env!("CARGO_PKG_VERSION")));
    if let Some(path) = &args.ca_certificate {
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

fn log_in(agent: &Agent, server: &str, realm: &str, id: &str, secret: &str) -> Answer<String> {
    let response = agent
        .post(format!("{server}/realms/{}/protocol/openid-connect/token", encode(realm)?))
        .send_form([("grant_type", "client_credentials"), ("client_id", id), ("client_secret", secret)]);
    let answer = json_of(accepted(response)?)?;
    let token = answer.get("access_token").and_then(Value::as_str);
    token.map(str::to_owned).ok_or_else(|| trouble("the server gave no access token"))
}

/// The answer, unless the server says no.
fn accepted(response: Result<Response<Body>, ureq::Error>) -> Answer<Response<Body>> {
    let mut response = response.map_err(|error| trouble(format!("the server cannot be reached: {error}")))?;
    let status = response.status();
    if status.is_success() {
        return Ok(response);
    }
    let body = response.body_mut().read_json::<Value>().unwrap_or_default();
    let text = |key: &str| body.get(key).and_then(Value::as_str);
    // RFC 9457, then RFC 6749 of the token endpoint, then Keycloak's own.
    let detail = text("detail").or(text("error_description")).or(text("errorMessage")).or(text("title"));
    let code = text("code").or(text("error")).map(|code| format!(" ({code})")).unwrap_or_default();
    let reason = status.canonical_reason().unwrap_or("no success");
    Err(Refusal::Server(format!("the server says {}: {}{code}", status.as_u16(), detail.unwrap_or(reason))))
}

fn json_of(mut response: Response<Body>) -> Answer<Value> {
    response
        .body_mut()
        .read_json()
        .map_err(|error| trouble(format!("the server's answer is no JSON: {error}")))
}

/// What must be escaped in a segment of a path. Keycloak refuses a path in which anything else is (RFC 3986, 2.3).
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

fn encode(segment: &str) -> Answer<String> {
    if matches!(segment, "" | "." | "..") {
        return Err(trouble(format!("`{segment}` is no name and no id")));
    }
    Ok(utf8_percent_encode(segment, RESERVED).to_string())
}

#[cfg(test)]
mod tests {
    use super::{encode, is_safe};

    #[test]
    fn secrets_go_over_tls_or_stay_on_this_machine() {
        for safe in
            ["https://kc.example.org", "http://localhost:8080", "http://127.0.0.1/auth", "http://[::1]:8080"]
        {
            assert!(is_safe(safe), "{safe}");
        }
        for unsafe_one in [
            "http://kc.example.org",
            "http://localhost.example.org",
            "http://127.0.0.1.nip.io",
            "http://localhost:1@kc.example.org",
            "ftp://x",
            "kc",
        ] {
            assert!(!is_safe(unsafe_one), "{unsafe_one}");
        }
    }

    #[test]
    fn an_id_stays_one_segment_of_the_path() {
        assert_eq!(encode("a/../b?c#d").unwrap(), "a%2F..%2Fb%3Fc%23d");
        assert_eq!(encode("0f8fad5b-d9cb_~").unwrap(), "0f8fad5b-d9cb_~");
        for nothing in ["", ".", ".."] {
            assert!(encode(nothing).is_err());
        }
    }
}
