//! Whether the browser's part must be built again: what the last build was made from, and what it made.

use crate::project::Project;
use crate::wasm::BUNDLES;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Written after a build of the browser's part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stamp {
    /// What was built from: [`sources`], as they were before the build.
    pub(crate) sources: u64,
    /// A digest of whatever else cargo noted that it read.
    pub(crate) noted: u64,
    /// A digest of the files that were made.
    pub(crate) outputs: u64,
    /// Whether the optimiser ran.
    pub(crate) optimised: bool,
}

impl Stamp {
    /// The stamp of a build from these sources that made these files.
    pub(crate) fn of(
        project: &Project,
        sources: u64,
        outputs: &[PathBuf],
        optimised: bool,
    ) -> io::Result<Self> {
        Ok(Self {
            sources,
            noted: digest(&project.root, "", &noted(project))?,
            outputs: digest(&project.root, "", outputs)?,
            optimised,
        })
    }

    /// The stamp of the last build, if there is one that can be read.
    pub(crate) fn last(project: &Project) -> Option<Self> {
        Self::parse(&fs::read_to_string(file(project)).ok()?)
    }

    /// Keeps it for the next time. Not in `dist`, where all is served.
    pub(crate) fn keep(&self, project: &Project) -> io::Result<()> {
        fs::write(file(project), self.text())
    }

    fn text(&self) -> String {
        let Self {
            sources,
            noted,
            outputs,
            optimised,
        } = self;
        format!(
            "sources {sources:016x}\nnoted {noted:016x}\noutputs {outputs:016x}\noptimised {optimised}\n"
        )
    }

    fn parse(text: &str) -> Option<Self> {
        let mut lines = text.lines();
        let mut value = |name: &str| lines.next()?.strip_prefix(name)?.strip_prefix(' ');
        let digest = |text: &str| u64::from_str_radix(text, 16).ok();
        Some(Self {
            sources: digest(value("sources")?)?,
            noted: digest(value("noted")?)?,
            outputs: digest(value("outputs")?)?,
            optimised: value("optimised")?.parse().ok()?,
        })
    }
}

fn file(project: &Project) -> PathBuf {
    project.target.join("wasm-stamp")
}

/// What the browser's part is always made from. What else it read, cargo notes itself.
const ALWAYS: [&str; 8] = [
    ".cargo",
    "Cargo.lock",
    "Cargo.toml",
    "Trunk.toml",
    "app",
    "crates",
    "rust-toolchain.toml",
    "tests/browser/package-lock.json",
];

/// A digest of what is there to build from, and of the recipe. Taken before a build, so that an edit made meanwhile
/// is built next time.
pub(crate) fn sources(project: &Project, recipe: &str) -> io::Result<u64> {
    let paths: Vec<PathBuf> = ALWAYS.iter().map(|name| project.root.join(name)).collect();
    digest(&project.root, recipe, &paths)
}

/// The files of this workspace that the last build read, by cargo's own notes.
fn noted(project: &Project) -> Vec<PathBuf> {
    let folder = project.target.join("wasm32-unknown-unknown/wasm-release");
    let notes = BUNDLES.iter().flat_map(|name| {
        let notes = fs::read_to_string(folder.join(name).with_extension("d"));
        noted_inputs(&notes.unwrap_or_default())
    });
    notes
        .map(|path| project.root.join(path))
        .filter(|path| path.starts_with(&project.root) && !path.starts_with(&project.target))
        .collect()
}

/// The files in cargo's note of what an artifact was made from: `artifact: file file …`, spaces escaped by `\`.
fn noted_inputs(notes: &str) -> Vec<PathBuf> {
    let Some((_, files)) = notes.split_once(": ") else {
        return Vec::new();
    };
    let one_line = files
        .lines()
        .next()
        .unwrap_or_default()
        .replace("\\ ", "\0");
    one_line
        .split_whitespace()
        .map(|file| file.replace('\0', " ").into())
        .collect()
}

/// One number for the names and bytes of files and of everything in folders. What is missing counts as missing.
pub(crate) fn digest(root: &Path, seed: &str, paths: &[PathBuf]) -> io::Result<u64> {
    let mut files = Vec::new();
    for path in paths {
        collect(path, &mut files)?;
    }
    files.sort();
    files.dedup();
    let mut hash = Fnv::new();
    hash.part(seed.as_bytes());
    for file in &files {
        let name = file.strip_prefix(root).unwrap_or(file);
        hash.part(name.to_string_lossy().as_bytes());
        hash.part(&fs::read(file)?);
    }
    Ok(hash.0)
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    if path.is_dir() {
        for entry in fs::read_dir(path)? {
            collect(&entry?.path(), files)?;
        }
    } else if path.is_file() {
        files.push(path.to_owned());
    }
    Ok(())
}

/// FNV-1a, 64 bits. It tells edits apart; nobody attacks it here.
struct Fnv(u64);

impl Fnv {
    fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    /// Adds a part with its length, so that parts cannot run into each other.
    fn part(&mut self, bytes: &[u8]) {
        for byte in (bytes.len() as u64).to_le_bytes().iter().chain(bytes) {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder of its own for one test, gone afterwards.
    struct Folder(PathBuf);

    impl Folder {
        fn new(name: &str) -> Self {
            let path = std::env::temp_dir().join(format!("xtask-{}-{name}", std::process::id()));
            fs::create_dir_all(path.join("src/deep")).expect("temporary folder");
            Self(path)
        }

        fn write(&self, name: &str, text: &str) {
            fs::write(self.0.join(name), text).expect("temporary file");
        }

        fn digest(&self, names: &[&str]) -> u64 {
            let paths: Vec<_> = names.iter().map(|name| self.0.join(name)).collect();
            digest(&self.0, "tools 1", &paths).expect("readable")
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn a_stamp_is_read_as_it_was_written() {
        for optimised in [true, false] {
            let stamp = Stamp {
                sources: 0,
                noted: 17,
                outputs: u64::MAX,
                optimised,
            };
            assert_eq!(Stamp::parse(&stamp.text()), Some(stamp));
        }
        let damaged = [
            "",
            "sources 1",
            "sources x\nnoted 1\noutputs 1\noptimised true",
            "sources 1\nnoted 1\noutputs 1\noptimised maybe",
        ];
        for text in damaged {
            assert_eq!(Stamp::parse(text), None, "{text}");
        }
    }

    #[test]
    fn the_digest_sees_edits_names_and_new_files_and_nothing_else() {
        let folder = Folder::new("digest");
        folder.write("src/a.rs", "one");
        folder.write("src/deep/b.rs", "two");
        let first = folder.digest(&["src", "missing.toml"]);
        folder.write("src/a.rs", "one");
        assert_eq!(
            folder.digest(&["src", "missing.toml", "src/a.rs"]),
            first,
            "same bytes"
        );
        folder.write("src/a.rs", "onE");
        let edited = folder.digest(&["src"]);
        assert_ne!(edited, first, "an edit");
        folder.write("src/deep/c.rs", "");
        let added = folder.digest(&["src"]);
        assert_ne!(added, edited, "a new file");
        fs::rename(
            folder.0.join("src/deep/c.rs"),
            folder.0.join("src/deep/d.rs"),
        )
        .expect("renamed");
        assert_ne!(folder.digest(&["src"]), added, "a new name");
        folder.write("missing.toml", "");
        assert_ne!(
            folder.digest(&["src", "missing.toml"]),
            folder.digest(&["src"]),
            "no longer missing"
        );
    }

    #[test]
    fn the_digest_depends_on_the_tools() {
        let folder = Folder::new("tools");
        let with = |seed| digest(&folder.0, seed, &[]).expect("readable");
        assert_ne!(with("trunk 1"), with("trunk 2"));
    }

    #[test]
    fn cargos_notes_are_read_with_spaces_in_names() {
        let notes = "/p/target/app.wasm: /p/app/src/lib.rs /p/my\\ words/a.toml\n";
        assert_eq!(
            noted_inputs(notes),
            ["/p/app/src/lib.rs", "/p/my words/a.toml"].map(PathBuf::from)
        );
        assert!(noted_inputs("").is_empty());
    }
}
