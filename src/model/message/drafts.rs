//! What a user typed or chose at a message and has not saved: kept for them alone, so that no other action loses it. It
//! is not content: it has no audit entry, and is deleted with the message.

use crate::{
    db::{conn::Conn, pool::Db, transaction::Transaction},
    error::Result,
};

/// What one user has not saved at one message.
#[derive(Debug, Clone, Default, PartialEq, Eq, sqlx::FromRow)]
pub(crate) struct Draft {
    /// The answer; none when the saved one was not changed.
    pub(crate) answer: Option<String>,
    pub(crate) note: String,
    /// Id of the user chosen to take care of the message, empty for nobody; none when that was not changed.
    pub(crate) assignee: Option<String>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, sqlx::FromRow)]
pub(crate) struct DraftParts {
    pub(crate) message_id: i64,
    pub(crate) answer: bool,
    pub(crate) note: bool,
    pub(crate) assignee: bool,
}

impl Draft {
    #[must_use]
    pub(crate) const fn parts(&self, message_id: i64) -> DraftParts {
        DraftParts {
            message_id,
            answer: self.answer.is_some(),
            note: !self.note.is_empty(),
            assignee: self.assignee.is_some(),
        }
    }
}

impl DraftParts {
    /// The parts as a list in words; empty when there are none.
    #[must_use]
    pub(crate) fn in_words(self) -> String {
        let parts = [(self.answer, "answer"), (self.note, "note"), (self.assignee, "assignment")];
        parts.into_iter().filter(|(is_kept, _)| *is_kept).map(|(_, word)| word).collect::<Vec<_>>().join(", ")
    }
}

pub(crate) async fn get(db: &Conn, message_id: i64, user_id: i64) -> Result<Draft> {
    let sql = "select answer, note, assignee from message_draft where message_id = $1 and user_id = $2";
    Ok(db.optional(sql, (message_id, user_id)).await?.unwrap_or_default())
}

/// What this user has not saved at the messages with ids from `first` to `last`.
pub(crate) async fn parts(db: &Conn, user_id: i64, first: i64, last: i64) -> Result<Vec<DraftParts>> {
    let sql = "select message_id, answer is not null as answer, note <> '' as note, \
               assignee is not null as assignee from message_draft \
               where user_id = $1 and message_id between $2 and $3";
    Ok(db.all(sql, (user_id, first, last)).await?)
}

/// Replaces what was kept, as part of another change. The texts may be longer than what can be saved: how large a form may be
/// is their only limit.
pub(crate) async fn keep(tx: &Transaction, message_id: i64, user_id: i64, draft: &Draft) -> Result<()> {
    if *draft == Draft::default() {
        let sql = "delete from message_draft where message_id = $1 and user_id = $2";
        tx.execute(sql, (message_id, user_id)).await?;
        return Ok(());
    }
    tx.execute(
        "insert into message_draft (message_id, user_id, answer, note, assignee) values ($1, $2, $3, $4, $5) \
         on conflict (message_id, user_id) \
         do update set answer = excluded.answer, note = excluded.note, assignee = excluded.assignee",
        (message_id, user_id, draft.answer.as_deref(), &*draft.note, draft.assignee.as_deref()),
    )
    .await?;
    Ok(())
}

pub(crate) async fn store(db: &Db, message_id: i64, user_id: i64, draft: &Draft) -> Result<()> {
    let tx = Transaction::begin(db).await?;
    keep(&tx, message_id, user_id, draft).await?;
    tx.commit().await
}
