//! `cargo xtask run`: from a fresh checkout to a portal with sample data.
//!
//! The server comes first, because every page works without WebAssembly: on a new machine its first page is there minutes
//! before the tools that build the WASM are. It reads `dist` when it starts, so it is started once more when the WASM in
//! there has changed. In a development build nothing of `dist` is compiled in.

use crate::args::RunOptions;
use crate::project::Project;
use crate::shell::{self, Done, say};
use crate::system;
use crate::wasm::{self, Optimiser};
use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::{self, JoinHandle};

/// Builds what is out of date, serves as soon as there are pages, and puts the WASM in place when it is built.
pub(crate) fn run(project: &Project, options: RunOptions) -> Done {
    let data = data_folder(project, &options)?;
    system::ensure(project, &[system::C_COMPILER])?;
    fs::create_dir_all(project.dist()).map_err(|error| format!("dist cannot be made: {error}."))?;

    say("Server: cargo build -p server (the first time 5 to 7 minutes on two cores)");
    shell::run(&mut project.cargo(&["build", "-p", "server"]))?;

    let before = bundles(project);
    let mut server = server(project, &options, &data);
    say(&format!(
        "Server: {} (Ctrl-C ends it)",
        shell::line(&server)
    ));
    let running = Running::start(&mut server)?;
    say(if before.is_empty() {
        "The pages can be used now. Still to come: what checks and counts while one types (WASM). Its tools and its first \
         build take some 10 minutes on two cores; then the server is started once more. What is done follows here."
    } else {
        "The pages can be used now. Still to come: a look whether the WASM is up to date (seconds, after an edit a minute)."
    });
    if let Err(why) = wasm::ensure(project, Optimiser::IfPossible) {
        say(&format!(
            "WASM: not built, because {why} The server goes on: every page works without it. Ctrl-C ends it."
        ));
        return running.wait();
    }
    if bundles(project) == before {
        say("WASM: up to date; the server goes on. Ctrl-C ends it.");
        return running.wait();
    }
    say("WASM: built. Starting the server once more, with it: the same address, data and sign-ins");
    running.stop()?;
    become_program(&mut server)
}

/// The server with sample data. It is also let start while there is no WASM yet.
fn server(project: &Project, options: &RunOptions, data: &Path) -> Command {
    let mut server = project.command(project.dev_binary());
    server
        .args(["serve", "--demo", "--without-wasm"])
        .args(["--listen", &options.listen, "--data"])
        .arg(data);
    server
}

/// The files that the server serves from `dist`, by path, with their bytes.
fn bundles(project: &Project) -> BTreeMap<PathBuf, Vec<u8>> {
    let entries = fs::read_dir(project.dist()).into_iter().flatten().flatten();
    entries
        .filter_map(|entry| Some((entry.path(), fs::read(entry.path()).ok()?)))
        .collect()
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

/// How the server begins the line that says where it is, once it listens.
const READY: &str = "Pledge is at ";

/// A server that runs beside this program, and ends with it.
struct Running {
    child: Child,
    line: String,
    /// Passes on what it prints, to its end.
    output: JoinHandle<()>,
}

impl Running {
    /// Starts the program and waits until it says that it listens. One that ends before that, because its address is
    /// taken, say, is an error now and not after minutes of building.
    fn start(command: &mut Command) -> Done<Self> {
        let mut child = shell::bound(command)
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| shell::not_started(command, &error))?;
        let line = shell::line(command);
        let printed = child.stdout.take().ok_or("the server has no output.")?;
        let mut lines = BufReader::new(printed).lines().map_while(Result::ok);
        let listens = lines.by_ref().any(|line| {
            pass_on(&line);
            line.starts_with(READY)
        });
        let output = thread::spawn(move || lines.for_each(|line| pass_on(&line)));
        let running = Self {
            child,
            line,
            output,
        };
        if listens {
            return Ok(running);
        }
        let outcome = running.wait();
        outcome.and(Err(
            "the server ended before it said where it is; what it printed above says why.".into(),
        ))
    }

    /// Waits until it ends by itself, or by the signal that also ends this program.
    fn wait(mut self) -> Done {
        let status = self.child.wait();
        // A thread that only prints cannot fail.
        let _ = self.output.join();
        match status {
            Ok(status) if status.success() => Ok(()),
            Ok(status) => Err(format!("`{}` ended ({status}).", self.line)),
            Err(error) => Err(format!("`{}`: {error}.", self.line)),
        }
    }

    /// Ends it. Killed, not asked: the database is written so that nothing acknowledged is lost by that, and a browser
    /// that keeps a connection open cannot hold it up.
    fn stop(mut self) -> Done {
        self.child
            .kill()
            .and_then(|()| self.child.wait())
            .map_err(|error| format!("`{}` cannot be ended: {error}.", self.line))?;
        let _ = self.output.join();
        Ok(())
    }
}

fn pass_on(line: &str) {
    // A closed terminal is no reason to stop serving.
    let _ = writeln!(std::io::stdout().lock(), "{line}");
}

/// Takes the place of this program, so that Ctrl-C and every other signal reach the server itself.
#[cfg(unix)]
fn become_program(program: &mut Command) -> Done {
    use std::os::unix::process::CommandExt;
    let error = program.exec();
    Err(shell::not_started(program, &error))
}

#[cfg(not(unix))]
fn become_program(program: &mut Command) -> Done {
    shell::run(program)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;
    use std::os::unix::process::ExitStatusExt;
    use std::time::{Duration, Instant};

    fn script(text: &str) -> Command {
        let mut command = Command::new("/bin/sh");
        command.args(["-c", text]);
        command
    }

    #[test]
    fn a_server_runs_from_the_line_that_says_where_it_is_until_it_is_stopped() {
        let mut serves = script("echo first; echo 'Pledge is at http://x/'; exec sleep 60");
        let began = Instant::now();
        let running = Running::start(&mut serves).expect("it says where it is");
        let id = running.child.id();
        assert!(fs::exists(format!("/proc/{id}")).expect("readable"));
        running.stop().expect("killed");
        assert!(!fs::exists(format!("/proc/{id}")).expect("readable"));
        assert!(began.elapsed() < Duration::from_secs(30));
    }

    #[test]
    fn a_server_that_ends_before_it_listens_is_an_error() {
        for ends in ["echo 'the address is taken'; exit 2", "exit 0"] {
            assert!(Running::start(&mut script(ends)).is_err(), "{ends}");
        }
        let mut serves = script("echo 'Pledge is at http://x/'; exit 3");
        let running = Running::start(&mut serves).expect("it said where it is");
        let why = running.wait().expect_err("it ended with 3");
        assert!(why.contains('3'), "{why}");
    }

    // The kernel sends the signal when the thread that started the program ends, so a thread stands for this program.
    #[test]
    fn a_bound_program_ends_with_the_one_that_started_it() {
        let orphan = |start: fn(&Command) -> Command| {
            let started = thread::spawn(move || {
                let mut command = start(&script("echo; exec sleep 60"));
                let mut child = command.stdout(Stdio::piped()).spawn().expect("a child");
                // It runs when it prints; what it was bound to may end from then on.
                let mut printed = BufReader::new(child.stdout.take().expect("its output"));
                printed.read_line(&mut String::new()).expect("a line");
                child
            });
            started.join().expect("no panic")
        };
        let mut ended = orphan(shell::bound);
        let status = ended.wait().expect("waited");
        assert_eq!(status.signal(), Some(15), "SIGTERM");

        // Control: a plain child goes on.
        let mut goes_on = orphan(|command| {
            let mut plain = Command::new(command.get_program());
            plain.args(command.get_args());
            plain
        });
        thread::sleep(Duration::from_millis(200));
        assert!(goes_on.try_wait().expect("asked").is_none());
        goes_on.kill().and_then(|()| goes_on.wait()).expect("ended");
    }
}
