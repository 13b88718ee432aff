//! Rebuilds the server when what it carries inside has changed: words, style, WASM and public files.

fn main() {
    for folder in [
        "../content",
        "../style",
        "../public",
        "../dist",
        "src/store/migrations",
    ] {
        println!("cargo:rerun-if-changed={folder}");
    }
}
