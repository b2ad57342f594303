//! What role a user has, and whether they may sign in. Ensures that someone is always left who can manage users.

use super::{
    actor::Role,
    audit_log::AuditEntry,
    credentials, session,
    user::{self, User},
    write::Write,
};
use crate::{
    db::conn::Conn,
    error::{Error, Result, ValidationErrors},
    text::count::pluralise,
};

/// Whether anyone can manage users: an administrator who has accepted the invitation and is active.
pub(crate) async fn has_administrator(db: &Conn) -> Result<bool> {
    Ok(administrators(db, 0).await? > 0)
}

/// Whether anyone can sign in: someone who has a password and is not deactivated.
pub(crate) async fn has_users(db: &Conn) -> Result<bool> {
    let sql = "select exists (select 1 from users where active and password_hash is not null)";
    Ok(db.value(sql, ()).await?)
}

/// Administrators who could sign in now, not counting the user with id `except`.
async fn administrators(db: &Conn, except: i64) -> Result<i64> {
    Ok(db
        .value(
            "select count(*) from users \
             where role = 'administrator' and active and password_hash is not null and id <> $1",
            (except,),
        )
        .await?)
}

async fn is_last(write: &Write, user: &User) -> Result<bool> {
    let counts = user.role == Role::Administrator && user.active && user.has_accepted;
    Ok(counts && administrators(write, user.id).await? == 0)
}

/// Gives a user another role; their sessions and links end. `false` when they have it already, and nothing is recorded.
/// `Validation` on `role` for the last administrator; `NotFound`.
pub(crate) async fn change_role(write: &Write, id: i64, role: Role) -> Result<bool> {
    let user = user::get(write, id).await?;
    if user.role == role {
        return Ok(false);
    }
    if is_last(write, &user).await? {
        let sentence = "Make someone else administrator first: nobody would be left to manage users";
        return Err(ValidationErrors::one("role", sentence).into());
    }
    write.execute("update users set role = $2 where id = $1", (id, role)).await?;
    credentials::end_credentials(write, id).await?;
    let detail = format!("from {} to {}", user.role.as_str(), role.as_str());
    write.record(AuditEntry::new("user.change_role", "user", Some(id), user.name).detail(detail));
    Ok(true)
}

/// Deactivates a user and ends their sessions and links. `false` when they are deactivated already.
/// `Conflict` with a sentence for oneself and for the last administrator; `NotFound`.
pub async fn deactivate(write: &Write, id: i64) -> Result<bool> {
    let user = user::get(write, id).await?;
    if !user.active {
        return Ok(false);
    }
    check_may_leave(write, &user, "deactivated").await?;
    set_active(write, id, false).await?;
    credentials::close_credentials(write, id).await?;
    write.record(AuditEntry::new("user.deactivate", "user", Some(id), user.name));
    Ok(true)
}

/// Whether a user may be taken from those who can sign in; `what` is what is done to them.
/// `Conflict` with a sentence for oneself and for the last administrator.
pub(super) async fn check_may_leave(write: &Write, user: &User, what: &str) -> Result<()> {
    if is_last(write, user).await? {
        return Err(Error::Conflict(format!(
            "{} is the only administrator and cannot be {what}: nobody would be left to manage users.",
            user.name
        )));
    }
    if write.actor.id == Some(user.id) {
        let verb = if what == "erased" { "erase" } else { "deactivate" };
        return Err(Error::Conflict(format!("You cannot {verb} yourself. Ask another administrator to do it.")));
    }
    Ok(())
}

async fn set_active(write: &Write, id: i64, active: bool) -> Result<()> {
    write.execute("update users set active = $2 where id = $1", (id, active)).await?;
    Ok(())
}

/// Ends one session of a user; `false` when it has ended already, and nothing is recorded.
pub(crate) async fn end_session(write: &Write, user: &User, id: i64) -> Result<bool> {
    let has_ended = session::end_one(write, user.id, id).await?;
    if has_ended {
        note_ended(write, user, 1);
    }
    Ok(has_ended)
}

fn note_ended(write: &Write, user: &User, count: u64) {
    let entry = AuditEntry::new("user.end_sessions", "user", Some(user.id), user.name.as_str());
    write.record(entry.detail(pluralise(count, "session", "sessions")));
}

/// Ends all sessions of a user except the one with the id `keep` (empty: none is kept); records it when there was one.
/// Gives how many there were.
pub(crate) async fn end_sessions(write: &Write, user: &User, keep: &str) -> Result<u64> {
    let ended = session::end_others(write, user.id, keep).await?;
    if ended > 0 {
        note_ended(write, user, ended);
    }
    Ok(ended)
}

/// Reactivates a user; `false` when they are active.
/// `Conflict` with a sentence for one who was erased; `NotFound`.
pub(crate) async fn reactivate(write: &Write, id: i64) -> Result<bool> {
    let user = user::get(write, id).await?;
    if user.active {
        return Ok(false);
    }
    if user.is_erased() {
        return Err(Error::Conflict(format!("{} was erased. Invite them as a new user.", user.name)));
    }
    set_active(write, id, true).await?;
    credentials::end_credentials(write, id).await?;
    write.record(AuditEntry::new("user.reactivate", "user", Some(id), user.name));
    Ok(true)
}
