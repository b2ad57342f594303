//! The files of an opened database, and whether the ones at their paths are still those that were opened. Knows no SQL.

use std::{
    ffi::OsString,
    fmt, fs, io,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    sync::Arc,
};

use tokio::task::spawn_blocking;

use crate::error::{Error, Result};

/// What SQLite keeps beside the file while it is open.
const BESIDE: [&str; 2] = ["-wal", "-shm"];

const GONE: &str = "is gone";

/// Cheap to clone.
#[derive(Debug, Clone)]
pub struct Files(Arc<[Opened]>);

#[derive(Debug)]
struct Opened {
    path: PathBuf,
    id: Id,
}

/// Device and inode: one file has one, whatever it is called.
type Id = (u64, u64);

/// A file that was opened and is not at its path any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lost {
    path: PathBuf,
    how: String,
    /// The file itself is where it was; only what lay beside it is gone.
    pub beside: bool,
}

impl fmt::Display for Lost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, how, .. } = self;
        write!(
            f,
            "{} {how}, so nothing is written any more. Stop Plinth, put the file back or restore a backup, and start again",
            path.display()
        )
    }
}

impl std::error::Error for Lost {}

impl Files {
    /// Remembers the files of the database at `path`, which is open.
    ///
    /// # Errors
    /// When they are not there.
    pub fn opened(path: &Path) -> io::Result<Self> {
        // SQLite follows links and keeps the other files beside the real one.
        let real = fs::canonicalize(path)?;
        let mut files = vec![Opened { path: path.to_owned(), id: id(path)? }];
        for end in BESIDE {
            let path = beside(&real, end);
            files.push(Opened { id: id(&path)?, path });
        }
        Ok(Self(files.into()))
    }

    /// Compares. A closed database has no files beside it, so ask only while it is open.
    ///
    /// # Errors
    /// The first file that is another one or none.
    pub async fn check(&self) -> Result<(), Lost> {
        let files = self.0.clone();
        // A storage that hangs must not keep a thread that answers others.
        let compared = spawn_blocking(move || files.iter().enumerate().try_for_each(|(place, file)| file.check(place)));
        compared.await.unwrap_or(Ok(()))
    }

    /// The same for somebody who is about to write.
    ///
    /// # Errors
    /// `Storage` with the sentence.
    pub async fn must_be_there(&self) -> Result<()> {
        self.check().await.map_err(|lost| Error::Storage(lost.to_string()))
    }
}

impl Opened {
    fn check(&self, place: usize) -> Result<(), Lost> {
        let how = match id(&self.path) {
            Ok(id) if id == self.id => return Ok(()),
            Ok(_) => "is not the file that was opened".to_owned(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => GONE.to_owned(),
            Err(error) => format!("cannot be reached ({})", error.kind()),
        };
        Err(Lost { path: self.path.clone(), beside: place > 0 && how == GONE, how })
    }
}

fn id(path: &Path) -> io::Result<Id> {
    let metadata = fs::metadata(path)?;
    Ok((metadata.dev(), metadata.ino()))
}

/// The path with something at its end.
#[must_use]
pub fn beside(path: &Path, end: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(end);
    name.into()
}
