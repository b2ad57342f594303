//! Refuses a database file that has a second name of its own: SQLite keeps its log beside the name by which it opens the
//! file, so two programs that open it by two names destroy it. Symbolic links are no such names: SQLite follows them.

use std::{
    fs,
    os::unix::fs::MetadataExt,
    path::{Path, absolute},
};

use super::mounts;
use crate::db::files::beside;

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
    refuse_log_beside_link(file)?;
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

/// A log beside a link belongs to a file that was in place of the link. SQLite looks for it beside the file that the link
/// leads to, so the acknowledged changes in it would be gone.
fn refuse_log_beside_link(file: &Path) -> Result<(), String> {
    let (Ok(real), Some(name)) = (file.canonicalize(), file.file_name()) else { return Ok(()) };
    let parent = file.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let Ok(own) = parent.canonicalize().map(|parent| parent.join(name)) else { return Ok(()) };
    let log = beside(&own, "-wal");
    if own == real || fs::metadata(&log).map_or(0, |log| log.len()) == 0 {
        return Ok(());
    }
    Err(format!(
        "The database {} is a link to {}, but {} holds changes that were made before it was one. Move the file back in \
         place of the link, start once, stop, and move it again.",
        file.display(),
        real.display(),
        log.display()
    ))
}
