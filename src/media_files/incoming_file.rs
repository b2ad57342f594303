//! A file that arrives piece by piece, from a browser or a folder: written as it comes, never held in memory.

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};
use tokio::{fs::File, io::AsyncWriteExt};

use super::{
    disk_fault::fault,
    temporary_file::{TemporaryPath, WrittenFile},
};
use crate::error::Result;

pub(crate) struct IncomingFile {
    file: File,
    place: TemporaryPath,
    hash: Sha256,
    bytes: u64,
}

impl IncomingFile {
    pub(super) fn new(file: File, place: TemporaryPath) -> Self {
        Self { file, place, hash: Sha256::new(), bytes: 0 }
    }

    /// `Storage` when the disk does not take it.
    pub(crate) async fn write(&mut self, piece: &[u8]) -> Result<()> {
        self.hash.update(piece);
        self.bytes += piece.len() as u64;
        self.file.write_all(piece).await.map_err(|error| fault(&error))
    }

    /// `Storage` when the disk does not take it.
    pub(crate) async fn finish(mut self) -> Result<WrittenFile> {
        self.file.flush().await.map_err(|error| fault(&error))?;
        Ok(WrittenFile { place: self.place, hash: HEXLOWER.encode(&self.hash.finalize()), bytes: self.bytes })
    }
}
