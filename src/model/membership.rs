//! A person's place among the people of the desk: their role, and whether they may come in. Sees to it that somebody is always left who can
//! manage people.

use super::{
    actor::Role,
    journal::Entry,
    person::{self, Person},
    session,
    write::Write,
};
use crate::{
    db::conn::Conn,
    error::{Error, Invalid, Result},
    text::count::counted,
};

/// Whether anybody can manage people: an administrator who has joined and is not shut out.
pub async fn has_administrator(db: &Conn) -> Result<bool> {
    Ok(administrators(db, 0).await? > 0)
}

/// Whether anybody can sign in: somebody who has a password and is not deactivated.
pub async fn has_users(db: &Conn) -> Result<bool> {
    let sql = "select exists (select 1 from person where active and password_hash is not null)";
    Ok(db.value(sql, ()).await?)
}

/// Administrators who could sign in now, not counting the person with id `except`.
async fn administrators(db: &Conn, except: i64) -> Result<i64> {
    Ok(db
        .value(
            "select count(*) from person \
             where role = 'administrator' and active and password_hash is not null and id <> $1",
            (except,),
        )
        .await?)
}

async fn is_last(write: &Write, person: &Person) -> Result<bool> {
    let counts = person.role == Role::Administrator && person.active && person.joined;
    Ok(counts && administrators(write, person.id).await? == 0)
}

/// Gives a person another role; their sessions and links end. `false` when they have it already, and nothing is recorded.
///
/// # Errors
/// `Invalid` on `role` for the last administrator; `NotFound`.
pub async fn change_role(write: &Write, id: i64, role: Role) -> Result<bool> {
    let person = person::get(write, id).await?;
    if person.role == role {
        return Ok(false);
    }
    if is_last(write, &person).await? {
        let sentence = "Make somebody else administrator first: nobody would be left to manage people";
        return Err(Invalid::one("role", sentence).into());
    }
    write.execute("update person set role = $2 where id = $1", (id, role)).await?;
    person::end_credentials(write, id).await?;
    let detail = format!("from {} to {}", person.role.as_str(), role.as_str());
    write.record(Entry::new("person.change_role", "person", Some(id), person.name).detail(detail));
    Ok(true)
}

/// Shuts a person out: ends their sessions and links. `false` when they are out already.
///
/// # Errors
/// `Conflict` with a sentence for oneself and for the last administrator; `NotFound`.
pub async fn shut_out(write: &Write, id: i64) -> Result<bool> {
    let person = person::get(write, id).await?;
    if !person.active {
        return Ok(false);
    }
    if is_last(write, &person).await? {
        return Err(Error::Conflict(format!(
            "{} is the only administrator and cannot be shut out: nobody would be left to manage people.",
            person.name
        )));
    }
    if write.actor.id == Some(id) {
        return Err(Error::Conflict("You cannot shut yourself out. Ask another administrator to do it.".to_owned()));
    }
    write.execute("update person set active = $2 where id = $1", (id, false)).await?;
    person::end_credentials(write, id).await?;
    write.record(Entry::new("person.shut_out", "person", Some(id), person.name));
    Ok(true)
}

/// Ends one session of a person; `false` when it has ended already.
pub async fn end_session(write: &Write, person: &Person, id: i64) -> Result<bool> {
    let ended = session::end_one(write, person.id, id).await?;
    if ended {
        note_ended(write, person, 1);
    }
    Ok(ended)
}

fn note_ended(write: &Write, person: &Person, count: u64) {
    let entry = Entry::new("person.end_sessions", "person", Some(person.id), person.name.as_str());
    write.record(entry.detail(counted(count, "session", "sessions")));
}

/// Ends all sessions of a person but the one with the id `keep` (empty: none is kept); `false` when there is none.
pub async fn end_sessions(write: &Write, person: &Person, keep: &str) -> Result<bool> {
    let ended = session::end_others(write, person.id, keep).await?;
    if ended > 0 {
        note_ended(write, person, ended);
    }
    Ok(ended > 0)
}

/// Lets a person in again; `false` when they are not shut out.
///
/// # Errors
/// `NotFound`.
pub async fn let_in(write: &Write, id: i64) -> Result<bool> {
    let person = person::get(write, id).await?;
    if person.active {
        return Ok(false);
    }
    write.execute("update person set active = $2 where id = $1", (id, true)).await?;
    person::end_credentials(write, id).await?;
    write.record(Entry::new("person.let_in", "person", Some(id), person.name));
    Ok(true)
}
