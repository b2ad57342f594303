//! The files of an opened database, and whether the ones at their paths are still those that were opened. Knows no SQL.

use std::{
    ffi::OsString,
    fmt, fs, io,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::SystemTime,
};

use tokio::task::spawn_blocking;

use crate::error::{Error, Result};

/// How many times of writing back are remembered: more than there are between two looks at the file.
const STATES: usize = 256;
/// What SQLite keeps beside the file while it is open.
const BESIDE: [&str; 2] = ["-wal", "-shm"];

#[derive(Debug, Clone)]
pub(crate) struct DatabaseFiles {
    opened: Arc<[Opened]>,
    /// Something else was written into the file; nothing makes that good but another start.
    overwritten: Arc<AtomicBool>,
    /// How writing back the log changed the file the last times, one after the other.
    written_back: Arc<Mutex<Vec<Written>>>,
    /// Held while the log is written back, until how that changed the file is noted.
    writing_back: Arc<tokio::sync::Mutex<()>>,
}

/// When a file was last written to, and how long it is.
pub(crate) type Written = (SystemTime, u64);

#[derive(Debug)]
struct Opened {
    path: PathBuf,
    id: Id,
}

/// Device and inode: one file has one, whatever it is called.
type Id = (u64, u64);

/// A database that was opened and is not in its place any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct MissingDatabase {
    sentence: String,
    /// The file itself is where it was; only what lay beside it is gone, or an empty file is in its place.
    pub(crate) beside: bool,
}

impl MissingDatabase {
    /// Another database is at the address of the one that was opened.
    pub(super) fn replaced(address: impl fmt::Display) -> Self {
        let sentence = format!(
            "The database {address} is not the one that was opened: it lacks what was read in it before, so nothing is \
             written any more. See to it that the right database is there, and start Plinth again"
        );
        Self { sentence, beside: false }
    }
}

impl MissingDatabase {
    /// A newer program has changed the form of the database.
    pub(super) fn outdated(address: impl fmt::Display) -> Self {
        let sentence = format!(
            "The database {address} was brought up to date by a newer Plinth, so this node writes nothing any more. Start \
             the newer program here too"
        );
        Self { sentence, beside: false }
    }
}

impl fmt::Display for MissingDatabase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence)
    }
}

impl std::error::Error for MissingDatabase {}

impl DatabaseFiles {
    /// Remembers the files of the database at `path`, which is open.
    /// Fails when they are not there.
    pub(crate) fn identify(path: &Path) -> io::Result<Self> {
        // SQLite follows links and keeps the other files beside the real one.
        let real = fs::canonicalize(path)?;
        let mut files = vec![Opened { path: path.to_owned(), id: id(path)? }];
        for end in BESIDE {
            let path = beside(&real, end);
            files.push(Opened { id: id(&path)?, path });
        }
        Ok(Self {
            opened: files.into(),
            overwritten: Arc::default(),
            written_back: Arc::default(),
            writing_back: Arc::default(),
        })
    }

    /// Compares. A closed database has no files beside it, so ask only while it is open.
    /// Errors: the first file that is another one or none.
    pub(crate) async fn check(&self) -> Result<(), MissingDatabase> {
        if self.overwritten.load(Ordering::Relaxed) {
            return Err(self.opened[0].missing("was overwritten", false));
        }
        let files = self.opened.clone();
        // A storage that hangs must not keep a thread that answers others.
        let compared =
            spawn_blocking(move || files[0].check(&files[0].path, false).and_then(|()| check_beside(&files)));
        compared.await.unwrap_or(Ok(()))
    }

    pub(super) fn paths(&self) -> Vec<PathBuf> {
        self.opened.iter().map(|file| file.path.clone()).collect()
    }

    /// When something was last written to the file of the database, be it by writing back its log.
    pub(crate) async fn last_write(&self) -> Option<Written> {
        let files = self.opened.clone();
        let metadata = spawn_blocking(move || fs::metadata(&files[0].path)).await.ok()?.ok()?;
        Some((metadata.modified().ok()?, metadata.len()))
    }

    /// While it is held nobody writes the log back.
    pub(crate) async fn hold_write_back(&self) -> tokio::sync::MutexGuard<'_, ()> {
        self.writing_back.lock().await
    }

    /// The log was written back into the file, which was like this `before`.
    pub(crate) async fn note_written_back(&self, before: Option<Written>) {
        let after = self.last_write().await;
        let mut states = self.written_back.lock().unwrap_or_else(PoisonError::into_inner);
        let (Some(before), Some(after)) = (before, after) else { return states.clear() };
        if states.last() != Some(&before) {
            *states = vec![before];
        }
        if before != after {
            states.push(after);
        }
        let first = states.len().saturating_sub(STATES);
        states.drain(..first);
    }

    /// Whether the file changed from one to the other because we wrote back the log.
    #[must_use]
    pub(crate) fn is_written_back(&self, before: Written, after: Written) -> bool {
        let states = self.written_back.lock().unwrap_or_else(PoisonError::into_inner);
        let at = |state| states.iter().position(|known| *known == state);
        at(before).zip(at(after)).is_some_and(|(before, after)| before < after)
    }

    /// From now on the file counts as lost: what is in it is not what was written to the database.
    pub(crate) fn note_overwritten(&self) {
        self.overwritten.store(true, Ordering::Relaxed);
    }

    /// The same for someone who is about to write.
    /// `MissingDatabase` with the sentence.
    pub(crate) async fn must_be_there(&self) -> Result<()> {
        self.check().await.map_err(|lost| Error::Lost(lost.to_string()))
    }
}

/// SQLite would look for the other files beside the file that the path leads to now, wherever that is.
fn check_beside(files: &[Opened]) -> Result<(), MissingDatabase> {
    let real = fs::canonicalize(&files[0].path).ok();
    for (file, end) in files[1..].iter().zip(BESIDE) {
        match real.as_ref().map(|real| beside(real, end)).filter(|now| *now != file.path) {
            Some(now) if !id(&now).is_ok_and(|id| id == file.id) => return Err(files[0].moved(&now)),
            Some(_) => {}
            None => file.check(&file.path, true)?,
        }
    }
    Ok(())
}

impl Opened {
    fn check(&self, path: &Path, is_beside: bool) -> Result<(), MissingDatabase> {
        // An empty file in its place holds nothing that writing back could spoil: the one that was opened is just gone.
        let (how, empty) = match fs::metadata(path) {
            Ok(file) if id_of(&file) == self.id => return Ok(()),
            Ok(file) => ("is not the file that was opened".to_owned(), file.len() == 0),
            Err(error) if error.kind() == io::ErrorKind::NotFound => ("is gone".to_owned(), true),
            Err(error) => (format!("cannot be reached ({})", error.kind()), false),
        };
        Err(self.missing(&how, is_beside && empty))
    }

    /// The path leads to another name of the same file, where `wanted`, which SQLite keeps beside it, is missing.
    fn moved(&self, wanted: &Path) -> MissingDatabase {
        let sentence = format!(
            "{} leads to another name of the file that was opened, and {} is not there, so nothing is written any more. \
             Move the file back in place of the link, then stop Plinth and start again",
            self.path.display(),
            wanted.display()
        );
        MissingDatabase { sentence, beside: true }
    }

    fn missing(&self, how: &str, beside: bool) -> MissingDatabase {
        let sentence = format!(
            "{} {how}, so nothing is written any more. Stop Plinth, put the file back or restore a backup, and start again",
            self.path.display()
        );
        MissingDatabase { sentence, beside }
    }
}

fn id(path: &Path) -> io::Result<Id> {
    Ok(id_of(&fs::metadata(path)?))
}

fn id_of(file: &fs::Metadata) -> Id {
    (file.dev(), file.ino())
}

/// The path with something at its end.
#[must_use]
pub(crate) fn beside(path: &Path, end: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(end);
    name.into()
}
