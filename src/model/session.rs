//! Sessions of the admin area as rows: the hash of the id, the values as JSON, when it began, was used and ends, and on
//! which device. All times are of the steady clock. Says nothing about cookies.

use crate::{
    clock::Timestamp,
    crypto,
    db::{conn::Conn, pool::Db, transaction::Transaction},
    error::Result,
};

/// How far the steady clocks of two starts of the program may differ.
const SLACK: i64 = 5 * 60 * 1000;

#[derive(Debug, Clone)]
pub struct SessionRow {
    pub user_id: Option<i64>,
    pub device: String,
    pub data: String,
    pub created_at: Timestamp,
    pub seen_at: Timestamp,
    pub expires_at: Timestamp,
}

/// A session that someone may end.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct OpenSession {
    pub(crate) id: i64,
    pub(crate) device: String,
    pub(crate) created_at: Timestamp,
    pub(crate) seen_at: Timestamp,
    /// Whether it is the session of this request.
    pub(crate) own: bool,
}

/// Stores a new session; `false` when the id is taken.
pub async fn create(db: &Db, id: &str, stored: &SessionRow) -> Result<bool> {
    let tx = Transaction::begin(db).await?;
    let rows = tx
        .execute(
            "insert into session (id_hash, user_id, device, data, created_at, seen_at, expires_at) \
             values ($1, $2, $3, $4, $5, $6, $7) on conflict (id_hash) do nothing",
            (
                crypto::hash(id),
                stored.user_id,
                stored.device.as_str(),
                stored.data.as_str(),
                stored.created_at,
                stored.seen_at,
                stored.expires_at,
            ),
        )
        .await?;
    tx.commit().await?;
    Ok(rows == 1)
}

/// Stores the values of a session; one that was ended meanwhile does not come back. Each change that an editor makes leaves a
/// sentence in their session for the next screen, and should not wait for the storage twice.
pub(crate) async fn save(db: &Db, id: &str, stored: &SessionRow) -> Result<()> {
    let tx = Transaction::begin_relaxed(db).await?;
    tx.execute(
        "update session set data = $2, seen_at = $3, expires_at = $4 where id_hash = $1",
        (crypto::hash(id), stored.data.as_str(), stored.seen_at, stored.expires_at),
    )
    .await?;
    tx.commit().await
}

/// The values and the end of a session that has not ended. One that begins in the future was begun by another clock, and
/// would last too long.
pub(crate) async fn load(db: &Db, id: &str, now: Timestamp) -> Result<Option<(String, Timestamp)>> {
    Ok(db
        .read()
        .optional(
            "select data, expires_at from session where id_hash = $1 and expires_at > $2 and created_at <= $3",
            (crypto::hash(id), now, now.plus(SLACK)),
        )
        .await?)
}

/// When a session began, when it ends or has ended, and whether that was because its user was deactivated.
#[derive(Debug, Clone, Copy, sqlx::FromRow)]
pub(crate) struct Times {
    pub(crate) created_at: Timestamp,
    pub(crate) expires_at: Timestamp,
    pub(crate) is_deactivated: bool,
}

/// The times of a session, open or not; none when someone ended it, or when it ended long ago.
pub(crate) async fn times(db: &Conn, id: &str) -> Result<Option<Times>> {
    Ok(db
        .optional(
            "select s.created_at, s.expires_at, u.id is not null and not u.active as is_deactivated from session s \
             left join users u on u.id = s.user_id where s.id_hash = $1",
            (crypto::hash(id),),
        )
        .await?)
}

pub(crate) async fn delete(db: &Db, id: &str) -> Result<()> {
    take(db, id).await.map(|_| ())
}

/// Ends a session; `false` when it has ended before, so that what is in it counts once.
pub(crate) async fn take(db: &Db, id: &str) -> Result<bool> {
    let tx = Transaction::begin(db).await?;
    let rows = tx.execute("delete from session where id_hash = $1", (crypto::hash(id),)).await?;
    tx.commit().await?;
    Ok(rows == 1)
}

/// The sessions of a user that have not ended, the one last used first; `own` is the id of the present one.
pub(crate) async fn open(db: &Conn, user_id: i64, own: &str, now: Timestamp) -> Result<Vec<OpenSession>> {
    Ok(db
        .all(
            "select id, device, created_at, seen_at, id_hash = $2 as own from session \
             where user_id = $1 and expires_at > $3 and created_at <= $4 order by seen_at desc, id desc",
            (user_id, crypto::hash(own), now, now.plus(SLACK)),
        )
        .await?)
}

/// Ends one session of a user; `false` when there is none.
pub(crate) async fn end_one(tx: &Transaction, user_id: i64, id: i64) -> Result<bool> {
    Ok(tx.execute("delete from session where id = $1 and user_id = $2", (id, user_id)).await? == 1)
}

/// Ends all sessions of a user except the one with the id `keep`; gives their number.
pub(crate) async fn end_others(tx: &Transaction, user_id: i64, keep: &str) -> Result<u64> {
    Ok(tx.execute("delete from session where user_id = $1 and id_hash <> $2", (user_id, crypto::hash(keep))).await?)
}

/// Ends all sessions of a user, as part of another change; gives their number.
pub(crate) async fn end_all(tx: &Transaction, user_id: i64) -> Result<u64> {
    Ok(tx.execute("delete from session where user_id = $1", (user_id,)).await?)
}

/// Ends the sessions of all users.
pub(crate) async fn end_every(tx: &Transaction) -> Result<u64> {
    Ok(tx.execute("delete from session", ()).await?)
}

/// Ends all sessions of a user, but keeps their rows for a while, so that the reason can be told.
pub(crate) async fn close_all(tx: &Transaction, user_id: i64) -> Result<()> {
    // They were used before, whatever the time is now.
    tx.execute("update session set expires_at = seen_at, data = '{}' where user_id = $1", (user_id,)).await?;
    Ok(())
}

/// Deletes what had ended by a time.
pub(crate) async fn tidy(db: &Db, time: Timestamp) -> Result<()> {
    let tx = Transaction::begin(db).await?;
    tx.execute("delete from session where expires_at <= $1", (time,)).await?;
    tx.commit().await
}
