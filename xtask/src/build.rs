//! `cargo xtask build`: the release binary, and whether everything in it is small enough.

use crate::project::Project;
use crate::shell::{self, Done, grouped, say};
use crate::system;
use crate::wasm::{self, Optimiser};

/// Leaves `target/release/pledge`.
pub(crate) fn build(project: &Project, record_sizes: bool) -> Done {
    system::ensure(project, &[system::C_COMPILER])?;
    let wanted = if record_sizes {
        Optimiser::Required
    } else {
        Optimiser::IfPossible
    };
    release(project, wanted)?;
    if record_sizes {
        wasm::record_sizes(project)?;
    }
    Ok(())
}

/// The browser's part, the server around it, and the byte budgets.
pub(crate) fn release(project: &Project, wanted: Optimiser) -> Done {
    wasm::ensure(project, wanted)?;

    say("Server: cargo build --release -p server (minutes the first time)");
    shell::run(&mut project.cargo(&["build", "--release", "-p", "server"]))?;

    let binary = project.release_binary();
    say("Sizes: pledge content sizes");
    shell::run(project.command(&binary).args(["content", "sizes"]))?;

    let size = binary
        .metadata()
        .map_err(|error| format!("{}: {error}.", binary.display()))?
        .len();
    let shown = binary.strip_prefix(&project.root).unwrap_or(&binary);
    say(&format!(
        "Ready: {} ({} bytes)",
        shown.display(),
        grouped(size)
    ));
    Ok(())
}
