//! What the media library asks of the place where its files lie, whether a folder or a service for objects: each file is put whole,
//! under the hash of its content, and never changes.

use std::{fmt::Debug, io, ops::Range, pin::Pin, time::SystemTime};

use async_trait::async_trait;
use bytes::Bytes;
use tokio_stream::Stream;

use super::temporary_file::WrittenFile;
use crate::error::Result;

/// How many characters of a hash name the folder that a file lies in.
pub(crate) const SHARD: usize = 2;
/// The folder in which it is noted since when files have had no name.
pub(super) const UNNAMED: &str = "unnamed";

/// The bytes of a file, in pieces.
pub(crate) type FileStream = Pin<Box<dyn Stream<Item = io::Result<Bytes>> + Send>>;

/// A file that was put some time ago.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OldFile {
    pub(crate) hash: String,
    /// Since when it has been known to have no name.
    pub(crate) unnamed_since: Option<SystemTime>,
}

#[async_trait]
pub(super) trait FilePlace: Debug + Send + Sync {
    /// Keeps a file under its hash. When this returns, it survives a loss of power. A file that is there already is replaced by
    /// itself, and so is new to [`old_files`](Self::old_files).
    /// `Storage` when it is not taken.
    async fn put(&self, file: WrittenFile) -> Result<()>;

    /// The bytes of a file from a place to another.
    /// `NotFound` when it is not there; `Storage` when it cannot be read.
    async fn open(&self, hash: &str, range: Range<u64>) -> Result<FileStream>;

    /// Deletes a file, and what is noted of it; one that is not there counts as deleted.
    /// `Storage` when it stays.
    async fn delete(&self, hash: &str) -> Result<()>;

    /// The files whose hashes begin with `shard` and that were put before a time.
    /// `Storage` when the list cannot be read.
    async fn old_files(&self, shard: &str, before: SystemTime) -> Result<Vec<OldFile>>;

    /// Notes that a file has no name, from now on.
    /// `Storage` when that is not taken.
    async fn note_unnamed(&self, hash: &str) -> Result<()>;

    /// Takes that back.
    /// `Storage` when the note stays.
    async fn forget_unnamed(&self, hash: &str) -> Result<()>;
}
