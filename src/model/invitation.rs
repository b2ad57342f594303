//! One-time links that let somebody choose a password: the first administrator, an invited person, one who forgot
//! theirs. Only the hash of a token is kept. A link is used up in the same transaction as what it was for.

use super::{
    journal::Entry,
    membership,
    password::Hashed,
    person::{self, Details, Person},
    sign_in,
    write::Write,
};
use crate::{
    db::conn::Conn,
    error::{Error, Result},
    text::{
        time::{DAY, HOUR, Timestamp},
        token,
    },
};

/// How far two clocks may differ.
const SLACK: i64 = 5 * 60 * 1000;

/// What a link is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Purpose {
    /// Making the first administrator. Belongs to nobody; dead once there is one.
    FirstAdministrator,
    /// Joining, after somebody was invited.
    Invitation,
    /// Choosing a new password. The old one works until then.
    Password,
}

impl Purpose {
    /// How long a link works, in milliseconds. One for a new password is asked for now and used now.
    #[must_use]
    pub const fn life(self) -> i64 {
        match self {
            Self::FirstAdministrator | Self::Invitation => DAY,
            Self::Password => HOUR,
        }
    }

    /// The purpose of a new link for this person.
    #[must_use]
    pub const fn of(person: &Person) -> Self {
        if person.joined { Self::Password } else { Self::Invitation }
    }
}

/// A link that has been made; the token is not kept anywhere else.
#[derive(Debug)]
pub struct Made {
    /// For the address.
    pub token: String,
    /// When it stops working.
    pub expires_at: Timestamp,
}

/// A link that works.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Link {
    /// What it is for.
    pub purpose: Purpose,
    /// For whom; none for the first administrator.
    pub person_id: Option<i64>,
    /// When it stops working.
    pub expires_at: Timestamp,
}

/// Makes the link for the first administrator; older ones stop working.
pub async fn for_first_administrator(write: &Write) -> Result<Made> {
    write.execute("delete from invitation where purpose = $1", (Purpose::FirstAdministrator,)).await?;
    let made = insert(write, Purpose::FirstAdministrator, None).await?;
    write.record(Entry::new("invitation.create", "person", None, "the first administrator"));
    Ok(made)
}

/// Makes the link with which a person joins or chooses a new password; older ones of theirs stop working.
///
/// # Errors
/// `Conflict` for somebody who is shut out.
pub async fn for_person(write: &Write, person: &Person) -> Result<Made> {
    if !person.active {
        return Err(Error::Conflict(format!("{} is shut out. Let them in again first.", person.name)));
    }
    withdraw(write, person.id).await?;
    let purpose = Purpose::of(person);
    let made = insert(write, purpose, Some(person.id)).await?;
    let detail = if purpose == Purpose::Password { "to choose a new password" } else { "to join" };
    write.record(
        Entry::new("invitation.create", "person", Some(person.id), person.name.as_str()).detail(detail.to_owned()),
    );
    Ok(made)
}

async fn insert(write: &Write, purpose: Purpose, person_id: Option<i64>) -> Result<Made> {
    let (token, expires_at) = (token::random(), write.now.plus(purpose.life()));
    write
        .execute(
            "insert into invitation (token_hash, purpose, person_id, created_at, expires_at) \
             values ($1, $2, $3, $4, $5)",
            (token::hash(&token), purpose, person_id, write.now, expires_at),
        )
        .await?;
    Ok(Made { token, expires_at })
}

/// Makes all links of a person stop working, as part of another change.
pub async fn withdraw(write: &Write, person_id: i64) -> Result<()> {
    write.execute("delete from invitation where person_id = $1", (person_id,)).await?;
    Ok(())
}

/// Until when the newest link of a person works, if one does.
pub async fn pending(db: &Conn, person_id: i64, now: Timestamp) -> Result<Option<Timestamp>> {
    let row: Option<(Timestamp,)> = db
        .optional(
            "select expires_at from invitation where person_id = $1 and expires_at > $2 \
             order by expires_at desc limit 1",
            (person_id, now),
        )
        .await?;
    Ok(row.map(|(expires_at,)| expires_at))
}

/// The link for the first administrator.
///
/// # Errors
/// `Gone` when it does not work, whatever the reason.
pub async fn find_first(db: &Conn, token: &str, now: Timestamp) -> Result<Link> {
    let link = find(db, token, now).await?;
    let dead = link.purpose != Purpose::FirstAdministrator || membership::has_administrator(db).await?;
    if dead { Err(Error::Gone) } else { Ok(link) }
}

/// A person's link, and whose it is.
///
/// # Errors
/// `Gone` when it does not work, whatever the reason.
pub async fn find_persons(db: &Conn, token: &str, now: Timestamp) -> Result<(Link, Person)> {
    let link = find(db, token, now).await?;
    let person = person::get(db, link.person_id.ok_or(Error::Gone)?).await?;
    if person.active { Ok((link, person)) } else { Err(Error::Gone) }
}

async fn find(db: &Conn, token: &str, now: Timestamp) -> Result<Link> {
    // One from the future was made while the machine's clock was wrong, and would live too long.
    db.optional(
        "select purpose, person_id, expires_at from invitation \
         where token_hash = $1 and expires_at > $2 and created_at <= $3",
        (token::hash(token), now, now.plus(SLACK)),
    )
    .await?
    .ok_or(Error::Gone)
}

/// Makes the first administrator and lets them in; from now on they are the one who acts.
///
/// # Errors
/// `Gone` when the link stopped working meanwhile; `Invalid` on `email` when somebody has it.
pub async fn accept_first(write: &mut Write, token: &str, details: &Details, password: &Hashed) -> Result<Person> {
    find_first(write, token, write.now).await?;
    let id = person::create(write, details, Some(password)).await?;
    let person = person::get(write, id).await?;
    write.execute("delete from invitation where purpose = $1", (Purpose::FirstAdministrator,)).await?;
    write.actor = person.actor();
    sign_in::admit(write, &person).await?;
    Ok(person)
}

/// Gives a person the password they chose and lets them in; all their other sessions end. Gives the person as they are
/// now.
///
/// # Errors
/// `Gone` when the link stopped working meanwhile.
pub async fn accept(write: &Write, token: &str, name: &str, password: &Hashed) -> Result<Person> {
    let (_, person) = find_persons(write, token, write.now).await?;
    person::rename(write, &person, name).await?;
    let person = person::set_password(write, &person, password).await?;
    sign_in::admit(write, &person).await?;
    Ok(person)
}
