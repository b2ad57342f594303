//! Reads an archive into an empty folder. Nothing in it is trusted: names, kinds, sizes and hashes are checked, and nothing is
//! written but files that a backup has. Each fault is a sentence.

use std::{
    collections::BTreeMap,
    fs::{self, DirBuilder, File},
    io::{self, Read, Write},
    os::unix::fs::DirBuilderExt,
    path::Path,
};

use data_encoding::HEXLOWER;
use rustix::fs::statvfs;
use sha2::{Digest, Sha256};

use super::{
    compression::decompress,
    manifest::{DATABASE, FileDigest, MANIFEST, MANIFEST_HASH, Manifest, media_hash},
};
use crate::{crypto::age::fault::fault_of, db::opening::io_fault};

const PIECE: usize = 256 * 1024;
const MEGABYTE: u64 = 1_000_000;
/// The manifest of a million files has fewer bytes.
const LARGEST_TEXT: u64 = 256 * 1024 * 1024;
/// How the database is called when it is unpacked.
pub(crate) const UNPACKED: &str = "plinth.db";

const CUT_OFF: &str = "It ends too early: it was cut off, or was not finished.";

/// What is wrong with a backup.
pub(crate) struct BackupFault {
    pub(crate) sentence: String,
    /// The newest entry of the audit log, which tells of which site it is; empty when the backup does not say that.
    pub(crate) audit_head: String,
}

impl From<String> for BackupFault {
    fn from(sentence: String) -> Self {
        Self { sentence, audit_head: String::new() }
    }
}

/// Reads all of `archive` into the folder `into`: the database, and the media library beside it.
/// Errors: a sentence that says what is wrong; what was written until then is left to the caller.
pub(crate) fn unpack(archive: impl Read, into: &Path) -> Result<Manifest, BackupFault> {
    let mut archive = tar::Archive::new(archive);
    let (mut members, mut texts) = (BTreeMap::new(), Vec::new());
    // As they are: the extensions of the format, which name and link other files, are in no backup.
    for entry in archive.entries().map_err(|error| unreadable(&error))?.raw(true) {
        let mut entry = entry.map_err(|error| unreadable(&error))?;
        let name = check_name(&entry)?;
        let bytes = entry.size();
        if texts.is_empty() && name != MANIFEST {
            let digest = store(&mut entry, bytes, &into.join(&name))?;
            if members.insert(name.clone(), digest).is_some() {
                return Err(format!("It holds {name} twice.").into());
            }
        } else if (texts.len(), &*name) == (0, MANIFEST) || (texts.len(), &*name) == (1, MANIFEST_HASH) {
            texts.push(read_text(&mut entry, bytes)?);
        } else {
            return Err(format!("It holds {name} where a backup ends.").into());
        }
    }
    let [text, hash] = texts.as_slice() else { return Err(CUT_OFF.to_owned().into()) };
    if *hash != format!("{}  {MANIFEST}\n", HEXLOWER.encode(&Sha256::digest(text))).as_bytes() {
        return Err(format!("Its {MANIFEST} is not as it was when the backup was made.").into());
    }
    let manifest = Manifest::read(text)?;
    let whole = compare(&manifest.members, &members).and_then(|()| unpack_database(&manifest, into));
    match whole {
        Ok(()) => Ok(manifest),
        Err(sentence) => Err(BackupFault { sentence, audit_head: manifest.audit_head }),
    }
}

fn unreadable(error: &io::Error) -> String {
    if let Some(fault) = fault_of(error) {
        return fault;
    }
    match error.kind() {
        io::ErrorKind::UnexpectedEof => CUT_OFF.to_owned(),
        // What the library finds wrong with a header.
        io::ErrorKind::Other | io::ErrorKind::InvalidData => {
            "It is no backup, or is damaged: what says where its next file begins makes no sense.".to_owned()
        }
        _ => format!("It cannot be read: {}.", io_fault(error)),
    }
}

/// The name of a member that a backup may have.
fn check_name(entry: &tar::Entry<'_, impl Read>) -> Result<String, String> {
    let name = entry.path_bytes();
    let name = String::from_utf8_lossy(&name).into_owned();
    let shown: String = name.chars().take(100).flat_map(char::escape_default).collect();
    if entry.header().entry_type() != tar::EntryType::Regular {
        return Err(format!(
            "It holds “{shown}”, which is a link or something else that is not a file. No backup holds that."
        ));
    }
    if [DATABASE, MANIFEST, MANIFEST_HASH].contains(&&*name) || media_hash(&name).is_some() {
        return Ok(name);
    }
    Err(format!(
        "It holds “{shown}”, which no backup of this version does: it is damaged, forged, or made by a newer Plinth."
    ))
}

fn store(entry: &mut impl Read, bytes: u64, to: &Path) -> Result<FileDigest, String> {
    let written = |error: io::Error| format!("{} cannot be written: {}.", to.display(), io_fault(&error));
    let folder = to.parent().unwrap_or(to);
    DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(written)?;
    let mut file = File::create(to).map_err(written)?;
    let (mut piece, mut hash, mut left) = (vec![0; PIECE], Sha256::new(), bytes);
    while left > 0 {
        let read = entry.read(&mut piece).map_err(|error| unreadable(&error))?;
        if read == 0 {
            return Err(CUT_OFF.to_owned());
        }
        hash.update(&piece[..read]);
        file.write_all(&piece[..read]).map_err(written)?;
        left = left.saturating_sub(read as u64);
    }
    Ok(FileDigest { bytes, sha256: HEXLOWER.encode(&hash.finalize()) })
}

fn read_text(entry: &mut impl Read, bytes: u64) -> Result<Vec<u8>, String> {
    if bytes > LARGEST_TEXT {
        return Err(format!("Its {MANIFEST} is larger than any can be."));
    }
    let mut text = Vec::new();
    entry.read_to_end(&mut text).map_err(|error| unreadable(&error))?;
    if text.len() as u64 == bytes { Ok(text) } else { Err(CUT_OFF.to_owned()) }
}

/// Whether there is just what the manifest names.
fn compare(named: &BTreeMap<String, FileDigest>, found: &BTreeMap<String, FileDigest>) -> Result<(), String> {
    for (name, digest) in named {
        match found.get(name) {
            None => return Err(format!("{name} is missing in it, and its {MANIFEST} names that file.")),
            Some(one) if one != digest => return Err(format!("{name} is not as it was when the backup was made.")),
            Some(_) => {}
        }
    }
    match found.keys().find(|name| !named.contains_key(*name)) {
        Some(name) => Err(format!("It holds {name}, and its {MANIFEST} does not name that file.")),
        None if !found.contains_key(DATABASE) => Err(format!("{DATABASE} is missing in it.")),
        None => Ok(()),
    }
}

fn unpack_database(manifest: &Manifest, into: &Path) -> Result<(), String> {
    let (packed, to) = (into.join(DATABASE), into.join(UNPACKED));
    // A few bytes can be compressed that fill any disk.
    if let Ok(disk) = statvfs(into) {
        let free = disk.f_bavail.saturating_mul(disk.f_frsize);
        if manifest.database.bytes > free {
            return Err(format!(
                "{} cannot be written: the disk is full: the database has {} MB, and {} MB are free.",
                to.display(),
                manifest.database.bytes.div_ceil(MEGABYTE),
                free / MEGABYTE,
            ));
        }
    }
    let digest = decompress(&packed, &to, manifest.database.bytes).map_err(|error| match error.kind() {
        io::ErrorKind::Other | io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof => {
            format!("{DATABASE} cannot be decompressed.")
        }
        _ => format!("{} cannot be written: {}.", to.display(), io_fault(&error)),
    })?;
    if digest.bytes > manifest.database.bytes {
        return Err(format!("{DATABASE} holds more than its {MANIFEST} says."));
    }
    if digest != manifest.database {
        return Err(format!("{DATABASE} does not hold the database that was backed up."));
    }
    fs::remove_file(&packed).map_err(|error| format!("{} cannot be removed: {}.", packed.display(), io_fault(&error)))
}
