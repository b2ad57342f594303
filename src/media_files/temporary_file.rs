//! A file that is being written and has no lasting name yet: deleted when nobody keeps it.

use std::{
    fs::{self, File},
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

/// The place of a file that is deleted when this is dropped.
#[derive(Debug)]
pub(crate) struct TemporaryPath(PathBuf);

impl TemporaryPath {
    pub(super) const fn new(path: PathBuf) -> Self {
        Self(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for TemporaryPath {
    fn drop(&mut self) {
        // It is not there when it was kept; what stays is deleted later, with what a crash has left.
        let _ = fs::remove_file(&self.0);
    }
}

/// A file that was written whole, with what is known of its bytes.
#[derive(Debug)]
pub(crate) struct WrittenFile {
    pub(crate) place: TemporaryPath,
    /// SHA-256, in hex.
    pub(crate) hash: String,
    pub(crate) bytes: u64,
}

/// Writes a file and hashes it meanwhile.
pub(super) struct HashedWriter {
    file: BufWriter<File>,
    place: TemporaryPath,
    hash: Sha256,
    bytes: u64,
}

impl HashedWriter {
    pub(super) fn create(path: PathBuf) -> io::Result<Self> {
        let file = File::create_new(&path)?;
        let place = TemporaryPath::new(path);
        Ok(Self { file: BufWriter::with_capacity(256 * 1024, file), place, hash: Sha256::new(), bytes: 0 })
    }

    pub(super) fn finish(mut self) -> io::Result<WrittenFile> {
        self.file.flush()?;
        Ok(WrittenFile { place: self.place, hash: HEXLOWER.encode(&self.hash.finalize()), bytes: self.bytes })
    }
}

impl Write for HashedWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.hash.update(&bytes[..written]);
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}
