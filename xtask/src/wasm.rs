//! The browser's part: Trunk builds `dist/NAME.js` and `dist/NAME_bg.wasm` of every bundle, `wasm-opt` and `esbuild`
//! make them smaller.

use crate::node::Shrinkers;
use crate::project::Project;
use crate::shell::{self, Done, grouped, say};
use crate::{left_out, node, setup, versions};
use std::fs;
use std::path::{Path, PathBuf};

/// The bundles: each a `[[bin]]` of the app.
pub(crate) const BUNDLES: [&str; 3] = ["speak", "check", "search"];

/// What to do where the optimiser cannot be had.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Optimiser {
    /// Go on without, and say what that costs.
    IfPossible,
    /// Stop.
    Required,
}

/// Makes `dist` ready for the server. What is up to date is left alone: cargo sees to the code, and what `wasm-opt` made
/// is kept until Trunk writes another WASM.
pub(crate) fn ensure(project: &Project, wanted: Optimiser) -> Done {
    let shrinkers = match (node::shrinkers(project), wanted) {
        (Ok(shrinkers), _) => Some(shrinkers),
        (Err(why), Optimiser::Required) => return Err(why),
        (Err(why), Optimiser::IfPossible) => {
            say(&format!(
                "WASM: going on without wasm-opt and esbuild, because {why}"
            ));
            None
        }
    };
    setup::wasm_target(project)?;
    setup::wasm_tools(project)?;
    trunk(project)?;
    remove_others(project)?;
    for name in BUNDLES {
        let made = match &shrinkers {
            Some(shrinkers) => shrink(project, name, shrinkers)?,
            None => built(project, name),
        };
        deliver(&made, &served(project, name), &project.dist())?;
    }
    if shrinkers.is_none() {
        say_cost(project)?;
    }
    Ok(())
}

/// The entitlement rules as WASM with JSON in and out, for tests and measurements: gives its folder.
pub(crate) fn rules_for_tests(project: &Project) -> Done<PathBuf> {
    setup::wasm_target(project)?;
    setup::wasm_tools(project)?;
    say("WASM: the rules alone, for tests");
    let build = "build -p domain --example check_wasm --features json --profile wasm-release --target wasm32-unknown-unknown";
    shell::run(&mut project.cargo(&build.split(' ').collect::<Vec<_>>()))?;
    let folder = project.target.join("check-wasm");
    let made = project
        .target
        .join("wasm32-unknown-unknown/wasm-release/examples/check_wasm.wasm");
    let mut bindgen = project.command("wasm-bindgen");
    bindgen
        .args(["--target", "web", "--no-typescript", "--out-dir"])
        .arg(&folder)
        .arg(made);
    shell::run(&mut bindgen)?;
    Ok(folder)
}

/// Writes the last build's sizes to the tracked file that later builds compare with.
pub(crate) fn record_sizes(project: &Project) -> Done {
    let mut sizes = Sizes {
        before: 0,
        after: 0,
    };
    for name in BUNDLES {
        sizes.before += size(&built(project, name).wasm)?;
        sizes.after += size(&served(project, name).wasm)?;
    }
    fs::write(record(project), sizes.text())
        .map_err(|error| format!("{} cannot be written: {error}.", record(project).display()))?;
    say(&format!(
        "WASM: xtask/src/wasm_sizes.txt now says {} -> {} bytes",
        grouped(sizes.before),
        grouped(sizes.after)
    ));
    Ok(())
}

fn trunk(project: &Project) -> Done {
    say("WASM: building with Trunk (minutes the first time, seconds after a change)");
    let mut trunk = project.command("trunk");
    trunk.args(["build", "--quiet", "--dist"]);
    // Not into `dist` at once: Trunk empties its folder first, and a server built meanwhile would carry nothing.
    trunk.arg(built_folder(project));
    // The tool's version is checked already; named here, Trunk never looks for another one to download.
    trunk.env("TRUNK_TOOLS_WASM_BINDGEN", versions::WASM_BINDGEN);
    trunk.env("TRUNK_SKIP_VERSION_CHECK", "true");
    // The names of source files go into the WASM for messages nobody reads there: without this machine's folders they are
    // short, and the same on every machine.
    trunk.env(
        "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS",
        format!(
            "--remap-path-prefix={}=. --remap-path-prefix={}=.",
            project.cargo_home.join("registry/src").display(),
            project.root.display()
        ),
    );
    trunk
        .env_remove("RUSTFLAGS")
        .env_remove("CARGO_ENCODED_RUSTFLAGS");
    // Trunk reads these two in its own way and would stop or fall silent.
    trunk.env_remove("RUST_LOG");
    if std::env::var_os("NO_COLOR").is_some() {
        trunk.env_remove("NO_COLOR").env("TRUNK_COLOR", "never");
    }
    shell::run(&mut trunk)?;
    for name in BUNDLES {
        let sizes = built(project, name).sizes()?;
        say(&format!("WASM: Trunk wrote {sizes}"));
    }
    Ok(())
}

/// Smallest first, and only features that every browser with WASM islands has had since 2022.
const WASM_OPT: [&str; 9] = [
    "-Oz",
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
    "--strip-producers",
    "--strip-target-features",
];

/// The smaller bundle, outside of `dist`.
fn shrink(project: &Project, name: &str, shrinkers: &Shrinkers) -> Done<Bundle> {
    let folder = project.target.join("wasm-small");
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}.", folder.display()))?;
    let (before, after) = (built(project, name), Bundle::in_folder(&folder, name));
    minify(project, name, shrinkers, &before.js, &after.js)?;
    optimise(project, name, shrinkers, &before.wasm, &after.wasm)?;
    say(&format!(
        "WASM: {name}.js {} -> {} bytes with esbuild, {name}_bg.wasm {} -> {} bytes with wasm-opt",
        grouped(size(&before.js)?),
        grouped(size(&after.js)?),
        grouped(size(&before.wasm)?),
        grouped(size(&after.wasm)?)
    ));
    Ok(after)
}

/// Without blanks, long names, and exports that nobody calls. The script stays a module: the page's loader imports it.
fn minify(
    project: &Project,
    name: &str,
    shrinkers: &Shrinkers,
    before: &Path,
    after: &Path,
) -> Done {
    let mut esbuild = project.command(&shrinkers.node);
    esbuild
        .arg(&shrinkers.esbuild)
        .args([
            "--bundle",
            "--minify",
            "--format=esm",
            "--log-level=warning",
        ])
        .arg(before)
        .arg(format!("--outfile={}", after.display()));
    shell::run(&mut esbuild)?;
    let script = fs::read_to_string(after)
        .map_err(|error| format!("{} cannot be read: {error}.", after.display()))?;
    left_out::fault(name, &script).map_or(Ok(()), Err)
}

/// `wasm-opt`, unless it made this file from the same bytes before: most edits of the pages change nothing in the WASM.
fn optimise(
    project: &Project,
    name: &str,
    shrinkers: &Shrinkers,
    before: &Path,
    after: &Path,
) -> Done {
    let kept_input = after.with_extension("input");
    let kept_recipe = after.with_extension("recipe");
    let recipe = format!("{} {WASM_OPT:?}", shrinkers.version);
    let same = |kept: &Path, now: &[u8]| fs::read(kept).is_ok_and(|kept| kept == now);
    let input = fs::read(before).map_err(|error| format!("{}: {error}.", before.display()))?;
    if after.is_file() && same(&kept_input, &input) && same(&kept_recipe, recipe.as_bytes()) {
        return Ok(());
    }
    say(&format!("WASM: wasm-opt -Oz {name}_bg.wasm"));
    // The note of what it was made from comes after the file: a run that was cut off is done again.
    let _ = fs::remove_file(&kept_input);
    let mut wasm_opt = project.command(&shrinkers.node);
    wasm_opt.arg(&shrinkers.wasm_opt).args(WASM_OPT).arg(before);
    shell::run(wasm_opt.arg("-o").arg(after))?;
    fs::write(&kept_recipe, recipe)
        .and_then(|()| fs::write(&kept_input, input))
        .map_err(|error| format!("{} cannot be written: {error}.", kept_input.display()))
}

/// Puts the two files where the server takes them from. A file that stays the same is left alone, so that cargo does
/// not build the server again for nothing.
fn deliver(made: &Bundle, served: &Bundle, dist: &Path) -> Done {
    for (from, to) in [(&made.js, &served.js), (&made.wasm, &served.wasm)] {
        let bytes = fs::read(from).map_err(|error| format!("{}: {error}.", from.display()))?;
        if fs::read(to).is_ok_and(|there| there == bytes) {
            continue;
        }
        // Written beside its place and then renamed, so that nobody ever reads half a file.
        let beside = to.with_extension("new");
        fs::create_dir_all(dist)
            .and_then(|()| fs::write(&beside, bytes))
            .and_then(|()| fs::rename(&beside, to))
            .map_err(|error| format!("{} cannot be written: {error}.", to.display()))?;
    }
    Ok(())
}

/// Whatever else lies where the server takes its files from would be carried too: a bundle of an older version, or the
/// page that a Trunk started by hand leaves.
fn remove_others(project: &Project) -> Done {
    let kept = all_served(project);
    let Ok(entries) = fs::read_dir(project.dist()) else {
        return Ok(());
    };
    for path in entries.filter_map(|entry| Some(entry.ok()?.path())) {
        if path.is_file() && !kept.contains(&path) {
            fs::remove_file(&path).map_err(|error| format!("{}: {error}.", path.display()))?;
        }
    }
    Ok(())
}

/// What it costs to go without the optimiser, as far as anyone has measured.
fn say_cost(project: &Project) -> Done {
    let mut now = 0;
    for name in BUNDLES {
        now += size(&served(project, name).wasm)?;
    }
    let known = fs::read_to_string(record(project))
        .ok()
        .and_then(|text| Sizes::parse(&text));
    say(&match known {
        Some(known) => format!(
            "WASM: {} bytes without wasm-opt; at the last recorded build it saved {} bytes ({} -> {})",
            grouped(now),
            grouped(known.before.saturating_sub(known.after)),
            grouped(known.before),
            grouped(known.after),
        ),
        None => format!(
            "WASM: {} bytes without wasm-opt; what it would save is not measured",
            grouped(now)
        ),
    });
    Ok(())
}

/// The two files that the browser loads on one kind of page.
struct Bundle {
    js: PathBuf,
    wasm: PathBuf,
}

/// As Trunk writes it.
fn built(project: &Project, name: &str) -> Bundle {
    Bundle::in_folder(&built_folder(project), name)
}

fn built_folder(project: &Project) -> PathBuf {
    project.target.join("wasm-dist")
}

/// As the server carries it.
fn served(project: &Project, name: &str) -> Bundle {
    Bundle::in_folder(&project.dist(), name)
}

fn all_served(project: &Project) -> Vec<PathBuf> {
    let bundles = BUNDLES.iter().map(|name| served(project, name));
    bundles
        .flat_map(|bundle| [bundle.js, bundle.wasm])
        .collect()
}

impl Bundle {
    fn in_folder(folder: &Path, name: &str) -> Self {
        Self {
            js: folder.join(format!("{name}.js")),
            wasm: folder.join(format!("{name}_bg.wasm")),
        }
    }

    fn sizes(&self) -> Done<String> {
        let told = |file: &Path| -> Done<String> {
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            Ok(format!("{name} {} bytes", grouped(size(file)?)))
        };
        Ok(format!("{}, {}", told(&self.js)?, told(&self.wasm)?))
    }
}

fn size(file: &Path) -> Done<u64> {
    match file.metadata() {
        Ok(meta) => Ok(meta.len()),
        Err(error) => Err(format!("{} was expected, but: {error}.", file.display())),
    }
}

fn record(project: &Project) -> PathBuf {
    project.root.join("xtask/src/wasm_sizes.txt")
}

/// The bytes of the WASM before and after the optimiser.
#[derive(Debug, PartialEq, Eq)]
struct Sizes {
    before: u64,
    after: u64,
}

impl Sizes {
    fn text(&self) -> String {
        format!(
            "# Bytes of WASM in all bundles, written by `cargo xtask build --record-sizes`.\nbefore {}\nafter {}\n",
            self.before, self.after
        )
    }

    fn parse(text: &str) -> Option<Self> {
        let value = |name: &str| {
            let line = text.lines().find_map(|line| line.strip_prefix(name))?;
            line.trim().parse().ok()
        };
        Some(Self {
            before: value("before ")?,
            after: value("after ")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recorded_sizes_are_read_as_they_were_written() {
        let sizes = Sizes {
            before: 185_083,
            after: 114_219,
        };
        assert_eq!(Sizes::parse(&sizes.text()), Some(sizes));
        for damaged in ["", "before 1", "before one\nafter 2"] {
            assert_eq!(Sizes::parse(damaged), None, "{damaged}");
        }
    }

    #[test]
    fn the_tracked_record_can_be_read() {
        assert!(Sizes::parse(include_str!("wasm_sizes.txt")).is_some());
    }
}
