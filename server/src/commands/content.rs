//! `pledge content`: the words are checked, exported and weighed.

use crate::assets;
use crate::bootstrap::{DATABASE, bare_site, load_content};
use crate::config::data_folder;
use crate::error::CliError;
use crate::options::{Options, day_of};
use content::Content;
use service::page_editor;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;
use store::Store;
use store_sqlite::SqliteStore;

pub(crate) fn content_check(options: &Options) -> Result<(), CliError> {
    let today = day_of(options)?;
    let content = load_content()?;
    let files = assets::content_files();
    let addresses = web::public_addresses(&content);
    let mut faults = content::lint::check(&content, today, &addresses);
    faults.extend(content::translation::check(&files, today, &addresses));
    for fault in &faults {
        println!("{fault}");
    }
    if options.worst {
        print!("{}", worst_pages(&content));
    }
    println!(
        "Other sites named, which no machine follows: {}.",
        content::lint::other_sites(&content).join(", ")
    );
    let unknown = content::lint::amounts_to_look_up(&content, today);
    if !unknown.is_empty() {
        println!(
            "No amount is known for {today}, so the checker says \"ask\": {}.",
            unknown.join(", ")
        );
    }
    let (languages, _) = content::translation::read(&files);
    for language in languages.iter().filter(|one| !one.is_english()) {
        let checked = match language.checked {
            true => "checked by a person",
            false => "not yet checked by a person, and its pages say so",
        };
        println!(
            "{}: {checked}. Shown in English so far: {}.",
            language.english,
            content::translation::lacking(&files, language).join(", ")
        );
    }
    if faults.is_empty() {
        println!(
            "{} rights, {} pages, {} help lines, {} entitlements: nothing to mend.",
            content.rights.len(),
            content.pages.len(),
            content.lines.len(),
            content.entitlements.len()
        );
        return Ok(());
    }
    Err(CliError::Stopped(format!("{} to mend", faults.len())))
}

/// The ten pages that are hardest to read.
fn worst_pages(content: &Content) -> String {
    let mut text = "grade  words a sentence  longest  short text  page\n".to_owned();
    for page in content::lint::readings(content).into_iter().take(10) {
        let short = if page.short.words == 0 {
            "-".to_owned()
        } else {
            format!("{:.1}", page.short.grade())
        };
        let _ = writeln!(
            text,
            "{:5.1}  {:16.1}  {:7}  {short:>10}  {}",
            page.whole.grade(),
            page.whole.sentence(),
            page.longest,
            page.address
        );
    }
    text
}

pub(crate) fn content_coverage() -> Result<(), CliError> {
    print!("{}", content::coverage::table(&load_content()?.coverage));
    Ok(())
}

/// Writes the words in force as files.
pub(crate) async fn content_export(options: &Options) -> Result<(), CliError> {
    let to = options
        .to
        .as_deref()
        .ok_or_else(|| CliError::Usage("--to is missing.".to_owned()))?;
    let data = data_folder(options);
    if !data.join(DATABASE).exists() {
        return Err(CliError::Stopped(format!(
            "{} holds no installation. Name its folder with --data.",
            data.display()
        )));
    }
    let store = SqliteStore::open(&data.join(DATABASE)).await?;
    let published = store.published_words().await;
    store.close().await;
    let published = published?;
    let found = page_editor::in_force(assets::content_files(), &published);
    write_words(to, &found.files).map_err(|error| {
        CliError::Stopped(format!("{} cannot be written: {error}", to.display()))
    })?;
    for file in &found.aside {
        println!("Set aside, because it does not fit this version of Pledge: {file}.");
    }
    println!(
        "Wrote {} files to {}: {} of them published at the desk.",
        found.files.len(),
        to.display(),
        published.len() - found.aside.len()
    );
    Ok(())
}

/// Writes files into a folder that is new or empty.
fn write_words(to: &Path, files: &[(String, String)]) -> std::io::Result<()> {
    std::fs::create_dir_all(to)?;
    if std::fs::read_dir(to)?.next().is_some() {
        return Err(std::io::Error::other("it is not empty"));
    }
    for (path, text) in files {
        let path = to.join(path);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::write(path, text)?;
    }
    Ok(())
}

pub(crate) async fn content_sizes() -> Result<(), CliError> {
    let site = Arc::new(bare_site().await?);
    let mut above = 0;
    for (name, bytes, most) in web::sizes(&site) {
        let mark = if bytes > most { "ABOVE THE BUDGET" } else { "" };
        above += usize::from(bytes > most);
        println!("{bytes:>8} of {most:>6} bytes  {name} {mark}");
    }
    if !site.has_bundle() {
        return Err(CliError::Stopped(
            "the WASM is not inside this binary, so its size is not known".to_owned(),
        ));
    }
    if above > 0 {
        return Err(CliError::Stopped(format!("{above} above the budget")));
    }
    Ok(())
}
