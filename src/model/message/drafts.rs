//! What somebody typed at a message and has not saved: kept for them alone, so that no other action loses it. No
//! content: it has no audit entry, and goes with the message.

use crate::{
    db::{conn::Conn, pool::Db, transaction::Transaction},
    error::Result,
};

/// Longest text that is kept, in characters; both texts have a shorter limit of their own.
const MAX: usize = 100_000;

/// The unsaved texts of one person at one message.
#[derive(Debug, Clone, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Draft {
    /// The answer; empty when the saved one is unchanged.
    pub answer: String,
    /// The note.
    pub note: String,
}

/// What this person left.
pub async fn get(db: &Conn, message_id: i64, person_id: i64) -> Result<Draft> {
    let sql = "select answer, note from message_draft where message_id = $1 and person_id = $2";
    Ok(db.optional(sql, (message_id, person_id)).await?.unwrap_or_default())
}

/// Keeps it in place of what was there, as part of another change.
pub async fn keep(tx: &Transaction, message_id: i64, person_id: i64, draft: &Draft) -> Result<()> {
    if *draft == Draft::default() {
        let sql = "delete from message_draft where message_id = $1 and person_id = $2";
        tx.execute(sql, (message_id, person_id)).await?;
        return Ok(());
    }
    let cut = |text: &str| text.chars().take(MAX).collect::<String>();
    tx.execute(
        "insert into message_draft (message_id, person_id, answer, note) values ($1, $2, $3, $4) \
         on conflict (message_id, person_id) do update set answer = excluded.answer, note = excluded.note",
        (message_id, person_id, cut(&draft.answer), cut(&draft.note)),
    )
    .await?;
    Ok(())
}

/// The same alone.
pub async fn store(db: &Db, message_id: i64, person_id: i64, draft: &Draft) -> Result<()> {
    let tx = Transaction::begin(db).await?;
    keep(&tx, message_id, person_id, draft).await?;
    tx.commit().await
}
