//! Which crate may know which: layers are crates, and nothing imports upwards.

#![allow(clippy::unwrap_used, reason = "a step that fails must end the test")]

use std::collections::BTreeMap;
use std::path::Path;

/// Each crate of the workspace, bottom up, with the crates of ours that it may depend on.
const EDGES: [(&str, &[&str]); 17] = [
    ("wasm-streams", &[]),
    ("domain", &[]),
    ("search", &[]),
    ("compress", &[]),
    ("notify", &[]),
    ("model", &["domain", "search"]),
    ("content", &["domain", "model", "search"]),
    ("vault", &["domain"]),
    ("limits", &["vault"]),
    ("store", &["domain"]),
    ("store-sqlite", &["domain", "store"]),
    ("app", &["domain", "model", "search"]),
    ("desk", &["app", "domain", "model"]),
    (
        "service",
        &[
            "content", "domain", "limits", "model", "notify", "store", "vault",
        ],
    ),
    (
        "web",
        &[
            "app", "compress", "content", "desk", "domain", "model", "service",
        ],
    ),
    (
        "server",
        &[
            "app",
            "content",
            "domain",
            "model",
            "notify",
            "service",
            "store",
            "store-sqlite",
            "vault",
            "web",
        ],
    ),
    ("xtask", &[]),
];

/// Libraries that are one crate's business: another crate that names one bypasses its owner.
const OWNERS: [(&str, &[&str]); 8] = [
    ("axum", &["web"]),
    ("leptos", &["app", "desk", "web"]),
    ("sqlx", &["store-sqlite"]),
    ("rust-embed", &["server"]),
    ("lexopt", &["server"]),
    ("lettre", &["notify"]),
    ("age", &["vault"]),
    ("blahaj", &["vault"]),
];

type Manifests = BTreeMap<String, Vec<String>>;

/// The dependencies of every crate, without those of its tests.
fn manifests() -> Manifests {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let crates = std::fs::read_dir(root.join("crates")).unwrap();
    let crates = crates.map(|entry| entry.unwrap().path());
    let own = ["app", "server", "xtask"].map(|name| root.join(name));
    crates
        .chain(own)
        .map(|folder| {
            let text = std::fs::read_to_string(folder.join("Cargo.toml")).unwrap();
            let manifest: toml::Table = toml::from_str(&text).unwrap();
            let name = manifest["package"]["name"].as_str().unwrap().to_owned();
            let dependencies = manifest["dependencies"].as_table().unwrap();
            (name, dependencies.keys().cloned().collect())
        })
        .collect()
}

fn faults(manifests: &Manifests) -> Vec<String> {
    let mut faults = Vec::new();
    let allowed: BTreeMap<&str, &[&str]> = EDGES.into_iter().collect();
    let owners: BTreeMap<&str, &[&str]> = OWNERS.into_iter().collect();
    for (name, dependencies) in manifests {
        let Some(may) = allowed.get(name.as_str()) else {
            faults.push(format!("{name} has no row"));
            continue;
        };
        for dependency in dependencies.iter().map(String::as_str) {
            if manifests.contains_key(dependency) && !may.contains(&dependency) {
                faults.push(format!("{name} may not know {dependency}"));
            }
            if owners
                .get(dependency)
                .is_some_and(|own| !own.contains(&name.as_str()))
            {
                faults.push(format!("{name} may not know {dependency}"));
            }
        }
    }
    faults
}

#[test]
fn every_crate_knows_only_what_stands_below_it() {
    let manifests = manifests();
    assert_eq!(manifests.len(), EDGES.len());
    assert_eq!(faults(&manifests), [] as [String; 0]);
    // Below means above in the table: so there is no circle.
    for (at, (name, may)) in EDGES.iter().enumerate() {
        for below in *may {
            let there = EDGES[..at].iter().any(|(other, _)| other == below);
            assert!(there, "{name} stands before {below}");
        }
    }
}

#[test]
fn planted_edges_are_refused() {
    let planted = |name: &str, dependency: &str| {
        let mut manifests = manifests();
        let of_it = manifests.get_mut(name).unwrap();
        of_it.push(dependency.to_owned());
        faults(&manifests)
    };
    for (name, dependency) in [
        ("domain", "model"),
        ("service", "web"),
        ("service", "store-sqlite"),
        ("web", "store-sqlite"),
        ("app", "service"),
        ("service", "axum"),
        ("model", "leptos"),
        ("web", "sqlx"),
        ("content", "rust-embed"),
    ] {
        let wanted = format!("{name} may not know {dependency}");
        assert_eq!(planted(name, dependency), [wanted]);
    }
    let mut more = manifests();
    more.insert("new".to_owned(), Vec::new());
    assert_eq!(faults(&more), ["new has no row"]);
}
