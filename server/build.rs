//! Rebuilds the release when what it carries inside has changed: words, style, WASM and public files. A development build
//! reads them from the disk when it starts (rust-embed does so with debug assertions on), so it is not built again.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    if std::env::var("PROFILE").as_deref() == Ok("debug") {
        return;
    }
    for folder in ["../content", "../style", "../public", "../dist"] {
        println!("cargo:rerun-if-changed={folder}");
    }
}
