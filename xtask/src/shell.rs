//! Speaking to the person and starting other programs.

use std::cell::RefCell;
use std::ffi::OsStr;
use std::io::Write;
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

/// The outcome of a step. The error is a sentence that says what to do.
pub(crate) type Done<T = ()> = Result<T, String>;

/// Prints one line, with the seconds since the command began.
pub(crate) fn say(line: &str) {
    static BEGAN: OnceLock<Instant> = OnceLock::new();
    let seconds = BEGAN.get_or_init(Instant::now).elapsed().as_secs_f32();
    let mut out = std::io::stdout().lock();
    // A closed terminal is no reason to stop building.
    let _ = writeln!(out, "[{seconds:6.1} s] {line}");
    let _ = out.flush();
}

/// Runs a program to its end, with its output shown. Anything but success is an error that names the command.
pub(crate) fn run(command: &mut Command) -> Done {
    let began = Instant::now();
    let status = bound(command).status();
    let outcome = match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(failed(command, status)),
        Err(error) => Err(not_started(command, &error)),
    };
    record(command, outcome.is_ok(), began.elapsed());
    outcome
}

/// Runs a program to its end and shows its output only if it fails, for programs that say far too much.
pub(crate) fn run_quietly(command: &mut Command) -> Done {
    let began = Instant::now();
    let output = command
        .output()
        .map_err(|error| not_started(command, &error))?;
    record(command, output.status.success(), began.elapsed());
    if output.status.success() {
        return Ok(());
    }
    eprint!("{}", String::from_utf8_lossy(&output.stdout));
    eprint!("{}", String::from_utf8_lossy(&output.stderr));
    Err(failed(command, output.status))
}

/// A program that was run: its command line, whether it succeeded, and how long it took.
pub(crate) struct Ran {
    pub(crate) line: String,
    pub(crate) succeeded: bool,
    pub(crate) took: Duration,
}

thread_local! {
    // Of a thread, so that tests beside each other do not see each other's programs.
    static RAN: RefCell<Vec<Ran>> = const { RefCell::new(Vec::new()) };
}

fn record(command: &Command, succeeded: bool, took: Duration) {
    let line = line(command);
    let ran = Ran {
        line,
        succeeded,
        took,
    };
    RAN.with_borrow_mut(|all| all.push(ran));
}

/// The programs that this thread ran since this was last asked, in the order in which they ended.
pub(crate) fn take_ran() -> Vec<Ran> {
    RAN.take()
}

/// util-linux's program that asks the kernel to end another one together with its parent.
const SETPRIV: [&str; 4] = ["setpriv", "--pdeathsig", "TERM", "--"];

/// The same command, which the kernel also ends when this program ends, however that comes about: Ctrl-C reaches every
/// program of a terminal by itself, but a signal sent to this program alone would leave its children running. The
/// standard library cannot ask for that without `unsafe`; without `setpriv` the command is as it was.
pub(crate) fn bound(command: &Command) -> Command {
    static HAS_SETPRIV: OnceLock<bool> = OnceLock::new();
    let has_setpriv = *HAS_SETPRIV.get_or_init(|| {
        let mut trial = Command::new(SETPRIV[0]);
        read(trial.args(&SETPRIV[1..]).arg("true")).is_some()
    });
    // Of a program that is not there, the plain command gives the better error.
    let mut bound = if has_setpriv && Path::new(command.get_program()).is_file() {
        let mut bound = Command::new(SETPRIV[0]);
        bound.args(&SETPRIV[1..]).arg(command.get_program());
        bound
    } else {
        Command::new(command.get_program())
    };
    bound.args(command.get_args());
    if let Some(folder) = command.get_current_dir() {
        bound.current_dir(folder);
    }
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => bound.env(name, value),
            None => bound.env_remove(name),
        };
    }
    bound
}

/// What a program prints on its standard output, if it can be started and succeeds.
pub(crate) fn read(command: &mut Command) -> Option<String> {
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    output
        .status
        .success()
        .then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// What to say of a program that could not be started.
pub(crate) fn not_started(command: &Command, error: &std::io::Error) -> String {
    format!("`{}` could not be started: {error}.", line(command))
}

fn failed(command: &Command, status: ExitStatus) -> String {
    format!(
        "`{}` failed ({status}); what it printed above says why.",
        line(command)
    )
}

/// The command as a person would type it: the program's short name and its arguments.
pub(crate) fn line(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let short = program.file_name().unwrap_or(command.get_program());
    let words: Vec<_> = std::iter::once(short)
        .chain(command.get_args())
        .map(OsStr::to_string_lossy)
        .collect();
    words.join(" ")
}

/// `114219` as `114,219`.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_by_thousands() {
        let cases = [
            (0, "0"),
            (999, "999"),
            (1_000, "1,000"),
            (114_219, "114,219"),
            (1_234_567, "1,234,567"),
        ];
        for (number, text) in cases {
            assert_eq!(grouped(number), text);
        }
    }

    #[test]
    fn a_failure_names_the_command_not_its_folder() {
        let mut command = Command::new("/nowhere/at/all/program");
        let why = run(command.arg("--flag")).expect_err("there is no such program");
        assert!(
            why.starts_with("`program --flag` could not be started"),
            "{why}"
        );
    }
}
