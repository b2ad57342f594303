//! Where the files of the media library lie: each under the hash of its content, so that one that is there never changes. The
//! interface is one that a service for objects can offer as well: put a finished file, read a range of it, delete, list.

use std::{
    fs::{self, DirBuilder},
    io::{self, SeekFrom},
    ops::Range,
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
    pin::Pin,
    time::SystemTime,
};

use bytes::Bytes;
use tokio::{
    fs::File,
    io::{AsyncReadExt, AsyncSeekExt, Take},
    task::spawn_blocking,
};
use tokio_stream::Stream;
use tokio_util::io::ReaderStream;

use super::{
    disk_fault::fault,
    incoming_file::IncomingFile,
    temporary_file::{HashedWriter, TemporaryPath, WrittenFile},
};
use crate::{
    crypto,
    error::{Error, Result},
};

/// What is sent at a time, in bytes.
const PIECE: usize = 64 * 1024;
/// How many characters of a hash name the folder that a file lies in.
pub(crate) const SHARD: usize = 2;
/// The folder of files that are still being written.
const INCOMING: &str = "incoming";
/// Where it is written down since when files have had no name.
const UNNAMED: &str = "unnamed";
/// The folder of the media library in the data directory.
pub(crate) const FOLDER: &str = "media";

/// The bytes of a file, in pieces.
pub(crate) type FileStream = Pin<Box<dyn Stream<Item = io::Result<Bytes>> + Send>>;

#[derive(Debug, Clone)]
pub struct MediaStore {
    folder: PathBuf,
}

impl MediaStore {
    /// The folder in this data directory; made when the first file arrives.
    #[must_use]
    pub fn in_directory(data: &Path) -> Self {
        Self { folder: data.join(FOLDER) }
    }

    /// A file to write into piece by piece.
    /// `Storage` when it cannot be made.
    pub(crate) async fn receive(&self) -> Result<IncomingFile> {
        let path = self.temporary_path();
        make_folder(&self.folder.join(INCOMING)).map_err(|error| fault(&error))?;
        let file = File::create_new(&path).await.map_err(|error| fault(&error))?;
        Ok(IncomingFile::new(file, TemporaryPath::new(path)))
    }

    /// The same for a thread that may wait.
    pub(super) fn create(&self) -> io::Result<HashedWriter> {
        make_folder(&self.folder.join(INCOMING))?;
        HashedWriter::create(self.temporary_path())
    }

    fn temporary_path(&self) -> PathBuf {
        self.folder.join(INCOMING).join(crypto::random_token())
    }

    fn path(&self, hash: &str) -> PathBuf {
        self.folder.join(&hash[..SHARD]).join(hash)
    }

    /// Keeps a file under its hash. When this returns, it survives a loss of power. A file that is there already is replaced by
    /// itself, and so is new to [`old_files`](Self::old_files).
    /// `Storage` when the disk does not take it.
    pub(crate) async fn put(&self, file: WrittenFile) -> Result<()> {
        let to = self.path(&file.hash);
        let put = spawn_blocking(move || {
            let from = file.place.path();
            fs::File::open(from)?.sync_all()?;
            let folder = to.parent().unwrap_or(&to);
            make_folder(folder)?;
            fs::rename(from, &to)?;
            fs::File::open(folder)?.sync_all()
        });
        let put = put.await.map_err(|error| Error::internal("a file of the media library", error))?;
        put.map_err(|error| fault(&error))
    }

    /// The bytes of a file from a place to another.
    /// `NotFound` when it is not there; `Storage` when it cannot be read.
    pub(crate) async fn open(&self, hash: &str, range: Range<u64>) -> Result<FileStream> {
        match open_part(&self.path(hash), range).await {
            Ok(file) => Ok(Box::pin(ReaderStream::with_capacity(file, PIECE))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Err(Error::NotFound),
            Err(error) => Err(fault(&error)),
        }
    }

    /// Deletes a file; one that is not there counts as deleted.
    /// `Storage` when it stays.
    pub(crate) async fn delete(&self, hash: &str) -> Result<()> {
        self.note_named(hash);
        match tokio::fs::remove_file(self.path(hash)).await {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(fault(&error)),
            _ => Ok(()),
        }
    }

    /// Since when a file has been known to have no name; from now on if it was not known yet.
    /// `Storage` when that cannot be written down.
    pub(crate) fn note_unnamed(&self, hash: &str) -> Result<SystemTime> {
        let folder = self.folder.join(UNNAMED);
        let note = || {
            make_folder(&folder)?;
            let file = fs::OpenOptions::new().append(true).create(true).open(folder.join(hash))?;
            file.metadata()?.modified()
        };
        note().map_err(|error| fault(&error))
    }

    /// A file has a name, again perhaps.
    pub(crate) fn note_named(&self, hash: &str) {
        // Mostly there is nothing to forget.
        let _ = fs::remove_file(self.folder.join(UNNAMED).join(hash));
    }

    /// The hashes of the files that begin with `shard` and were put before a time.
    /// `Storage` when the folder cannot be read.
    pub(crate) fn old_files(&self, shard: &str, before: SystemTime) -> Result<Vec<String>> {
        old_names(&self.folder.join(shard), before).map_err(|error| fault(&error))
    }

    /// Deletes what was begun before a time and never finished.
    /// `Storage` when the folder cannot be read.
    pub(crate) fn forget_incoming(&self, before: SystemTime) -> Result<()> {
        let folder = self.folder.join(INCOMING);
        for name in old_names(&folder, before).map_err(|error| fault(&error))? {
            let _ = fs::remove_file(folder.join(name));
        }
        Ok(())
    }
}

async fn open_part(path: &Path, range: Range<u64>) -> io::Result<Take<File>> {
    let mut file = File::open(path).await?;
    if range.start > 0 {
        file.seek(SeekFrom::Start(range.start)).await?;
    }
    Ok(file.take(range.end - range.start))
}

fn old_names(folder: &Path, before: SystemTime) -> io::Result<Vec<String>> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        other => other?,
    };
    let mut found = Vec::new();
    for entry in entries {
        let entry = entry?;
        // One that was deleted meanwhile has no time.
        let is_old = entry.metadata().and_then(|known| known.modified()).is_ok_and(|time| time < before);
        found.extend(is_old.then(|| entry.file_name().to_string_lossy().into_owned()));
    }
    Ok(found)
}

/// Makes a folder that is missing, for nobody else to look into.
fn make_folder(folder: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)
}
