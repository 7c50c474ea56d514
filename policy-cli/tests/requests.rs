//! `jit-policy requests` as a person meets it, before a server that answers as docs/openapi.yaml says.

#![allow(
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that panics fails, which is what it is for"
)]

#[path = "common/server.rs"]
mod server;

use serde_json::{Value, json};
use server::{Answer, Call, Server, command, seen};
use std::net::TcpListener;
use std::process::Output;

trait Run {
    fn run(&self, args: &[&str]) -> Output;
}

impl Run for Server {
    fn run(&self, args: &[&str]) -> Output {
        run(&self.address, args)
    }
}

fn run(server: &str, args: &[&str]) -> Output {
    command(server).arg("requests").args(args).output().unwrap()
}

fn start() -> Server {
    Server::start(answer)
}

fn request(id: &str, status: &str) -> Value {
    json!({ "id": id, "status": status, "version": 2, "requester": { "id": "1", "username": "alice\u{1b}[2J" },
        "client": { "client_id": "prod-console", "name": null }, "action": "login",
        "policy": { "name": "production", "hash": "sha256:0", "rule": "prod" }, "reason": "alice wants in",
        "stage": if status == "pending" { json!("two-eyes/manager") } else { Value::Null },
        "deadline": null, "opened_at": "2026-11-24T09:00:00.000Z", "updated_at": "2026-11-24T09:00:00.000Z" })
}

fn answer(call: &Call) -> Answer {
    let base = "/admin/realms/a%2Fb/jit%2Dapproval/requests".replace("%2D", "-");
    let path = call.line.split(' ').nth(1).unwrap();
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let tail = path.strip_prefix(&base);
    let (status, body) = match (call.line.split(' ').next().unwrap(), tail) {
        ("POST", None) if path == "/realms/master/protocol/openid-connect/token" => {
            (200, json!({ "access_token": "t0ken" }))
        }
        _ if call.header("authorization") != Some("Bearer t0ken") => {
            (401, json!({ "error": "HTTP 401 Unauthorized" }))
        }
        ("GET", Some("")) if query.contains("cursor=c1") => {
            (200, json!({ "items": [request("r2", "denied")], "next": null }))
        }
        ("GET", Some("")) => (200, json!({ "items": [request("r1", "pending")], "next": "c1" })),
        ("GET", Some("/r1")) => (200, request("r1", "pending")),
        ("GET", Some("/r1/events")) => {
            let alice = json!({ "salt": "00", "comment": "please", "actor": { "username": "alice" } });
            let items = [
                json!({ "seq": 1, "at": "2026-11-24T09:00:00.000Z", "kind": "opened", "actor": { "kind": "user" }, "personal": alice }),
                json!({ "seq": 2, "at": "2026-11-24T09:15:00.000Z", "kind": "escalated", "stage": "two-eyes/manager",
                    "to": "two-eyes/duty", "actor": { "kind": "system" } }),
                json!({ "seq": 3, "at": "2026-11-24T09:20:00.000Z", "kind": "denied", "actor": { "kind": "user" }, "commitment": "sha256:0" }),
            ];
            (200, json!({ "items": items, "next": null }))
        }
        ("GET", Some("/r1/explanation")) => (200, explanation()),
        ("GET", Some("/r2/explanation")) => (200, without_facts()),
        ("POST", Some("/r1/cancel")) => (200, request("r1", "cancelled")),
        ("POST", Some("/r1/expire")) => (
            412,
            json!({ "type": "tag:x", "title": "It has changed", "status": 412, "code": "precondition_failed",
                "detail": "The request has changed since it was read." }),
        ),
        _ => {
            (404, json!({ "title": "Not found", "detail": "There is no such request.", "code": "not_found" }))
        }
    };
    server::json(status, &body)
}

#[test]
fn a_list_goes_on_to_the_last_page() {
    let server = start();
    insta::assert_snapshot!("list", seen(&server.run(&["list", "--status", "pending"])));
    let calls = server.calls();
    assert_eq!(calls[0].body, "grant_type=client_credentials&client_id=rescue&client_secret=s%26cret");
    assert!(calls[1].line.contains("status=pending&limit=100 "), "{}", calls[1].line);
    assert!(calls[2].line.contains("status=pending&limit=99&cursor=c1 "), "{}", calls[2].line);
}

#[test]
fn a_list_ends_at_its_limit() {
    let server = start();
    let output = server.run(&["list", "--limit", "1", "--format", "json"]);
    let listed: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&listed["version"], listed["requests"].as_array().unwrap().len()), (&json!(1), 1));
    assert_eq!(server.calls().len(), 2);
}

#[test]
fn a_request_is_shown_with_what_happened_to_it() {
    insta::assert_snapshot!("show", seen(&start().run(&["show", "r1"])));
}

/// What a server tells of a request whose decision is kept whole.
fn explanation() -> Value {
    let clause = |kind: &str, text: &str, holds: Value| {
        json!({ "kind": kind, "text": text, "holds": holds, "decides": true,
        "line": 6, "column": 11, "end_line": 6, "end_column": 20 })
    };
    let mut when = clause("all", "a && b", json!(true));
    let (mut role, mut place) = (
        clause("test", "\"admin\" in user.roles", json!(true)),
        clause("test", "request.ip != \"10.0.0.1\"", json!(true)),
    );
    role["reads"] = json!([{ "path": "user.roles", "value": ["admin\u{1b}[2J"] }]);
    place["reads"] = json!([{ "path": "request.ip", "value": "203.0.113.7" }]);
    when["of"] = json!([role, place]);
    json!({ "request": "r1", "action": "login", "at": "2026-11-24T09:00:00.000Z", "policy": { "name": "production", "hash": "sha256:0" },
        "effect": "require_approval", "rule": "prod", "redacted": [],
        "decision": { "effect": "require_approval", "rule": "prod" },
        "rules": [
            { "rule": "prod", "line": 5, "effect": "require_approval", "mode": "enforce", "outcome": "matched", "when": when },
            { "rule": "long", "line": 9, "effect": "deny", "mode": "enforce", "outcome": "not_matched", "when": null, "left_out": true },
        ] })
}

/// The same, where the policy does not want an address kept, and another version of the engine decides otherwise about the rest.
fn without_facts() -> Value {
    let mut told = explanation();
    told["redacted"] = json!(["request.ip"]);
    told["decision"] = json!({ "effect": "allow", "rule": null });
    let place = &mut told["rules"][0]["when"]["of"][1];
    place["holds"] = Value::Null;
    place["error"] = json!("what it reads was not kept");
    place["reads"] = json!([{ "path": "request.ip", "value": null, "withheld": true }]);
    told
}

#[test]
fn a_request_is_explained_clause_by_clause() {
    let server = start();
    insta::assert_snapshot!("explain", seen(&server.run(&["explain", "r1"])));
    insta::assert_snapshot!("explain-withheld", seen(&server.run(&["explain", "r2"])));
    let output = server.run(&["explain", "r1", "--format", "json"]);
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(told, json!({ "version": 1, "explanation": explanation() }));
}

#[test]
fn a_request_is_cancelled_as_it_was_seen_and_once() {
    let server = start();
    let args = ["cancel", "r1", "--comment", "called off", "--yes"];
    insta::assert_snapshot!("cancel", seen(&server.run(&args)));
    server.run(&args);
    let posts: Vec<Call> =
        server.calls().into_iter().filter(|call| call.line.contains("/r1/cancel")).collect();
    assert_eq!(serde_json::from_str::<Value>(&posts[0].body).unwrap(), json!({ "comment": "called off" }));
    assert_eq!(posts[0].header("if-match"), Some("\"2\""));
    let key = posts[0].header("idempotency-key").unwrap();
    assert_eq!(posts[1].header("idempotency-key"), Some(key), "the same change has the same key");
    let other = server.run(&["cancel", "r1", "--comment", "another reason", "--yes"]);
    assert!(other.status.success());
    assert_ne!(server.calls().last().unwrap().header("idempotency-key"), Some(key));
}

#[test]
fn nothing_is_done_unasked() {
    let server = start();
    insta::assert_snapshot!("unasked", seen(&server.run(&["cancel", "r1", "--comment", "x"])));
    assert!(server.calls().iter().all(|call| !call.line.contains("/r1/cancel")));
    let silent = server.run(&["cancel", "r1", "--yes"]);
    assert_eq!(silent.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&silent.stderr).contains("--comment"));
}

#[test]
fn what_the_server_refuses_is_said() {
    let server = start();
    insta::assert_snapshot!("refused", seen(&server.run(&["expire", "r1", "--comment", "x", "--yes"])));
    insta::assert_snapshot!("not-found", seen(&server.run(&["show", "../../users"])));
}

#[test]
fn secrets_do_not_go_over_the_wire_in_clear() {
    insta::assert_snapshot!("clear", seen(&run("http://keycloak.example.org", &["list"])));
}

#[test]
fn a_server_that_is_away_is_trouble() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let output = run(&format!("http://127.0.0.1:{port}"), &["list"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("cannot be reached"));
}
