//! Reads the file of a backup from its beginning, decrypted when it is encrypted.

use std::{
    fs::File,
    io::{self, BufRead, BufReader, Read},
};

use crate::{
    crypto::age::{fault::fault_of, header::BEGIN, keys::UnlockKey, payload::DecryptedReader},
    db::opening::io_fault,
};

/// Bytes that are read at a time.
const BUFFER: usize = 256 * 1024;
/// How a file begins that was encrypted as a text.
const TEXT: &[u8] = b"-----BEGIN AGE ENCRYPTED FILE-----";

/// Errors: a sentence, about the file as “it”.
pub(crate) fn open(file: File, key: Option<&UnlockKey>) -> Result<Box<dyn Read + Send>, String> {
    let mut file = BufReader::with_capacity(BUFFER, file);
    let begin = file.fill_buf().map_err(|error| unreadable(&error))?;
    if begin.starts_with(TEXT) {
        return Err(
            "It is encrypted as a text: decrypt it with `age --decrypt`, and restore what that gives.".to_owned()
        );
    }
    match (begin.starts_with(BEGIN), key) {
        (false, None) => Ok(Box::new(file)),
        (true, Some(key)) => Ok(Box::new(DecryptedReader::open(file, key).map_err(|error| unreadable(&error))?)),
        (true, None) => {
            Err("It is encrypted: name the file with your key with --identity, or that with the passphrase with \
            --passphrase-file."
                .to_owned())
        }
        (false, Some(_)) => {
            Err("It is not encrypted, or its beginning is damaged. If it is not, leave --identity and \
            --passphrase-file out."
                .to_owned())
        }
    }
}

fn unreadable(error: &io::Error) -> String {
    fault_of(error).unwrap_or_else(|| format!("It cannot be read: {}.", io_fault(error)))
}
