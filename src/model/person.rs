//! People who work at the desk: who they are and whether they may come in. How they prove it is `password` and `invitation`.

use email_address::EmailAddress;

use super::{
    actor::{Actor, Role},
    journal::Entry,
    write::Write,
};
use crate::{
    db::conn::Conn,
    error::{Error, Invalid, Result},
    text::time::Timestamp,
};

/// A person. Never leaves the model with the password's hash.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Person {
    /// Id; never used again.
    pub id: i64,
    /// What they sign in with; lower case.
    pub email: String,
    /// What others see.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Whether they may come in at all.
    pub active: bool,
    /// Whether they have accepted their invitation.
    pub joined: bool,
    /// When they were invited.
    pub created_at: Timestamp,
    /// When they last signed in.
    pub signed_in_at: Option<Timestamp>,
}

impl Person {
    /// The same as the one who acts.
    #[must_use]
    pub fn actor(&self) -> Actor {
        Actor { id: Some(self.id), name: self.name.clone(), role: self.role }
    }
}

/// The person with this id.
///
/// # Errors
/// `NotFound` when there is none.
pub async fn get(db: &Conn, id: i64) -> Result<Person> {
    db.optional(
        "select id, email, name, role, active, password_hash is not null as joined, created_at, signed_in_at \
         from person where id = $1",
        (id,),
    )
    .await?
    .ok_or(Error::NotFound)
}

/// What is typed of a person, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Details {
    /// Lower case.
    pub email: String,
    /// 1 to 100 characters.
    pub name: String,
    /// Editor or administrator.
    pub role: Role,
}

impl Details {
    /// Checks and cleans what was typed.
    ///
    /// # Errors
    /// One sentence for each of `name`, `email`, `role` at fault.
    pub fn parse(email: &str, name: &str, role: &str) -> Result<Self, Invalid> {
        let mut invalid = Invalid::default();
        let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
        if name.is_empty() || name.chars().count() > 100 || name.chars().any(char::is_control) {
            invalid.add("name", "Enter a name of 1 to 100 characters");
        }
        let email = email.trim().to_lowercase();
        if email.len() > 200 || !EmailAddress::is_valid(&email) {
            invalid.add("email", "Enter an e-mail address in the form name@example.org");
        }
        let role = Role::parse(role).unwrap_or_else(|| {
            invalid.add("role", "Choose a role");
            Role::Editor
        });
        invalid.finish(|| Self { email, name, role })
    }
}

/// Makes a person; without a password hash they have yet to accept an invitation. Gives the id.
///
/// # Errors
/// `Invalid` on `email` when somebody has it.
pub async fn create(write: &Write, details: &Details, password_hash: Option<&str>) -> Result<i64> {
    let taken: Option<(i64,)> =
        write.optional("select id from person where email = $1", (details.email.as_str(),)).await?;
    if taken.is_some() {
        return Err(Invalid::one("email", "Somebody with this e-mail address is here already").into());
    }
    let id: i64 = write
        .value(
            "insert into person (email, name, role, password_hash, created_at) values ($1, $2, $3, $4, $5) returning id",
            (details.email.as_str(), details.name.as_str(), details.role, password_hash, write.now),
        )
        .await?;
    write.record(Entry::new("person.create", "person", Some(id), details.name.as_str()).detail(details.role.as_str()));
    Ok(id)
}
