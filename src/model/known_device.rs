//! The devices on which a user has signed in, as their list shows them: in words, never by what a browser sends. A device that
//! is not in the list is not known, whatever its cookie says. Like sessions they are no content, and
//! their times are of the steady clock.

use super::mail::outbox::{self, MailKind, NewMail};
use crate::{
    clock::Timestamp,
    crypto,
    db::{conn::Conn, pool::Db, transaction::Transaction},
    error::Result,
};

/// Most devices of a user; the one that was used longest ago is forgotten first.
const MOST: i64 = 50;

#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct KnownDevice {
    pub(crate) id: i64,
    /// Browser and system.
    pub(crate) device: String,
    /// A part of the address of the last sign-in.
    pub(crate) network: String,
    pub(crate) first_seen_at: Timestamp,
    pub(crate) last_seen_at: Timestamp,
    /// Whether it is the one that asks.
    pub(crate) own: bool,
}

/// A sign-in on a device, which has an id of its own.
pub(crate) struct DeviceUse<'a> {
    pub(crate) user_id: i64,
    pub(crate) device_id: &'a str,
    pub(crate) device: &'a str,
    pub(crate) network: &'a str,
    /// The time in the e-mail by which the user is told, when the device is new; none: they are not told.
    pub(crate) told_at: Option<Timestamp>,
}

/// Those of a user, the one last used first; `own` is the id of the one that asks.
pub(crate) async fn list(db: &Conn, user_id: i64, own: &str) -> Result<Vec<KnownDevice>> {
    Ok(db
        .all(
            "select id, device, network, first_seen_at, last_seen_at, device_hash = $2 as own from known_device \
             where user_id = $1 order by last_seen_at desc, id desc",
            (user_id, crypto::hash(own)),
        )
        .await?)
}

pub(crate) async fn is_listed(db: &Conn, user_id: i64, device_id: &str) -> Result<bool> {
    let sql = "select id from known_device where device_hash = $1 and user_id = $2";
    Ok(db.optional::<(i64,)>(sql, (crypto::hash(device_id), user_id)).await?.is_some())
}

/// Notes a sign-in. Gives when this device was used before; none for one that is new.
pub(crate) async fn note_use(db: &Db, used: &DeviceUse<'_>, now: Timestamp) -> Result<Option<Timestamp>> {
    let tx = Transaction::begin(db).await?;
    let hash = crypto::hash(used.device_id);
    let sql = "select last_seen_at from known_device where device_hash = $1 and user_id = $2";
    let before: Option<(Timestamp,)> = tx.optional(sql, (hash.as_str(), used.user_id)).await?;
    if before.is_some() {
        let sql = "update known_device set device = $3, network = $4, last_seen_at = $5 where device_hash = $1 and user_id = $2";
        tx.execute(sql, (hash.as_str(), used.user_id, used.device, used.network, now)).await?;
    } else {
        let sql = "insert into known_device (user_id, device_hash, device, network, first_seen_at, last_seen_at) \
                   values ($1, $2, $3, $4, $5, $5)";
        tx.execute(sql, (used.user_id, hash.as_str(), used.device, used.network, now)).await?;
        let sql = "delete from known_device where user_id = $1 and id not in \
                   (select id from known_device where user_id = $1 order by last_seen_at desc, id desc limit $2)";
        tx.execute(sql, (used.user_id, MOST)).await?;
        if let Some(now) = used.told_at {
            outbox::add(&tx, &NewMail::to_user(MailKind::NewDevice, used.user_id), now).await?;
        }
    }
    tx.commit().await?;
    Ok(before.map(|(time,)| time))
}

/// The newest device of a user that was first used after a time.
pub(crate) async fn newest_since(db: &Conn, user_id: i64, time: Timestamp) -> Result<Option<KnownDevice>> {
    Ok(db
        .optional(
            "select id, device, network, first_seen_at, last_seen_at, false as own from known_device \
             where user_id = $1 and first_seen_at > $2 order by first_seen_at desc limit 1",
            (user_id, time),
        )
        .await?)
}

/// Forgets a device of a user; `false` when there is none.
pub(crate) async fn forget(db: &Db, user_id: i64, id: i64) -> Result<bool> {
    let tx = Transaction::begin(db).await?;
    let rows = tx.execute("delete from known_device where id = $1 and user_id = $2", (id, user_id)).await?;
    tx.commit().await?;
    Ok(rows == 1)
}

/// Forgets those that were last used before a time.
pub(crate) async fn tidy(db: &Db, time: Timestamp) -> Result<()> {
    let sql = "select id from known_device where last_seen_at < $1 limit 1";
    if db.read().optional::<(i64,)>(sql, (time,)).await?.is_none() {
        return Ok(());
    }
    let tx = Transaction::begin(db).await?;
    tx.execute("delete from known_device where last_seen_at < $1", (time,)).await?;
    tx.commit().await
}
