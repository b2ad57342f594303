//! What a backup says of itself, and the names of its members.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    db::migrator,
    media_files::{place::SHARD, store::FOLDER},
};

/// The form of the archive that this program makes.
pub(crate) const FORMAT: u32 = 1;
/// The database, compressed.
pub(crate) const DATABASE: &str = "plinth.db.zst";
/// After all that it names.
pub(crate) const MANIFEST: &str = "manifest.json";
/// The hash of the manifest, as `sha256sum` writes it; the last member.
pub(crate) const MANIFEST_HASH: &str = "manifest.sha256";

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Manifest {
    pub(crate) format: u32,
    /// The version of the program.
    pub(crate) program: String,
    pub(crate) engine: String,
    /// The newest migration of the database.
    pub(crate) migration: i64,
    /// RFC 3339, in UTC.
    pub(crate) created_at: String,
    pub(crate) site_name: String,
    /// Number and hash of the newest entry of the audit log; empty when there is none.
    pub(crate) audit_head: String,
    /// The database as it is when it is unpacked.
    pub(crate) database: FileDigest,
    /// Hashes of files that the database names and the media library did not have.
    pub(crate) missing: Vec<String>,
    /// Hashes of files whose content was another one.
    pub(crate) damaged: Vec<String>,
    /// All others, by their names.
    pub(crate) members: BTreeMap<String, FileDigest>,
}

/// What a file holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct FileDigest {
    pub(crate) bytes: u64,
    /// In hex.
    pub(crate) sha256: String,
}

/// What tells whether the rest can be read.
#[derive(Deserialize)]
struct Head {
    format: u32,
    program: String,
    #[serde(default)]
    migration: i64,
}

impl Manifest {
    /// Errors: a sentence that says why this program cannot read it.
    pub(crate) fn read(text: &[u8]) -> Result<Self, String> {
        let unreadable = |fault: serde_json::Error| format!("Its {MANIFEST} cannot be read: {fault}.");
        let head: Head = serde_json::from_slice(text).map_err(unreadable)?;
        if head.format > FORMAT || head.migration > migrator::newest() {
            return Err(format!(
                "It was made by Plinth {}, which is newer than this one. Restore it with that version.",
                head.program
            ));
        }
        serde_json::from_slice(text).map_err(unreadable)
    }
}

/// The name of a file of the media library.
#[must_use]
pub(crate) fn media_name(hash: &str) -> String {
    format!("{FOLDER}/{}/{hash}", &hash[..SHARD])
}

/// The same the other way round; none when it is no such name.
#[must_use]
pub(crate) fn media_hash(name: &str) -> Option<&str> {
    let hash = name.rsplit('/').next()?;
    let is_hash = hash.len() == 64 && hash.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    (is_hash && media_name(hash) == name).then_some(hash)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_name_of_a_file_of_the_media_library_is_one() {
        let hash = "ab".repeat(32);
        assert_eq!(media_hash(&format!("media/ab/{hash}")), Some(&*hash));
        for bad in ["", "media/", "media/ab/..", &format!("media/aa/{hash}"), &format!("/media/ab/{hash}"), &hash] {
            assert_eq!(media_hash(bad), None, "{bad}");
        }
        let (upper, long) = (hash.to_uppercase(), format!("{hash}a"));
        assert!(
            media_hash(&format!("media/AB/{upper}")).is_none() && media_hash(&format!("media/ab/{long}")).is_none()
        );
    }
}
