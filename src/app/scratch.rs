//! A folder in the data directory for a trial: one process has it at a time, and nothing of it is left.

use std::{
    fs::{self, DirBuilder, File, TryLockError},
    io,
    os::unix::fs::{DirBuilderExt, MetadataExt},
    path::{Path, PathBuf},
};

use crate::db::opening::io_fault;

/// Bytes that a trial leaves free for the site itself.
const ROOM: u64 = 32 * MEGABYTE;
const MEGABYTE: u64 = 1_000_000;

/// What the folder is for.
pub(super) struct Trial {
    pub(super) folder: &'static str,
    /// As a sentence calls it.
    pub(super) name: &'static str,
}

/// A folder that is removed when this is dropped.
pub(super) struct Scratch {
    pub(super) path: PathBuf,
    _lock: File,
}

impl Scratch {
    /// For a trial that needs at least so many bytes. None while another process has the folder.
    /// Errors: a sentence.
    pub(super) fn begin(data: &Path, trial: &Trial, bytes: u64) -> Result<Option<Self>, String> {
        let path = data.join(trial.folder);
        let refused = |error: io::Error| format!("{} cannot be made: {}.", path.display(), io_fault(&error));
        let Some(scratch) = Self::hold(&path).map_err(refused)? else { return Ok(None) };
        let disk = rustix::fs::statvfs(&path).map_err(|error| refused(error.into()))?;
        let (free, needed) = (disk.f_bavail.saturating_mul(disk.f_frsize), bytes.saturating_add(ROOM));
        if free < needed {
            return Err(format!(
                "A {} needs at least {} MB in {}, and {} MB are free.",
                trial.name,
                needed.div_ceil(MEGABYTE),
                data.display(),
                free / MEGABYTE
            ));
        }
        Ok(Some(scratch))
    }

    /// Removes what a trial has left that was killed.
    pub(super) fn sweep(data: &Path, trial: &Trial) {
        let path = data.join(trial.folder);
        if path.exists() {
            drop(Self::hold(&path));
        }
    }

    /// Makes the folder, and empties it when it was left by one that was killed. None when another process has it.
    fn hold(path: &Path) -> io::Result<Option<Self>> {
        DirBuilder::new().recursive(true).mode(0o700).create(path)?;
        let lock = File::open(path)?;
        match lock.try_lock() {
            Err(TryLockError::WouldBlock) => return Ok(None),
            Err(TryLockError::Error(error)) => return Err(error),
            Ok(()) => {}
        }
        // The one that had it may have removed it between the two.
        let is_same = fs::metadata(path).is_ok_and(|now| lock.metadata().is_ok_and(|held| now.ino() == held.ino()));
        if !is_same {
            return Ok(None);
        }
        for entry in fs::read_dir(path)? {
            let entry = entry?.path();
            if entry.is_dir() { fs::remove_dir_all(&entry) } else { fs::remove_file(&entry) }?;
        }
        Ok(Some(Self { path: path.to_owned(), _lock: lock }))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.path);
    }
}
