//! Which roles need a second factor. A user of such a role without one adds it before they can do anything else.

use super::{actor::Role, audit_log::AuditEntry, settings, write::Write};
use crate::{
    db::conn::Conn,
    error::{Result, ValidationErrors},
};

/// Its name among the settings: the names of the roles, with spaces between them.
const NAME: &str = "second_factor_roles";

/// The roles that need one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct FactorRule(Vec<Role>);

impl FactorRule {
    #[must_use]
    pub(crate) const fn of(roles: Vec<Role>) -> Self {
        Self(roles)
    }

    /// As it was chosen; no role, until someone chooses.
    pub(crate) async fn load(db: &Conn) -> Result<Self> {
        let value: Option<(String,)> = db.optional("select value from setting where name = $1", (NAME,)).await?;
        let names = value.map(|(value,)| value).unwrap_or_default();
        Ok(Self(names.split(' ').filter_map(Role::parse).collect()))
    }

    #[must_use]
    pub(crate) fn requires(&self, role: Role) -> bool {
        self.0.contains(&role)
    }

    /// Stores it; `false` when it is stored already.
    /// `Validation` when its user would be stopped by it at once.
    pub(crate) async fn save(self, write: &Write, has_second_factor: bool) -> Result<bool> {
        if Self::load(write).await? == self {
            return Ok(false);
        }
        if self.requires(write.actor.role) && !has_second_factor {
            let sentence = "Add a passkey or a code app to your own account first: your role would need one, so you could do nothing \
                            else until you have one";
            return Err(ValidationErrors::one("", sentence).into());
        }
        let names: Vec<_> = self.0.iter().map(|role| role.as_str()).collect();
        settings::put(write, NAME, &names.join(" ")).await?;
        let words = if names.is_empty() { "nobody".to_owned() } else { names.join(", ") };
        write.record(AuditEntry::new("user.require_second_factor", "settings", None, words));
        Ok(true)
    }
}

/// How many active users of a role have no second factor.
pub(crate) async fn count_without(db: &Conn, role: Role) -> Result<i64> {
    let sql = "select count(*) from account where role = $1 and active and has_accepted and not has_second_factor";
    Ok(db.value(sql, (role,)).await?)
}
