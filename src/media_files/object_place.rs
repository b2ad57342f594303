//! The files of the media library in a service for objects that speaks S3, so that several nodes share them.

use std::{fmt, io, ops::Range, sync::Arc, time::Duration, time::SystemTime};

use async_trait::async_trait;
use bytes::BytesMut;
use object_store::{
    Error as ObjectError, GetOptions, GetRange, MultipartUpload, ObjectMeta, ObjectStore, ObjectStoreExt, PutPayload,
    RetryConfig,
    aws::{AmazonS3, AmazonS3Builder},
    path::Path,
};
use tokio::{fs::File, io::AsyncReadExt};
use tokio_stream::{StreamExt, empty};

use super::{
    disk_fault::fault,
    object_client::ObjectConnector,
    place::{FilePlace, FileStream, OldFile, SHARD, UNNAMED},
    temporary_file::WrittenFile,
};
use crate::error::{Error, Result};

/// What is sent to the service at a time, in bytes; all but the last part have 5 MiB at least.
const PART: usize = 8 * 1024 * 1024;
/// How often a request is sent again, and for how long.
const RETRIES: (usize, Duration) = (2, Duration::from_secs(20));
/// How long the service may give nothing of a file.
const SILENCE: Duration = Duration::from_secs(30);
/// Longest text of a fault, in characters.
const FAULT_MAX: usize = 200;

/// Where the objects are, and what opens them.
#[derive(Clone)]
pub(crate) struct ObjectSettings {
    /// Scheme, host and port of the service.
    pub(crate) endpoint: String,
    pub(crate) bucket: String,
    /// What the names of all objects begin with; may be empty.
    pub(crate) prefix: String,
    pub(crate) region: String,
    pub(crate) key_id: String,
    pub(crate) secret: String,
}

impl fmt::Debug for ObjectSettings {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { endpoint, bucket, prefix, region, .. } = self;
        write!(to, "ObjectSettings({endpoint}, {bucket}, {prefix}, {region})")
    }
}

#[derive(Debug)]
pub(super) struct ObjectPlace {
    objects: Arc<AmazonS3>,
    prefix: Path,
}

impl ObjectPlace {
    /// Errors: a sentence for the maintainer.
    pub(super) fn new(settings: &ObjectSettings) -> Result<Self, String> {
        let (max_retries, retry_timeout) = RETRIES;
        let objects = AmazonS3Builder::new()
            .with_endpoint(&settings.endpoint)
            .with_allow_http(true)
            .with_virtual_hosted_style_request(false)
            .with_bucket_name(&settings.bucket)
            .with_region(&settings.region)
            .with_access_key_id(&settings.key_id)
            .with_secret_access_key(&settings.secret)
            .with_retry(RetryConfig { max_retries, retry_timeout, ..RetryConfig::default() })
            .with_http_connector(ObjectConnector)
            .build()
            .map_err(|error| format!("The service for the files of the media library: {}", words(&error)))?;
        let prefix = Path::parse(&settings.prefix).map_err(|error| format!("PLINTH_MEDIA_S3: {error}"))?;
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
        if file.bytes <= PART as u64 {
            let whole = read_part(&mut from).await?;
            return self.objects.put(&path, whole).await.map(drop).map_err(unavailable);
        }
        let mut upload = self.objects.put_multipart(&path).await.map_err(unavailable)?;
        let sent = send_parts(&mut *upload, &mut from).await;
        if sent.is_err() {
            // Services forget what was begun and not completed.
            let _ = upload.abort().await;
        }
        sent
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

async fn send_parts(upload: &mut dyn MultipartUpload, from: &mut File) -> Result<()> {
    loop {
        let part = read_part(from).await?;
        if part.content_length() == 0 {
            return upload.complete().await.map(drop).map_err(unavailable);
        }
        upload.put_part(part).await.map_err(unavailable)?;
    }
}

/// As much as is sent at a time, or what is left.
async fn read_part(from: &mut File) -> Result<PutPayload> {
    let mut part = BytesMut::new();
    let mut rest = from.take(PART as u64);
    while rest.read_buf(&mut part).await.map_err(|error| fault(&error))? > 0 {}
    Ok(part.freeze().into())
}

#[expect(clippy::needless_pass_by_value, reason = "maps an error")]
fn unavailable(error: ObjectError) -> Error {
    Error::Storage(format!("a file of the media library: {}", words(&error)))
}

/// A fault without the answer of the service, which may quote the request.
fn words(error: &ObjectError) -> String {
    let text = error.to_string();
    text.split('<').next().unwrap_or_default().trim().chars().take(FAULT_MAX).collect()
}
