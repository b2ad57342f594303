//! Versions of types as an audit entry says that they were stored, with a hash over all of their columns.

use super::stored_content::{StoredContent, StoredKind, hash, optional};
use crate::{clock::Timestamp, db::conn::Conn, error::Result};

#[derive(Debug, sqlx::FromRow)]
pub(super) struct TypeVersionRow {
    id: i64,
    key: String,
    version: i64,
    definition: String,
    changes: String,
    author_id: Option<i64>,
    author_name: String,
    created_at: Timestamp,
}

impl TypeVersionRow {
    pub(super) fn content(&self) -> StoredContent {
        let hash = hash(&[
            &self.id.to_string(),
            &self.key,
            &self.version.to_string(),
            &self.definition,
            &self.changes,
            &optional(self.author_id),
            &self.author_name,
            &self.created_at.0.to_string(),
        ]);
        StoredContent { kind: StoredKind::Type, id: self.id, hash }
    }
}

/// At most `limit` versions of types with ids above `after`.
pub(super) async fn versions(db: &Conn, after: i64, limit: i64) -> Result<Vec<TypeVersionRow>> {
    Ok(db.all("select * from document_type_version where id > $1 order by id limit $2", (after, limit)).await?)
}
