//! The files of the media library: a folder for those that are being written, and the place where they lie once they are whole.

use std::{
    fs, io,
    ops::Range,
    path::{Path, PathBuf},
    sync::Arc,
    time::SystemTime,
};

use tokio::fs::File;

use super::{
    disk_fault::fault,
    folder_place::{FolderPlace, make_folder, old_names},
    incoming_file::IncomingFile,
    object_place::ObjectPlace,
    object_service::ObjectSettings,
    place::{FilePlace, FileStream, OldFile},
    temporary_file::{HashedWriter, TemporaryPath, WrittenFile},
};
use crate::{crypto, error::Result};

/// The folder of files that are still being written.
const INCOMING: &str = "incoming";
/// The folder of the media library in the data directory.
pub(crate) const FOLDER: &str = "media";

#[derive(Debug, Clone)]
pub struct MediaStore {
    incoming: PathBuf,
    place: Arc<dyn FilePlace>,
}

impl MediaStore {
    /// In the folder of this data directory; made when the first file arrives.
    #[must_use]
    pub fn in_directory(data: &Path) -> Self {
        let folder = data.join(FOLDER);
        Self { incoming: folder.join(INCOMING), place: Arc::new(FolderPlace { folder }) }
    }

    /// In a service for objects; what is still being written, in this data directory.
    /// Errors: a sentence for the maintainer.
    pub(crate) fn in_objects(data: &Path, settings: &ObjectSettings) -> Result<Self, String> {
        Ok(Self { incoming: data.join(FOLDER).join(INCOMING), place: Arc::new(ObjectPlace::new(settings)?) })
    }

    /// A file to write into piece by piece.
    /// `Storage` when it cannot be made.
    pub(crate) async fn receive(&self) -> Result<IncomingFile> {
        let path = self.temporary_path();
        make_folder(&self.incoming).map_err(|error| fault(&error))?;
        let file = File::create_new(&path).await.map_err(|error| fault(&error))?;
        Ok(IncomingFile::new(file, TemporaryPath::new(path)))
    }

    /// The same for a thread that may wait.
    pub(super) fn create(&self) -> io::Result<HashedWriter> {
        make_folder(&self.incoming)?;
        HashedWriter::create(self.temporary_path())
    }

    fn temporary_path(&self) -> PathBuf {
        self.incoming.join(crypto::random_token())
    }

    /// Keeps a file under its hash. When this returns, it survives a loss of power. A file that is there already is replaced by
    /// itself, and so is new to [`old_files`](Self::old_files).
    /// `Storage` when it is not taken.
    pub(crate) async fn put(&self, file: WrittenFile) -> Result<()> {
        self.place.put(file).await
    }

    /// Keeps a file that lies elsewhere until then, under the hash that it is known to have.
    /// `Storage` when it is not taken.
    pub(crate) async fn take(&self, path: PathBuf, hash: &str, bytes: u64) -> Result<()> {
        self.put(WrittenFile { place: TemporaryPath::new(path), hash: hash.to_owned(), bytes }).await
    }

    /// The bytes of a file from a place to another.
    /// `NotFound` when it is not there; `Storage` when it cannot be read.
    pub(crate) async fn open(&self, hash: &str, range: Range<u64>) -> Result<FileStream> {
        self.place.open(hash, range).await
    }

    /// Deletes a file; one that is not there counts as deleted.
    /// `Storage` when it stays.
    pub(crate) async fn delete(&self, hash: &str) -> Result<()> {
        self.place.delete(hash).await
    }

    /// The files whose hashes begin with `shard` and that were put before a time.
    /// `Storage` when the list cannot be read.
    pub(crate) async fn old_files(&self, shard: &str, before: SystemTime) -> Result<Vec<OldFile>> {
        self.place.old_files(shard, before).await
    }

    /// Notes that a file has no name, from now on.
    /// `Storage` when that is not taken.
    pub(crate) async fn note_unnamed(&self, hash: &str) -> Result<()> {
        self.place.note_unnamed(hash).await
    }

    /// A file that had no name has one again.
    /// `Storage` when the note stays.
    pub(crate) async fn forget_unnamed(&self, hash: &str) -> Result<()> {
        self.place.forget_unnamed(hash).await
    }

    /// Deletes what was begun before a time and never finished.
    /// `Storage` when the folder cannot be read.
    pub(crate) fn forget_incoming(&self, before: SystemTime) -> Result<()> {
        for name in old_names(&self.incoming, before).map_err(|error| fault(&error))? {
            let _ = fs::remove_file(self.incoming.join(name));
        }
        Ok(())
    }
}
