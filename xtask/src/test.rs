//! `cargo xtask test`: every check, in the order in which a mistake is cheapest to find. Stops at the first failure.

use crate::project::Project;
use crate::setup;
use crate::shell::{self, Done, say};
use crate::system::{self, SystemTool};
use crate::wasm::Optimiser;
use crate::{api, browser, build, node, parts, wasm};
use std::fs;
use std::time::{Duration, Instant};

/// One part of the checks, which can be run alone by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Fmt,
    Lint,
    Parts,
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
        Self::Parts,
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
            Self::Parts => "parts",
            Self::Unit => "unit",
            Self::Build => "build",
            Self::Api => "api",
            Self::Browser => "browser",
        }
    }

    fn run(self, project: &Project) -> Done {
        match self {
            Self::Fmt => cargo(project, FMT),
            Self::Lint => LINT.iter().try_for_each(|line| cargo(project, line)),
            Self::Parts => parts::parts(project),
            Self::Unit => UNIT.iter().try_for_each(|line| cargo(project, line)),
            Self::Build => build::release(project, Optimiser::Required),
            Self::Api => api::api(project),
            Self::Browser => browser::browser(project),
        }
    }
}

const FMT: &str = "fmt --all --check";

/// By package and target: the app's two features break each other when one build has both. A lock file that is not up
/// to date fails here.
const LINT: [&str; 8] = [
    "clippy --locked -p domain --features json --all-targets -- -D warnings",
    "clippy --locked -p pack --all-targets -- -D warnings",
    "clippy --locked -p xtask --all-targets -- -D warnings",
    "clippy --locked -p app --features ssr --all-targets -- -D warnings",
    "clippy --locked -p app --lib --bin speak --features speak --target wasm32-unknown-unknown -- -D warnings",
    "clippy --locked -p app --lib --bin check --features check --target wasm32-unknown-unknown -- -D warnings",
    "clippy --locked -p app --lib --bin search --features search --target wasm32-unknown-unknown -- -D warnings",
    "clippy --locked -p server --all-targets -- -D warnings",
];

const UNIT: [&str; 5] = [
    "test -p domain --features json",
    "test -p pack",
    "test -p xtask",
    "test -p app --features ssr",
    "test -p server",
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
    if any(&[Step::Lint, Step::Parts, Step::Unit, Step::Build]) {
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
        tools.push(system::CHROMIUM);
    }
    system::ensure(project, &tools)?;
    if any(&[Step::Browser]) {
        browser::fonts(project)?;
    }
    if any(&[Step::Fmt]) {
        setup::formatter(project)?;
    }
    if any(&[Step::Lint]) {
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
    if any(&[Step::Parts]) {
        setup::parts_tools(project)?;
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

/// What ran, how it ended and how long it took.
#[derive(Default)]
struct Table {
    rows: Vec<(&'static str, &'static str, Duration)>,
}

impl Table {
    fn time(&mut self, name: &'static str, work: impl FnOnce() -> Done) -> Done {
        let began = Instant::now();
        let outcome = work();
        let ended = if outcome.is_ok() { "passed" } else { "FAILED" };
        self.rows.push((name, ended, began.elapsed()));
        outcome
    }

    fn not_run(&mut self, name: &'static str) {
        self.rows.push((name, "not run", Duration::ZERO));
    }

    fn text(&self) -> String {
        let total: Duration = self.rows.iter().map(|(_, _, took)| *took).sum();
        let mut text = format!("{:<8}  {:<8}  {:>8}\n", "step", "outcome", "seconds");
        for (name, ended, took) in &self.rows {
            text.push_str(&format!(
                "{name:<8}  {ended:<8}  {:>8.1}\n",
                took.as_secs_f32()
            ));
        }
        text.push_str(&format!(
            "{:<8}  {:<8}  {:>8.1}",
            "all",
            "",
            total.as_secs_f32()
        ));
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // The server's feature together with one that brings `hydrate` along.
    fn builds_both(line: &str) -> bool {
        let features: Vec<&str> = line
            .split("--features ")
            .skip(1)
            .filter_map(|rest| rest.split(' ').next())
            .flat_map(|list| list.split(','))
            .collect();
        let wakes = |feature: &&str| *feature == "hydrate" || wasm::BUNDLES.contains(feature);
        features.contains(&"ssr") && features.iter().any(wakes)
    }

    #[test]
    fn no_check_builds_both_features_of_the_app_at_once() {
        for line in LINT.iter().chain(&UNIT) {
            assert!(
                !line.contains("--workspace") && !line.contains("--all-features"),
                "{line}"
            );
            assert!(!builds_both(line), "{line}");
        }
        for bundle in wasm::BUNDLES {
            let own = format!("--features {bundle} --target {}", setup::WASM_TARGET);
            assert!(LINT.iter().any(|line| line.contains(&own)), "{bundle}");
        }
        assert!(LINT.iter().all(|line| line.ends_with("-D warnings")));
        // Controls.
        assert!(builds_both("test -p app --features ssr,check"));
        assert!(builds_both("test -p app --features speak --features ssr"));
        assert!(!builds_both("test -p app --features ssr"));
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
