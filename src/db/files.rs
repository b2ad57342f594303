//! The files of an opened database, and whether the ones at their paths are still those that were opened. Knows no SQL.

use std::{
    ffi::OsString,
    fs, io,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::SystemTime,
};

use tokio::{sync::SetOnce, task::spawn_blocking};

use super::{
    log_check::LogCheck,
    missing_database::{Loss, MissingDatabase},
};
use crate::error::{Error, Result, storage::is_damage};

/// How many times of writing back are remembered: more than there are between two looks at the file.
const STATES: usize = 256;
/// What SQLite keeps beside the file while it is open.
const BESIDE: [&str; 2] = ["-wal", "-shm"];

#[derive(Debug, Clone)]
pub(crate) struct DatabaseFiles {
    opened: Arc<[Opened]>,
    log: Arc<LogCheck>,
    /// What nothing makes good but another start.
    spoilt: Arc<SetOnce<Spoilt>>,
    /// How writing back the log changed the file the last times, one after the other.
    written_back: Arc<Mutex<Vec<Written>>>,
    /// Held while the log is written back, until how that changed the file is noted.
    writing_back: Arc<tokio::sync::Mutex<()>>,
}

/// How many bytes a database takes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct DatabaseSize {
    pub(crate) bytes: u64,
    /// What was written and is not in the file yet.
    pub(crate) log_bytes: Option<u64>,
}

/// When a file was last written to, and how long it is.
pub(crate) type Written = (SystemTime, u64);

#[derive(Debug)]
struct Opened {
    path: PathBuf,
    id: Id,
}

/// How the files came to hold something else than what was written to the database.
#[derive(Debug, Clone, Copy)]
enum Spoilt {
    /// Something else was written into the file.
    Overwritten,
    /// The log was cut or overwritten, or SQLite found damage.
    Damaged,
}

/// Device and inode: one file has one, whatever it is called.
type Id = (u64, u64);

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
        let log = LogCheck::open(&files[1].path, &files[2].path)?;
        Ok(Self {
            opened: files.into(),
            log: log.into(),
            spoilt: Arc::default(),
            written_back: Arc::default(),
            writing_back: Arc::default(),
        })
    }

    /// Compares. A closed database has no files beside it, so ask only while it is open.
    /// Errors: the first file that is another one or none.
    pub(crate) async fn check(&self) -> Result<(), MissingDatabase> {
        self.check_spoilt()?;
        let files = self.clone();
        // A storage that hangs must not keep a thread that answers others.
        let compared = spawn_blocking(move || {
            let opened = &files.opened;
            opened[0].check(&opened[0].path, false).and_then(|()| check_beside(opened)).and_then(|()| files.check_log())
        });
        compared.await.unwrap_or(Ok(()))
    }

    fn check_spoilt(&self) -> Result<(), MissingDatabase> {
        let file = &self.opened[0];
        self.spoilt.get().map_or(Ok(()), |how| {
            Err(match how {
                Spoilt::Overwritten => file.missing("was overwritten", false),
                Spoilt::Damaged => file.damaged(),
            })
        })
    }

    fn check_log(&self) -> Result<(), MissingDatabase> {
        if !self.log.is_whole() {
            self.note(Spoilt::Damaged);
        }
        self.check_spoilt()
    }

    /// Whether what is in the log may be written back: not when that would only spread damage.
    /// `Lost` with the sentence.
    pub(crate) async fn must_be_sound(&self) -> Result<()> {
        let files = self.clone();
        let checked = spawn_blocking(move || files.check_log()).await;
        checked.unwrap_or(Ok(())).map_err(|lost| Error::Lost(lost.to_string()))
    }

    /// Whether a file that is opened now by its path would be the one that was opened, damaged or not.
    pub(super) async fn may_be_opened(&self) -> Result<(), MissingDatabase> {
        self.check().await.or_else(|lost| if lost.is_damage() { Ok(()) } else { Err(lost) })
    }

    /// Looks for damage in the result of a statement, and passes it on.
    pub(super) fn inspect<T>(&self, result: sqlx::Result<T>) -> sqlx::Result<T> {
        result.inspect_err(|error| self.note_trouble(error))
    }

    /// From now on nothing is written if this is what damage looks like.
    pub(super) fn note_trouble(&self, error: &sqlx::Error) {
        if is_damage(error) {
            self.note(Spoilt::Damaged);
        }
    }

    /// The first cause stays.
    fn note(&self, how: Spoilt) {
        let _ = self.spoilt.set(how);
    }

    /// Waits until the files are spoilt.
    pub(super) async fn spoils(&self) {
        self.spoilt.wait().await;
    }

    /// Where the file of the database is.
    #[must_use]
    pub(crate) fn database(&self) -> &Path {
        &self.opened[0].path
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

    /// How large the file and its log are.
    pub(super) async fn size(&self) -> Result<DatabaseSize> {
        let files = self.opened.clone();
        let look = move || -> io::Result<DatabaseSize> {
            let bytes = fs::metadata(&files[0].path)?.len();
            Ok(DatabaseSize { bytes, log_bytes: fs::metadata(&files[1].path).ok().map(|log| log.len()) })
        };
        let looked = spawn_blocking(look).await.map_err(io::Error::other).flatten();
        looked.map_err(|error| Error::internal("the size of the database", error))
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
        self.note(Spoilt::Overwritten);
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
        MissingDatabase { sentence, loss: Loss::Beside }
    }

    fn missing(&self, how: &str, beside: bool) -> MissingDatabase {
        let sentence = format!(
            "{} {how}, so nothing is written any more. Stop Plinth, put the file back or restore a backup, and start again",
            self.path.display()
        );
        MissingDatabase { sentence, loss: if beside { Loss::Beside } else { Loss::File } }
    }

    fn damaged(&self) -> MissingDatabase {
        let path = self.path.display();
        let sentence = format!(
            "{path} or its log {path}-wal is damaged, so nothing is written any more: something other than Plinth cut it or wrote \
             into it, or the storage fails. Stop Plinth, keep a copy of {path} and of the files beside it whose names begin in \
             the same way, and restore a backup, or start again with what is left"
        );
        MissingDatabase { sentence, loss: Loss::Damage }
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
