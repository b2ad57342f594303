//! A service for objects that speaks S3: how it is opened, how a file is put there piece by piece, and what its faults are called.

use std::{fmt, io, time::Duration};

use bytes::BytesMut;
use object_store::{
    Error as ObjectError, MultipartUpload, ObjectStoreExt, PutPayload, RetryConfig,
    aws::{AmazonS3, AmazonS3Builder},
    path::Path,
};
use tokio::{fs::File, io::AsyncReadExt};

use super::object_client::ObjectConnector;

/// What is sent to the service at a time, in bytes; all but the last part have 5 MiB at least.
const PART: u64 = 8 * 1024 * 1024;
/// How many parts a service takes of one file at most.
const PARTS: u64 = 10_000;
/// How often a request is sent again, and for how long.
const RETRIES: (usize, Duration) = (2, Duration::from_secs(20));
/// Longest text of a fault, in characters.
const FAULT_MAX: usize = 200;

/// Where the objects are, and what opens them.
#[derive(Clone)]
pub(crate) struct ObjectSettings {
    /// How the setting is called that names them.
    pub(crate) setting: &'static str,
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

/// The bucket, and the folder in it.
/// Errors: a sentence for the maintainer.
pub(super) fn open(settings: &ObjectSettings) -> Result<(AmazonS3, Path), String> {
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
        .map_err(|error| format!("{}: {}", settings.setting, words(&error)))?;
    let prefix = Path::parse(&settings.prefix).map_err(|error| format!("{}: {error}", settings.setting))?;
    Ok((objects, prefix))
}

/// Why a file was not put.
pub(super) enum PutFault {
    Disk(io::Error),
    Service(ObjectError),
}

/// Puts a file of so many bytes, whole or not at all, and tells after each part how many are there.
pub(super) async fn put(
    objects: &AmazonS3,
    path: &Path,
    (from, bytes): (&mut File, u64),
    tell: impl Fn(u64) + Send,
) -> Result<(), PutFault> {
    if bytes <= PART {
        let whole = read_part(from, PART).await.map_err(PutFault::Disk)?;
        return objects.put(path, whole).await.map(drop).map_err(PutFault::Service);
    }
    let part = PART.max(bytes.div_ceil(PARTS - 1));
    let mut upload = objects.put_multipart(path).await.map_err(PutFault::Service)?;
    let sent = send_parts(&mut *upload, (from, part), tell).await;
    if sent.is_err() {
        // Services forget what was begun and not completed.
        let _ = upload.abort().await;
    }
    sent
}

async fn send_parts(
    upload: &mut dyn MultipartUpload,
    (from, size): (&mut File, u64),
    tell: impl Fn(u64) + Send,
) -> Result<(), PutFault> {
    let mut sent = 0;
    loop {
        let part = read_part(from, size).await.map_err(PutFault::Disk)?;
        if part.content_length() == 0 {
            return upload.complete().await.map(drop).map_err(PutFault::Service);
        }
        sent += part.content_length() as u64;
        upload.put_part(part).await.map_err(PutFault::Service)?;
        tell(sent);
    }
}

/// As much as is sent at a time, or what is left.
async fn read_part(from: &mut File, size: u64) -> io::Result<PutPayload> {
    let mut part = BytesMut::new();
    let mut rest = from.take(size);
    while rest.read_buf(&mut part).await? > 0 {}
    Ok(part.freeze().into())
}

/// A fault without the answer of the service, which may quote the request.
pub(super) fn words(error: &ObjectError) -> String {
    let text = error.to_string();
    text.split('<').next().unwrap_or_default().trim().chars().take(FAULT_MAX).collect()
}
