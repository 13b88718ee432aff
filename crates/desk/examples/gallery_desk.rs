//! Sample pages of the desk, written to `target/gallery/desk-*.html`, to be looked at.
//!
//! `cargo run -p desk --example gallery_desk`

#[path = "gallery_desk/mod.rs"]
mod samples;

use app::shell;
use app::shell::PageContext;
use model::words::Words;
use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

fn main() -> Result<(), Box<dyn Error>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let out = root.join("target/gallery");
    fs::create_dir_all(&out)?;
    let gallery = Gallery {
        frame: frame(&root)?,
        out,
    };
    samples::pages(&gallery)?;
    Ok(())
}

/// Where sample pages are written, and what every page has.
struct Gallery {
    frame: PageContext,
    out: PathBuf,
}

impl Gallery {
    fn page<V: leptos::IntoView>(
        &self,
        name: &str,
        page: impl FnOnce() -> V,
    ) -> std::io::Result<()> {
        let html = shell::render(&self.frame, None, page);
        fs::write(self.out.join(format!("desk-{name}.html")), html)
    }
}

fn frame(root: &Path) -> Result<PageContext, Box<dyn Error>> {
    let mut table = BTreeMap::new();
    for file in fs::read_dir(root.join("content/southwark/en/interface"))? {
        read_words(&fs::read_to_string(file?.path())?, &mut table);
    }
    let read = |name: &str| fs::read_to_string(root.join("style").join(name)).unwrap_or_default();
    Ok(PageContext {
        words: Words {
            language: "en".into(),
            table: Arc::new(table),
        },
        css: format!("{}{}", read("pledge.css"), read("desk.css")).into(),
        demo: true,
        ..PageContext::default()
    })
}

// Enough of TOML for our own words: tables, and keys with a text on one line.
fn read_words(text: &str, table: &mut BTreeMap<String, String>) {
    let mut prefix = String::new();
    for line in text.lines().map(str::trim) {
        if let Some(name) = line
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'))
        {
            prefix = format!("{name}.");
        } else if let Some((key, value)) = line.split_once('=') {
            let key = key.trim().trim_matches('"');
            let value = value.trim().trim_matches('"').replace("\\\"", "\"");
            table.insert(format!("{prefix}{key}"), value);
        }
    }
}
