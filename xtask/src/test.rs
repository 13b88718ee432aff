//! `cargo xtask test`: every check, in the order in which a mistake is cheapest to find. Stops at the first failure.

use crate::project::Project;
use crate::setup;
use crate::shell::{self, Done, say};
use crate::system::{self, SystemTool};
use crate::wasm::Optimiser;
use crate::{api, browser, build, memory, node, sbom};
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

/// One part of the checks, which can be run alone by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Fmt,
    Lint,
    Deny,
    Unit,
    Build,
    Api,
    Browser,
}

impl Step {
    /// All of them, in the order they run.
    pub(crate) const ALL: [Self; 7] = [
        Self::Fmt,
        Self::Lint,
        Self::Deny,
        Self::Unit,
        Self::Build,
        Self::Api,
        Self::Browser,
    ];

    /// The word for it on the command line.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Fmt => "fmt",
            Self::Lint => "lint",
            Self::Deny => "deny",
            Self::Unit => "unit",
            Self::Build => "build",
            Self::Api => "api",
            Self::Browser => "browser",
        }
    }

    fn run(self, project: &Project) -> Done {
        match self {
            Self::Fmt => cargo(project, FMT),
            Self::Lint => lint(project),
            Self::Deny => sbom::deny(project),
            Self::Unit => unit(project),
            Self::Build => build::release(project, Optimiser::Required),
            Self::Api => api::api(project),
            Self::Browser => browser::browser(project),
        }
    }
}

/// Every package of the workspace, with the features that the server builds them with.
macro_rules! packages {
    () => {
        "-p app -p compress -p content -p desk -p domain -p limits -p model -p notify -p search -p server -p service -p store -p store-sqlite \
         -p vault -p wasm-streams -p web -p xtask --features domain/json,app/ssr"
    };
}

const FMT: &str = "fmt --all --check";

/// The islands for the browser, apart from what runs on this machine: the app's two features break each other when one
/// build has both. A lock file that is not up to date fails here.
const LINT_WASM: [&str; 3] = [
    "clippy --locked -p app --lib --bin speak --features speak --target wasm32-unknown-unknown -- -D warnings",
    "clippy --locked -p app --lib --bin check --features check --target wasm32-unknown-unknown -- -D warnings",
    "clippy --locked -p app --lib --bin search --features search --target wasm32-unknown-unknown -- -D warnings",
];

/// Every library, program, test, benchmark and example of this machine's target, compiled by Clippy's compiler: the tests
/// that `unit` runs are what was linted, and no dependency is compiled once for the linter and once more for the tests.
/// One selection of packages, because each joins the features of its dependencies in its own way, and would compile Leptos
/// again.
const COMPILE: &str = concat!(
    "test --locked --no-run ",
    packages!(),
    " --lib --bin xtask --test * --bench * --example *"
);

/// What `cargo clippy -- -D warnings` sets for the compiler of the workspace's own packages. The separator is Clippy's.
/// Whatever uses what [`COMPILE`] compiled must set the same, or cargo compiles it again.
const LINTED: [(&str, &str); 2] = [
    ("RUSTC_WORKSPACE_WRAPPER", "clippy-driver"),
    (
        "CLIPPY_ARGS",
        "-D__CLIPPY_HACKERY__warnings__CLIPPY_HACKERY__",
    ),
];

/// The modules of `process` that hold the server to a time or to its connections, so their tests run one at a time. The
/// others watch processes of their own and mostly wait: two at a time.
const UNIT: [&str; 5] = [
    concat!("test ", packages!(), " --lib --bin xtask"),
    concat!("test ", packages!(), " --doc"),
    concat!(
        "test ",
        packages!(),
        " --test http --test contract --test entitlements --test flow --test lifecycle --test on_call --test pages"
    ),
    concat!(
        "test ",
        packages!(),
        " --test process -- --test-threads=2 alerts:: command_line:: doctor:: papers:: recovery:: stolen_disk::"
    ),
    concat!(
        "test ",
        packages!(),
        " --test process -- --test-threads=1 connection:: fair_queues:: flood:: timing::"
    ),
];

/// Runs the steps and prints how long each took.
pub(crate) fn test(project: &Project, steps: &[Step]) -> Done {
    let mut table = Table::default();
    let mut outcome = table.time("set-up", || set_up(project, steps));
    for step in steps {
        if outcome.is_err() {
            table.not_run(step.name());
            continue;
        }
        say(&format!("Test: {}", step.name()));
        outcome = table.time(step.name(), || step.run(project));
        outcome = outcome.map_err(|why| format!("the step `{}` failed: {why}", step.name()));
    }
    println!("\n{}", table.text());
    outcome
}

/// Everything the chosen steps need, before the first of them: what cannot be had shows at once.
fn set_up(project: &Project, steps: &[Step]) -> Done {
    let any = |of: &[Step]| steps.iter().any(|step| of.contains(step));
    let mut tools: Vec<SystemTool> = Vec::new();
    if any(&[Step::Lint, Step::Deny, Step::Unit, Step::Build]) {
        tools.push(system::C_COMPILER);
    }
    if any(&[Step::Unit]) {
        tools.push(system::AGE);
    }
    if any(&[Step::Build, Step::Browser]) {
        tools.extend([system::NODE, system::NPM]);
    }
    if any(&[Step::Api]) {
        tools.push(system::PYTHON);
    }
    if any(&[Step::Browser]) {
        tools.extend([system::CHROMIUM, system::HEADLESS_SHELL]);
    }
    system::ensure(project, &tools)?;
    if any(&[Step::Browser]) {
        browser::fonts(project)?;
    }
    if any(&[Step::Fmt]) {
        setup::formatter(project)?;
    }
    if any(&[Step::Lint, Step::Unit]) {
        setup::linter(project)?;
    }
    if any(&[Step::Lint, Step::Build, Step::Browser]) {
        setup::wasm_target(project)?;
    }
    if any(&[Step::Build, Step::Browser]) {
        setup::wasm_tools(project)?;
    }
    if any(&[Step::Api]) {
        api::set_up(project)?;
    }
    if any(&[Step::Deny]) {
        setup::cargo_deny(project)?;
    }
    if any(&[Step::Build, Step::Browser]) {
        node::packages(project)?;
    }
    // The server names this folder even where a check needs nothing in it.
    fs::create_dir_all(project.dist()).map_err(|error| format!("dist cannot be made: {error}."))
}

fn cargo(project: &Project, line: &str) -> Done {
    say(&format!("cargo {line}"));
    let words: Vec<&str> = line.split(' ').collect();
    shell::run(&mut project.cargo(&words))
}

/// Lints everything, and compiles the tests by it.
fn lint(project: &Project) -> Done {
    cargo_linted(project, COMPILE, None)?;
    LINT_WASM.iter().try_for_each(|line| cargo(project, line))
}

/// Unit and integration tests. Most of what they wait for is the disk, so their data folders are in memory where there
/// is room; the tests of the store's contract name a folder on the disk themselves.
fn unit(project: &Project) -> Done {
    // Nothing is left to do here when `lint` ran before.
    cargo_linted(project, COMPILE, None)?;
    let memory = memory::Folder::new(Path::new("/dev/shm"));
    match &memory {
        Ok(folder) => say(&format!(
            "Data folders of tests: {}",
            folder.path().display()
        )),
        Err(why) => say(&format!(
            "Data folders of tests: on the disk, which is slower, because {why}"
        )),
    }
    let data = memory.as_ref().ok().map(memory::Folder::path);
    UNIT.iter()
        .try_for_each(|line| cargo_linted(project, line, data))
}

/// A line of cargo whose own packages are compiled with Clippy's lints; data folders of what it runs are made in `data`.
fn cargo_linted(project: &Project, line: &str, data: Option<&Path>) -> Done {
    say(&format!("cargo {line}"));
    let mut cargo = project.cargo(&line.split(' ').collect::<Vec<_>>());
    cargo.envs(LINTED);
    if let Some(data) = data {
        cargo.env("TMPDIR", data);
    }
    shell::run(&mut cargo)
}

/// What ran, how it ended and how long it took: the steps, and under each the programs it ran.
#[derive(Default)]
struct Table {
    rows: Vec<Row>,
}

struct Row {
    step: &'static str,
    outcome: &'static str,
    took: Duration,
    ran: Vec<shell::Ran>,
}

/// A program that took less has no row.
const SHORTEST: Duration = Duration::from_secs(1);

/// Longer command lines are cut.
const WIDEST: usize = 150;

impl Table {
    fn time(&mut self, name: &'static str, work: impl FnOnce() -> Done) -> Done {
        let began = Instant::now();
        let outcome = work();
        let ended = if outcome.is_ok() { "passed" } else { "FAILED" };
        let took = began.elapsed();
        let mut ran = shell::take_ran();
        ran.retain(|ran| !ran.succeeded || ran.took >= SHORTEST);
        self.rows.push(Row {
            step: name,
            outcome: ended,
            took,
            ran,
        });
        outcome
    }

    fn not_run(&mut self, name: &'static str) {
        self.rows.push(Row {
            step: name,
            outcome: "not run",
            took: Duration::ZERO,
            ran: Vec::new(),
        });
    }

    fn text(&self) -> String {
        let line = |step: &str, outcome: &str, took: Duration, program: &str| {
            let seconds = took.as_secs_f32();
            let line = format!("{step:<8}  {outcome:<8}  {seconds:>8.1}  {program}");
            format!("{}\n", line.trim_end())
        };
        let mut text = format!("{:<8}  {:<8}  {:>8}\n", "step", "outcome", "seconds");
        for row in &self.rows {
            text.push_str(&line(row.step, row.outcome, row.took, ""));
            for ran in &row.ran {
                let outcome = if ran.succeeded { "" } else { "FAILED" };
                let program: String = ran.line.chars().take(WIDEST).collect();
                text.push_str(&line("", outcome, ran.took, &program));
            }
        }
        let total = self.rows.iter().map(|row| row.took).sum();
        text.push_str(line("all", "", total, "").trim_end());
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wasm;
    use std::path::PathBuf;
    use std::process::Command;

    // The server's feature together with one that brings `hydrate` along.
    fn builds_both(line: &str) -> bool {
        let features: Vec<&str> = line
            .split("--features ")
            .skip(1)
            .filter_map(|rest| rest.split(' ').next())
            .flat_map(|list| list.split(','))
            .map(|feature| feature.strip_prefix("app/").unwrap_or(feature))
            .collect();
        let wakes = |feature: &&str| *feature == "hydrate" || wasm::BUNDLES.contains(feature);
        features.contains(&"ssr") && features.iter().any(wakes)
    }

    #[test]
    fn no_check_builds_both_features_of_the_app_at_once() {
        for line in LINT_WASM.iter().chain(&UNIT).chain([&COMPILE]) {
            assert!(
                !line.contains("--workspace") && !line.contains("--all-features"),
                "{line}"
            );
            assert!(!builds_both(line), "{line}");
        }
        for bundle in wasm::BUNDLES {
            let own = format!("--features {bundle} --target {}", setup::WASM_TARGET);
            assert!(LINT_WASM.iter().any(|line| line.contains(&own)), "{bundle}");
        }
        assert!(LINT_WASM.iter().all(|line| line.ends_with("-D warnings")));
        // Controls.
        assert!(builds_both("test -p app --features ssr,check"));
        assert!(builds_both("test -p app --features speak --features ssr"));
        assert!(builds_both(
            "test -p app --features domain/json,app/ssr,app/check"
        ));
        assert!(!builds_both("test -p app --features ssr"));
    }

    /// Whether the compiler that [`COMPILE`] uses takes this code, with its arguments for Clippy or without any.
    fn compiles(code: &str, arguments: bool) -> bool {
        let folder = std::env::temp_dir().join(format!("pledge-lint-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder");
        let file = folder.join("lib.rs");
        fs::write(&file, code).expect("written");
        let [(_, compiler), (name, value)] = LINTED;
        let mut command = Command::new(compiler);
        command.args([
            "rustc",
            "--edition=2024",
            "--crate-type=lib",
            "--emit=metadata",
        ]);
        command.arg("--out-dir").arg(&folder).arg(&file);
        command.env_remove(name);
        if arguments {
            command.env(name, value);
        }
        let output = command.output().expect("it starts");
        fs::remove_dir_all(&folder).expect("removed");
        output.status.success()
    }

    #[test]
    fn the_compiler_of_the_tests_refuses_what_clippy_warns_of() {
        let warned_of = "pub fn first(of: &[u8]) -> Option<u8> { return of.first().copied(); }";
        assert!(!compiles(warned_of, true));
        // Controls: it is the lint that is refused, and other code is not.
        assert!(compiles(warned_of, false));
        assert!(compiles(
            "pub fn first(of: &[u8]) -> Option<u8> { of.first().copied() }",
            true
        ));
    }

    fn names(folder: &Path) -> Vec<PathBuf> {
        let entries = fs::read_dir(folder).into_iter().flatten();
        entries
            .filter_map(|entry| Some(entry.ok()?.path()))
            .collect()
    }

    fn stem(path: &Path) -> String {
        path.file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned()
    }

    #[test]
    fn every_package_and_every_test_binary_runs() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let crates = names(&root.join("crates"));
        let own = ["app", "server", "xtask"].map(|name| root.join(name));
        for package in crates.iter().chain(&own) {
            let word = format!("-p {} ", stem(package));
            for line in [COMPILE].iter().chain(&UNIT) {
                assert!(line.contains(&word), "{line} lacks {word}");
            }
        }
        let of_server = names(&root.join("tests"));
        let of_server = of_server.iter().filter(|at| at.join("main.rs").is_file());
        let of_others = crates
            .iter()
            .chain(&own)
            .flat_map(|at| names(&at.join("tests")));
        let binaries: Vec<String> = of_server
            .cloned()
            .chain(of_others.filter(|at| at.extension().is_some_and(|end| end == "rs")))
            .map(|at| stem(&at))
            .collect();
        assert!(binaries.len() > 3, "{binaries:?}");
        for binary in binaries {
            let runs = |line: &&&str| line.contains(&format!("--test {binary}"));
            let lines = if binary == "process" { 2 } else { 1 };
            assert_eq!(UNIT.iter().filter(runs).count(), lines, "{binary}");
        }
    }

    #[test]
    fn every_module_of_the_process_tests_runs_once() {
        let main = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/process/main.rs");
        let main = fs::read_to_string(main).expect("readable");
        // The fixtures have a path of their own, and no tests.
        let mut modules = 0;
        let lines: Vec<&str> = main.lines().collect();
        for (at, line) in lines.iter().enumerate() {
            let Some(module) = line
                .strip_prefix("mod ")
                .and_then(|rest| rest.strip_suffix(';'))
            else {
                continue;
            };
            if at > 0 && lines[at - 1].starts_with("#[path") {
                continue;
            }
            modules += 1;
            let runs = |line: &&&str| {
                let (_, filters) = line.split_once(" --test process -- ").unwrap_or_default();
                filters
                    .split(' ')
                    .any(|filter| filter == format!("{module}::"))
            };
            assert_eq!(UNIT.iter().filter(runs).count(), 1, "{module}");
        }
        assert!(modules > 4, "{modules} modules");
    }

    #[test]
    fn the_table_has_a_row_for_each_program_that_took_a_while() {
        let ran = |line: &str, succeeded, seconds| shell::Ran {
            line: line.into(),
            succeeded,
            took: Duration::from_secs(seconds),
        };
        let row = Row {
            step: "lint",
            outcome: "FAILED",
            took: Duration::from_secs(90),
            ran: vec![
                ran("cargo clippy -p app", true, 60),
                ran(&"x".repeat(500), false, 30),
            ],
        };
        let text = Table { rows: vec![row] }.text();
        let lines: Vec<_> = text.lines().collect();
        assert!(
            lines[2].trim_start().starts_with("60.0  cargo clippy"),
            "{text}"
        );
        assert!(lines[3].trim_start().starts_with("FAILED"), "{text}");
        assert!(lines[3].len() < 200);
        assert!(
            lines[4].starts_with("all") && lines[4].ends_with("90.0"),
            "{text}"
        );
    }

    #[test]
    fn the_table_shows_what_passed_failed_and_did_not_run() {
        let mut table = Table::default();
        assert!(table.time("fmt", || Ok(())).is_ok());
        assert!(table.time("lint", || Err("a warning".into())).is_err());
        table.not_run("unit");
        let text = table.text();
        let endings: Vec<_> = text
            .lines()
            .skip(1)
            .map(|line| line.split_whitespace().collect::<Vec<_>>())
            .collect();
        assert_eq!(endings[0][..2], ["fmt", "passed"]);
        assert_eq!(endings[1][..2], ["lint", "FAILED"]);
        assert_eq!(endings[2][..3], ["unit", "not", "run"]);
        assert_eq!(endings[3][0], "all");
    }
}
