//! What a machine with only Rust lacks: the WASM target, cargo's formatter and linter, and the two tools that build
//! the browser's part. Each is checked first and installed only if it is missing or of another version.

use crate::project::Project;
use crate::shell::{self, Done, say};
use crate::versions;
use std::fs;
use std::path::Path;

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

/// What looks at the parts of the release, in exactly the pinned versions.
pub(crate) fn parts_tools(project: &Project) -> Done {
    cargo_tools(project, &[CARGO_DENY, CYCLONEDX])
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
    // Without its default features it does not ask the network for newer versions of itself.
    options: &["--locked", "--no-default-features", "--features", "rustls"],
};

const WASM_BINDGEN: CargoTool = CargoTool {
    program: "wasm-bindgen",
    package: "wasm-bindgen-cli",
    asked: &["--version"],
    version: versions::WASM_BINDGEN,
    options: &[],
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
    ("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1"),
    ("CARGO_PROFILE_RELEASE_LTO", "off"),
    ("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16"),
    ("CARGO_PROFILE_RELEASE_DEBUG", "0"),
];

/// One folder for both tools, so that what they share is compiled once.
fn build_folder(project: &Project) -> std::path::PathBuf {
    project.target.join("tools")
}
