//! Documents that need attention, for the dashboard.

use super::kind::DocumentKind;
use crate::{clock::Timestamp, db::conn::Conn, error::Result};

/// A document with changes that visitors do not see, for the dashboard.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Unpublished {
    pub id: i64,
    pub kind: DocumentKind,
    pub title: String,
    pub version: i64,
    pub author_name: String,
    pub created_at: Timestamp,
    pub live: bool,
}

/// What is saved but not public, the newest first.
pub async fn list_unpublished(db: &Conn, limit: i64) -> Result<Vec<Unpublished>> {
    Ok(db
        .all(
            "select d.id, d.kind, r.title, r.version, r.author_name, r.created_at, d.published_revision_id is not null as live \
             from document d join revision r on r.id = d.latest_revision_id \
             where d.trashed_at is null and d.published_revision_id is distinct from d.latest_revision_id \
             order by r.created_at desc, r.id desc limit $1",
            (limit,),
        )
        .await?)
}

/// A document that is due for review, for the dashboard.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct DueReview {
    pub id: i64,
    pub kind: DocumentKind,
    pub title: String,
    /// By when, `YYYY-MM-DD`.
    pub review_by: String,
    /// Who is responsible for it; may be empty.
    pub owner: String,
}

/// Documents whose review is due on the day `until` (`YYYY-MM-DD`) or before, the longest overdue first. The live
/// version counts; without one, the newest.
pub async fn due_for_review(db: &Conn, until: &str, limit: i64) -> Result<Vec<DueReview>> {
    Ok(db
        .all(
            "select d.id, d.kind, r.title, r.review_by, r.owner \
             from revision r join document d on d.id = r.document_id \
             where r.review_by is not null and r.review_by <= $1 and d.trashed_at is null \
             and coalesce(d.published_revision_id, d.latest_revision_id) = r.id order by r.review_by, r.document_id limit $2",
            (until, limit),
        )
        .await?)
}
