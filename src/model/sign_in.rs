//! Proving who one is at the door, and what is written down of it. How often somebody may try, and the session that
//! follows, are the face's.

use super::{
    journal::Entry,
    password::Hasher,
    person::{self, Person},
    write::Write,
};
use crate::{db::conn::Conn, error::Result};

/// The account that somebody claims to be, with what proves it. Stays inside the model.
#[derive(sqlx::FromRow)]
pub struct Candidate {
    /// Whose account it is.
    #[sqlx(flatten)]
    pub person: Person,
    password_hash: Option<String>,
}

/// The account with this e-mail, as typed.
pub async fn find(db: &Conn, email: &str) -> Result<Option<Candidate>> {
    Ok(db
        .optional(
            "select id, email, name, role, active, password_hash is not null as joined, created_at, signed_in_at, \
             password_hash from person where email = $1",
            (person::fold_email(email),),
        )
        .await?)
}

/// Whether the password is right and its owner is welcome. Takes the same time for an account that does not exist,
/// was shut out, or has no password yet.
pub async fn proves(hasher: &Hasher, candidate: Option<&Candidate>, typed: &str) -> Result<bool> {
    let hash = candidate.filter(|c| c.person.active).and_then(|c| c.password_hash.as_deref());
    hasher.verify(typed, hash).await
}

/// Notes that the person who acts came in.
pub async fn note(write: &Write, person: &Person) -> Result<()> {
    write.execute("update person set signed_in_at = $2 where id = $1", (person.id, write.now)).await?;
    write.record(Entry::new("person.sign_in", "person", Some(person.id), person.name.as_str()));
    Ok(())
}

/// Notes a wrong password. What was typed is kept only when it names an account: people type passwords into the
/// wrong field.
pub fn note_failure(write: &Write, candidate: Option<&Candidate>) {
    let entry = candidate.map_or_else(
        || Entry::new("person.sign_in_failed", "person", None, "no such account"),
        |Candidate { person, .. }| {
            Entry::new("person.sign_in_failed", "person", Some(person.id), person.name.as_str())
                .detail(person.email.as_str())
        },
    );
    write.record(entry);
}

/// Notes that the person who acts left.
pub fn note_leaving(write: &Write, person: &Person) {
    write.record(Entry::new("person.sign_out", "person", Some(person.id), person.name.as_str()));
}
