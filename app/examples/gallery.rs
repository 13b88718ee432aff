//! Sample pages of the young person's side, written to `target/gallery/*.html`, to be looked at.
//!
//! `cargo run -p app --example gallery --features ssr`

#[path = "gallery/samples/mod.rs"]
mod samples;

use std::error::Error;
use std::fs;
use std::path::Path;

fn main() -> Result<(), Box<dyn Error>> {
    let out = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/gallery");
    fs::create_dir_all(&out)?;
    for (name, html) in samples::pages()? {
        fs::write(out.join(format!("{name}.html")), html)?;
    }
    Ok(())
}
