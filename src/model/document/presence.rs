//! Who has the form of a document open. Not content: no audit log entry. A form that is open says so every few seconds, so
//! one that was closed, or whose browser is gone, is soon not counted any more.

use crate::{
    clock::Timestamp,
    db::{conn::Conn, pool::Db, transaction::Transaction},
    error::{Error, Result},
    model::user::{self, User},
};

/// For how long a form counts as open that has said nothing since, in milliseconds.
const OPEN: i64 = 45_000;
/// How often that is written down at most, for two windows of one user.
const OFTEN: i64 = 5_000;

/// Notes that a user has the form of a document open, or has closed it.
/// `AccountChanged`; when the database fails.
pub(crate) async fn note(db: &Db, document_id: i64, user: &User, is_open: bool, steady: Timestamp) -> Result<()> {
    let sql = "select seen_at from document_presence where document_id = $1 and user_id = $2";
    let seen: Option<(Timestamp,)> = db.read().optional(sql, (document_id, user.id)).await?;
    let is_noted = seen.is_some_and(|(seen,)| seen.plus(OFTEN) > steady && seen <= steady);
    if (is_open && is_noted) || (!is_open && seen.is_none()) {
        return Ok(());
    }
    let tx = Transaction::begin(db).await?;
    if !user::is_current(&tx, user).await? {
        return Err(Error::AccountChanged);
    }
    if is_open {
        tx.execute(
            "insert into document_presence (document_id, user_id, seen_at) values ($1, $2, $3) \
             on conflict (document_id, user_id) do update set seen_at = excluded.seen_at",
            (document_id, user.id, steady),
        )
        .await?;
    } else {
        let sql = "delete from document_presence where document_id = $1 and user_id = $2";
        tx.execute(sql, (document_id, user.id)).await?;
    }
    // Those that said nothing for long have no use for anyone.
    tx.execute("delete from document_presence where seen_at < $1", (steady.minus(100 * OPEN),)).await?;
    tx.commit().await
}

/// The names of the other users who have the form of a document open.
pub(crate) async fn others(db: &Conn, document_id: i64, user_id: i64, steady: Timestamp) -> Result<Vec<String>> {
    let sql = "select u.name from document_presence p join users u on u.id = p.user_id \
               where p.document_id = $1 and p.user_id <> $2 and p.seen_at > $3 and u.active order by u.name, u.id";
    let rows: Vec<(String,)> = db.all(sql, (document_id, user_id, steady.minus(OPEN))).await?;
    Ok(rows.into_iter().map(|(name,)| name).collect())
}
