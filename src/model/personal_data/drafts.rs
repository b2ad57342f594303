//! What users typed and did not save, as far as it names an e-mail address.

use crate::{db::conn::Conn, error::Result, model::write::Write, text::wanted_address::WantedAddress};

/// A draft with the address in it.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct OwnDraft {
    pub(super) user_id: i64,
    /// The id of the message, or the key of the draft of a document.
    key: String,
    /// The answer and the note to a message; what is in the form of a document, as JSON, and nothing.
    first: String,
    second: String,
    is_document: bool,
}

/// The drafts of all users, but at messages from the address itself.
pub(super) async fn find(db: &Conn, wanted: &WantedAddress) -> Result<Vec<OwnDraft>> {
    let mut found: Vec<OwnDraft> = Vec::new();
    let users: Vec<(i64,)> = db.all("select id from users order by id", ()).await?;
    for (id,) in users {
        let sql = "select d.user_id, cast(d.message_id as text) as key, coalesce(d.answer, '') as first, d.note as second, \
                   d.user_id = 0 as is_document from message_draft d join message m on m.id = d.message_id \
                   where d.user_id = $1 and m.sender <> $2 order by d.message_id";
        found.extend(db.all::<OwnDraft>(sql, (id, wanted.normal())).await?);
        let sql = "select user_id, key, fields as first, '' as second, user_id > 0 as is_document from document_draft \
                   where user_id = $1 order by key";
        found.extend(db.all::<OwnDraft>(sql, (id,)).await?);
    }
    found.retain(|draft| wanted.is_in(&draft.first) || wanted.is_in(&draft.second));
    Ok(found)
}

impl OwnDraft {
    /// Names the draft as it is.
    #[must_use]
    pub(super) fn fingerprint(&self) -> String {
        format!("draft {} {} {} {}", self.user_id, self.key, self.first, self.second)
    }

    /// What was typed.
    #[must_use]
    pub(crate) fn content(&self) -> String {
        format!("{}\n{}", self.first, self.second).trim().to_owned()
    }

    /// Puts `other` in place of the address. A tab that has the draft open learns that it changed.
    pub(super) async fn replace(&self, write: &Write, wanted: &WantedAddress, other: &str) -> Result<()> {
        let (first, second) = (wanted.replace_in(&self.first, other), wanted.replace_in(&self.second, other));
        if self.is_document {
            let sql = "update document_draft set fields = $3, sequence = sequence + 1 where user_id = $1 and key = $2";
            write.execute(sql, (self.user_id, self.key.as_str(), first)).await?;
            return Ok(());
        }
        let sql = "update message_draft set answer = case when answer is null then null else $3 end, note = $4 \
                   where user_id = $1 and message_id = $2";
        write.execute(sql, (self.user_id, self.key.parse::<i64>().unwrap_or_default(), first, second)).await?;
        Ok(())
    }
}
