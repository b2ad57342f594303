//! Compresses a file into another one, and back, without more than a piece of it in memory.

use std::{
    fs::File,
    io::{self, Read, Write},
    path::Path,
};

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use super::manifest::FileDigest;

/// Quick; a higher level gains a few per cent for several times the work.
const LEVEL: i32 = 3;
const PIECE: usize = 256 * 1024;

/// What the file held.
pub(super) fn compress(from: &Path, to: &Path) -> io::Result<FileDigest> {
    let mut encoder = zstd::Encoder::new(File::create(to)?, LEVEL)?;
    encoder.include_checksum(true)?;
    let digest = copy(File::open(from)?, &mut encoder)?;
    encoder.finish()?;
    Ok(digest)
}

/// What came out; never more than one byte beyond `most`.
pub(super) fn decompress(from: &Path, to: &Path, most: u64) -> io::Result<FileDigest> {
    let mut file = File::create_new(to)?;
    let decoder = zstd::Decoder::new(File::open(from)?)?;
    copy(decoder.take(most.saturating_add(1)), &mut file)
}

fn copy(mut from: impl Read, to: &mut impl Write) -> io::Result<FileDigest> {
    let (mut piece, mut hash, mut bytes) = (vec![0; PIECE], Sha256::new(), 0);
    loop {
        let read = from.read(&mut piece)?;
        if read == 0 {
            return Ok(FileDigest { bytes, sha256: HEXLOWER.encode(&hash.finalize()) });
        }
        hash.update(&piece[..read]);
        to.write_all(&piece[..read])?;
        bytes += read as u64;
    }
}
