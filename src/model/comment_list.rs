//! Comments on all documents, for lists: open threads, and those that wait for a user who is mentioned in them.

use super::document::kind::DocumentKind;
use crate::{clock::Timestamp, db::conn::Conn, error::Result};

#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct ListedComment {
    pub(crate) id: i64,
    pub(crate) document_id: i64,
    pub(crate) kind: DocumentKind,
    pub(crate) title: String,
    pub(crate) author_name: String,
    pub(crate) created_at: Timestamp,
    pub(crate) body: String,
}

/// Open threads below an id, the newest first.
pub(crate) async fn open(db: &Conn, before: i64, limit: i64) -> Result<Vec<ListedComment>> {
    Ok(db.all("select * from open_thread where id < $1 order by id desc limit $2", (before, limit)).await?)
}

/// How many mentions wait for a user.
pub(crate) async fn count_waiting(db: &Conn, user_id: i64) -> Result<i64> {
    Ok(db.value("select count(*) from waiting_mention where user_id = $1", (user_id,)).await?)
}

/// The comments with those mentions below an id, the newest first.
pub(crate) async fn waiting(db: &Conn, user_id: i64, before: i64, limit: i64) -> Result<Vec<ListedComment>> {
    let sql = "select * from waiting_mention where user_id = $1 and id < $2 order by id desc limit $3";
    Ok(db.all(sql, (user_id, before, limit)).await?)
}
