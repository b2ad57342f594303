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

/// How many documents have a newest version that is not public.
#[derive(Debug, Clone, Copy, sqlx::FromRow)]
pub(crate) struct UnpublishedCounts {
    /// Those whose newest version the user saved.
    pub(crate) own: i64,
    pub(crate) total: i64,
}

pub(crate) async fn count_unpublished(db: &Conn, user_id: i64) -> Result<UnpublishedCounts> {
    Ok(db
        .one(
            "select count(case when r.author_id = $1 then 1 end) as own, count(*) as total \
             from document d join revision r on r.id = d.latest_revision_id \
             where d.trashed_at is null and d.published_revision_id is distinct from d.latest_revision_id \
             and r.fields not like '%\"template\":\"yes\"%'",
            (user_id,),
        )
        .await?)
}
