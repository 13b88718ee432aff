//! `cargo xtask run`: from a fresh checkout to a portal with sample data.

use crate::args::RunOptions;
use crate::project::Project;
use crate::shell::{self, Done, say};
use crate::system;
use crate::wasm::{self, Optimiser};
use std::path::PathBuf;
use std::process::Command;

/// Builds what is out of date and becomes the server, which prints its address and the sample sign-ins.
pub(crate) fn run(project: &Project, options: RunOptions) -> Done {
    let data = data_folder(project, &options)?;
    system::ensure(project, &[system::C_COMPILER])?;
    wasm::ensure(project, Optimiser::IfPossible)?;

    say("Server: cargo build -p server (minutes the first time)");
    shell::run(&mut project.cargo(&["build", "-p", "server"]))?;

    let mut server = project.command(project.dev_binary());
    server
        .args(["serve", "--demo", "--listen", &options.listen, "--data"])
        .arg(data);
    say(&format!(
        "Server: {} (Ctrl-C ends it)",
        shell::line(&server)
    ));
    become_program(&mut server)
}

/// A folder given on the command line is meant from where the person stands, the server starts in the workspace.
fn data_folder(project: &Project, options: &RunOptions) -> Done<PathBuf> {
    match &options.data {
        None => Ok(project.target.join("demo-data")),
        Some(folder) => {
            std::path::absolute(folder).map_err(|error| format!("{}: {error}.", folder.display()))
        }
    }
}

/// Takes the place of this program, so that Ctrl-C and every other signal reach the server itself.
#[cfg(unix)]
fn become_program(program: &mut Command) -> Done {
    use std::os::unix::process::CommandExt;
    let error = program.exec();
    Err(format!(
        "`{}` could not be started: {error}.",
        shell::line(program)
    ))
}

#[cfg(not(unix))]
fn become_program(program: &mut Command) -> Done {
    shell::run(program)
}
