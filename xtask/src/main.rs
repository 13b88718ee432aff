//! The project's own commands, started as `cargo xtask …`: run, build, test, sbom, bench.
//!
//! Only the standard library, so that the first command on a new machine starts in seconds. Reading order: [`args`] is
//! what was asked; [`run`], [`build`], [`test`], [`sbom`] and [`bench`] are the commands, each a list of steps; [`wasm`] makes
//! the browser's part and [`left_out`] holds what must not be in it; [`setup`], [`system`] and [`node`] bring what a
//! machine lacks; [`versions`], [`project`] and [`shell`] are what all of them stand on.

mod api;
mod args;
mod bench;
mod browser;
mod build;
mod left_out;
mod memory;
mod node;
mod project;
mod run;
mod sbom;
mod served;
mod setup;
mod shell;
mod system;
mod test;
mod versions;
mod wasm;
#[cfg(test)]
mod words_in_comments;

use args::Command;
use project::Project;
use std::process::ExitCode;

fn main() -> ExitCode {
    let command = match args::parse(std::env::args().skip(1)) {
        Ok(command) => command,
        Err(why) => {
            eprintln!("{why} `cargo xtask help` shows what there is.");
            return ExitCode::from(2);
        }
    };
    match obey(command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("\nStopped: {why}");
            ExitCode::FAILURE
        }
    }
}

fn obey(command: Command) -> shell::Done {
    if let Command::Help = command {
        println!("{}", args::USAGE);
        return Ok(());
    }
    let project = Project::find()?;
    match command {
        Command::Run(options) => run::run(&project, options),
        Command::Build { record_sizes } => build::build(&project, record_sizes),
        Command::Test { steps } => test::test(&project, &steps),
        Command::Sbom => sbom::sbom(&project),
        Command::Bench { passed_on } => bench::bench(&project, &passed_on),
        Command::Help => Ok(()),
    }
}
