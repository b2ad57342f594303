//! How much room the disks have that the site is on.

use std::{fs, os::unix::fs::MetadataExt, path::Path};

use rustix::fs::statvfs;

use super::{diagnosis::Diagnosis, examined::Machine};
use crate::db::opening::io_fault;

const DISK: &str = "Disk";
/// Less than this is too little for a day.
const LITTLE: u64 = 100 * MIB;
/// Less than this is little.
const ENOUGH: u64 = 1024 * MIB;
const MIB: u64 = 1024 * 1024;
/// Fewer files than this can be made on a disk that counts them.
const FEW: u64 = 1000;

/// What is left of a disk for a user without special rights.
pub(crate) struct Room {
    pub(crate) bytes: u64,
    /// How many files; none where they are not counted.
    files: Option<u64>,
}

impl Room {
    /// Of the disk that a folder is on.
    /// Errors: a clause.
    pub(crate) fn at(folder: &Path) -> Result<Self, String> {
        let found = statvfs(folder).map_err(|error| io_fault(&error.into()))?;
        let files = (found.f_files > 0).then_some(found.f_favail);
        Ok(Self { bytes: found.f_bavail.saturating_mul(found.f_frsize), files })
    }

    /// Whether the site will soon write nothing any more.
    pub(crate) fn is_over(&self) -> bool {
        self.bytes < LITTLE || self.files.is_some_and(|files| files < FEW)
    }
}

pub(super) fn check(machine: &Machine) -> Diagnosis {
    let parent = machine.database.as_deref().and_then(Path::parent).filter(|parent| !parent.as_os_str().is_empty());
    let folders = [Some(machine.config.data.as_path()), parent, machine.config.backup.dir.as_deref()];
    let (mut seen, mut said) = (Vec::new(), Vec::new());
    let (mut is_over, mut is_little) = (false, false);
    // A trial of a backup needs as much as the database has.
    let wanted = machine.database.as_deref().and_then(|file| fs::metadata(file).ok()).map_or(0, |file| file.len());
    for folder in folders.into_iter().flatten() {
        let Ok(found) = fs::metadata(folder) else { continue };
        if seen.contains(&found.dev()) {
            continue;
        }
        seen.push(found.dev());
        match Room::at(folder) {
            Ok(room) => {
                is_over |= room.is_over();
                is_little |= room.bytes < ENOUGH.max(wanted.saturating_mul(2));
                let files = room.files.filter(|files| *files < FEW).map(|files| format!(" and {files} files"));
                said.push(format!("{} MiB{} at {}", room.bytes / MIB, files.unwrap_or_default(), folder.display()));
            }
            Err(fault) => return Diagnosis::unknown(DISK, format!("{}: {fault}", folder.display())),
        }
    }
    if said.is_empty() {
        return Diagnosis::unknown(DISK, "the data directory is not there");
    }
    let says = format!("Free: {}.", said.join(", "));
    let remedy =
        "Make room, or move the data to a larger disk. A disk that is full stops all changes; visitors go on reading.";
    match (is_over, is_little) {
        (true, _) => Diagnosis::wrong(DISK, says, remedy),
        (false, true) => Diagnosis::advice(DISK, says, remedy),
        (false, false) => Diagnosis::ok(DISK, says),
    }
}
