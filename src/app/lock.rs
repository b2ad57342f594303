//! One serving process for each site: a lock that the system releases when the process ends, for whatever reason. Other
//! commands, such as `plinth import`, work beside it.

use std::{
    fs::{self, File, Metadata, OpenOptions, TryLockError},
    io::{self, Seek, Write},
    os::unix::fs::{MetadataExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

use super::data_directory::DataDirectory;
use crate::db::opening::io_fault;

/// Held while the site is served.
#[must_use]
pub(crate) struct ServeLock(Vec<(PathBuf, File)>);

impl ServeLock {
    /// Takes the lock of the database, and the one of the data directory, which may be elsewhere.
    /// Errors: a sentence that says who holds it.
    pub(crate) fn take(directory: &DataDirectory) -> Result<Self, String> {
        directory.make_directories()?;
        let locked = |path: PathBuf| lock(&path, directory).map(|file| (path, file));
        directory.lock_files().into_iter().map(locked).collect::<Result<_, _>>().map(Self)
    }

    /// Locks again where the file was deleted or replaced while the site is served.
    /// Errors: a sentence when another process has the lock now.
    pub(crate) fn renew(&mut self, directory: &DataDirectory) -> Result<(), String> {
        let mut is_new = false;
        for (path, file) in &mut self.0 {
            let is_there =
                fs::metadata(&*path).is_ok_and(|now| file.metadata().is_ok_and(|held| same_file(&now, &held)));
            // A storage that fails is the concern of the watch over the database.
            let Some(made) = (!is_there).then(|| open(path).ok()).flatten() else { continue };
            *file = hold(path, made, directory)?;
            is_new = true;
            tracing::warn!(file = %path.display(), "the lock file was deleted or replaced, and is made again: leave it alone");
        }
        if is_new {
            self.sign();
        }
        Ok(())
    }

    /// Writes the process into the file, once there is a site. From then on the file shows that there was one.
    pub(crate) fn sign(&mut self) {
        for (_, file) in &mut self.0 {
            let words =
                format!("Plinth locks this file while it serves. Do not delete it.\nprocess {}\n", std::process::id());
            let written = file.rewind().and_then(|()| file.set_len(0)).and_then(|()| file.write_all(words.as_bytes()));
            if let Err(error) = written {
                tracing::warn!(%error, "the lock file cannot be written");
            }
        }
    }
}

/// Whether a process serves the site whose lock this file is.
#[must_use]
pub(crate) fn is_served(lock_file: &Path) -> bool {
    File::open(lock_file).is_ok_and(|file| matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock)))
}

fn same_file(one: &Metadata, other: &Metadata) -> bool {
    (one.dev(), one.ino()) == (other.dev(), other.ino())
}

fn lock(path: &Path, directory: &DataDirectory) -> Result<File, String> {
    let file = open(path)
        .map_err(|error| format!("The lock file {} cannot be opened: {}.", path.display(), io_fault(&error)))?;
    hold(path, file, directory)
}

fn open(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(0o600).open(path)
}

fn hold(path: &Path, file: File, directory: &DataDirectory) -> Result<File, String> {
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(format!(
            "Another Plinth{} serves the site in {} already (it holds {}). Stop it first, or set {} to another place.",
            holder(path),
            directory.file().unwrap_or(&directory.data).display(),
            path.display(),
            // Nodes share a database of a server, but not what each of them keeps for itself.
            if directory.file().is_some() { "PLINTH_DATA and DATABASE_URL" } else { "PLINTH_DATA" }
        )),
        Err(TryLockError::Error(error)) => {
            tracing::warn!(%error, file = %path.display(), "the file system knows no locks: see to it that no second process serves this site");
            Ok(file)
        }
    }
}

/// “ (process 4242)”, if the other process has written its id.
fn holder(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap_or_default();
    text.lines().find(|line| line.starts_with("process ")).map_or_else(String::new, |line| format!(" ({line})"))
}
