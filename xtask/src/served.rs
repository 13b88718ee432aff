//! The release binary as a server on a free port of this machine, for the checks that ask it.

use crate::project::Project;
use crate::shell::{self, Done};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::thread;

/// A server that ends with this value.
pub(crate) struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself, which its own message says.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The release binary.
///
/// # Errors
/// A sentence that says how to build it.
pub(crate) fn binary(project: &Project) -> Done<PathBuf> {
    let binary = project.release_binary();
    if binary.is_file() {
        Ok(binary)
    } else {
        Err("there is no release binary yet; run `cargo xtask build` first.".into())
    }
}

/// Starts `pledge serve` over a data folder, with more options of its own; gives its address, with the last slash.
///
/// # Errors
/// A sentence, if it cannot be started or ends before it serves.
pub(crate) fn serve(project: &Project, data: &Path, options: &[&str]) -> Done<(Server, String)> {
    let mut command = project.command(binary(project)?);
    command
        .args(["serve", "--listen", "127.0.0.1:0", "--data"])
        .arg(data)
        .args(options)
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    let line = shell::line(&command);
    let mut child = command
        .spawn()
        .map_err(|error| format!("`{line}` could not be started: {error}."))?;
    let said = child.stdout.take().ok_or("the server has no output.")?;
    let server = Server(child);
    let mut lines = BufReader::new(said).lines().map_while(Result::ok);
    let address = lines
        .find_map(|line| Some(line.strip_prefix("Pledge is at ")?.to_owned()))
        .ok_or("the server ended before it said where it is.")?;
    // What it says later must be read, or it would wait for room.
    thread::spawn(move || lines.for_each(drop));
    Ok((server, address))
}
