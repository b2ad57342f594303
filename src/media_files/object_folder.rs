//! A folder in a service for objects whose files have names of their own, such as those of backups.

use std::{io, path::Path as FilePath};

use object_store::{Error as ObjectError, ObjectStore, ObjectStoreExt, aws::AmazonS3, path::Path};
use tokio::fs::File;
use tokio_stream::StreamExt;

use super::object_service::{self, ObjectSettings, PutFault, words};

pub(crate) struct ObjectFolder {
    objects: AmazonS3,
    prefix: Path,
}

impl ObjectFolder {
    /// Errors: a sentence for the maintainer.
    pub(crate) fn new(settings: &ObjectSettings) -> Result<Self, String> {
        let (objects, prefix) = object_service::open(settings)?;
        Ok(Self { objects, prefix })
    }

    /// Puts a file under a name, whole or not at all, and tells how many bytes of how many are there.
    /// Errors: a sentence, or what the disk says.
    pub(crate) async fn put(
        &self,
        name: &str,
        file: &FilePath,
        tell: impl Fn(u64, u64) + Send + Sync,
    ) -> io::Result<Result<(), String>> {
        let mut from = File::open(file).await?;
        let bytes = from.metadata().await?.len();
        let path = self.prefix.clone().join(name);
        match object_service::put(&self.objects, &path, (&mut from, bytes), |sent| tell(sent, bytes)).await {
            Err(PutFault::Disk(error)) => Err(error),
            Err(PutFault::Service(error)) => Ok(Err(sentence(&error))),
            Ok(()) => Ok(self.check_size(&path, bytes).await),
        }
    }

    async fn check_size(&self, path: &Path, bytes: u64) -> Result<(), String> {
        let there = self.objects.head(path).await.map_err(|error| sentence(&error))?.size;
        let is_whole = there == bytes;
        if is_whole { Ok(()) } else { Err(format!("The service has {there} bytes of {bytes}.")) }
    }

    /// The names of all files.
    /// Errors: a sentence.
    pub(crate) async fn names(&self) -> Result<Vec<String>, String> {
        let mut stream = self.objects.list(Some(&self.prefix));
        let mut names = Vec::new();
        while let Some(object) = stream.next().await {
            let object = object.map_err(|error| sentence(&error))?;
            let is_below = object.location.parts().count() == self.prefix.parts().count() + 1;
            names.extend(object.location.filename().filter(|_| is_below).map(str::to_owned));
        }
        Ok(names)
    }

    /// Errors: a sentence: the file stays.
    pub(crate) async fn delete(&self, name: &str) -> Result<(), String> {
        match self.objects.delete(&self.prefix.clone().join(name)).await {
            Ok(()) | Err(ObjectError::NotFound { .. }) => Ok(()),
            Err(error) => Err(sentence(&error)),
        }
    }
}

fn sentence(error: &ObjectError) -> String {
    format!("The service for objects answers: {}.", words(error).trim_end_matches('.'))
}
