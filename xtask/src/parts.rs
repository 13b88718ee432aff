//! `cargo xtask parts`: what the release is made of. Licences and sources of every crate are checked, and the lists of
//! parts are written in CycloneDX form, for whoever must know if a hole found elsewhere is also here.

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

/// Checks the parts of the release and leaves their lists beside it.
pub(crate) fn parts(project: &Project) -> Done {
    setup::parts_tools(project)?;
    say("Parts: cargo deny check bans licenses sources");
    shell::run(&mut project.cargo(&["deny", "--locked", "check", "bans", "licenses", "sources"]))?;
    LISTS.iter().try_for_each(|list| write(project, list))
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
