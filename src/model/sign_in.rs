//! Checking passwords at sign-in, and the audit entries about it. The limits of attempts and the session are the
//! business of the admin area.

use webauthn_rs::prelude::AuthenticationResult;

use super::{
    audit_log::AuditEntry,
    code_app::{self, Proof},
    passkey::{self, StoredPasskey},
    password::{Hasher, Priority},
    user::{self, User},
    write::Write,
};
use crate::{
    db::{conn::Conn, pool::Db, transaction::Transaction},
    error::{Error, Result},
};

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

/// Hashes a password that was right once more, when hashes have become more costly since it was set. No session ends.
pub(crate) async fn strengthen(db: &Db, hasher: &Hasher, candidate: &Candidate, typed: &str) -> Result<()> {
    let Some(old) = candidate.password_hash.as_deref().filter(|hash| hasher.is_weaker(hash)) else { return Ok(()) };
    let new = hasher.hash_again(typed).await?;
    let tx = Transaction::begin(db).await?;
    let sql = "update users set password_hash = $3 where id = $1 and password_hash = $2";
    tx.execute(sql, (candidate.user.id, old, new.as_str())).await?;
    tx.commit().await
}

/// Records the sign-in of a user who has proved who they are. `false` when password, role or activation changed since
/// `user` was read, such as while the password was being checked: then nobody signs in, and nothing is recorded.
pub(crate) async fn admit(write: &Write, user: &User) -> Result<bool> {
    admit_by(write, user, "").await
}

/// The same; `how` is a detail for the audit log.
pub(super) async fn admit_by(write: &Write, user: &User, how: &str) -> Result<bool> {
    let rows = write
        .execute(
            "update users set signed_in_at = $3 where id = $1 and credential_version = $2 and active",
            (user.id, user.credential_version, write.now),
        )
        .await?;
    if rows == 1 {
        write.record(AuditEntry::new("user.sign_in", "user", Some(user.id), user.name.as_str()).detail(how));
    }
    Ok(rows == 1)
}

/// The same for a user who has to give a code too; it is used up. None when it is wrong, or when their account has
/// changed; then nobody signs in, and the failure is recorded. From now on the user is the actor of the transaction.
pub(crate) async fn admit_with_code(write: &mut Write, user: &User, key: &str, typed: &str) -> Result<Option<Proof>> {
    let proof = code_app::prove(write, user, key, typed).await?;
    if proof.is_none() {
        let entry = AuditEntry::new("user.sign_in_failed", "user", Some(user.id), user.name.as_str());
        write.record(entry.detail("with a wrong code"));
        return Ok(None);
    }
    write.actor = user.actor();
    if admit(write, user).await? { Ok(proof) } else { Err(Error::AccountChanged) }
}

/// The same for the user whose passkey was named, with what proved that it is theirs. `false` when nothing did, or when they
/// may not sign in; then the failure is recorded. From now on the user is the actor of the transaction.
/// `AccountChanged` when their account did since it was read.
pub(crate) async fn admit_with_passkey(
    write: &mut Write,
    user: &User,
    stored: &StoredPasskey,
    proof: Option<&AuthenticationResult>,
) -> Result<bool> {
    let is_right = match proof.filter(|_| user.active) {
        Some(proof) => passkey::note_use(write, stored, proof, write.now).await?,
        None => false,
    };
    if !is_right {
        let entry = AuditEntry::new("user.sign_in_failed", "user", Some(user.id), user.name.as_str());
        write.record(entry.detail("with a passkey that was refused"));
        return Ok(false);
    }
    write.actor = user.actor();
    if admit_by(write, user, "with a passkey").await? { Ok(true) } else { Err(Error::AccountChanged) }
}

/// How many users there are who can sign in, and how many of them are asked for more than the password.
#[derive(Debug, Clone, Copy, sqlx::FromRow)]
pub(crate) struct FactorCounts {
    pub(crate) users: i64,
    pub(crate) with_factor: i64,
}

pub(crate) async fn count_factors(db: &Conn) -> Result<FactorCounts> {
    Ok(db
        .one(
            "select count(*) as users, count(case when has_second_factor then 1 end) as with_factor from account \
             where active and has_accepted",
            (),
        )
        .await?)
}

/// The audit log is kept for ever, so it does not get the address.
pub(crate) fn log_failure(write: &Write, user: &User) {
    write.record(AuditEntry::new("user.sign_in_failed", "user", Some(user.id), user.name.as_str()));
}

pub(crate) fn log_sign_out(write: &Write, user: &User) {
    write.record(AuditEntry::new("user.sign_out", "user", Some(user.id), user.name.as_str()));
}
