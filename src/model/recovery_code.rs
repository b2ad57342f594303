//! Recovery codes: what a user types in place of a code when the app is gone. Each works once; only hashes are kept.

use super::{
    audit_log::AuditEntry,
    mail::outbox::{self, MailKind},
    user::User,
    write::Write,
};
use crate::{crypto, db::conn::Conn, error::Result};

/// How many a user is given.
const COUNT: usize = 10;
/// How many characters one has, without its dashes.
const LENGTH: usize = 24;

/// New codes for a user, in place of all that they have; they are kept nowhere else.
pub(super) async fn replace_all(write: &Write, user_id: i64) -> Result<Vec<String>> {
    remove_all(write, user_id).await?;
    let codes: Vec<_> = (0..COUNT).map(|_| crypto::typeable_token()).collect();
    for code in &codes {
        write.execute("insert into recovery_code (code_hash, user_id) values ($1, $2)", (hash(code), user_id)).await?;
    }
    Ok(codes)
}

/// The same when the user asks for them.
pub(crate) async fn renew(write: &Write, user: &User) -> Result<Vec<String>> {
    let codes = replace_all(write, user.id).await?;
    outbox::tell_of_change(write, MailKind::NewRecoveryCodes, user.id).await?;
    write.record(AuditEntry::new("user.renew_recovery_codes", "user", Some(user.id), user.name.as_str()));
    Ok(codes)
}

pub(super) async fn remove_all(write: &Write, user_id: i64) -> Result<()> {
    write.execute("delete from recovery_code where user_id = $1", (user_id,)).await?;
    Ok(())
}

/// Uses up a code of a user, as typed; `false` when it is none, or was used before.
pub(super) async fn take(write: &Write, user: &User, typed: &str) -> Result<bool> {
    let Some(code) = parse(typed) else { return Ok(false) };
    let rows = write
        .execute(
            "update recovery_code set used_at = $3 where code_hash = $1 and user_id = $2 and used_at is null",
            (crypto::hash(&code), user.id, write.now),
        )
        .await?;
    if rows == 0 {
        return Ok(false);
    }
    let left = count_left(write, user.id).await?;
    let entry = AuditEntry::new("user.use_recovery_code", "user", Some(user.id), user.name.as_str());
    write.record(entry.detail(format!("{left} left")));
    Ok(true)
}

/// How many of a user's codes were not used yet.
pub(crate) async fn count_left(db: &Conn, user_id: i64) -> Result<i64> {
    Ok(db.value("select count(*) from recovery_code where user_id = $1 and used_at is null", (user_id,)).await?)
}

fn hash(code: &str) -> String {
    crypto::hash(&code.replace('-', ""))
}

/// The characters of what may be a code, without what groups them; none otherwise.
fn parse(typed: &str) -> Option<String> {
    let plain: String = typed.chars().filter(char::is_ascii_alphanumeric).collect();
    (plain.len() == LENGTH).then(|| plain.to_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_found_however_it_is_typed() {
        let code = crypto::typeable_token();
        assert_eq!(code.len(), LENGTH + 3);
        let plain = code.replace('-', "");
        for typed in [code.to_lowercase(), plain.clone(), format!(" {} ", code.replace('-', " "))] {
            assert_eq!(parse(&typed).as_ref(), Some(&plain));
        }
        assert_eq!(hash(&code), crypto::hash(&plain));
        assert_eq!(parse("123456"), None);
    }
}
