//! The code app of a user: an app that shows another code each half minute, as a second factor. Its secret is made from a
//! key of the program and a salt, so that no table, export or log has it. Each code works once, on all nodes together.

use super::{
    audit_log::AuditEntry,
    credentials,
    one_time_code::{self, CodeSecret},
    recovery_code,
    user::{self, User},
    write::Write,
};
use crate::{
    clock::Timestamp,
    crypto,
    db::{conn::Conn, pool::Db, transaction::Transaction},
    error::{Error, Result, ValidationErrors},
};

/// How many steps a used code is remembered, which is a day: longer than clocks are set back by.
const REMEMBERED: i64 = 2880;

#[derive(Debug, Clone, Copy, sqlx::FromRow)]
pub(crate) struct CodeApp {
    pub(crate) added_at: Timestamp,
}

/// What proved who a user is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Proof {
    Code,
    RecoveryCode,
}

/// The secret that follows from a salt.
#[must_use]
pub fn secret(key: &str, user_id: i64, salt: &str) -> CodeSecret {
    CodeSecret::new(crypto::derive(key, &format!("code app {user_id} {salt}")))
}

pub(crate) async fn find(db: &Conn, user_id: i64) -> Result<Option<CodeApp>> {
    Ok(db.optional("select added_at from code_app where user_id = $1", (user_id,)).await?)
}

/// Adds the app with this salt, once a first code shows that it works. All sessions of the user end. Gives the user as
/// changed, and the recovery codes, which are kept nowhere else.
/// `Validation` on `code`; `Conflict` when there is one already; `AccountChanged`.
pub(crate) async fn add(write: &Write, user: &User, key: &str, salt: &str, typed: &str) -> Result<(User, Vec<String>)> {
    if find(write, user.id).await?.is_some() {
        return Err(Error::Conflict("Your account has a code app already. Remove it first.".to_owned()));
    }
    if !take_step(write, user.id, &secret(key, user.id, salt), typed, write.now).await? {
        let sentence = "This is not the code that your app should show now. Wait for the next one, and see that the \
                        clock of its device is right";
        return Err(ValidationErrors::one("code", sentence).into());
    }
    let sql = "insert into code_app (user_id, salt, added_at) values ($1, $2, $3)";
    write.execute(sql, (user.id, salt, write.now)).await?;
    let codes = recovery_code::replace_all(write, user.id).await?;
    credentials::end_credentials(write, user.id).await?;
    write.record(AuditEntry::new("user.add_code_app", "user", Some(user.id), user.name.as_str()));
    Ok((user::get(write, user.id).await?, codes))
}

/// Removes the app and the recovery codes of a user, so that the password is enough. All their sessions end. Gives the
/// user as changed; none when there was nothing to remove.
pub async fn remove(write: &Write, user: &User) -> Result<Option<User>> {
    if write.execute("delete from code_app where user_id = $1", (user.id,)).await? == 0 {
        return Ok(None);
    }
    recovery_code::remove_all(write, user.id).await?;
    credentials::end_credentials(write, user.id).await?;
    write.record(AuditEntry::new("user.remove_factors", "user", Some(user.id), user.name.as_str()));
    Ok(Some(user::get(write, user.id).await?))
}

/// Whether `typed` is a code of this user, or a recovery code, that was not used before. It is used up.
pub(crate) async fn prove(write: &Write, user: &User, key: &str, typed: &str) -> Result<Option<Proof>> {
    if take_code(write, user.id, key, typed, write.now).await? {
        return Ok(Some(Proof::Code));
    }
    Ok(recovery_code::take(write, user, typed).await?.then_some(Proof::RecoveryCode))
}

/// Whether `typed` is a code that this user's app shows now, and was not used before. It is used up at once.
pub(crate) async fn use_code(db: &Db, user_id: i64, key: &str, typed: &str, now: Timestamp) -> Result<bool> {
    let tx = Transaction::begin(db).await?;
    let is_right = take_code(&tx, user_id, key, typed, now).await?;
    tx.commit().await?;
    Ok(is_right)
}

/// The same as part of another change.
async fn take_code(tx: &Transaction, user_id: i64, key: &str, typed: &str, now: Timestamp) -> Result<bool> {
    let salt: Option<(String,)> = tx.optional("select salt from code_app where user_id = $1", (user_id,)).await?;
    let Some((salt,)) = salt else { return Ok(false) };
    take_step(tx, user_id, &secret(key, user_id, &salt), typed, now).await
}

async fn take_step(tx: &Transaction, user_id: i64, secret: &CodeSecret, typed: &str, now: Timestamp) -> Result<bool> {
    let Some(code) = one_time_code::parse_code(typed) else { return Ok(false) };
    for step in secret.steps_of(&code, now) {
        let sql = "insert into code_step (user_id, step) values ($1, $2) on conflict (user_id, step) do nothing";
        if tx.execute(sql, (user_id, step)).await? == 1 {
            let sql = "delete from code_step where user_id = $1 and step < $2";
            tx.execute(sql, (user_id, step - REMEMBERED)).await?;
            return Ok(true);
        }
    }
    Ok(false)
}
