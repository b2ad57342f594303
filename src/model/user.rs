//! Users: who they are. Their roles are in `roles`; how they prove who they are, in `password`, `invitation` and
//! `sign_in`.

use super::{
    actor::{Actor, Role},
    audit_log::AuditEntry,
    credentials,
    cursor::Cursor,
    mail::outbox::{self, MailKind},
    password::Hashed,
    write::Write,
};
use crate::{
    clock::Timestamp,
    db::{conn::Conn, like},
    error::{Error, Result, ValidationErrors},
    text::{clean, email, fold::fold},
};

/// A user. Never leaves the model with the password's hash.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct User {
    /// Id; never used again.
    pub id: i64,
    /// What they sign in with, in its normal form.
    pub email: String,
    pub name: String,
    pub role: Role,
    /// Whether they may sign in at all.
    pub active: bool,
    pub has_accepted: bool,
    /// Whether they prove who they are with more than the password.
    pub has_second_factor: bool,
    /// Grows with every change of password, role or activation. A session that began under an older one has ended.
    pub credential_version: i64,
    pub created_at: Timestamp,
    pub signed_in_at: Option<Timestamp>,
}

impl User {
    #[must_use]
    pub(crate) fn actor(&self) -> Actor {
        Actor { id: Some(self.id), name: self.name.clone(), role: self.role }
    }

    /// Whether an administrator had everything erased that said who they were.
    #[must_use]
    pub(crate) fn is_erased(&self) -> bool {
        self.email.ends_with(ERASED)
    }

    /// Whether they can sign in: `active`, `invited`, `deactivated`.
    #[must_use]
    pub(crate) const fn state(&self) -> &'static str {
        match (self.active, self.has_accepted) {
            (false, _) => "deactivated",
            (true, false) => "invited",
            (true, true) => "active",
        }
    }
}

/// The user with this id.
/// `NotFound` when there is none.
pub async fn get(db: &Conn, id: i64) -> Result<User> {
    db.optional("select * from account where id = $1", (id,)).await?.ok_or(Error::NotFound)
}

/// The user with this e-mail, as typed.
pub async fn with_email(db: &Conn, email: &str) -> Result<Option<User>> {
    Ok(db.optional("select * from account where email = $1", (fold_email(email),)).await?)
}

/// At most `limit` users whose name or e-mail contains `text`, in the order of their names: the first ones, those right
/// after the user with an id, or those right before.
pub(crate) async fn list(db: &Conn, text: &str, cursor: Option<Cursor>, limit: i64) -> Result<Vec<User>> {
    let (after, before) = match cursor {
        None => (0, 0),
        Some(Cursor::After(id)) => (id, 0),
        Some(Cursor::Before(id)) => (0, id),
    };
    if before == 0 {
        return Ok(db
            .all(
                "select * from account where search_text like $1 escape '\\' \
                 and ($2 = 0 or (search_text, id) > (select search_text, id from account where id = $2)) \
                 order by search_text, id limit $3",
                (like::containing(text), after, limit),
            )
            .await?);
    }
    let mut users: Vec<User> = db
        .all(
            "select * from account where search_text like $1 escape '\\' \
             and (search_text, id) < (select search_text, id from account where id = $2) \
             order by search_text desc, id desc limit $3",
            (like::containing(text), before, limit),
        )
        .await?;
    users.reverse();
    Ok(users)
}

/// A user to choose in a form.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct UserName {
    pub(crate) id: i64,
    pub(crate) name: String,
}

/// All who are not deactivated, by name.
pub(crate) async fn list_active(db: &Conn) -> Result<Vec<UserName>> {
    Ok(db.all("select id, name from users where active order by search_text, id", ()).await?)
}

#[derive(Debug, Clone, Copy, sqlx::FromRow)]
pub(crate) struct UserCounts {
    /// Those who can sign in.
    pub(crate) able: i64,
    /// Those who can when they have accepted their invitation.
    pub(crate) invited: i64,
}

pub(crate) async fn count_active(db: &Conn) -> Result<UserCounts> {
    Ok(db
        .one(
            "select count(case when has_accepted then 1 end) as able, count(case when not has_accepted then 1 end) as invited \
             from account where active",
            (),
        )
        .await?)
}

/// An e-mail address as it is stored and looked up.
#[must_use]
pub(crate) fn fold_email(typed: &str) -> String {
    email::normal(typed)
}

/// What a search looks through; begins with the name, so that it gives the order of a list too.
fn search_text(name: &str, address: &str) -> String {
    fold(&format!("{name}\n{}", email::forms(address)))
}

/// A name as it is stored.
/// Errors: a sentence when it cannot be one.
pub fn parse_name(typed: &str) -> Result<String, String> {
    let name = clean::line(typed);
    if (1..=100).contains(&name.chars().count()) {
        Ok(name)
    } else {
        Err("Enter a name of 1 to 100 characters".to_owned())
    }
}

/// Longest e-mail address, in bytes.
const EMAIL_MAX: usize = 200;

/// What is said of a text that is no e-mail address.
pub(crate) const NO_EMAIL: &str = "Enter an e-mail address in the form name@example.org";

/// An address that an account can have, in its normal form.
#[must_use]
pub(crate) fn parse_email(typed: &str) -> Option<String> {
    email::parse(typed, EMAIL_MAX)
}

/// What is typed of a user, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserInput {
    pub email: String,
    /// 1 to 100 characters.
    pub name: String,
    pub role: Role,
}

impl UserInput {
    /// Checks and cleans what was typed.
    /// Errors: one sentence for each of `name`, `email`, `role` at fault.
    pub(crate) fn parse(email: &str, name: &str, role: &str) -> Result<Self, ValidationErrors> {
        let mut errors = ValidationErrors::default();
        let name = errors.take("name", parse_name(name));
        let email = parse_email(email).unwrap_or_else(|| {
            errors.add("email", NO_EMAIL);
            String::new()
        });
        let role = Role::parse(role).unwrap_or_else(|| {
            errors.add("role", "Choose a role");
            Role::Editor
        });
        errors.finish(|| Self { email, name, role })
    }
}

/// What is said of an address that an account has.
pub(crate) const TAKEN: &str = "There is already an account with this e-mail address";

/// Makes a user; without a password they have yet to accept an invitation. Gives the id.
/// `Validation` on `email` when someone has it.
pub async fn create(write: &Write, input: &UserInput, password: Option<&Hashed>) -> Result<i64> {
    let taken: Option<(i64,)> =
        write.optional("select id from users where email = $1", (input.email.as_str(),)).await?;
    if taken.is_some() {
        return Err(ValidationErrors::one("email", TAKEN).into());
    }
    let id: i64 = write
        .value(
            "insert into users (email, name, role, password_hash, created_at, search_text) \
             values ($1, $2, $3, $4, $5, $6) returning id",
            (
                input.email.as_str(),
                input.name.as_str(),
                input.role,
                password.map(Hashed::as_str),
                write.now,
                search_text(&input.name, &input.email),
            ),
        )
        .await?;
    write.record(
        AuditEntry::new("user.create", "user", Some(id), input.name.as_str())
            .detail(format!("as {}", input.role.with_article())),
    );
    Ok(id)
}

/// Changes the name of a user, if it differs.
pub(crate) async fn rename(write: &Write, user: &User, name: &str) -> Result<()> {
    if name != user.name {
        write
            .execute(
                "update users set name = $2, search_text = $3 where id = $1",
                (user.id, name, search_text(name, &user.email)),
            )
            .await?;
        let detail = format!("from {} to {name}", user.name);
        write.record(AuditEntry::new("user.rename", "user", Some(user.id), name).detail(detail));
    }
    Ok(())
}

/// Stores another address of a user, as part of a change that ends what they can sign in with.
pub(super) async fn store_email(write: &Write, user: &User, email: &str) -> Result<()> {
    write
        .execute(
            "update users set email = $2, search_text = $3 where id = $1",
            (user.id, email, search_text(&user.name, email)),
        )
        .await?;
    Ok(())
}

/// How the addresses end that take the place of erased ones. No mail server has this domain (RFC 2606).
const ERASED: &str = "@erased.invalid";

/// Takes away a user's name, address and password; they can never sign in again. Gives what they are called instead. All else
/// is the business of `personal_data`.
pub(super) async fn erase(write: &Write, id: i64) -> Result<String> {
    let (name, email) = (format!("Former user {id}"), format!("former-user-{id}{ERASED}"));
    let sql = "update users set email = $2, name = $3, search_text = $4, password_hash = null, signed_in_at = null, \
               active = false where id = $1";
    write.execute(sql, (id, email.as_str(), name.as_str(), search_text(&name, &email))).await?;
    Ok(name)
}

/// Sets a user's password. All their sessions end, and their links stop working. Returns the user as changed.
/// `Conflict` when password, role or activation changed since `user` was read.
pub async fn set_password(write: &Write, user: &User, password: &Hashed) -> Result<User> {
    let rows = write
        .execute(
            "update users set password_hash = $3 where id = $1 and credential_version = $2",
            (user.id, user.credential_version, password.as_str()),
        )
        .await?;
    if rows == 0 {
        return Err(Error::AccountChanged);
    }
    credentials::end_credentials(write, user.id).await?;
    if user.has_accepted {
        outbox::tell_of_change(write, MailKind::NewPassword, user.id).await?;
    }
    let action = if user.has_accepted { "user.change_password" } else { "user.accept_invitation" };
    write.record(AuditEntry::new(action, "user", Some(user.id), user.name.as_str()));
    get(write, user.id).await
}

/// Whether neither password nor role nor activation changed since `user` was read.
pub(crate) async fn is_current(db: &Conn, user: &User) -> Result<bool> {
    let version: Option<(i64,)> =
        db.optional("select credential_version from users where id = $1 and active", (user.id,)).await?;
    Ok(version == Some((user.credential_version,)))
}
