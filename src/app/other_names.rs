//! Refuses a database file that has a second name of its own: SQLite keeps its log beside the name by which it opens the
//! file, so two programs that open it by two names destroy it. Symbolic links are no such names: SQLite follows them.

use std::{
    fs,
    os::unix::fs::MetadataExt,
    path::{Path, absolute},
};

use super::mounts;

/// Checks the file that is about to be opened; one that is not there yet has no name at all.
/// Errors: a sentence that says which second name there is and what to do.
pub(crate) fn refuse(file: &Path) -> Result<(), String> {
    let Ok(metadata) = fs::metadata(file) else { return Ok(()) };
    let name = file.display();
    if metadata.is_file() && metadata.nlink() > 1 {
        return Err(format!(
            "The database {name} has {} names (hard links), and two programs that open it by different names destroy it. \
             Find the others with “find / -samefile {name}” and delete them; to have a copy, use plinth backup.",
            metadata.nlink()
        ));
    }
    let real = file.canonicalize().or_else(|_| absolute(file)).unwrap_or_else(|_| file.to_owned());
    let mounted = fs::read_to_string("/proc/self/mounts").unwrap_or_default();
    if mounts::is_mount_point(&real, &mounted) {
        return Err(format!(
            "The database {name} is mounted as a single file, so what SQLite keeps beside it, acknowledged changes \
             included, would be elsewhere. Mount its directory instead."
        ));
    }
    Ok(())
}
