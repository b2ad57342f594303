//! Compresses as well as can be. Knows no file.

use std::io::{Error, Write as _};

/// A file as it is and in each encoding, with the ending of its name.
pub fn all(plain: &[u8]) -> Result<[(&'static str, Vec<u8>); 4], Error> {
    Ok([("", plain.to_vec()), (".br", brotli(plain)?), (".zst", zstd(plain)?), (".gz", gzip(plain)?)])
}

fn brotli(plain: &[u8]) -> Result<Vec<u8>, Error> {
    let mut out = Vec::new();
    let params = brotli::enc::BrotliEncoderParams { quality: 11, size_hint: plain.len(), ..Default::default() };
    brotli::BrotliCompress(&mut &*plain, &mut out, &params)?;
    Ok(out)
}

fn zstd(plain: &[u8]) -> Result<Vec<u8>, Error> {
    zstd::bulk::compress(plain, 19)
}

fn gzip(plain: &[u8]) -> Result<Vec<u8>, Error> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(plain)?;
    encoder.finish()
}
