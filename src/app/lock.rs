//! One serving process for each site: a lock that the system releases when the process ends, for whatever reason. Other
//! commands, such as `plinth import`, work beside it.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{Seek, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

use super::data_directory::DataDirectory;
use crate::db::opening::io_fault;

/// Held while the site is served.
#[must_use]
pub(crate) struct ServeLock(Vec<File>);

impl ServeLock {
    /// Takes the lock of the database, and the one of the data directory, which may be elsewhere.
    /// Errors: a sentence that says who holds it.
    pub(crate) fn take(directory: &DataDirectory) -> Result<Self, String> {
        directory.make_directories()?;
        directory.lock_files().iter().map(|file| lock(file, directory)).collect::<Result<_, _>>().map(Self)
    }

    /// Writes the process into the file, once there is a site. From then on the file shows that there was one.
    pub(crate) fn sign(&mut self) {
        for file in &mut self.0 {
            let words =
                format!("Plinth locks this file while it serves. Do not delete it.\nprocess {}\n", std::process::id());
            let written = file.rewind().and_then(|()| file.set_len(0)).and_then(|()| file.write_all(words.as_bytes()));
            if let Err(error) = written {
                tracing::warn!(%error, "the lock file cannot be written");
            }
        }
    }
}

fn lock(path: &Path, directory: &DataDirectory) -> Result<File, String> {
    let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(0o600).open(path);
    let file =
        file.map_err(|error| format!("The lock file {} cannot be opened: {}.", path.display(), io_fault(&error)))?;
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
