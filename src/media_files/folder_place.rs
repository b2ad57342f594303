//! The files of the media library in a folder of the data directory.

use std::{
    fs::{self, DirBuilder},
    io::{self, SeekFrom},
    ops::Range,
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
    time::SystemTime,
};

use async_trait::async_trait;
use tokio::{
    fs::File,
    io::{AsyncReadExt, AsyncSeekExt, Take},
    task::spawn_blocking,
};
use tokio_util::io::ReaderStream;

use super::{
    disk_fault::fault,
    place::{FilePlace, FileStream, OldFile, SHARD, UNNAMED},
    temporary_file::WrittenFile,
};
use crate::error::{Error, Result};

/// What is sent at a time, in bytes.
const PIECE: usize = 64 * 1024;

#[derive(Debug, Clone)]
pub(super) struct FolderPlace {
    pub(super) folder: PathBuf,
}

impl FolderPlace {
    fn path(&self, hash: &str) -> PathBuf {
        self.folder.join(&hash[..SHARD]).join(hash)
    }

    fn note(&self, hash: &str) -> PathBuf {
        self.folder.join(UNNAMED).join(hash)
    }
}

/// What a thread does that may wait for the disk.
async fn wait<T: Send + 'static>(job: impl FnOnce() -> io::Result<T> + Send + 'static) -> Result<T> {
    let done = spawn_blocking(job).await.map_err(|error| Error::internal("a file of the media library", error))?;
    done.map_err(|error| fault(&error))
}

#[async_trait]
impl FilePlace for FolderPlace {
    async fn put(&self, file: WrittenFile) -> Result<()> {
        let to = self.path(&file.hash);
        wait(move || {
            let from = file.place.path();
            fs::File::open(from)?.sync_all()?;
            let folder = to.parent().unwrap_or(&to);
            make_folder(folder)?;
            fs::rename(from, &to)?;
            fs::File::open(folder)?.sync_all()
        })
        .await
    }

    async fn open(&self, hash: &str, range: Range<u64>) -> Result<FileStream> {
        match open_part(&self.path(hash), range).await {
            Ok(file) => Ok(Box::pin(ReaderStream::with_capacity(file, PIECE))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Err(Error::NotFound),
            Err(error) => Err(fault(&error)),
        }
    }

    async fn delete(&self, hash: &str) -> Result<()> {
        self.forget_unnamed(hash).await?;
        remove(&self.path(hash)).await
    }

    async fn old_files(&self, shard: &str, before: SystemTime) -> Result<Vec<OldFile>> {
        let (folder, place) = (self.folder.join(shard), self.clone());
        wait(move || {
            let names = old_names(&folder, before)?;
            let since = |hash: &str| fs::metadata(place.note(hash)).and_then(|note| note.modified()).ok();
            Ok(names.into_iter().map(|hash| OldFile { unnamed_since: since(&hash), hash }).collect())
        })
        .await
    }

    async fn note_unnamed(&self, hash: &str) -> Result<()> {
        let note = self.note(hash);
        wait(move || {
            make_folder(note.parent().unwrap_or(&note))?;
            fs::File::create(note).map(drop)
        })
        .await
    }

    async fn forget_unnamed(&self, hash: &str) -> Result<()> {
        remove(&self.note(hash)).await
    }
}

async fn remove(path: &Path) -> Result<()> {
    match tokio::fs::remove_file(path).await {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(fault(&error)),
        _ => Ok(()),
    }
}

async fn open_part(path: &Path, range: Range<u64>) -> io::Result<Take<File>> {
    let mut file = File::open(path).await?;
    if range.start > 0 {
        file.seek(SeekFrom::Start(range.start)).await?;
    }
    Ok(file.take(range.end - range.start))
}

/// The names in a folder of what was changed last before a time.
pub(super) fn old_names(folder: &Path, before: SystemTime) -> io::Result<Vec<String>> {
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
pub(super) fn make_folder(folder: &Path) -> io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    // A file in it is not there after a loss of power while the folder itself is not written.
    folder.parent().map_or(Ok(()), |above| fs::File::open(above)?.sync_all())
}
