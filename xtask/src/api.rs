//! The step `api`: schemathesis reads the API's published description and tries whatever fits it and whatever does not,
//! against the release binary with an empty installation of its own.

use crate::project::Project;
use crate::setup::PythonTool;
use crate::shell::{self, Done, say};
use crate::versions;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::{fs, thread};

/// schemathesis in the pinned version: its program.
pub(crate) fn set_up(project: &Project) -> Done<PathBuf> {
    let schemathesis = PythonTool {
        program: "schemathesis",
        version: versions::SCHEMATHESIS,
        requirement: versions::SCHEMATHESIS_PACKAGE,
        options: &[],
    };
    schemathesis.get(project)
}

/// Runs it: every check, every phase. A server error, or an answer that its description does not name, fails.
pub(crate) fn api(project: &Project) -> Done {
    let schemathesis = set_up(project)?;
    let data = project.target.join("api-data");
    if data.exists() {
        fs::remove_dir_all(&data).map_err(|error| format!("{}: {error}.", data.display()))?;
    }
    let (server, address) = serve(project, &data)?;
    let description = format!("{address}api/openapi.json");
    say(&format!("schemathesis run {description}"));
    let mut run = project.command(schemathesis);
    run.args(["run", &description, "--checks", "all"])
        .args(["--phases", "examples,coverage,fuzzing,stateful"])
        .args(["-n", "200", "--seed", "1", "--warnings", "off"])
        .current_dir(&data);
    let outcome = shell::run(&mut run);
    drop(server);
    outcome
}

/// A server that ends with this value.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself, which its own message says.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Starts an empty installation on a free port of this machine; gives its address, with the last slash.
fn serve(project: &Project, data: &std::path::Path) -> Done<(Server, String)> {
    let binary = project.release_binary();
    if !binary.is_file() {
        return Err("there is no release binary yet; run `cargo xtask build` first.".into());
    }
    // What it prints is a key, which nobody needs here.
    let made = shell::read(project.command(&binary).arg("init").arg("--data").arg(data));
    made.ok_or("`pledge init` failed.")?;
    let mut command = project.command(&binary);
    command
        .args(["serve", "--listen", "127.0.0.1:0", "--data"])
        .arg(data)
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
