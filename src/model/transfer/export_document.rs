//! The versions of one document that an export writes, whatever its kind.

use crate::{
    db::conn::Conn,
    error::{Error, Result},
    model::document::{
        review,
        revision::{self, Revision},
    },
};

#[derive(sqlx::FromRow)]
pub(super) struct ExportRow {
    pub(super) path: String,
    pub(super) position: i64,
    pub(super) category_id: Option<i64>,
    pub(super) published_revision_id: Option<i64>,
    pub(super) latest_revision_id: i64,
}

/// What visitors see, and the newest version where that is another; each with the end of its file's name. The date by which it
/// is to be looked at again is that of the latest review where that counts.
pub(super) async fn versions(db: &Conn, row: &ExportRow) -> Result<Vec<(&'static str, Revision)>> {
    let draft = Some(row.latest_revision_id).filter(|latest| row.published_revision_id != Some(*latest));
    let mut versions = Vec::new();
    for (ending, id) in [(".md", row.published_revision_id), (".draft.md", draft)] {
        if let Some(id) = id {
            let mut version = revision::find(db, id).await?.ok_or(Error::NotFound)?;
            let stated = version.content.review_by.take();
            version.content.review_by = review::date(db, version.document_id, stated.as_deref()).await?;
            versions.push((ending, version));
        }
    }
    Ok(versions)
}
