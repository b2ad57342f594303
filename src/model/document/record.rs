//! A document: which revision is the newest, and which one visitors see.

use super::kind::{DocumentAction, DocumentKind};
use crate::{
    clock::Timestamp,
    db::conn::Conn,
    error::{Error, Result},
    model::{audit_log::AuditEntry, write::Write},
};

#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Document {
    /// Its id; never used again.
    pub id: i64,
    pub kind: DocumentKind,
    pub latest_revision_id: Option<i64>,
    pub published_revision_id: Option<i64>,
    pub trashed_at: Option<Timestamp>,
    /// The document whose deletion took it along; its own id, if it was deleted itself.
    pub trashed_with_id: Option<i64>,
}

/// A document with the title of its newest revision.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct TitledDocument {
    #[sqlx(flatten)]
    pub document: Document,
    pub(in crate::model) title: String,
}

impl Document {
    /// The document with this id, in the trash or not.
    pub async fn find(db: &Conn, id: i64) -> Result<Option<Self>> {
        Ok(db.optional("select * from document where id = $1", (id,)).await?)
    }

    /// The document with this id, if it is not in the trash.
    /// `NotFound` otherwise.
    pub async fn get(db: &Conn, id: i64) -> Result<Self> {
        Self::find(db, id).await?.filter(|found| found.trashed_at.is_none()).ok_or(Error::NotFound)
    }

    /// The same, if it is of this kind.
    /// `NotFound` otherwise.
    pub(crate) async fn get_of(db: &Conn, id: i64, kind: DocumentKind) -> Result<Self> {
        let document = Self::get(db, id).await?;
        if document.kind == kind { Ok(document) } else { Err(Error::NotFound) }
    }

    pub(in crate::model) async fn insert(write: &Write, kind: DocumentKind) -> Result<Self> {
        Ok(write.one("insert into document (kind, created_at) values ($1, $2) returning *", (kind, write.now)).await?)
    }

    /// An entry for the audit log about an action on it, with its title at that time.
    pub(in crate::model) fn entry(&self, action: DocumentAction, title: &str) -> AuditEntry {
        AuditEntry::new(self.kind.action(action), self.kind.as_str(), Some(self.id), title)
    }

    #[must_use]
    pub const fn is_live(&self) -> bool {
        self.published_revision_id.is_some()
    }
}
