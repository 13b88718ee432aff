//! The step `api`: schemathesis reads the API's published description and tries whatever fits it and whatever does not,
//! against the release binary with an empty installation of its own.

use crate::project::Project;
use crate::setup::PythonTool;
use crate::shell::{self, Done, say};
use crate::{served, versions};
use std::fs;
use std::path::PathBuf;

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
    // What it prints is a key, which nobody needs here.
    let binary = served::binary(project)?;
    let made = shell::read(project.command(binary).arg("init").arg("--data").arg(&data));
    made.ok_or("`pledge init` failed.")?;
    let (server, address) = served::serve(project, &data, &[])?;
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
