//! `push`, `activate`, `pull` and `status` as a pipeline meets them, before a server that answers as docs/openapi.yaml says.

#![allow(
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that panics fails, which is what it is for"
)]

#[path = "common/server.rs"]
mod server;

use policy_core::testing::PolicyTest;
use serde_json::{Value, json};
use server::{Answer, Call, Server, command, seen};
use std::fs;
use std::path::Path;
use std::process::Output;
use std::sync::atomic::{AtomicUsize, Ordering};
use tempfile::TempDir;

const ACTIVE: &str = "apiVersion: jit-approval.dev/v1\nname: production\nrules:\n  - { id: admins, on: [login], when: '\"admin\" in user.roles', effect: confirm }\n";

/// The same, stricter.
fn wanted() -> String {
    ACTIVE.replace("confirm", "deny")
}

/// A realm in which version 6 decides, and asks about changes as it is told.
#[derive(Clone, Copy)]
enum Asks {
    Nothing,
    /// Approval, which is there at the second try.
    Once,
    Approval,
    Confirmation,
}

fn version(number: u64, source: &str) -> Value {
    let hash = PolicyTest::new(source).unwrap().policy().hash.clone();
    json!({ "version": number, "hash": hash, "name": "production", "mode": "enforce", "author": { "id": "1", "name": "paula\u{1b}[2J" },
        "created_at": "2026-11-24T09:00:00.000Z", "comment": "CHG-1" })
}

fn active(number: u64, source: &str) -> Value {
    let mut active = version(number, source);
    active["origin"] = json!("database");
    active["activation"] = json!({ "seq": 3, "version": number, "at": "2026-11-24T10:00:00.000Z", "actor": { "id": "2", "name": "paul" }, "comment": null });
    active
}

/// A line of the decision log, of a login with or without the role.
fn line(id: &str, roles: &[&str]) -> String {
    let policy = PolicyTest::new(ACTIVE).unwrap();
    let step = policy.on("login").with("user.roles", roles);
    let decision = serde_json::to_value(step.decide().unwrap()).unwrap();
    json!({ "v": 1, "id": id, "at": "2026-11-24T09:30:00.000Z", "action": "login", "hash": policy.policy().hash, "effect": decision["effect"],
        "rule": decision["rule"], "obligations": decision["obligations"], "rate": 1.0, "context": step.context(), "redacted": [] })
    .to_string()
}

fn problem(status: u16, code: &str, detail: &str, more: &Value) -> Answer {
    let mut body = json!({ "status": status, "code": code, "detail": detail });
    policy_core::testing::merge(&mut body, more);
    server::json(status, &body)
}

fn start(asks: Asks) -> Server {
    let tries = AtomicUsize::new(0);
    Server::start(move |call| {
        let base = "/admin/realms/a%2Fb/jit-approval/";
        let (method, path) = call.what();
        let as_yaml = call.header("accept") == Some("application/yaml");
        match (method, path.strip_prefix(base)) {
            ("POST", None) => server::json(200, &json!({ "access_token": "t0ken" })),
            _ if call.header("authorization") != Some("Bearer t0ken") => {
                server::json(401, &json!({ "error": "HTTP 401 Unauthorized" }))
            }
            ("POST", Some("policies")) => {
                let mut stored = version(7, &wanted());
                stored["created"] = json!(!call.body.contains("again"));
                server::json(201, &stored)
            }
            ("POST", Some("policies/validate")) if call.body.contains("newer") => {
                let diagnostics = json!([{ "severity": "error", "code": "unknown-field", "rendered": "error[unknown-field]: it is unknown\n --> policy.yaml:1:1" }]);
                problem(
                    422,
                    "policy_invalid",
                    "1 error in policy.yaml.",
                    &json!({ "diagnostics": diagnostics }),
                )
            }
            ("POST", Some("policies/validate")) => server::json(200, &json!({ "warnings": [] })),
            ("GET", Some("policies/active")) if as_yaml => {
                Answer { status: 200, media_type: "application/yaml", body: ACTIVE.to_owned() }
            }
            ("GET", Some("policies/active")) => server::json(200, &active(6, ACTIVE)),
            ("GET", Some("policies/7")) => {
                Answer { status: 200, media_type: "application/yaml", body: wanted() }
            }
            ("GET", Some("policies")) => {
                server::json(200, &json!({ "items": [version(7, &wanted())], "next": "more" }))
            }
            ("GET", Some("decisions/export")) => {
                let lines = [line("d1", &["admin"]), line("d2", &["admin"]), line("d3", &["staff"])];
                Answer { status: 200, media_type: "application/x-ndjson", body: lines.join("\n") + "\n" }
            }
            ("GET", Some("status")) => server::json(
                200,
                &json!({ "ready": false, "problems": ["The flow is not bound."], "warnings": ["One door stands open."], "policy": {} }),
            ),
            ("POST", Some("policies/7/activate")) => {
                let first = tries.fetch_add(1, Ordering::SeqCst) == 0;
                let held = || {
                    let more = json!({ "request": "r1", "follow": "https://kc.example.org/r1", "request_status": "pending" });
                    problem(403, "approval_required", "The request r1 waits for it.", &more)
                };
                match asks {
                    Asks::Approval => held(),
                    Asks::Once if first => held(),
                    Asks::Confirmation if call.header("x-jit-confirm") != Some("sha256:1") => problem(
                        428,
                        "confirmation_required",
                        "Paula, are you sure?",
                        &json!({ "confirm": "sha256:1" }),
                    ),
                    _ => server::json(200, &active(7, &wanted())),
                }
            }
            _ => problem(404, "not_found", "There is no such policy version.", &json!({})),
        }
    })
}

/// A folder with the policy that is wanted.
fn folder() -> TempDir {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("production.yaml"), wanted()).unwrap();
    folder
}

fn run(server: &Server, folder: &Path, args: &[&str]) -> Output {
    command(&server.address).args(args).current_dir(folder).output().unwrap()
}

fn sent(server: &Server, method: &str) -> Vec<Call> {
    server
        .calls()
        .into_iter()
        .filter(|call| call.what().0 == method && !call.line.contains("/token "))
        .collect()
}

#[test]
fn a_policy_becomes_the_next_version() {
    let (server, folder) = (start(Asks::Nothing), folder());
    let args = ["push", "production.yaml", "--comment", "CHG-42"];
    insta::assert_snapshot!("push", seen(&run(&server, folder.path(), &args)));
    let body: Value = serde_json::from_str(&sent(&server, "POST")[0].body).unwrap();
    assert_eq!(body, json!({ "source": wanted(), "comment": "CHG-42" }));
    let json =
        run(&server, folder.path(), &["push", "production.yaml", "--comment", "again", "--format", "json"]);
    insta::assert_snapshot!("push-json", seen(&json));
}

#[test]
fn one_that_is_refused_is_not_sent() {
    let (server, folder) = (start(Asks::Nothing), folder());
    fs::write(folder.path().join("bad.yaml"), wanted().replace("user.roles", "user.role")).unwrap();
    insta::assert_snapshot!("refused", seen(&run(&server, folder.path(), &["push", "bad.yaml"])));
    assert!(server.calls().is_empty());
}

#[test]
fn what_a_newer_server_finds_is_shown() {
    let (server, folder) = (start(Asks::Nothing), folder());
    let args = ["push", "production.yaml", "--dry-run", "--comment", "newer"];
    insta::assert_snapshot!("refused-there", seen(&run(&server, folder.path(), &args)));
}

#[test]
fn it_decides_at_once_where_that_is_wanted() {
    let (server, folder) = (start(Asks::Nothing), folder());
    let args = ["push", "production.yaml", "--activate"];
    insta::assert_snapshot!("push-and-activate", seen(&run(&server, folder.path(), &args)));
    let json = run(&server, folder.path(), &["push", "production.yaml", "--activate", "--format", "json"]);
    let told: Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!((&told["stored"]["version"], &told["active"]["version"]), (&json!(7), &json!(7)));
}

#[test]
fn a_dry_run_changes_nothing_and_shows_what_would_change() {
    let (server, folder) = (start(Asks::Nothing), folder());
    let args = ["push", "production.yaml", "--dry-run", "--since", "2026-11-01T00:00:00Z"];
    insta::assert_snapshot!("dry-run", seen(&run(&server, folder.path(), &args)));
    let posts: Vec<String> = sent(&server, "POST").iter().map(|call| call.what().1.to_owned()).collect();
    assert_eq!(posts, ["/admin/realms/a%2Fb/jit-approval/policies/validate"]);
    let export = sent(&server, "GET").into_iter().find(|call| call.line.contains("export")).unwrap();
    assert!(
        export.line.contains("?from=2026-11-01T00%3A00%3A00.000Z ")
            || export.line.contains("?from=2026-11-01T00:00:00.000Z "),
        "{}",
        export.line
    );
    let too_much =
        run(&server, folder.path(), &["push", "production.yaml", "--dry-run", "--max-changed", "66"]);
    assert_eq!(too_much.status.code(), Some(1));
    let enough =
        run(&server, folder.path(), &["push", "production.yaml", "--dry-run", "--max-changed", "67"]);
    assert_eq!(enough.status.code(), Some(0));
    let of_a_version = run(&server, folder.path(), &["activate", "7", "--dry-run", "--format", "json"]);
    let told: Value = serde_json::from_slice(&of_a_version.stdout).unwrap();
    assert_eq!((&told["replay"]["changed"], &told["replay"]["policy"]), (&json!(2), &json!("version 7")));
    assert!(sent(&server, "POST").iter().all(|call| call.line.contains("validate")));
}

#[test]
fn a_time_that_is_none_is_said() {
    let (server, folder) = (start(Asks::Nothing), folder());
    insta::assert_snapshot!(
        "since",
        seen(&run(&server, folder.path(), &["activate", "7", "--dry-run", "--since", "monday"]))
    );
}

#[test]
fn options_that_would_do_nothing_are_refused() {
    let (server, folder) = (start(Asks::Nothing), folder());
    for arguments in [
        &["push", "production.yaml", "--wait", "4h"][..],
        &["push", "production.yaml", "--yes"],
        &["push", "production.yaml", "--since", "7d"],
        &["push", "production.yaml", "--activate", "--wait", "4"],
        &["push", "production.yaml", "--activate", "--dry-run"],
        &["activate", "production"],
        &["requests", "list", "--limit", "0"],
    ] {
        assert_eq!(run(&server, folder.path(), arguments).status.code(), Some(2), "{arguments:?}");
    }
    assert!(server.calls().is_empty(), "nothing was done before that was said");
}

#[test]
fn a_switch_that_nobody_has_seen_is_not_overwritten() {
    let (server, folder) = (start(Asks::Nothing), folder());
    insta::assert_snapshot!(
        "activate",
        seen(&run(&server, folder.path(), &["activate", "7", "--comment", "agreed"]))
    );
    let post = &sent(&server, "POST")[0];
    let body: Value = serde_json::from_str(&post.body).unwrap();
    assert_eq!((post.header("if-match"), body), (Some("\"2\""), json!({ "comment": "agreed" })));
    insta::assert_snapshot!("activate-unknown", seen(&run(&server, folder.path(), &["activate", "9"])));
}

#[test]
fn people_whom_the_policy_asks_are_waited_for() {
    let (server, folder) = (start(Asks::Approval), folder());
    insta::assert_snapshot!("asked", seen(&run(&server, folder.path(), &["activate", "7"])));
    let (server, folder) = (start(Asks::Once), folder);
    let args = ["activate", "7", "--wait", "10s", "--justification", "für später"];
    insta::assert_snapshot!("waited", seen(&run(&server, folder.path(), &args)));
    let posts = sent(&server, "POST");
    assert_eq!(posts.len(), 2);
    assert!(posts.iter().all(|call| call.header("x-jit-justification") == Some("f%C3%BCr%20sp%C3%A4ter")));
}

#[test]
fn nothing_is_confirmed_unasked() {
    let (server, folder) = (start(Asks::Confirmation), folder());
    insta::assert_snapshot!("unconfirmed", seen(&run(&server, folder.path(), &["activate", "7"])));
    assert_eq!(sent(&server, "POST").len(), 1);
    assert!(run(&server, folder.path(), &["activate", "7", "--yes"]).status.success());
}

#[test]
fn a_policy_comes_back_as_it_was_written() {
    let (server, folder) = (start(Asks::Nothing), folder());
    let pulled = run(&server, folder.path(), &["pull"]);
    assert_eq!(String::from_utf8(pulled.stdout).unwrap(), ACTIVE);
    let pulled = run(&server, folder.path(), &["pull", "7", "--output", "seven.yaml"]);
    assert_eq!((pulled.stdout.as_slice(), pulled.status.code()), (&b""[..], Some(0)));
    assert_eq!(fs::read_to_string(folder.path().join("seven.yaml")).unwrap(), wanted());
    let json = run(&server, folder.path(), &["pull", "--format", "json"]);
    let told: Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!((&told["policy"]["version"], &told["policy"]["source"]), (&json!(6), &json!(ACTIVE)));
}

#[test]
fn a_status_says_what_decides_and_what_is_missing() {
    let (server, folder) = (start(Asks::Nothing), folder());
    insta::assert_snapshot!("status", seen(&run(&server, folder.path(), &["status"])));
    insta::assert_snapshot!(
        "status-json",
        seen(&run(&server, folder.path(), &["status", "--format", "json"]))
    );
    let other = run(&server, folder.path(), &["status", "--policy", "production.yaml"]);
    assert!(String::from_utf8_lossy(&other.stdout).contains("Another policy than the file given decides"));
}

/// A person who signs in at the second question.
#[test]
fn a_person_signs_in_elsewhere() {
    let asked = AtomicUsize::new(0);
    let server = Server::start(move |call| match call.what() {
        ("POST", "/realms/acme/protocol/openid-connect/auth/device") => server::json(
            200,
            &json!({ "device_code": "d3vice", "user_code": "ABCD-EFGH", "verification_uri": "https://kc.example.org/device",
                "verification_uri_complete": "https://kc.example.org/device?user_code=ABCD-EFGH", "interval": 1, "expires_in": 600 }),
        ),
        ("POST", "/realms/acme/protocol/openid-connect/token")
            if asked.fetch_add(1, Ordering::SeqCst) == 0 =>
        {
            server::json(400, &json!({ "error": "authorization_pending" }))
        }
        ("POST", "/realms/acme/protocol/openid-connect/token") => {
            server::json(200, &json!({ "access_token": "t0ken" }))
        }
        _ if call.header("authorization") == Some("Bearer t0ken") => {
            Answer { status: 200, media_type: "application/yaml", body: ACTIVE.to_owned() }
        }
        _ => server::json(401, &json!({})),
    });
    let mut device = command(&server.address);
    device.env_remove("JIT_POLICY_CLIENT_SECRET").args(["pull", "--device", "--auth-realm", "acme"]);
    insta::assert_snapshot!("device", seen(&device.output().unwrap()));
    let calls = server.calls();
    assert_eq!(calls[0].body, "client_id=rescue");
    assert_eq!(
        calls[1].body,
        "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code&client_id=rescue&device_code=d3vice"
    );
}

/// Tokens live for minutes, and people take hours.
#[test]
fn a_token_that_has_run_out_is_replaced() {
    let logins = AtomicUsize::new(0);
    let server = Server::start(move |call| match call.what() {
        ("POST", "/realms/master/protocol/openid-connect/token") => {
            let number = logins.fetch_add(1, Ordering::SeqCst);
            server::json(200, &json!({ "access_token": format!("t{number}") }))
        }
        _ if call.header("authorization") == Some("Bearer t1") => {
            Answer { status: 200, media_type: "application/yaml", body: ACTIVE.to_owned() }
        }
        _ => server::json(401, &json!({ "error": "HTTP 401 Unauthorized" })),
    });
    let output = command(&server.address).arg("pull").output().unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap(), ACTIVE);
    let mut given = command(&server.address);
    given
        .env_remove("JIT_POLICY_CLIENT_ID")
        .env_remove("JIT_POLICY_CLIENT_SECRET")
        .args(["pull", "--token", "old"]);
    insta::assert_snapshot!("token-ran-out", seen(&given.output().unwrap()));
}

#[test]
fn a_stronger_sign_in_is_asked_of_the_person_and_not_of_the_token() {
    let server = Server::start(|call| match call.what() {
        ("POST", "/realms/master/protocol/openid-connect/token") => {
            server::json(200, &json!({ "access_token": "t" }))
        }
        _ => problem(
            401,
            "step_up_required",
            "The policy asks for a sign-in of the level 2 first.",
            &json!({}),
        ),
    });
    let output = command(&server.address).arg("pull").output().unwrap();
    assert!(String::from_utf8_lossy(&output.stderr).contains("(step_up_required)"));
    assert_eq!(server.calls().len(), 2);
}

#[test]
fn no_proxy_reads_what_is_for_this_machine() {
    let server = start(Asks::Nothing);
    let mut through = command(&server.address);
    for name in ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"] {
        through.env(name, "http://127.0.0.1:9");
    }
    let output = through.arg("pull").output().unwrap();
    assert_eq!(
        String::from_utf8(output.stdout).unwrap(),
        ACTIVE,
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn a_policy_is_the_same_bytes_whatever_is_in_it() {
    let source = format!("# \u{1b}[2J\u{9b}2J\u{202e}\n{ACTIVE}");
    let body = source.clone();
    let server = Server::start(move |call| match call.what().0 {
        "POST" => server::json(200, &json!({ "access_token": "t" })),
        _ => Answer { status: 200, media_type: "application/yaml", body: body.clone() },
    });
    assert_eq!(command(&server.address).arg("pull").output().unwrap().stdout, source.as_bytes());
}

#[test]
fn a_server_without_an_end_is_not_asked_for_ever() {
    let server = Server::start(|call| match call.what().0 {
        "POST" => server::json(200, &json!({ "access_token": "t" })),
        _ => server::json(200, &json!({ "items": [], "next": "again" })),
    });
    let output = command(&server.address).args(["requests", "list"]).output().unwrap();
    assert!(output.status.success());
    assert_eq!(server.calls().len(), 3);
}

#[test]
fn a_limit_without_decisions_is_not_kept() {
    let server = Server::start(|call| match call.what() {
        ("POST", "/admin/realms/a%2Fb/jit-approval/policies/validate") => server::json(200, &json!({})),
        ("POST", _) => server::json(200, &json!({ "access_token": "t" })),
        ("GET", path) if path.ends_with("export") => {
            Answer { status: 200, media_type: "application/x-ndjson", body: String::new() }
        }
        _ => problem(404, "not_found", "There is no such active policy.", &json!({})),
    });
    let folder = folder();
    let args = ["push", "production.yaml", "--dry-run"];
    insta::assert_snapshot!("no-decisions", seen(&run(&server, folder.path(), &args)));
    let limited = [&args[..], &["--max-changed", "5"]].concat();
    assert_eq!(run(&server, folder.path(), &limited).status.code(), Some(1));
    for limit in ["nan", "-1", "101", "x"] {
        let args = [&args[..], &["--max-changed", limit]].concat();
        assert_eq!(run(&server, folder.path(), &args).status.code(), Some(2), "{limit}");
    }
}
