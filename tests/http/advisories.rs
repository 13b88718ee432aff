//! No crate of ours is one that the RustSec advisory database speaks of. What it says was looked up crate by crate, on
//! the day that `tests/data/advisories.toml` gives: later advisories are not in it.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]

use semver::{Version, VersionReq};
use serde::Deserialize;
use std::collections::BTreeSet;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Known {
    #[serde(rename = "on")]
    _on: String,
    newest: String,
    looked_up: BTreeSet<String>,
    accepted: Vec<Accepted>,
    advisory: Vec<Advisory>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Accepted {
    id: String,
    #[serde(rename = "on")]
    _on: String,
    #[serde(rename = "why")]
    _why: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Advisory {
    id: String,
    #[serde(rename = "crate")]
    name: String,
    #[serde(rename = "kind")]
    _kind: String,
    unaffected: Vec<VersionReq>,
    patched: Vec<VersionReq>,
    withdrawn: Option<String>,
}

#[derive(Deserialize)]
struct Lock {
    package: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    version: Version,
    source: Option<String>,
}

fn known() -> Known {
    toml::from_str(include_str!("../data/advisories.toml")).unwrap()
}

fn locked() -> Vec<Package> {
    let lock: Lock = toml::from_str(include_str!("../../Cargo.lock")).unwrap();
    // Our own have no source.
    let others = lock.package.into_iter().filter(|one| one.source.is_some());
    others.collect()
}

/// What is wrong, a sentence each.
fn faults(known: &Known, locked: &[Package]) -> Vec<String> {
    let mut faults = Vec::new();
    let mut spoken_of = BTreeSet::new();
    for package in locked {
        let (name, version) = (&package.name, &package.version);
        if !known.looked_up.contains(name) {
            faults.push(format!("{name} was not looked up"));
        }
        // A version before a release is older than it; the ranges are of releases.
        let plain = Version::new(version.major, version.minor, version.patch);
        let within = |ranges: &[VersionReq]| ranges.iter().any(|range| range.matches(&plain));
        for advisory in known.advisory.iter().filter(|one| one.name == *name) {
            let safe = within(&advisory.patched) || within(&advisory.unaffected);
            if safe && version.pre.is_empty() || advisory.withdrawn.is_some() {
                continue;
            }
            spoken_of.insert(&advisory.id);
            if !known.accepted.iter().any(|one| one.id == advisory.id) {
                faults.push(format!("{} speaks of {name} {version}", advisory.id));
            }
        }
    }
    for accepted in &known.accepted {
        if !spoken_of.contains(&accepted.id) {
            faults.push(format!("{} is accepted for nothing", accepted.id));
        }
    }
    faults
}

#[test]
fn no_crate_of_ours_has_an_advisory_that_was_not_accepted() {
    let known = known();
    let newest = known.advisory.iter().map(|one| &one.id).max();
    assert_eq!(newest, Some(&known.newest));
    assert_eq!(faults(&known, &locked()), [] as [String; 0]);
}

#[test]
fn a_crate_with_an_advisory_or_one_that_was_not_looked_up_is_found() {
    let known = known();
    let package = |name: &str, version: &str| Package {
        name: name.to_owned(),
        version: version.parse().unwrap(),
        source: Some("registry".to_owned()),
    };
    for (name, version, fault) in [
        (
            "rustls",
            "0.23.44",
            Some("RUSTSEC-2026-0285 speaks of rustls 0.23.44"),
        ),
        ("rustls", "0.23.45", None),
        (
            "rustls",
            "0.23.45-rc.1",
            Some("RUSTSEC-2026-0285 speaks of rustls 0.23.45-rc.1"),
        ),
        (
            "zlib-rs",
            "0.3.1",
            Some("RUSTSEC-2024-0401 speaks of zlib-rs 0.3.1"),
        ),
        ("left-pad", "1.0.0", Some("left-pad was not looked up")),
    ] {
        let mut all = locked();
        all.push(package(name, version));
        let found = faults(&known, &all);
        match fault {
            Some(fault) => assert!(found.contains(&fault.to_owned()), "{name}: {found:?}"),
            None => assert_eq!(found, [] as [String; 0], "{name} {version}"),
        }
    }
    // An exception goes when nothing needs it any more.
    let without: Vec<Package> = locked()
        .into_iter()
        .filter(|one| one.name != "paste")
        .collect();
    assert_eq!(
        faults(&known, &without),
        ["RUSTSEC-2024-0436 is accepted for nothing"]
    );
}
