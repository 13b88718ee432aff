//! Files that are where they should be after a power cut.

use std::fs::File;
use std::io::Result;
use std::path::Path;

/// Gives a finished file its name, in the place of an older one of that name, and puts the name on the disk: a new name is
/// only there after a power cut when its folder was written too. The file itself must have been written through before.
///
/// # Errors
///
/// The name was not given, or perhaps is not there after a power cut.
pub fn put_in_place(finished: &Path, file: &Path) -> Result<()> {
    std::fs::rename(finished, file)?;
    let folder = file.parent().filter(|path| !path.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}
