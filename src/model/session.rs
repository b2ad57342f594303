//! Sessions of the desk as rows: the id hashed, the values as JSON, an end. Says nothing about cookies.

use crate::{
    db::{pool::Db, transaction::Transaction},
    error::Result,
    text::{time::Timestamp, token},
};

/// Stores a new session; `false` when the id is taken.
pub async fn create(db: &Db, id: &str, person_id: Option<i64>, data: &str, expires_at: Timestamp) -> Result<bool> {
    let tx = Transaction::begin(db).await?;
    let rows = tx
        .execute(
            "insert into session (id_hash, person_id, data, expires_at) values ($1, $2, $3, $4) \
             on conflict (id_hash) do nothing",
            (token::hash(id), person_id, data, expires_at),
        )
        .await?;
    tx.commit().await?;
    Ok(rows == 1)
}

/// Stores the values of a session; one that was ended meanwhile does not come back.
pub async fn save(db: &Db, id: &str, person_id: Option<i64>, data: &str, expires_at: Timestamp) -> Result<()> {
    let tx = Transaction::begin(db).await?;
    tx.execute(
        "update session set person_id = $2, data = $3, expires_at = $4 where id_hash = $1",
        (token::hash(id), person_id, data, expires_at),
    )
    .await?;
    Ok(tx.commit().await?)
}

/// The values and the end of a session that has not ended.
pub async fn load(db: &Db, id: &str, now: Timestamp) -> Result<Option<(String, Timestamp)>> {
    Ok(db
        .read()
        .optional("select data, expires_at from session where id_hash = $1 and expires_at > $2", (token::hash(id), now))
        .await?)
}

/// Ends a session.
pub async fn delete(db: &Db, id: &str) -> Result<()> {
    let tx = Transaction::begin(db).await?;
    tx.execute("delete from session where id_hash = $1", (token::hash(id),)).await?;
    Ok(tx.commit().await?)
}

/// Ends all sessions of a person but the one with id `keep` (empty: none is kept), as part of another change.
pub async fn end_all(tx: &Transaction, person_id: i64, keep: &str) -> Result<()> {
    tx.execute("delete from session where person_id = $1 and id_hash <> $2", (person_id, token::hash(keep))).await?;
    Ok(())
}

/// Deletes what has ended.
pub async fn tidy(db: &Db, now: Timestamp) -> Result<()> {
    let tx = Transaction::begin(db).await?;
    tx.execute("delete from session where expires_at <= $1", (now,)).await?;
    Ok(tx.commit().await?)
}
