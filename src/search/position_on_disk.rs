//! How far an index follows the audit log, as its files say, for a program that does not serve it. Opens no index.

use std::{fs, path::Path};

use serde::Deserialize;

use super::{
    index_kind::IndexKind,
    index_location::{self, META},
    saved_position::SavedPosition,
    schema,
};
use crate::model::searchable::AuditLogPosition;

#[derive(Deserialize)]
struct Meta {
    payload: Option<String>,
}

/// What is needed of what a commit says of itself.
#[derive(Deserialize)]
struct Commit {
    version: u32,
    position: AuditLogPosition,
}

/// The entry of the audit log; none when there is no index that this version of the program reads.
#[must_use]
pub(crate) fn find(root: &Path, kind: IndexKind) -> Option<i64> {
    let directory = index_location::directory(root, kind);
    let meta: Meta = serde_json::from_slice(&fs::read(directory.join(META)).ok()?).ok()?;
    let commit: Commit = serde_json::from_str(&meta.payload?).ok()?;
    (commit.version == schema::VERSION).then(|| SavedPosition::read(&directory, &commit.position).id)
}
