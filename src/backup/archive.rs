//! Writes a tar archive piece by piece, and hashes what goes into it. The one who takes the pieces makes a file or an answer of them.

use std::io;

use bytes::Bytes;
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};
use tokio::sync::mpsc::Sender;
use tokio_stream::StreamExt;

use super::manifest::FileDigest;
use crate::{
    error::{Error, Result},
    media_files::place::FileStream,
};

/// What tar counts in, in bytes.
const BLOCK: u64 = 512;
/// Zeros for what ends a member, and for what a file lacks.
static ZEROS: [u8; 64 * 1024] = [0; 64 * 1024];

/// Where the pieces go.
pub(crate) type ArchivePieces = Sender<Result<Bytes>>;

pub(super) struct Archive<'a, F> {
    pieces: &'a ArchivePieces,
    /// Told how many bytes were written after each piece.
    tell: F,
    written: u64,
    /// Of each member, in seconds since 1970.
    time: u64,
}

impl<'a, F: FnMut(u64)> Archive<'a, F> {
    pub(super) const fn new(pieces: &'a ArchivePieces, time: u64, tell: F) -> Self {
        Self { pieces, tell, written: 0, time }
    }

    /// A member of just so many bytes. What cannot be read of it is filled with zeros, and so has another hash.
    /// `Storage` when nobody takes the pieces any more.
    pub(super) async fn append(&mut self, name: &str, bytes: u64, mut content: FileStream) -> Result<FileDigest> {
        self.send(self.header(name, bytes)?).await?;
        let (mut left, mut hash) = (bytes, Sha256::new());
        while left > 0 {
            let mut piece = match content.next().await {
                Some(Ok(piece)) => piece,
                _ => Bytes::from_static(&ZEROS),
            };
            piece.truncate(usize::try_from(left).unwrap_or(usize::MAX));
            left -= piece.len() as u64;
            hash.update(&piece);
            self.send(piece).await?;
        }
        let odd = usize::try_from(bytes.next_multiple_of(BLOCK) - bytes).unwrap_or_default();
        self.send(Bytes::from_static(&ZEROS[..odd])).await?;
        Ok(FileDigest { bytes, sha256: HEXLOWER.encode(&hash.finalize()) })
    }

    /// The same of a text.
    pub(super) async fn append_text(&mut self, name: &str, text: String) -> Result<FileDigest> {
        let bytes = text.len() as u64;
        self.append(name, bytes, Box::pin(tokio_stream::once(Ok(Bytes::from(text))))).await
    }

    /// What every archive ends with.
    pub(super) async fn finish(mut self) -> Result<()> {
        self.send(Bytes::from_static(&ZEROS[..1024])).await
    }

    fn header(&self, name: &str, bytes: u64) -> Result<Bytes> {
        let mut header = tar::Header::new_ustar();
        header.set_path(name).map_err(|error: io::Error| Error::internal("the name of a member", error))?;
        header.set_size(bytes);
        header.set_mode(0o600);
        header.set_mtime(self.time);
        header.set_entry_type(tar::EntryType::Regular);
        header.set_cksum();
        Ok(Bytes::copy_from_slice(header.as_bytes()))
    }

    async fn send(&mut self, piece: Bytes) -> Result<()> {
        self.written += piece.len() as u64;
        let sent = self.pieces.send(Ok(piece)).await;
        sent.map_err(|_| Error::Storage("nobody takes the backup any more".to_owned()))?;
        (self.tell)(self.written);
        Ok(())
    }
}
