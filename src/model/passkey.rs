//! The passkeys of users: what is stored of them. Whether an answer is right is decided in `relying_party`.

use data_encoding::BASE64URL_NOPAD;
use serde::Deserialize;
use webauthn_rs::prelude::{AuthenticationResult, Passkey};

use super::{
    audit_log::AuditEntry,
    credentials,
    mail::outbox::{self, MailKind},
    recovery_code,
    relying_party::{of_json, to_json},
    user::{self, User},
    write::Write,
};
use crate::{
    clock::Timestamp,
    db::{conn::Conn, pool::Db, transaction::Transaction},
    error::{Error, Result, ValidationErrors},
    text::clean,
};

/// Most passkeys of a user.
const MOST: usize = 20;
/// Longest name, in characters.
const NAME: usize = 100;

#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct StoredPasskey {
    pub(crate) id: i64,
    pub(crate) user_id: i64,
    pub(crate) name: String,
    /// Its public key and count, as the library writes them.
    credential: String,
    pub(crate) backed_up: bool,
    pub(crate) added_at: Timestamp,
    pub(crate) used_at: Option<Timestamp>,
}

impl StoredPasskey {
    pub(crate) fn passkey(&self) -> Result<Passkey> {
        of_json(&self.credential)
    }
}

/// Those of a user, the oldest first.
pub(crate) async fn list(db: &Conn, user_id: i64) -> Result<Vec<StoredPasskey>> {
    let sql = "select id, user_id, name, credential, backed_up, added_at, used_at from passkey where user_id = $1 order by id";
    Ok(db.all(sql, (user_id,)).await?)
}

/// The one with this id of its own.
pub(crate) async fn find(db: &Conn, credential_id: &str) -> Result<Option<StoredPasskey>> {
    let sql =
        "select id, user_id, name, credential, backed_up, added_at, used_at from passkey where credential_id = $1";
    Ok(db.optional(sql, (credential_id,)).await?)
}

/// What is read of a stored passkey that the library does not tell.
#[derive(Deserialize)]
struct Flags {
    cred: BackupFlag,
}

#[derive(Deserialize)]
struct BackupFlag {
    #[serde(default)]
    backup_state: bool,
}

fn is_backed_up(credential: &str) -> Result<bool> {
    Ok(of_json::<Flags>(credential)?.cred.backup_state)
}

/// Adds a passkey. All sessions of the user end. Gives the user as changed, and recovery codes when it is their first factor
/// in addition to the password.
/// `Validation` on `name`; `Conflict` when it is there already, or too many are.
pub(crate) async fn add(
    write: &Write,
    user: &User,
    passkey: &Passkey,
    name: &str,
) -> Result<(User, Option<Vec<String>>)> {
    let name = clean::line(name);
    if !(1..=NAME).contains(&name.chars().count()) {
        return Err(ValidationErrors::one("name", "Enter a name of 1 to 100 characters").into());
    }
    if list(write, user.id).await?.len() >= MOST {
        return Err(Error::Conflict(format!("Your account has {MOST} passkeys. Remove one first.")));
    }
    let credential = to_json(passkey)?;
    let rows = write
        .execute(
            "insert into passkey (user_id, credential_id, name, credential, backed_up, added_at) \
             values ($1, $2, $3, $4, $5, $6) on conflict (credential_id) do nothing",
            (
                user.id,
                BASE64URL_NOPAD.encode(passkey.cred_id()),
                name.as_str(),
                credential.as_str(),
                is_backed_up(&credential)?,
                write.now,
            ),
        )
        .await?;
    if rows == 0 {
        return Err(Error::Conflict("This passkey was added before.".to_owned()));
    }
    let codes = if user.has_second_factor { None } else { Some(recovery_code::replace_all(write, user.id).await?) };
    credentials::end_credentials(write, user.id).await?;
    outbox::tell_of_change(write, MailKind::AddedPasskey, user.id).await?;
    write.record(AuditEntry::new("user.add_passkey", "user", Some(user.id), user.name.as_str()).detail(name));
    Ok((user::get(write, user.id).await?, codes))
}

/// Removes a passkey of a user, and the recovery codes with their last factor. All their sessions end. Gives the user as
/// changed; none when they have no such passkey.
pub(crate) async fn remove(write: &Write, user: &User, id: i64) -> Result<Option<User>> {
    let sql = "delete from passkey where id = $1 and user_id = $2 returning name";
    let name: Option<(String,)> = write.optional(sql, (id, user.id)).await?;
    let Some((name,)) = name else { return Ok(None) };
    credentials::end_credentials(write, user.id).await?;
    outbox::tell_of_change(write, MailKind::RemovedPasskey, user.id).await?;
    write.record(AuditEntry::new("user.remove_passkey", "user", Some(user.id), user.name.as_str()).detail(name));
    let changed = user::get(write, user.id).await?;
    if !changed.has_second_factor {
        recovery_code::remove_all(write, user.id).await?;
    }
    Ok(Some(changed))
}

/// Removes all of a user; gives how many there were.
pub(super) async fn remove_all(write: &Write, user_id: i64) -> Result<u64> {
    Ok(write.execute("delete from passkey where user_id = $1", (user_id,)).await?)
}

/// Notes that a passkey was used, and how often by its own count, so that a copy of it is noticed. `false` when it was used
/// or removed since it was read.
pub(super) async fn note_use(
    tx: &Transaction,
    stored: &StoredPasskey,
    result: &AuthenticationResult,
    now: Timestamp,
) -> Result<bool> {
    let mut passkey = stored.passkey()?;
    passkey.update_credential(result);
    let sql = "update passkey set credential = $3, backed_up = $4, used_at = $5 where id = $1 and credential = $2";
    let values = (stored.id, stored.credential.as_str(), to_json(&passkey)?, result.backup_state(), now);
    Ok(tx.execute(sql, values).await? == 1)
}

/// The same as a change of its own, for a user who is signed in.
pub(crate) async fn use_now(
    db: &Db,
    stored: &StoredPasskey,
    result: &AuthenticationResult,
    now: Timestamp,
) -> Result<bool> {
    let tx = Transaction::begin(db).await?;
    let is_noted = note_use(&tx, stored, result, now).await?;
    tx.commit().await?;
    Ok(is_noted)
}
