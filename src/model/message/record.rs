//! A message as it is stored, with everything that was done with it.

use super::status::MessageStatus;
use crate::{
    clock::Timestamp,
    db::conn::Conn,
    error::{Error, Result},
};

#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Message {
    /// Id; never used again.
    pub id: i64,
    pub reference: String,
    pub received_at: Timestamp,
    pub status: MessageStatus,
    /// Name of the topic; see `topic`.
    pub topic: String,
    pub name: String,
    pub email: String,
    /// The same in its normal form.
    pub sender: String,
    /// In which role they ask; may be empty.
    pub role: String,
    /// Their country; may be empty.
    pub country: String,
    pub body: String,
    pub spam_score: i64,
    pub spam_reasons: String,
    pub assignee_id: Option<i64>,
    pub assignee_name: Option<String>,
    /// The answer, sent or not; empty while there is none.
    pub answer: String,
    pub saved_at: Option<Timestamp>,
    pub saved_by: String,
    /// When it was sent, as the sender says.
    pub answered_at: Option<Timestamp>,
    /// Who sent it; empty while nobody has.
    pub answered_by: String,
    /// The running time after which it is deleted, when it is marked for that.
    pub delete_after: Option<i64>,
    /// Grows with each change in the admin area.
    pub version: i64,
    /// Who made the last one; empty before the first.
    pub handled_by: String,
}

/// The message with this id.
/// `NotFound` when there is none.
pub async fn get(db: &Conn, id: i64) -> Result<Message> {
    db.optional(
        "select m.*, u.name as assignee_name from message m left join users u on u.id = m.assignee_id \
         where m.id = $1",
        (id,),
    )
    .await?
    .ok_or(Error::NotFound)
}

/// The message with this reference, spam or not.
pub(crate) async fn with_reference(db: &Conn, reference: &str) -> Result<Option<Message>> {
    let sql = "select m.*, cast(null as text) as assignee_name from message m where m.reference = $1";
    Ok(db.optional(sql, (reference,)).await?)
}
