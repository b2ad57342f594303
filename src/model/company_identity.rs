//! Whose account is whose at the provider of the company sign-in. A user is found by their address once; from then on by the id
//! that the provider gives them, so that nobody who is given the address later gets in.

use super::{
    actor::Role,
    audit_log::AuditEntry,
    roles, sign_in,
    user::{self, User},
    write::Write,
};
use crate::error::{Error, Result};

/// An account at the provider, as its signed answer names it.
pub(crate) struct CompanyAccount<'a> {
    pub(crate) issuer: &'a str,
    pub(crate) subject: &'a str,
    /// Verified by the provider.
    pub(crate) email: &'a str,
    /// What the groups give; none when roles are kept here.
    pub(crate) role: Option<Role>,
}

/// Why an account lets nobody in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CompanyRefusal {
    Unknown,
    Deactivated,
    /// The user has another account at the provider.
    Other,
}

impl CompanyRefusal {
    /// For the log.
    #[must_use]
    pub(crate) const fn reason(self) -> &'static str {
        match self {
            Self::Unknown => "no user has the address of this account",
            Self::Deactivated => "the user is deactivated",
            Self::Other => {
                "the user with this address is linked to another account; removing their second factors unlinks it"
            }
        }
    }
}

/// Records the sign-in of the user whose account this is; the first time it is linked to the user with its address. Their role
/// follows the groups, except that of the last administrator. From now on the user is the actor of the transaction. A refusal
/// of a known user is recorded.
pub(crate) async fn admit(write: &mut Write, account: &CompanyAccount<'_>) -> Result<Result<User, CompanyRefusal>> {
    let sql = "select user_id from company_identity where issuer = $1 and subject = $2";
    let linked: Option<(i64,)> = write.optional(sql, (account.issuer, account.subject)).await?;
    let user = match linked {
        Some((id,)) => Some(user::get(write, id).await?),
        None => user::with_email(write, account.email).await?,
    };
    let Some(user) = user else { return Ok(Err(CompanyRefusal::Unknown)) };
    if !user.active {
        return Ok(Err(refuse(write, &user, CompanyRefusal::Deactivated)));
    }
    if linked.is_none() && !link(write, &user, account).await? {
        return Ok(Err(refuse(write, &user, CompanyRefusal::Other)));
    }
    write.actor = user.actor();
    if let Some(role) = account.role {
        match roles::change_role(write, user.id, role).await {
            // The last one keeps theirs, so that users can be managed.
            Ok(_) | Err(Error::Validation(_)) => {}
            Err(error) => return Err(error),
        }
    }
    let user = user::get(write, user.id).await?;
    if sign_in::admit_by(write, &user, "with a company account").await? {
        Ok(Ok(user))
    } else {
        Err(Error::AccountChanged)
    }
}

fn refuse(write: &Write, user: &User, refusal: CompanyRefusal) -> CompanyRefusal {
    let entry = AuditEntry::new("user.sign_in_failed", "user", Some(user.id), user.name.as_str());
    write.record(entry.detail("with a company account that was refused"));
    refusal
}

/// `false` when the user has another account at this provider.
async fn link(write: &Write, user: &User, account: &CompanyAccount<'_>) -> Result<bool> {
    let sql = "insert into company_identity (issuer, subject, user_id, linked_at) values ($1, $2, $3, $4) \
               on conflict do nothing";
    if write.execute(sql, (account.issuer, account.subject, user.id, write.now)).await? == 0 {
        return Ok(false);
    }
    write.record(AuditEntry::new("user.link_company_account", "user", Some(user.id), user.name.as_str()));
    Ok(true)
}

/// Forgets all of a user, as part of another change; gives how many there were.
pub(super) async fn forget_all(write: &Write, user_id: i64) -> Result<u64> {
    Ok(write.execute("delete from company_identity where user_id = $1", (user_id,)).await?)
}
