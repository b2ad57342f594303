//! The head of an encrypted file: lines of text that hold the key of the file, wrapped for each that may read it, and a signature.

use std::io::{self, BufRead, Read};

use data_encoding::BASE64_NOPAD;
use ring::hmac;

use super::{
    fault::fault,
    keys::{FileKey, LockKey, UnlockKey},
    primitives::derive,
};
use crate::crypto::bytes;

/// The first line.
pub(crate) const BEGIN: &[u8] = b"age-encryption.org/v1\n";
/// How the last line begins; the signature covers these three characters too.
const END: &str = "---";
/// Characters in a line of what is encoded; a shorter one is the last.
const COLUMNS: usize = 64;
/// Bytes of the longest head that is read.
const LONGEST: u64 = 64 * 1024;
/// How long a passphrase is hashed: 128 MiB of memory, and at most 1 GiB for a file that another program has made.
const WORK: u8 = 17;
const MOST_WORK: u8 = 20;

const NO_HEAD: &str =
    "What its encryption begins with makes no sense: it is damaged, cut off, or made by a newer program.";
const FOR_KEYS: &str = "It was encrypted for keys and with no passphrase: name the file with your key with --identity.";
const FOR_PASSPHRASE: &str = "It was encrypted with a passphrase: name the file that holds it with --passphrase-file.";
const OTHER_KEYS: &str = "It was encrypted for other keys than those in the file that --identity names.";
const OTHER_PASSPHRASE: &str = "The passphrase is another one than it was encrypted with.";

/// What closes one file, and no other.
pub(crate) struct Seal {
    pub(super) key: FileKey,
    pub(super) head: Vec<u8>,
}

impl Seal {
    /// Takes a moment with a passphrase, which is hashed on purpose slowly.
    #[must_use]
    pub(crate) fn new(lock: &LockKey) -> Self {
        let key = FileKey::new();
        let mut head = BEGIN.to_vec();
        match lock {
            LockKey::Recipients(recipients) => {
                for (share, wrapped) in recipients.iter().map(|recipient| recipient.wrap(&key)) {
                    write_stanza(&mut head, &format!("X25519 {}", BASE64_NOPAD.encode(&share)), &wrapped);
                }
            }
            LockKey::Passphrase(passphrase) => {
                let salt = bytes();
                let wrapped = key.wrap_with(passphrase, &salt, WORK);
                write_stanza(&mut head, &format!("scrypt {} {WORK}", BASE64_NOPAD.encode(&salt)), &wrapped);
            }
        }
        head.extend(END.bytes());
        let signature = hmac::sign(&signing_key(&key), &head);
        head.extend(format!(" {}\n", BASE64_NOPAD.encode(signature.as_ref())).bytes());
        Self { key, head }
    }

    /// Opens the same file again, without the keys that it was made for.
    #[must_use]
    pub(crate) fn unlock_key(&self) -> UnlockKey {
        UnlockKey::File(self.key.clone())
    }
}

fn write_stanza(head: &mut Vec<u8>, what: &str, body: &[u8]) {
    let body = BASE64_NOPAD.encode(body);
    head.extend(format!("-> {what}\n").bytes());
    // What fits its last line just so is followed by an empty one.
    let (mut left, mut is_last) = (body.as_str(), false);
    while !is_last {
        let (line, rest) = left.split_at(left.len().min(COLUMNS));
        head.extend(format!("{line}\n").bytes());
        (left, is_last) = (rest, line.len() < COLUMNS);
    }
}

fn signing_key(key: &FileKey) -> hmac::Key {
    hmac::Key::new(hmac::HMAC_SHA256, &derive(&key.0, &[], b"header"))
}

/// One that may read the file.
struct Stanza {
    words: Vec<String>,
    body: Vec<u8>,
}

impl Stanza {
    fn is(&self, kind: &str) -> bool {
        self.words.first().is_some_and(|word| word == kind)
    }

    /// A value that the line holds.
    fn value<const N: usize>(&self, at: usize) -> Option<[u8; N]> {
        BASE64_NOPAD.decode(self.words.get(at)?.as_bytes()).ok()?.try_into().ok()
    }
}

/// Reads the head, and gives the key of the file.
pub(super) fn read(from: &mut impl BufRead, key: &UnlockKey) -> io::Result<FileKey> {
    let mut lines = Lines { from: from.take(LONGEST), read: Vec::new() };
    if lines.next()?.as_bytes() != &BEGIN[..BEGIN.len() - 1] {
        return Err(fault(NO_HEAD));
    }
    let mut stanzas = Vec::new();
    let signature = loop {
        let line = lines.next()?;
        if let Some(signature) = line.strip_prefix(END) {
            break signature.strip_prefix(' ').and_then(|text| BASE64_NOPAD.decode(text.as_bytes()).ok());
        }
        let words = line.strip_prefix("-> ").ok_or_else(|| fault(NO_HEAD))?;
        let words = words.split(' ').map(str::to_owned).collect();
        stanzas.push(Stanza { words, body: lines.body()? });
    };
    let signature = signature.ok_or_else(|| fault(NO_HEAD))?;
    let key = unwrap(&stanzas, key)?;
    let end = lines.read.iter().rposition(|byte| *byte == b' ').unwrap_or_default();
    hmac::verify(&signing_key(&key), &lines.read[..end], &signature).map_err(|_| fault(NO_HEAD))?;
    Ok(key)
}

fn unwrap(stanzas: &[Stanza], key: &UnlockKey) -> io::Result<FileKey> {
    let has_passphrase = stanzas.iter().any(|one| one.is("scrypt"));
    match key {
        UnlockKey::File(key) => Ok(key.clone()),
        UnlockKey::Identities(_) if has_passphrase => Err(fault(FOR_PASSPHRASE)),
        UnlockKey::Identities(identities) => {
            let shares = stanzas.iter().filter(|one| one.is("X25519") && one.words.len() == 2);
            let shares = shares.filter_map(|one| Some((one.value(1)?, &one.body)));
            let mut opened =
                shares.flat_map(|(share, body)| identities.iter().filter_map(move |own| own.unwrap(share, body)));
            opened.next().ok_or_else(|| fault(OTHER_KEYS))
        }
        UnlockKey::Passphrase(_) if !has_passphrase => Err(fault(FOR_KEYS)),
        UnlockKey::Passphrase(passphrase) => {
            // There is nothing beside a passphrase, or those who made the file could find out which one opens it.
            let [only] = stanzas else { return Err(fault(NO_HEAD)) };
            let work = only.words.get(2).filter(|_| only.words.len() == 3).and_then(|work| work.parse().ok());
            let (salt, work): (_, u8) = only.value(1).zip(work).ok_or_else(|| fault(NO_HEAD))?;
            if !(1..=MOST_WORK).contains(&work) {
                return Err(fault("Its passphrase is hashed with more memory than this program takes for that."));
            }
            FileKey::unwrap_with(&only.body, passphrase, &salt, work).ok_or_else(|| fault(OTHER_PASSPHRASE))
        }
    }
}

/// The lines of a head, and all of them until now.
struct Lines<R> {
    from: R,
    read: Vec<u8>,
}

impl<R: BufRead> Lines<R> {
    fn next(&mut self) -> io::Result<String> {
        let start = self.read.len();
        self.from.read_until(b'\n', &mut self.read)?;
        let line = self.read[start..].strip_suffix(b"\n").and_then(|line| str::from_utf8(line).ok());
        line.map(str::to_owned).ok_or_else(|| fault(NO_HEAD))
    }

    /// What is encoded in the lines that follow.
    fn body(&mut self) -> io::Result<Vec<u8>> {
        let mut text = String::new();
        loop {
            let line = self.next()?;
            text.push_str(&line);
            if line.len() < COLUMNS {
                return BASE64_NOPAD.decode(text.as_bytes()).map_err(|_| fault(NO_HEAD));
            }
            if line.len() > COLUMNS {
                return Err(fault(NO_HEAD));
            }
        }
    }
}
