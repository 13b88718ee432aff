//! A release carries words, style, WASM and public files inside it: it is built again when a file appears or goes. A
//! development build reads them from the disk, so that an edit of a word builds nothing.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    if std::env::var("PROFILE").is_ok_and(|profile| profile == "release") {
        for folder in ["content", "style", "public", "dist"] {
            println!("cargo:rerun-if-changed=../{folder}");
        }
        // rustc's own linker on this target: functions that were compiled to the same bytes stand once (0.8 MB less).
        if std::env::var("TARGET").is_ok_and(|target| target == "x86_64-unknown-linux-gnu") {
            println!("cargo:rustc-link-arg-bins=-Wl,--icf=all");
        }
    }
}
