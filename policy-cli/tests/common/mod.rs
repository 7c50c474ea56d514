//! The command as a shell meets it.

#![allow(dead_code, reason = "each file of tests is a program of its own, and needs some of this")]

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

/// Runs `jit-policy` in a folder: what it writes to both outputs, and its exit code.
pub(crate) fn run(folder: &Path, arguments: &[&str], stdin: &str) -> (String, String, i32) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_jit-policy"))
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // One that reads nothing has closed the pipe.
    let _ = child.stdin.take().unwrap().write_all(stdin.as_bytes());
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (text(output.stdout), text(output.stderr), output.status.code().unwrap())
}

/// The same as a text to compare with what was written before.
pub(crate) fn shown(folder: &Path, arguments: &[&str], stdin: &str) -> String {
    let (out, err, code) = run(folder, arguments, stdin);
    format!("{out}---\n{err}---\nexit code {code}\n")
}
