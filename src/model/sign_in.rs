//! Checking passwords at sign-in, and the audit entries about it. The limits of attempts and the session are the
//! business of the admin area.

use super::{
    audit_log::AuditEntry,
    password::{Hasher, Priority},
    user::{self, User},
    write::Write,
};
use crate::{db::conn::Conn, error::Result, text::email};

/// The account that someone claims to be, with what proves it. Stays inside the model.
#[derive(sqlx::FromRow)]
pub(crate) struct Candidate {
    #[sqlx(flatten)]
    pub(crate) user: User,
    password_hash: Option<String>,
}

/// The account with this e-mail, as typed.
pub(crate) async fn find(db: &Conn, email: &str) -> Result<Option<Candidate>> {
    Ok(db
        .optional(
            "select a.*, u.password_hash from account a join users u on u.id = a.id where a.email = $1",
            (user::fold_email(email),),
        )
        .await?)
}

/// Whether the password is right and its owner may sign in. Takes the same time for an account that does not exist, was
/// deactivated, or has no password yet.
/// `Busy` when too many wait already.
pub(crate) async fn verify_password(
    hasher: &Hasher,
    candidate: Option<&Candidate>,
    typed: &str,
    priority: Priority,
) -> Result<bool> {
    let hash = candidate.filter(|c| c.user.active).and_then(|c| c.password_hash.as_deref());
    hasher.verify(typed, hash, priority).await
}

/// Records the sign-in of a user who has proved who they are. `false` when password, role or activation changed since
/// `user` was read, such as while the password was being checked: then nobody signs in, and nothing is recorded.
pub(crate) async fn admit(write: &Write, user: &User) -> Result<bool> {
    let rows = write
        .execute(
            "update users set signed_in_at = $3 where id = $1 and credential_version = $2 and active",
            (user.id, user.credential_version, write.now),
        )
        .await?;
    if rows == 1 {
        write.record(AuditEntry::new("user.sign_in", "user", Some(user.id), user.name.as_str()));
    }
    Ok(rows == 1)
}

pub(crate) fn log_failure(write: &Write, user: &User) {
    let entry = AuditEntry::new("user.sign_in_failed", "user", Some(user.id), user.name.as_str());
    write.record(entry.detail(email::display(&user.email)));
}

pub(crate) fn log_sign_out(write: &Write, user: &User) {
    write.record(AuditEntry::new("user.sign_out", "user", Some(user.id), user.name.as_str()));
}
