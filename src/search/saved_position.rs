//! Up to where an index follows the audit log, when it has found nothing to commit: a file beside the index, for the
//! next start.

use std::{fs, io, path::Path};

use serde::{Deserialize, Serialize};
use tantivy::directory::Directory;

use crate::model::searchable::AuditLogPosition;

/// The file that holds a [`SavedPosition`].
pub(super) const POSITION: &str = "position.json";

/// Up to where the index followed the audit log after its last commit, finding nothing to commit.
#[derive(Serialize, Deserialize)]
pub(super) struct SavedPosition {
    pub(super) committed: AuditLogPosition,
    pub(super) followed: AuditLogPosition,
}

impl SavedPosition {
    /// How far an index with the last commit at `committed` followed the audit log.
    pub(super) fn read(directory: &Path, committed: &AuditLogPosition) -> AuditLogPosition {
        let position = fs::read(directory.join(POSITION)).ok();
        let position = position.and_then(|bytes| serde_json::from_slice::<Self>(&bytes).ok());
        let position = position.filter(|position| position.committed == *committed);
        position.map_or_else(|| committed.clone(), |position| position.followed)
    }

    pub(super) fn write(&self, directory: &dyn Directory) -> io::Result<()> {
        directory.atomic_write(Path::new(POSITION), &serde_json::to_vec(self)?)
    }
}
