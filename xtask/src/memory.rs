//! A folder in memory for the data of tests: there a write that must reach the disk costs nothing.

use crate::shell::{self, Done};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What all tests together may need at once, with room to spare, in KiB.
const NEEDED: u64 = 2 << 20;

/// A folder that is removed with this value.
pub(crate) struct Folder(PathBuf);

impl Folder {
    /// Makes it under a file system in memory, unless room is short there or programs may not be started from it, which
    /// some tests do. The error is the reason.
    pub(crate) fn new(under: &Path) -> Done<Self> {
        let df = shell::read(
            Command::new("df")
                .args(["--output=fstype,avail", "-k"])
                .arg(under),
        );
        check_room(
            df.as_deref().unwrap_or_default(),
            &fs::read_to_string("/proc/meminfo").unwrap_or_default(),
        )?;
        let path = under.join(format!("pledge-tests-{}", std::process::id()));
        fs::create_dir(&path).map_err(|error| format!("{}: {error}.", path.display()))?;
        let folder = Self(path);
        let script = folder.0.join("starts");
        fs::write(&script, "#!/bin/sh\necho yes\n")
            .and_then(|()| make_executable(&script))
            .map_err(|error| format!("{}: {error}.", script.display()))?;
        match shell::read(&mut Command::new(&script)).as_deref() {
            Some("yes") => Ok(folder),
            _ => Err(format!("no program may be started in {}.", under.display())),
        }
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What stays costs memory until the machine starts again, and nothing else.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Whether `df --output=fstype,avail -k` and `/proc/meminfo` show enough room, both in KiB.
fn check_room(df: &str, meminfo: &str) -> Done {
    let mut of_folder = df.lines().nth(1).unwrap_or_default().split_whitespace();
    if of_folder.next() != Some("tmpfs") {
        return Err("there is no file system in memory.".into());
    }
    let number = |text: Option<&str>| text.and_then(|text| text.parse::<u64>().ok()).unwrap_or(0);
    let available = meminfo
        .lines()
        .find_map(|line| line.strip_prefix("MemAvailable:"))
        .and_then(|rest| rest.split_whitespace().next());
    let free = number(of_folder.next()).min(number(available));
    if free < NEEDED {
        return Err(format!(
            "{} MiB are free in memory and {} are needed.",
            free >> 10,
            NEEDED >> 10
        ));
    }
    Ok(())
}

#[cfg(unix)]
fn make_executable(file: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(file, fs::Permissions::from_mode(0o700))
}

#[cfg(not(unix))]
fn make_executable(_: &Path) -> std::io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_used_only_where_there_is_room() {
        let df = |kind: &str, free: u64| format!("Type Avail\n{kind} {free}\n");
        let memory = |free: u64| format!("MemTotal: 1 kB\nMemAvailable:   {free} kB\n");
        assert_eq!(check_room(&df("tmpfs", NEEDED), &memory(NEEDED)), Ok(()));
        for (df, meminfo) in [
            (df("tmpfs", NEEDED - 1), memory(NEEDED)),
            (df("tmpfs", NEEDED), memory(NEEDED - 1)),
            (df("ext4", NEEDED), memory(NEEDED)),
            (String::new(), memory(NEEDED)),
            (df("tmpfs", NEEDED), String::new()),
        ] {
            assert!(check_room(&df, &meminfo).is_err(), "{df} {meminfo}");
        }
    }
}
