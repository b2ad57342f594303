//! The webhooks of administrators: an address, what it is told, and the salt of the secret that signs. The secret follows from the salt
//! and a key of the program, and is shown once.

use data_encoding::HEXLOWER;

use super::event::WebhookEvent;
use crate::{
    clock::Timestamp,
    crypto,
    db::conn::Conn,
    error::{Error, Result, ValidationErrors},
    model::{audit_log::AuditEntry, write::Write},
};

/// Most of them.
const MOST: i64 = 20;

#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct Webhook {
    pub(crate) id: i64,
    pub(crate) url: String,
    /// Names, with spaces between them.
    pub(crate) events: String,
    pub(crate) created_at: Timestamp,
    pub(crate) creator_name: String,
    /// When one was taken last.
    pub(crate) delivered_at: Option<Timestamp>,
}

/// The secret that signs what is sent to an address, where `key` is the key of the program.
#[must_use]
pub(crate) fn secret(key: &str, salt: &str) -> String {
    HEXLOWER.encode(&crypto::derive(key, &format!("webhook {salt}")))
}

/// All of them, the oldest first.
pub(crate) async fn list(db: &Conn) -> Result<Vec<Webhook>> {
    Ok(db.all("select * from webhook order by id", ()).await?)
}

/// Adds one; gives its salt. `host` is what the audit log calls it: the rest of an address may be secret.
/// `Validation` on `events` when there are none, on `url` when it is there or when there are many already.
pub(crate) async fn create(write: &Write, url: &str, host: &str, events: &[WebhookEvent]) -> Result<String> {
    let known = list(write).await?;
    let (mut errors, count) = (ValidationErrors::default(), i64::try_from(known.len()).unwrap_or(i64::MAX));
    if events.is_empty() {
        errors.add("events", "Choose at least one event");
    }
    if known.iter().any(|one| one.url == url) {
        errors.add("url", "There is a webhook with this address already. Remove it first");
    } else if count >= MOST {
        errors.add("url", format!("There are {MOST} webhooks already, and no more are possible. Remove one first"));
    }
    errors.finish(|| ())?;
    let (salt, names) =
        (crypto::random_token(), events.iter().map(|event| event.as_str()).collect::<Vec<_>>().join(" "));
    let sql =
        "insert into webhook (url, salt, events, created_at, creator_name) values ($1, $2, $3, $4, $5) returning id";
    let id: i64 = write.value(sql, (url, salt.as_str(), names.as_str(), write.now, write.actor.name.as_str())).await?;
    write.record(AuditEntry::new("webhook.create", "webhook", Some(id), host).detail(names));
    Ok(salt)
}

/// Removes it with what waits for it.
/// `NotFound`.
pub(crate) async fn delete(write: &Write, id: i64, host_of: impl Fn(&str) -> String) -> Result<()> {
    let found: Option<Webhook> = write.optional("select * from webhook where id = $1", (id,)).await?;
    let found = found.ok_or(Error::NotFound)?;
    write.execute("delete from webhook where id = $1", (id,)).await?;
    write.record(AuditEntry::new("webhook.delete", "webhook", Some(id), host_of(&found.url)));
    Ok(())
}
