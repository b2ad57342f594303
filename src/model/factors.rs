//! All second factors of a user together, for those who have lost them.

use super::{
    audit_log::AuditEntry,
    code_app, company_identity, credentials,
    mail::outbox::{self, MailKind},
    passkey, recovery_code,
    user::{self, User},
    write::Write,
};
use crate::error::Result;

/// Removes code app, passkeys and recovery codes of a user, so that the password is enough, and forgets which company account is
/// theirs. All their sessions end. Gives the
/// user as changed; none when there was nothing to remove.
pub(crate) async fn remove_all(write: &Write, user: &User) -> Result<Option<User>> {
    if delete_all(write, user.id).await? == 0 {
        return Ok(None);
    }
    credentials::end_credentials(write, user.id).await?;
    outbox::tell_of_change(write, MailKind::RemovedFactors, user.id).await?;
    write.record(AuditEntry::new("user.remove_factors", "user", Some(user.id), user.name.as_str()));
    Ok(Some(user::get(write, user.id).await?))
}

/// The same as part of another change; gives how many factors there were.
pub(super) async fn delete_all(write: &Write, user_id: i64) -> Result<u64> {
    recovery_code::remove_all(write, user_id).await?;
    let others = code_app::delete(write, user_id).await? + passkey::remove_all(write, user_id).await?;
    Ok(others + company_identity::forget_all(write, user_id).await?)
}
