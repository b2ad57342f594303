//! What a command makes and does not finish, it takes away again: files and directories that were not there before. Touches
//! nothing else.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::db::files::beside;

/// What is not there yet.
pub(crate) struct Unfinished {
    /// The deepest first.
    missing: Vec<PathBuf>,
}

impl Unfinished {
    /// To be called before a file or a directory is made, with the directories above it.
    #[must_use]
    pub(crate) fn before(path: &Path) -> Self {
        let missing = path.ancestors().filter(|path| !path.as_os_str().is_empty());
        Self { missing: missing.take_while(|path| is_missing(path)).map(Path::to_owned).collect() }
    }

    /// The same for the file of a database, with the files that are beside it while it is used.
    #[must_use]
    pub(crate) fn before_database(file: &Path) -> Self {
        let beside = ["-journal", "-wal", "-shm"].map(|end| beside(file, end));
        let missing = beside.into_iter().filter(|path| is_missing(path)).collect();
        Self { missing }.and(Self::before(file))
    }

    /// Both.
    #[must_use]
    pub(crate) fn and(mut self, other: Self) -> Self {
        self.missing.extend(other.missing);
        self
    }

    /// Removes what was made of it: files, and directories in which nothing is left.
    pub(crate) fn remove(self) {
        for path in self.missing {
            let _ = if path.is_dir() { fs::remove_dir(&path) } else { fs::remove_file(&path) };
        }
    }
}

fn is_missing(path: &Path) -> bool {
    fs::symlink_metadata(path).is_err_and(|error| error.kind() == std::io::ErrorKind::NotFound)
}
