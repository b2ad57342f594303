//! What is behind the head of an encrypted file: the content in pieces, each encrypted under its number, the last one as the last. So
//! none can be changed, moved, left out or cut off without being noticed.

use std::io::{self, BufRead, Read, Write};

use ring::aead::LessSafeKey;

use super::{
    fault::{DAMAGED, fault},
    header::{self, Seal},
    keys::{FileKey, UnlockKey},
    primitives::{TAG, cipher, derive, open, seal},
};
use crate::crypto::bytes;

/// Bytes of each piece but the last.
const PIECE: usize = 64 * 1024;
/// Bytes that make the keys of two contents differ.
const SALT: usize = 16;

/// The key of the pieces, and how many were encrypted or decrypted with it.
struct Pieces {
    key: LessSafeKey,
    count: u64,
}

impl Pieces {
    fn new(key: &FileKey, salt: &[u8; SALT]) -> Self {
        Self { key: cipher(&derive(&key.0, salt, b"payload")), count: 0 }
    }

    fn number(&mut self, is_last: bool) -> [u8; 12] {
        let mut number = [0; 12];
        number[3..11].copy_from_slice(&self.count.to_be_bytes());
        number[11] = u8::from(is_last);
        self.count += 1;
        number
    }
}

/// Encrypts what is written to it. [`finish`](Self::finish) writes the end, without which nobody can read it to its end.
pub(crate) struct EncryptedWriter<W> {
    to: W,
    pieces: Pieces,
    piece: Vec<u8>,
}

impl<W: Write> EncryptedWriter<W> {
    pub(crate) fn begin(mut to: W, Seal { key, head }: &Seal) -> io::Result<Self> {
        let salt = bytes();
        to.write_all(head)?;
        to.write_all(&salt)?;
        Ok(Self { to, pieces: Pieces::new(key, &salt), piece: Vec::with_capacity(PIECE + TAG) })
    }

    pub(crate) fn finish(mut self) -> io::Result<W> {
        self.write_piece(true)?;
        Ok(self.to)
    }

    fn write_piece(&mut self, is_last: bool) -> io::Result<()> {
        let number = self.pieces.number(is_last);
        seal(&self.pieces.key, number, &mut self.piece);
        self.to.write_all(&self.piece)?;
        self.piece.clear();
        Ok(())
    }
}

impl<W: Write> Write for EncryptedWriter<W> {
    fn write(&mut self, content: &[u8]) -> io::Result<usize> {
        // A full piece waits for more, as it may be the last one.
        if self.piece.len() == PIECE && !content.is_empty() {
            self.write_piece(false)?;
        }
        let taken = content.len().min(PIECE - self.piece.len());
        self.piece.extend_from_slice(&content[..taken]);
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Decrypts what is read from it, and gives nothing that was not encrypted with the same key.
pub(crate) struct DecryptedReader<R> {
    from: R,
    pieces: Pieces,
    /// What was decrypted, up to where it was given.
    piece: Vec<u8>,
    given: usize,
    /// The first byte of the next piece, which tells that there is one.
    ahead: Option<u8>,
    is_over: bool,
}

impl<R: BufRead> DecryptedReader<R> {
    /// Reads the head.
    /// Errors: a [fault](super::fault::fault_of) when the key does not open it.
    pub(crate) fn open(mut from: R, key: &UnlockKey) -> io::Result<Self> {
        let key = header::read(&mut from, key)?;
        let mut salt = [0; SALT];
        from.read_exact(&mut salt).map_err(as_damage)?;
        let pieces = Pieces::new(&key, &salt);
        Ok(Self { from, pieces, piece: Vec::new(), given: 0, ahead: None, is_over: false })
    }

    fn read_piece(&mut self) -> io::Result<()> {
        let mut piece = Vec::with_capacity(PIECE + TAG + 1);
        piece.extend(self.ahead.take());
        let missing = PIECE + TAG + 1 - piece.len();
        self.from.by_ref().take(missing as u64).read_to_end(&mut piece)?;
        if piece.len() > PIECE + TAG {
            self.ahead = piece.pop();
        }
        self.is_over = self.ahead.is_none();
        let number = self.pieces.number(self.is_over);
        let is_sound = open(&self.pieces.key, number, &mut piece);
        // Only nothing at all ends with an empty piece.
        if !is_sound || piece.is_empty() && self.pieces.count > 1 {
            return Err(fault(DAMAGED));
        }
        (self.piece, self.given) = (piece, 0);
        Ok(())
    }
}

fn as_damage(error: io::Error) -> io::Error {
    if error.kind() == io::ErrorKind::UnexpectedEof { fault(DAMAGED) } else { error }
}

impl<R: BufRead> Read for DecryptedReader<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.given == self.piece.len() && !self.is_over {
            self.read_piece()?;
        }
        let given = into.len().min(self.piece.len() - self.given);
        into[..given].copy_from_slice(&self.piece[self.given..self.given + given]);
        self.given += given;
        Ok(given)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::age::keys::LockKey;

    fn encrypt(content: &[u8], seal: &Seal) -> Vec<u8> {
        let mut writer = EncryptedWriter::begin(Vec::new(), seal).unwrap();
        writer.write_all(content).unwrap();
        writer.finish().unwrap()
    }

    fn decrypt(sealed: &[u8], key: &UnlockKey) -> io::Result<Vec<u8>> {
        let mut content = Vec::new();
        DecryptedReader::open(sealed, key)?.read_to_end(&mut content)?;
        Ok(content)
    }

    #[test]
    fn pieces_of_every_size_come_back_and_none_can_be_taken_away() {
        let recipient = "age10yq2en2rv5vj4sf8r4cx4ayrg3epy8rlppjlxytxyjjl2y5qz92se4y9zk".parse().unwrap();
        let seal = Seal::new(&LockKey::Recipients(vec![recipient]));
        let key = seal.unlock_key();
        for size in [0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 2 * PIECE + 7] {
            let content: Vec<u8> = (0..size).map(|at| u8::try_from(at % 251).unwrap()).collect();
            let sealed = encrypt(&content, &seal);
            assert_eq!(decrypt(&sealed, &key).unwrap(), content, "{size}");
            let begin = seal.head.len() + SALT;
            for cut in [begin, begin + TAG, begin + PIECE + TAG, begin + 2 * (PIECE + TAG), sealed.len() - 1] {
                if cut < sealed.len() {
                    assert!(decrypt(&sealed[..cut], &key).is_err(), "{size} cut to {cut}");
                }
            }
            let mut longer = sealed.clone();
            longer.push(0);
            assert!(decrypt(&longer, &key).is_err(), "{size} and one more");
        }
    }

    #[test]
    fn no_bit_of_a_file_can_be_changed() {
        let recipient = "age10yq2en2rv5vj4sf8r4cx4ayrg3epy8rlppjlxytxyjjl2y5qz92se4y9zk".parse().unwrap();
        let seal = Seal::new(&LockKey::Recipients(vec![recipient]));
        let sealed = encrypt(b"content", &seal);
        for bit in 0..sealed.len() * 8 {
            let mut changed = sealed.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            let error = decrypt(&changed, &seal.unlock_key()).unwrap_err();
            assert!(crate::crypto::age::fault::fault_of(&error).is_some(), "bit {bit}: {error}");
        }
    }
}
