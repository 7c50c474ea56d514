//! `jit-policy requests` as a person meets it, before a server that answers as docs/openapi.yaml says.

#![allow(
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that panics fails, which is what it is for"
)]

use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Output, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;

/// A call as it came in: the first line, the headers in lower case, the body.
#[derive(Clone, Debug)]
struct Call {
    line: String,
    headers: Vec<String>,
    body: String,
}

impl Call {
    fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find_map(|header| header.strip_prefix(name)?.strip_prefix(": "))
    }
}

/// A server on a free port of this machine.
struct Server {
    address: String,
    calls: Arc<Mutex<Vec<Call>>>,
}

impl Server {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let calls = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&calls);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let stream = stream.unwrap();
                let call = read(&stream);
                seen.lock().unwrap().push(call.clone());
                answer(stream, &call);
            }
        });
        Self { address, calls }
    }

    fn run(&self, args: &[&str]) -> Output {
        run(&self.address, args)
    }

    fn calls(&self) -> Vec<Call> {
        self.calls.lock().unwrap().clone()
    }
}

fn run(server: &str, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_jit-policy"))
        .args(["requests", "--server", server, "--realm", "a/b"])
        .args(args)
        .env("JIT_POLICY_CLIENT_ID", "rescue")
        .env("JIT_POLICY_CLIENT_SECRET", "s&cret")
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

fn read(stream: &TcpStream) -> Call {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).unwrap();
    let mut headers = Vec::new();
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).unwrap();
        match header.trim_end().split_once(": ") {
            Some((name, value)) => headers.push(format!("{}: {value}", name.to_lowercase())),
            None => break,
        }
    }
    let mut call = Call { line: line.trim_end().to_owned(), headers, body: String::new() };
    let length = call.header("content-length").map_or(0, |length| length.parse().unwrap());
    reader.take(length).read_to_string(&mut call.body).unwrap();
    call
}

fn request(id: &str, status: &str) -> Value {
    json!({ "id": id, "status": status, "version": 2, "requester": { "id": "1", "username": "alice\u{1b}[2J" },
        "client": { "client_id": "prod-console", "name": null }, "action": "login",
        "policy": { "name": "production", "hash": "sha256:0", "rule": "prod" }, "reason": "alice wants in",
        "stage": if status == "pending" { json!("two-eyes/manager") } else { Value::Null },
        "deadline": null, "opened_at": "2026-11-24T09:00:00.000Z", "updated_at": "2026-11-24T09:00:00.000Z" })
}

fn answer(mut stream: TcpStream, call: &Call) {
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
    let body = body.to_string();
    write!(
        stream,
        "HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nETag: \"2\"\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
}

fn seen(output: &Output) -> String {
    format!(
        "{}{}exit {}\n",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
        output.status.code().unwrap()
    )
}

#[test]
fn a_list_goes_on_to_the_last_page() {
    let server = Server::start();
    insta::assert_snapshot!("list", seen(&server.run(&["list", "--status", "pending"])));
    let calls = server.calls();
    assert_eq!(calls[0].body, "grant_type=client_credentials&client_id=rescue&client_secret=s%26cret");
    assert!(calls[1].line.contains("status=pending&limit=100 "), "{}", calls[1].line);
    assert!(calls[2].line.contains("status=pending&limit=99&cursor=c1 "), "{}", calls[2].line);
}

#[test]
fn a_list_ends_at_its_limit() {
    let server = Server::start();
    let output = server.run(&["list", "--limit", "1", "--format", "json"]);
    let listed: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(listed.as_array().unwrap().len(), 1);
    assert_eq!(server.calls().len(), 2);
}

#[test]
fn a_request_is_shown_with_what_happened_to_it() {
    insta::assert_snapshot!("show", seen(&Server::start().run(&["show", "r1"])));
}

#[test]
fn a_request_is_cancelled_as_it_was_seen_and_once() {
    let server = Server::start();
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
    let server = Server::start();
    insta::assert_snapshot!("unasked", seen(&server.run(&["cancel", "r1", "--comment", "x"])));
    assert!(server.calls().iter().all(|call| !call.line.contains("/r1/cancel")));
    let silent = server.run(&["cancel", "r1", "--yes"]);
    assert_eq!(silent.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&silent.stderr).contains("--comment"));
}

#[test]
fn what_the_server_refuses_is_said() {
    let server = Server::start();
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
