//! A file that is being made beside its place, with what is needed meanwhile: nothing of it is left unless it is finished, and what
//! a process that was killed has left is taken away by the next one.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io,
    os::unix::fs::{MetadataExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

use rustix::{
    fs::{CWD, RenameFlags, renameat_with},
    io::Errno,
};

use crate::db::{files::beside, opening::io_fault};

/// What the name of such a file ends with.
pub(crate) const END: &str = ".partial";

/// The lock on the file is held as long as this is.
pub(crate) struct Partial {
    target: PathBuf,
    path: PathBuf,
    file: File,
}

impl Partial {
    /// Errors: a sentence: there is such a file already, another process makes it, or the disk does not take it.
    pub(crate) fn begin(target: &Path) -> Result<Self, String> {
        let refused = |error: &io::Error| format!("{} cannot be made: {}.", target.display(), io_fault(error));
        if !folder_of(target).is_dir() {
            return Err(format!(
                "{} cannot be made: the folder {} is not there.",
                target.display(),
                folder_of(target).display()
            ));
        }
        if fs::symlink_metadata(target).is_ok() {
            return Err(format!("There is a file {} already. Name a file that is not there yet.", target.display()));
        }
        let Some(partial) = Self::hold(target).map_err(|error| refused(&error))? else {
            return Err(format!("Another process is making {} at this moment.", target.display()));
        };
        partial.remove_scratch();
        partial.file.set_len(0).map_err(|error| refused(&error))?;
        Ok(partial)
    }

    /// Removes what a process has left that was killed while it made this file; nothing when one is making it.
    pub(crate) fn sweep(target: &Path) {
        drop(Self::hold(target));
    }

    /// None when another process has it.
    fn hold(target: &Path) -> io::Result<Option<Self>> {
        let path = beside(target, END);
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false).mode(0o600).custom_flags(NO_LINKS);
        let file = options.open(&path)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(None),
            Err(TryLockError::Error(error)) => return Err(error),
        }
        // The one that made it may have finished between the two.
        let is_same = fs::metadata(&path).is_ok_and(|now| file.metadata().is_ok_and(|held| now.ino() == held.ino()));
        Ok(is_same.then(|| Self { target: target.to_owned(), path, file }))
    }

    /// Where the copy of the database may be put.
    #[must_use]
    pub(crate) fn scratch(&self) -> PathBuf {
        beside(&self.path, ".db")
    }

    /// What is written to.
    pub(crate) fn file(&self) -> io::Result<File> {
        self.file.try_clone()
    }

    /// Gives the file its name. When this returns, it survives a loss of power.
    pub(crate) fn keep(self) -> io::Result<()> {
        self.file.sync_all()?;
        rename(&self.path, &self.target)
    }

    fn remove_scratch(&self) {
        for end in ["", ".zst", "-journal", "-wal", "-shm"] {
            let _ = fs::remove_file(beside(&self.scratch(), end));
        }
    }
}

/// Gives a file another name, under which there is none. When this returns, it survives a loss of power.
pub(crate) fn rename(from: &Path, to: &Path) -> io::Result<()> {
    match renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE) {
        // Some file systems know no such renaming.
        Err(Errno::INVAL | Errno::NOSYS | Errno::OPNOTSUPP) if !to.exists() => fs::rename(from, to)?,
        renamed => renamed?,
    }
    File::open(folder_of(to))?.sync_all()
}

fn folder_of(file: &Path) -> &Path {
    file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// A link in its place is not followed.
#[expect(clippy::cast_possible_wrap, reason = "a small number")]
const NO_LINKS: i32 = rustix::fs::OFlags::NOFOLLOW.bits() as i32;

impl Drop for Partial {
    fn drop(&mut self) {
        self.remove_scratch();
        // It is not there when it was kept.
        let _ = fs::remove_file(&self.path);
    }
}
