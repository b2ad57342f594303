//! The drafts of a user that were neither saved nor discarded, for lists.

use super::{draft::DocumentDraft, kind::DocumentKind};
use crate::{clock::Timestamp, db::conn::Conn, error::Result, model::cursor::Cursor};

/// A draft that was neither saved nor discarded.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct OpenDraft {
    #[sqlx(flatten)]
    pub(crate) draft: DocumentDraft,
    pub(crate) kind: DocumentKind,
    /// Whether the document is public.
    pub(crate) live: bool,
}

/// Those of a user, the last one first; what belongs to a document in the trash is left out. The cursor is the time and the
/// key of a draft.
pub(crate) async fn list_open(
    db: &Conn,
    user_id: i64,
    cursor: Cursor<(Timestamp, String)>,
    limit: i64,
) -> Result<Vec<OpenDraft>> {
    match cursor {
        Cursor::Before((time, key)) => Ok(db
            .all(
                "select w.*, d.published_revision_id is not null as live from document_draft w \
                 left join document d on d.id = w.document_id \
                 where w.user_id = $1 and w.state = 'open' and d.trashed_at is null and (w.saved_at, w.key) < ($2, $3) \
                 order by w.saved_at desc, w.key desc limit $4",
                (user_id, time, key.as_str(), limit),
            )
            .await?),
        Cursor::After((time, key)) => {
            let mut found: Vec<OpenDraft> = db
                .all(
                    "select w.*, d.published_revision_id is not null as live from document_draft w \
                     left join document d on d.id = w.document_id \
                     where w.user_id = $1 and w.state = 'open' and d.trashed_at is null and (w.saved_at, w.key) > ($2, $3) \
                     order by w.saved_at, w.key limit $4",
                    (user_id, time, key.as_str(), limit),
                )
                .await?;
            found.reverse();
            Ok(found)
        }
    }
}

/// The last `limit` of them.
pub(crate) async fn list(db: &Conn, user_id: i64, limit: i64) -> Result<Vec<OpenDraft>> {
    list_open(db, user_id, Cursor::Before((Timestamp(i64::MAX), String::new())), limit).await
}

/// How many of them there are.
pub(crate) async fn count_open(db: &Conn, user_id: i64) -> Result<i64> {
    let sql = "select count(*) from document_draft w left join document d on d.id = w.document_id \
               where w.user_id = $1 and w.state = 'open' and d.trashed_at is null";
    Ok(db.value(sql, (user_id,)).await?)
}
