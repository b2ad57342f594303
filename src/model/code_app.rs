//! The code app of a user: an app that shows another code each half minute, as a second factor. Its secret is made from a
//! key of the program and a salt, so that no table, export or log has it. Each code works once, on all nodes together.

use super::{
    audit_log::AuditEntry,
    credentials,
    mail::outbox::{self, MailKind},
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

/// Wrong codes in a row, however slowly they come and whatever any clock says, after which no code of the app is taken: who
/// knows the password could guess one in the end. A recovery code that is right, or a new app, begins a new count.
pub(crate) const MOST_WRONG: i64 = 50;

#[derive(Debug, Clone, Copy, sqlx::FromRow)]
pub(crate) struct CodeApp {
    pub(crate) added_at: Timestamp,
    /// Since the last right one.
    wrong_codes: i64,
}

impl CodeApp {
    /// Whether none of its codes is taken any more.
    #[must_use]
    pub(crate) const fn is_locked(self) -> bool {
        self.wrong_codes >= MOST_WRONG
    }
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
    Ok(db.optional("select added_at, wrong_codes from code_app where user_id = $1", (user_id,)).await?)
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
    outbox::tell_of_change(write, MailKind::AddedCodeApp, user.id).await?;
    write.record(AuditEntry::new("user.add_code_app", "user", Some(user.id), user.name.as_str()));
    Ok((user::get(write, user.id).await?, codes))
}

/// Removes the app of a user, and the recovery codes when it is their last second factor. All their sessions end. Gives the
/// user as changed; none when there was nothing to remove.
pub(crate) async fn remove(write: &Write, user: &User) -> Result<Option<User>> {
    if delete(write, user.id).await? == 0 {
        return Ok(None);
    }
    credentials::end_credentials(write, user.id).await?;
    outbox::tell_of_change(write, MailKind::RemovedCodeApp, user.id).await?;
    write.record(AuditEntry::new("user.remove_code_app", "user", Some(user.id), user.name.as_str()));
    let changed = user::get(write, user.id).await?;
    if !changed.has_second_factor {
        recovery_code::remove_all(write, user.id).await?;
    }
    Ok(Some(changed))
}

/// Deletes the app of a user; gives how many there were.
pub(super) async fn delete(write: &Write, user_id: i64) -> Result<u64> {
    Ok(write.execute("delete from code_app where user_id = $1", (user_id,)).await?)
}

/// Whether `typed` is a code of this user, or a recovery code, that was not used before. It is used up.
pub(crate) async fn prove(write: &Write, user: &User, key: &str, typed: &str) -> Result<Option<Proof>> {
    match take_code(write, user.id, key, typed, write.now).await? {
        CodeOutcome::Right => return Ok(Some(Proof::Code)),
        CodeOutcome::Wrong(MOST_WRONG) => {
            write.record(AuditEntry::new("user.lock_code_app", "user", Some(user.id), user.name.as_str()));
        }
        CodeOutcome::Wrong(_) | CodeOutcome::NoCode => {}
    }
    if !recovery_code::take(write, user, typed).await? {
        return Ok(None);
    }
    count_wrong(write, user.id, 0).await?;
    Ok(Some(Proof::RecoveryCode))
}

/// Whether `typed` is a code that this user's app shows now, and was not used before. It is used up at once.
pub(crate) async fn use_code(db: &Db, user_id: i64, key: &str, typed: &str, now: Timestamp) -> Result<bool> {
    let tx = Transaction::begin(db).await?;
    let taken = take_code(&tx, user_id, key, typed, now).await?;
    tx.commit().await?;
    Ok(taken == CodeOutcome::Right)
}

/// What became of something typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum CodeOutcome {
    Right,
    /// Wrong, as its how manyth in a row.
    Wrong(i64),
    /// It does not look like a code, or there is no app.
    NoCode,
}

/// The same as part of another change. After too many wrong codes in a row none is right.
async fn take_code(tx: &Transaction, user_id: i64, key: &str, typed: &str, now: Timestamp) -> Result<CodeOutcome> {
    if one_time_code::parse_code(typed).is_none() {
        return Ok(CodeOutcome::NoCode);
    }
    let app: Option<(String, i64)> =
        tx.optional("select salt, wrong_codes from code_app where user_id = $1", (user_id,)).await?;
    let Some((salt, wrong)) = app else { return Ok(CodeOutcome::NoCode) };
    if wrong < MOST_WRONG && take_step(tx, user_id, &secret(key, user_id, &salt), typed, now).await? {
        count_wrong(tx, user_id, 0).await?;
        return Ok(CodeOutcome::Right);
    }
    count_wrong(tx, user_id, wrong + 1).await?;
    Ok(CodeOutcome::Wrong(wrong + 1))
}

async fn count_wrong(tx: &Transaction, user_id: i64, wrong: i64) -> Result<()> {
    tx.execute("update code_app set wrong_codes = $2 where user_id = $1", (user_id, wrong)).await?;
    Ok(())
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
