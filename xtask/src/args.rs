//! What was asked for: the command line, read into a [`Command`] or refused with a sentence.

use crate::test::Step;
use std::net::SocketAddr;
use std::path::PathBuf;

/// What `cargo xtask help` prints.
pub(crate) const USAGE: &str = "\
Usage: cargo xtask COMMAND

  run [--listen 127.0.0.1:8080] [--data DIR]
      Installs what is missing, builds, and starts the portal with sample data. It prints the address and the
      sample sign-ins. The data stays in target/demo-data unless DIR is given. Ctrl-C ends it.

  build [--record-sizes]
      Builds the release, target/release/pledge, and checks the size of every page and of the WASM.
      --record-sizes also writes the WASM's sizes to xtask/src/wasm_sizes.txt.

  test [STEP …]
      Runs every check in this order, or only the named ones: fmt, lint, deny, unit, build, api, browser.

  sbom
      Writes the lists of parts of the release, pledge.cdx.json and pledge-wasm.cdx.json in target/release, in
      CycloneDX form. The first time it compiles cargo-cyclonedx, which takes minutes.

  bench [ARGUMENT …]
      Builds the release and runs `cargo bench -p server ARGUMENT …`.

  help
      Prints this.";

const DEFAULT_LISTEN: &str = "127.0.0.1:8080";

/// One command with its options.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Command {
    Run(RunOptions),
    Build { record_sizes: bool },
    Test { steps: Vec<Step> },
    Sbom,
    Bench { passed_on: Vec<String> },
    Help,
}

/// Where the portal listens and keeps its data.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct RunOptions {
    pub(crate) listen: String,
    /// `None` is the demo folder under `target`.
    pub(crate) data: Option<PathBuf>,
}

/// Reads the words after `cargo xtask`. The error is a sentence for the person.
pub(crate) fn parse(words: impl Iterator<Item = String>) -> Result<Command, String> {
    let mut words = words;
    let Some(name) = words.next() else {
        return Err("Which command?".into());
    };
    match name.as_str() {
        "run" => run_options(words).map(Command::Run),
        "build" => build_options(words),
        "test" => steps(words).map(|steps| Command::Test { steps }),
        "sbom" => match words.next() {
            None => Ok(Command::Sbom),
            Some(word) => Err(format!("`sbom` has no option `{word}`.")),
        },
        "bench" => Ok(Command::Bench {
            passed_on: words.collect(),
        }),
        "help" | "--help" | "-h" => Ok(Command::Help),
        other => Err(format!("There is no command `{other}`.")),
    }
}

fn run_options(mut words: impl Iterator<Item = String>) -> Result<RunOptions, String> {
    let mut options = RunOptions {
        listen: DEFAULT_LISTEN.into(),
        data: None,
    };
    while let Some(word) = words.next() {
        let (name, value) = match word.split_once('=') {
            Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
            None => (word, None),
        };
        let mut value = || {
            value
                .clone()
                .or_else(|| words.next())
                .filter(|value| !value.is_empty())
                .ok_or_else(|| format!("`{name}` needs a value."))
        };
        match name.as_str() {
            "--listen" => options.listen = checked_address(value()?)?,
            "--data" => options.data = Some(value()?.into()),
            _ => return Err(format!("`run` has no option `{name}`.")),
        }
    }
    Ok(options)
}

/// Refuses what the server would refuse, now and not after minutes of building.
fn checked_address(address: String) -> Result<String, String> {
    match address.parse::<SocketAddr>() {
        Ok(_) => Ok(address),
        Err(_) => Err(format!(
            "`{address}` is no address with a port, such as {DEFAULT_LISTEN}."
        )),
    }
}

fn build_options(words: impl Iterator<Item = String>) -> Result<Command, String> {
    let mut record_sizes = false;
    for word in words {
        match word.as_str() {
            "--record-sizes" => record_sizes = true,
            _ => return Err(format!("`build` has no option `{word}`.")),
        }
    }
    Ok(Command::Build { record_sizes })
}

/// The named steps in the order they always run, each once; all of them when none is named.
fn steps(words: impl Iterator<Item = String>) -> Result<Vec<Step>, String> {
    let mut named = Vec::new();
    for word in words {
        match Step::ALL.into_iter().find(|step| step.name() == word) {
            Some(step) => named.push(step),
            None => return Err(format!("`test` has no step `{word}`.")),
        }
    }
    if named.is_empty() {
        named.extend(Step::ALL);
    }
    Ok(Step::ALL
        .into_iter()
        .filter(|step| named.contains(step))
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<Command, String> {
        parse(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn run_has_defaults_and_takes_both_spellings() {
        let plain = RunOptions {
            listen: "127.0.0.1:8080".into(),
            data: None,
        };
        let chosen = RunOptions {
            listen: "[::1]:9000".into(),
            data: Some("/tmp/x=y".into()),
        };
        assert_eq!(read("run"), Ok(Command::Run(plain)));
        let spellings = [
            "run --listen [::1]:9000 --data /tmp/x=y",
            "run --data=/tmp/x=y --listen=[::1]:9000",
        ];
        for line in spellings {
            let Ok(Command::Run(options)) = read(line) else {
                panic!("{line}")
            };
            assert_eq!(options, chosen, "{line}");
        }
    }

    #[test]
    fn test_runs_all_steps_or_the_named_ones_in_order() {
        let steps = |line| match read(line) {
            Ok(Command::Test { steps }) => steps,
            other => panic!("{other:?}"),
        };
        assert_eq!(steps("test"), Step::ALL);
        assert_eq!(
            steps("test browser fmt browser"),
            [Step::Fmt, Step::Browser]
        );
    }

    #[test]
    fn bench_passes_everything_on() {
        let passed_on = ["--bench", "sends", "--", "--quick"]
            .map(str::to_owned)
            .to_vec();
        assert_eq!(
            read("bench --bench sends -- --quick"),
            Ok(Command::Bench { passed_on })
        );
    }

    #[test]
    fn build_and_help_are_known() {
        assert_eq!(
            read("build"),
            Ok(Command::Build {
                record_sizes: false
            })
        );
        let recording = read("build --record-sizes");
        assert_eq!(recording, Ok(Command::Build { record_sizes: true }));
        assert_eq!(read("sbom"), Ok(Command::Sbom));
        assert_eq!(read("help"), Ok(Command::Help));
        assert_eq!(read("--help"), Ok(Command::Help));
    }

    #[test]
    fn what_is_unknown_is_refused_by_name() {
        let refusals = [
            ("", "Which command"),
            ("deploy", "deploy"),
            ("run --port 1", "--port"),
            ("run --listen", "--listen"),
            ("run --data=", "--data"),
            ("run --listen localhost", "localhost"),
            ("run --listen 127.0.0.1:99999", "99999"),
            ("build fast", "fast"),
            ("sbom all", "all"),
            ("parts", "parts"),
            ("test parts", "parts"),
            ("test everything", "everything"),
        ];
        for (line, named) in refusals {
            match read(line) {
                Err(why) => assert!(why.contains(named), "{line}: {why}"),
                Ok(command) => panic!("{line} was read as {command:?}"),
            }
        }
    }
}
