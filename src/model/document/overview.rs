//! Documents that need attention, for the dashboard.

use super::kind::DocumentKind;
use crate::{clock::Timestamp, db::conn::Conn, error::Result, model::cursor::Cursor};

/// A document with changes that visitors do not see, for the dashboard.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Unpublished {
    pub id: i64,
    pub kind: DocumentKind,
    pub title: String,
    pub author_name: String,
    pub created_at: Timestamp,
    pub live: bool,
}

/// Whose newest versions are meant, by the id of a user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhoseChanges {
    Of(i64),
    NotOf(i64),
}

impl WhoseChanges {
    /// The user, and whether the versions are theirs: 1 or 0.
    const fn args(self) -> (i64, i64) {
        match self {
            Self::Of(id) => (id, 1),
            Self::NotOf(id) => (id, 0),
        }
    }
}

/// What is saved but not public, the newest first; templates are never public and left out.
pub async fn list_unpublished(
    db: &Conn,
    whose: WhoseChanges,
    cursor: Cursor<(Timestamp, i64)>,
    limit: i64,
) -> Result<Vec<Unpublished>> {
    let (user_id, is_theirs) = whose.args();
    match cursor {
        Cursor::Before((time, id)) => Ok(db
            .all(
                "select d.id, d.kind, r.title, r.author_name, r.created_at, d.published_revision_id is not null as live \
                 from document d join revision r on r.id = d.latest_revision_id \
                 where d.trashed_at is null and d.published_revision_id is distinct from d.latest_revision_id \
                 and r.fields not like '%\"template\":\"yes\"%' \
                 and case when coalesce(r.author_id, 0) = $1 then 1 else 0 end = $2 and (r.created_at, d.id) < ($3, $4) \
                 order by r.created_at desc, d.id desc limit $5",
                (user_id, is_theirs, time, id, limit),
            )
            .await?),
        Cursor::After((time, id)) => {
            let mut found: Vec<Unpublished> = db
                .all(
                    "select d.id, d.kind, r.title, r.author_name, r.created_at, d.published_revision_id is not null as live \
                     from document d join revision r on r.id = d.latest_revision_id \
                     where d.trashed_at is null and d.published_revision_id is distinct from d.latest_revision_id \
                     and r.fields not like '%\"template\":\"yes\"%' \
                     and case when coalesce(r.author_id, 0) = $1 then 1 else 0 end = $2 and (r.created_at, d.id) > ($3, $4) \
                     order by r.created_at, d.id limit $5",
                    (user_id, is_theirs, time, id, limit),
                )
                .await?;
            found.reverse();
            Ok(found)
        }
    }
}

/// How many documents have a newest version that is not public: those of this user, and all.
pub(crate) async fn count_unpublished(db: &Conn, user_id: i64) -> Result<(i64, i64)> {
    Ok(db
        .one(
            "select count(case when r.author_id = $1 then 1 end), count(*) \
             from document d join revision r on r.id = d.latest_revision_id \
             where d.trashed_at is null and d.published_revision_id is distinct from d.latest_revision_id \
             and r.fields not like '%\"template\":\"yes\"%'",
            (user_id,),
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
