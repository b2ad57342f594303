//! The files of the media library in a service for objects that speaks S3, so that several nodes share them.

use std::{io, ops::Range, sync::Arc, time::Duration, time::SystemTime};

use async_trait::async_trait;
use object_store::{
    Error as ObjectError, GetOptions, GetRange, ObjectMeta, ObjectStore, ObjectStoreExt, PutPayload, aws::AmazonS3,
    path::Path,
};
use tokio::fs::File;
use tokio_stream::{StreamExt, empty};

use super::{
    disk_fault::fault,
    object_service::{self, ObjectSettings, PutFault, words},
    place::{FilePlace, FileStream, OldFile, SHARD, UNNAMED},
    temporary_file::WrittenFile,
};
use crate::error::{Error, Result};

/// How long the service may give nothing of a file.
const SILENCE: Duration = Duration::from_secs(30);
#[derive(Debug)]
pub(super) struct ObjectPlace {
    objects: Arc<AmazonS3>,
    prefix: Path,
}

impl ObjectPlace {
    /// Errors: a sentence for the maintainer.
    pub(super) fn new(settings: &ObjectSettings) -> Result<Self, String> {
        let (objects, prefix) = object_service::open(settings)?;
        Ok(Self { objects: Arc::new(objects), prefix })
    }

    fn shard(&self, shard: &str) -> Path {
        self.prefix.clone().join(shard)
    }

    fn path(&self, hash: &str) -> Path {
        self.shard(&hash[..SHARD]).join(hash)
    }

    fn notes(&self, shard: &str) -> Path {
        self.prefix.clone().join(UNNAMED).join(shard)
    }

    fn note(&self, hash: &str) -> Path {
        self.notes(&hash[..SHARD]).join(hash)
    }

    async fn list(&self, below: &Path) -> Result<Vec<ObjectMeta>> {
        let mut stream = self.objects.list(Some(below));
        let mut found = Vec::new();
        while let Some(object) = stream.next().await {
            found.push(object.map_err(unavailable)?);
        }
        Ok(found)
    }

    async fn remove(&self, path: &Path) -> Result<()> {
        match self.objects.delete(path).await {
            Ok(()) | Err(ObjectError::NotFound { .. }) => Ok(()),
            Err(error) => Err(unavailable(error)),
        }
    }
}

#[async_trait]
impl FilePlace for ObjectPlace {
    async fn put(&self, file: WrittenFile) -> Result<()> {
        let path = self.path(&file.hash);
        let mut from = File::open(file.place.path()).await.map_err(|error| fault(&error))?;
        object_service::put(&self.objects, &path, (&mut from, file.bytes), |_| {}).await.map_err(|error| match error {
            PutFault::Disk(error) => fault(&error),
            PutFault::Service(error) => unavailable(error),
        })
    }

    async fn open(&self, hash: &str, range: Range<u64>) -> Result<FileStream> {
        if range.is_empty() {
            return Ok(Box::pin(empty()));
        }
        let options = GetOptions { range: Some(GetRange::Bounded(range)), ..GetOptions::default() };
        let found = self.objects.get_opts(&self.path(hash), options).await.map_err(|error| match error {
            ObjectError::NotFound { .. } => Error::NotFound,
            other => unavailable(other),
        })?;
        let pieces = found.into_stream().timeout(SILENCE).map(|piece| match piece {
            Ok(Ok(bytes)) => Ok(bytes),
            Ok(Err(error)) => Err(io::Error::other(words(&error))),
            Err(late) => Err(io::Error::new(io::ErrorKind::TimedOut, late)),
        });
        Ok(Box::pin(pieces))
    }

    async fn delete(&self, hash: &str) -> Result<()> {
        self.forget_unnamed(hash).await?;
        self.remove(&self.path(hash)).await
    }

    async fn old_files(&self, shard: &str, before: SystemTime) -> Result<Vec<OldFile>> {
        let notes = self.list(&self.notes(shard)).await?;
        let since = |name: &str| {
            let note = notes.iter().find(|note| note.location.filename() == Some(name));
            note.map(|note| note.last_modified.into())
        };
        let files = self.list(&self.shard(shard)).await?.into_iter();
        let old = files.filter(|file| SystemTime::from(file.last_modified) < before);
        let hashes = old.filter_map(|file| file.location.filename().map(str::to_owned));
        Ok(hashes.map(|hash| OldFile { unnamed_since: since(&hash), hash }).collect())
    }

    async fn note_unnamed(&self, hash: &str) -> Result<()> {
        self.objects.put(&self.note(hash), PutPayload::new()).await.map(drop).map_err(unavailable)
    }

    async fn forget_unnamed(&self, hash: &str) -> Result<()> {
        self.remove(&self.note(hash)).await
    }
}

#[expect(clippy::needless_pass_by_value, reason = "maps an error")]
fn unavailable(error: ObjectError) -> Error {
    Error::Storage(format!("a file of the media library: {}", words(&error)))
}
