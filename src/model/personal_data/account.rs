//! The account with an e-mail address: what belongs to it, and making it one of nobody. Its row stays, because versions and the
//! audit log name its id.

use crate::{
    db::conn::Conn,
    error::Result,
    model::{
        audit_log::AuditEntry,
        credentials, factors, roles,
        user::{self, User},
        write::Write,
    },
    text::wanted_address::WantedAddress,
};

#[derive(Debug, Clone)]
pub(crate) struct AccountData {
    pub(crate) user: User,
    pub(crate) counts: AccountCounts,
}

/// How much there is of what belongs to an account.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct AccountCounts {
    pub(crate) sessions: i64,
    pub(crate) views: i64,
    pub(crate) drafts: i64,
    pub(crate) comments: i64,
    pub(crate) notes: i64,
    /// What stays under the user's name.
    pub(crate) versions: i64,
    pub(crate) publications: i64,
    pub(crate) entries: i64,
}

impl AccountData {
    pub(super) async fn find(db: &Conn, wanted: &WantedAddress) -> Result<Option<Self>> {
        let Some(user) = user::with_email(db, &wanted.normal()).await? else { return Ok(None) };
        let sql = "select (select count(*) from session where user_id = $1) as sessions, \
                   (select count(*) from saved_view where user_id = $1) as views, \
                   (select count(*) from document_draft where user_id = $1) \
                   + (select count(*) from message_draft where user_id = $1) as drafts, \
                   (select count(*) from comment where author_id = $1) as comments, \
                   (select count(*) from message_note where author_id = $1) as notes, \
                   (select count(*) from revision where author_id = $1) as versions, \
                   (select count(*) from publication where published_by = $1) as publications, \
                   (select count(*) from audit_log where actor_id = $1) as entries";
        let counts = db.one(sql, (user.id,)).await?;
        Ok(Some(Self { user, counts }))
    }

    /// Takes away who they were: name, address, password and all that they sign in with, what they saved and did not save, and
    /// the name at their comments and notes.
    /// `Conflict` with a sentence for oneself and for the last administrator.
    pub(super) async fn erase(&self, write: &Write) -> Result<()> {
        let id = self.user.id;
        roles::check_may_leave(write, &self.user, "erased").await?;
        let name = user::erase(write, id).await?;
        credentials::end_credentials(write, id).await?;
        factors::delete_all(write, id).await?;
        for sql in [
            "delete from code_step where user_id = $1",
            "delete from known_device where user_id = $1",
            "delete from saved_view where user_id = $1",
            "delete from document_draft where user_id = $1",
            "delete from message_draft where user_id = $1",
            "delete from document_presence where user_id = $1",
            "delete from mail where user_id = $1",
            "delete from notice_choice where user_id = $1",
            "delete from review_notice where user_id = $1",
            "update message set assignee_id = null, version = version + 1 where assignee_id = $1",
        ] {
            write.execute(sql, (id,)).await?;
        }
        for sql in [
            "update comment set author_name = $2 where author_id = $1",
            "update message_note set author_name = $2 where author_id = $1",
        ] {
            write.execute(sql, (id, name.as_str())).await?;
        }
        write.record(AuditEntry::new("user.erase", "user", Some(id), name));
        Ok(())
    }
}
