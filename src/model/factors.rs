//! All second factors of a user together, for those who have lost them.

use super::{
    audit_log::AuditEntry,
    code_app, credentials, passkey, recovery_code,
    user::{self, User},
    write::Write,
};
use crate::error::Result;

/// Removes code app, passkeys and recovery codes of a user, so that the password is enough. All their sessions end. Gives the
/// user as changed; none when there was nothing to remove.
pub(crate) async fn remove_all(write: &Write, user: &User) -> Result<Option<User>> {
    let removed = code_app::delete(write, user.id).await? + passkey::remove_all(write, user.id).await?;
    if removed == 0 {
        return Ok(None);
    }
    recovery_code::remove_all(write, user.id).await?;
    credentials::end_credentials(write, user.id).await?;
    write.record(AuditEntry::new("user.remove_factors", "user", Some(user.id), user.name.as_str()));
    Ok(Some(user::get(write, user.id).await?))
}
