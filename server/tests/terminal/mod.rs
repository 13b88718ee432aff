//! The binary as a person at a terminal meets it.

#![allow(dead_code, reason = "each test file uses its own part")]
#![allow(clippy::unwrap_used, reason = "a step that fails must end the test")]

use std::io::Write;
use std::process::{Command, Output, Stdio};

/// Runs a command to its end, with this typed into it.
pub fn pledge(args: &[&str], typed: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_pledge"))
        .args(args)
        .env_remove("PLEDGE_DATA")
        .env_remove("PLEDGE_LISTEN")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that does not read its input may be gone already.
    let _ = child.stdin.take().unwrap().write_all(typed.as_bytes());
    child.wait_with_output().unwrap()
}

/// What it printed.
pub fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// What it complained about.
pub fn said(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// The recovery key that `pledge init` printed.
pub fn recovery_key(made: &Output) -> String {
    let text = out(made);
    let mut words = text.split_whitespace();
    words
        .find(|word| word.starts_with("AGE-SECRET-KEY-1"))
        .unwrap()
        .to_owned()
}
