//! Where things are: the workspace, its build folder, and the folder of the tools this project brings itself.

use crate::shell::Done;
use std::env;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The folders every step works with.
pub(crate) struct Project {
    /// The workspace.
    pub(crate) root: PathBuf,
    /// What cargo builds into.
    pub(crate) target: PathBuf,
    /// Tools in the versions this project needs. Beside cargo's own, so that a person's other version is never
    /// overwritten and every checkout shares them.
    pub(crate) tools: PathBuf,
    /// Cargo's own folder.
    pub(crate) cargo_home: PathBuf,
    path: OsString,
}

impl Project {
    /// Finds the folders from cargo's environment.
    pub(crate) fn find() -> Done<Self> {
        let here =
            env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
        let root = Path::new(&here)
            .parent()
            .filter(|root| root.join("Trunk.toml").exists())
            .ok_or("the workspace was not found; run this as `cargo xtask` inside it.")?
            .to_owned();
        let cargo_home = match (env::var_os("CARGO_HOME"), env::home_dir()) {
            (Some(folder), _) => root.join(folder),
            (None, Some(home)) => home.join(".cargo"),
            (None, None) => return Err("set HOME or CARGO_HOME to a folder for tools.".into()),
        };
        let target = root.join(env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into()));
        let tools = cargo_home.join("pledge-tools");
        let path = search_path(&tools, env::var_os("PATH"))?;
        Ok(Self {
            root,
            target,
            tools,
            cargo_home,
            path,
        })
    }

    /// A command that runs in the workspace, finds the project's tools first, and sees none of the variables that
    /// cargo sets for this very program (they would make some packages build again).
    pub(crate) fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let found = self.program(program.as_ref());
        let mut command = Command::new(found.as_deref().map_or(program.as_ref(), Path::as_os_str));
        command.current_dir(&self.root).env("PATH", &self.path);
        for (name, _) in env::vars_os() {
            if name.to_str().is_some_and(is_about_this_program) {
                command.env_remove(name);
            }
        }
        command
    }

    /// `cargo` with these words.
    pub(crate) fn cargo(&self, words: &[&str]) -> Command {
        let mut command = self.command("cargo");
        command.args(words);
        command
    }

    /// Where a program is, by the same path that [`Project::command`] gives to children.
    pub(crate) fn program(&self, name: impl AsRef<OsStr>) -> Option<PathBuf> {
        env::split_paths(&self.path)
            .map(|folder| folder.join(name.as_ref()))
            .find(|file| is_program(file))
    }

    /// The one binary, as a release.
    pub(crate) fn release_binary(&self) -> PathBuf {
        self.target
            .join("release")
            .join(format!("pledge{}", env::consts::EXE_SUFFIX))
    }

    /// The one binary, as a development build.
    pub(crate) fn dev_binary(&self) -> PathBuf {
        self.target
            .join("debug")
            .join(format!("pledge{}", env::consts::EXE_SUFFIX))
    }

    /// What the browser loads and the server carries.
    pub(crate) fn dist(&self) -> PathBuf {
        self.root.join("dist")
    }
}

fn search_path(tools: &Path, inherited: Option<OsString>) -> Done<OsString> {
    let inherited = inherited.unwrap_or_default();
    let folders = std::iter::once(tools.join("bin")).chain(env::split_paths(&inherited));
    env::join_paths(folders)
        .map_err(|error| format!("the folder {} cannot be on PATH: {error}.", tools.display()))
}

fn is_about_this_program(variable: &str) -> bool {
    [
        "CARGO_PKG_",
        "CARGO_MANIFEST_",
        "CARGO_BIN_",
        "CARGO_CRATE_",
        "CARGO_PRIMARY_",
    ]
    .iter()
    .any(|start| variable.starts_with(start))
}

#[cfg(unix)]
fn is_program(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    file.metadata()
        .is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_program(file: &Path) -> bool {
    file.is_file()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_projects_tools_come_first() {
        let path = search_path(
            Path::new("/cargo/pledge-tools"),
            Some("/usr/bin:/bin".into()),
        )
        .expect("plain folders");
        let folders: Vec<_> = env::split_paths(&path).collect();
        assert_eq!(
            folders,
            ["/cargo/pledge-tools/bin", "/usr/bin", "/bin"].map(PathBuf::from)
        );
    }

    #[test]
    fn only_cargos_notes_about_this_program_are_hidden() {
        for hidden in ["CARGO_PKG_NAME", "CARGO_MANIFEST_DIR", "CARGO_BIN_NAME"] {
            assert!(is_about_this_program(hidden), "{hidden}");
        }
        for kept in [
            "CARGO_HOME",
            "CARGO_TARGET_DIR",
            "CARGO_TERM_COLOR",
            "CARGO_NET_OFFLINE",
            "PATH",
        ] {
            assert!(!is_about_this_program(kept), "{kept}");
        }
    }
}
