//! A server on this machine that answers as a test says, and what it was asked.

#![allow(dead_code, reason = "each file of tests is a program of its own, and needs some of this")]

use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Output, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;

/// A call as it came in: the first line, the headers in lower case, the body.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) line: String,
    pub(crate) headers: Vec<String>,
    pub(crate) body: String,
}

impl Call {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find_map(|header| header.strip_prefix(name)?.strip_prefix(": "))
    }

    /// `GET` and the path, without its query.
    pub(crate) fn what(&self) -> (&str, &str) {
        let mut words = self.line.split(' ');
        let (method, path) = (words.next().unwrap(), words.next().unwrap());
        (method, path.split('?').next().unwrap())
    }
}

/// What a server says.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) media_type: &'static str,
    pub(crate) body: String,
}

/// An answer in JSON.
pub(crate) fn json(status: u16, body: &Value) -> Answer {
    Answer { status, media_type: "application/json", body: body.to_string() }
}

/// A server on a free port of this machine.
pub(crate) struct Server {
    pub(crate) address: String,
    calls: Arc<Mutex<Vec<Call>>>,
}

impl Server {
    pub(crate) fn start(answer: impl Fn(&Call) -> Answer + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let calls = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&calls);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let call = read(&stream);
                seen.lock().unwrap().push(call.clone());
                let Answer { status, media_type, body } = answer(&call);
                write!(
                    stream,
                    "HTTP/1.1 {status} X\r\nContent-Type: {media_type}\r\nETag: \"2\"\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
                    body.len()
                )
                .unwrap();
            }
        });
        Self { address, calls }
    }

    pub(crate) fn calls(&self) -> Vec<Call> {
        self.calls.lock().unwrap().clone()
    }
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

/// The command, before a realm of a server, with the secret of a client.
pub(crate) fn command(server: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_jit-policy"));
    command
        .env("JIT_POLICY_SERVER", server)
        .env("JIT_POLICY_REALM", "a/b")
        .env("JIT_POLICY_CLIENT_ID", "rescue")
        .env("JIT_POLICY_CLIENT_SECRET", "s&cret")
        .stdin(Stdio::null());
    command
}

/// All that it wrote, and its exit code.
pub(crate) fn seen(output: &Output) -> String {
    format!(
        "{}{}exit {}\n",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
        output.status.code().unwrap()
    )
}
