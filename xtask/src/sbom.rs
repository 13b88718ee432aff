//! `cargo xtask sbom`: the software bill of materials of a release. The lists of its parts are written in CycloneDX form,
//! for those who must know if a hole found elsewhere is also here. Licences and sources of the parts are checked by
//! [`deny`], a step of `cargo xtask test`, so only a release waits for cargo-cyclonedx to be compiled.

use crate::project::Project;
use crate::setup::{self, WASM_TARGET};
use crate::shell::{self, Done, say};
use std::fs;

/// A list of parts: its name, the crate it is of, and what that crate is built with.
struct List {
    name: &'static str,
    of: &'static str,
    options: &'static [&'static str],
    /// A part that is in it; a list without is not whole.
    holds: &'static str,
}

const LISTS: [List; 2] = [
    List {
        name: "pledge.cdx",
        of: "server",
        options: &["--target", "x86_64-unknown-linux-gnu"],
        holds: "libsqlite3-sys",
    },
    List {
        name: "pledge-wasm.cdx",
        of: "app",
        options: &["--features", "speak,check,search", "--target", WASM_TARGET],
        holds: "web-sys",
    },
];

/// Leaves the lists of parts beside the release.
pub(crate) fn sbom(project: &Project) -> Done {
    setup::sbom_tool(project)?;
    LISTS.iter().try_for_each(|list| write(project, list))
}

/// Whether every crate comes from the package registry under a licence on the list (`deny.toml`).
pub(crate) fn deny(project: &Project) -> Done {
    let mut deny = project.command(setup::cargo_deny(project)?);
    deny.args(["--locked", "check", "bans", "licenses", "sources"]);
    say(&format!("Parts: {}", shell::line(&deny)));
    shell::run(&mut deny)
}

fn write(project: &Project, list: &List) -> Done {
    say(&format!("Parts: cargo cyclonedx, of {}", list.of));
    let manifest = format!("{}/Cargo.toml", list.of);
    let mut command = project.cargo(&["cyclonedx", "--format", "json", "--spec-version", "1.5"]);
    command
        .args(["--manifest-path", &manifest])
        .args(["--override-filename", list.name])
        .args(list.options);
    shell::run(&mut command)?;

    // It writes a list into every crate of the workspace; only one is wanted.
    let file = format!("{}.json", list.name);
    let cannot = |error: std::io::Error| format!("{file}: {error}.");
    let mut found = String::new();
    for folder in fs::read_dir(&project.root).map_err(cannot)? {
        let folder = folder.map_err(cannot)?;
        let written = folder.path().join(&file);
        if !written.is_file() {
            continue;
        }
        if folder.file_name() == list.of {
            found = fs::read_to_string(&written).map_err(cannot)?;
        }
        fs::remove_file(&written).map_err(cannot)?;
    }
    if !found.contains(&format!("\"name\": \"{}\"", list.holds)) {
        return Err(format!(
            "cargo cyclonedx wrote no whole list of the parts of {}.",
            list.of
        ));
    }
    let place = project.target.join("release").join(&file);
    fs::create_dir_all(project.target.join("release")).map_err(cannot)?;
    // Where it was built is nobody's business.
    let root = project.root.to_string_lossy();
    fs::write(&place, found.replace(&*root, "")).map_err(cannot)?;
    let shown = place.strip_prefix(&project.root).unwrap_or(&place);
    say(&format!("Ready: {}", shown.display()));
    Ok(())
}
