//! A release carries words, style, WASM and public files inside it: it is built again when a file appears or goes. A
//! development build reads them from the disk, so that an edit of a word builds nothing.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    if std::env::var("PROFILE").is_ok_and(|profile| profile == "release") {
        for folder in ["content", "style", "public", "dist"] {
            println!("cargo:rerun-if-changed=../{folder}");
        }
    }
}
