//! The owner of a document, who is told when it is due: a user, all users with a role, or nobody. It is no part of a revision, takes
//! effect at once, and visitors never see it; what they see is the field “Public owner”. Says nothing about rights.

use super::{kind::DocumentAction, record::Document, revision};
use crate::{
    db::conn::Conn,
    error::{Error, Result, ValidationErrors},
    model::{
        actor::{Actor, Role},
        stored_content, user,
        write::Write,
    },
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Owner {
    Nobody,
    User(i64),
    Role(Role),
}

const USER: &str = "user-";
const ROLE: &str = "role-";

impl Owner {
    /// As a form sends it; empty for nobody.
    #[must_use]
    pub(crate) fn code(self) -> String {
        match self {
            Self::Nobody => String::new(),
            Self::User(id) => format!("{USER}{id}"),
            Self::Role(role) => format!("{ROLE}{}", role.as_str()),
        }
    }

    #[must_use]
    pub(crate) fn from_code(code: &str) -> Option<Self> {
        if let Some(id) = code.strip_prefix(USER) {
            return id.parse().ok().map(Self::User);
        }
        match code.strip_prefix(ROLE) {
            Some(role) => Role::parse(role).map(Self::Role),
            None => code.is_empty().then_some(Self::Nobody),
        }
    }
}

/// The owner as the views of documents have it.
#[derive(Debug, Clone, Default, sqlx::FromRow)]
pub struct StoredOwner {
    owner_id: Option<i64>,
    owner_role: Option<String>,
    owner_name: Option<String>,
    /// Whether there is one who can be told: no user who was deactivated.
    has_owner: bool,
}

impl StoredOwner {
    #[must_use]
    pub(crate) fn owner(&self) -> Owner {
        let role = self.owner_role.as_deref().and_then(Role::parse);
        self.owner_id.map(Owner::User).or_else(|| role.map(Owner::Role)).unwrap_or(Owner::Nobody)
    }

    /// In words; empty for nobody.
    #[must_use]
    pub(crate) fn describe(&self) -> String {
        match (self.owner(), &self.owner_name) {
            (Owner::Role(role), _) => role_name(role).to_owned(),
            (Owner::User(_), Some(name)) if self.has_owner => name.clone(),
            (Owner::User(_), Some(name)) => format!("{name} (deactivated)"),
            _ => String::new(),
        }
    }
}

const fn role_name(role: Role) -> &'static str {
    match role {
        Role::Administrator => "All administrators",
        Role::Editor => "All editors",
        Role::Visitor | Role::System => "",
    }
}

/// Whose documents are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OwnedBy {
    AnyOrNone,
    /// A user, by id, and all with their role.
    User(i64, Role),
    /// Nobody who can be told.
    Nobody,
}

impl OwnedBy {
    #[must_use]
    pub(crate) fn me(actor: &Actor) -> Self {
        actor.id.map_or(Self::Nobody, |id| Self::User(id, actor.role))
    }

    /// For SQL: the id of a user, 0 for all, -1 for nobody; and their role.
    #[must_use]
    pub(crate) const fn args(self) -> (i64, &'static str) {
        match self {
            Self::AnyOrNone => (0, ""),
            Self::User(id, role) => (id, role.as_str()),
            Self::Nobody => (-1, ""),
        }
    }

    #[must_use]
    pub(crate) fn fits(self, owner: &StoredOwner) -> bool {
        match self {
            Self::AnyOrNone => true,
            Self::User(id, role) => [Owner::User(id), Owner::Role(role)].contains(&owner.owner()),
            Self::Nobody => !owner.has_owner,
        }
    }
}

pub(crate) async fn of(db: &Conn, document_id: i64) -> Result<StoredOwner> {
    Ok(db
        .optional(
            "select o.user_id as owner_id, o.role as owner_role, u.name as owner_name, coalesce(u.active, true) as has_owner \
             from document_owner o left join users u on u.id = o.user_id where o.document_id = $1",
            (document_id,),
        )
        .await?
        .unwrap_or_default())
}

/// The active users who own a document.
pub(crate) async fn users_of(db: &Conn, document_id: i64) -> Result<Vec<i64>> {
    let sql = "select u.id from document_owner o join users u on u.id = o.user_id or u.role = o.role \
               where o.document_id = $1 and u.active order by u.id";
    let users: Vec<(i64,)> = db.all(sql, (document_id,)).await?;
    Ok(users.into_iter().map(|(id,)| id).collect())
}

/// Whom a document can be given to, and what each is called: nobody, roles, and active users by name.
pub(crate) async fn choices(db: &Conn) -> Result<Vec<(Owner, String)>> {
    let users = user::list_active(db).await?.into_iter().map(|user| (Owner::User(user.id), user.name));
    let roles = Role::GIVEN.map(|role| (Owner::Role(role), role_name(role).to_owned()));
    Ok([(Owner::Nobody, "Nobody".to_owned())].into_iter().chain(roles).chain(users).collect())
}

/// Gives a document to `owner`; `was` is who had it when its user chose. Gives the title, and what the new owner is called. When that
/// is the owner already, nothing is recorded.
/// `Validation` on `owner` when that user is not active; `Conflict` when someone else has it by now.
pub(crate) async fn set(write: &Write, document: &Document, was: Owner, owner: Owner) -> Result<(String, String)> {
    let title = revision::latest(write, document.id).await?.content.title;
    let now = of(write, document.id).await?;
    let choices = choices(write).await?;
    let known = choices.into_iter().find(|(known, _)| *known == owner).map(|(_, name)| name);
    if now.owner() == owner {
        return Ok((title, known.unwrap_or_else(|| now.describe())));
    }
    let name = known.ok_or_else(|| ValidationErrors::one("owner", "Choose an owner of the list"))?;
    let before = if now.owner() == Owner::Nobody { "nobody".to_owned() } else { now.describe() };
    if now.owner() != was {
        let sentence = format!("Someone else has changed the owner to {before} meanwhile. Choose again.");
        return Err(Error::Conflict(sentence));
    }
    store(write, document.id, owner).await?;
    let stored = stored_content::owners(write, document.id - 1, 1).await?.pop().map(|row| row.content());
    let nobody = stored_content::nobody(document.id);
    write.record_content(stored.filter(|stored| stored.id == document.id).unwrap_or(nobody));
    let after = if owner == Owner::Nobody { "nobody" } else { &name };
    let entry = document.entry(DocumentAction::SetOwner, &title);
    write.record(entry.detail(format!("from {before} to {after}")));
    Ok((title, name))
}

async fn store(write: &Write, document_id: i64, owner: Owner) -> Result<()> {
    let (user, role) = match owner {
        Owner::Nobody => {
            write.execute("delete from document_owner where document_id = $1", (document_id,)).await?;
            return Ok(());
        }
        Owner::User(id) => (Some(id), None),
        Owner::Role(role) => (None, Some(role.as_str())),
    };
    write
        .execute(
            "insert into document_owner (document_id, user_id, role) values ($1, $2, $3) \
             on conflict (document_id) do update set user_id = excluded.user_id, role = excluded.role",
            (document_id, user, role),
        )
        .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_lead_back_to_owners() {
        for owner in [Owner::Nobody, Owner::User(7), Owner::Role(Role::Editor), Owner::Role(Role::Administrator)] {
            assert_eq!(Owner::from_code(&owner.code()), Some(owner));
        }
        for code in ["x", "user-", "user-x", "role-visitor", "role-system", "role-"] {
            assert_eq!(Owner::from_code(code), None, "{code}");
        }
    }

    #[test]
    fn who_is_deactivated_is_said_and_counts_as_nobody() {
        let of = |id, role: Option<Role>, has_owner| StoredOwner {
            owner_id: id,
            owner_role: role.map(|role| role.as_str().to_owned()),
            owner_name: id.map(|_| "Ed".to_owned()),
            has_owner,
        };
        let (active, gone) = (of(Some(7), None, true), of(Some(7), None, false));
        let (role, none) = (of(None, Some(Role::Editor), true), StoredOwner::default());
        let words = [&active, &gone, &role, &none].map(StoredOwner::describe);
        assert_eq!(words, ["Ed", "Ed (deactivated)", "All editors", ""]);
        let fits = |owned: OwnedBy| [&active, &gone, &role, &none].map(|owner| owned.fits(owner));
        assert_eq!(fits(OwnedBy::Nobody), [false, true, false, true]);
        assert_eq!(fits(OwnedBy::User(7, Role::Editor)), [true, true, true, false]);
        assert_eq!(fits(OwnedBy::User(8, Role::Administrator)), [false; 4]);
        assert_eq!(fits(OwnedBy::AnyOrNone), [true; 4]);
    }
}
