//! tower-sessions over our own table: the id is stored as a hash, and sessions end by the steady clock.

use std::fmt;

use async_trait::async_trait;
use axum::http::HeaderValue;
use time::OffsetDateTime;
use tower_sessions::{
    Expiry, Session, SessionManagerLayer, SessionStore,
    cookie::{Cookie, SameSite},
    session::{Error as SessionError, Id, Record},
    session_store::{Error as StoreError, Result as StoreResult},
};

use crate::{
    clock::Timestamp,
    error::{Error, Result},
    model::{
        session::{self, SessionRow},
        user::User,
    },
    state::app_state::App,
};

/// Key of the signed-in user's id among a session's values.
pub(crate) const USER: &str = "user";
/// Key of the time of signing in.
pub(crate) const SINCE: &str = "since";
/// Key of the time of the last recorded use.
pub(crate) const SEEN: &str = "seen";
/// Key of the credential version that the session began under; with another one it has ended.
pub(crate) const VERSION: &str = "version";
/// Key of the device, in words.
const DEVICE: &str = "device";

/// How long the cookie of a session and the row of an ended one are kept, in seconds: long enough to say why it has
/// ended to a user who comes back after a weekend. It does not decide when a session ends.
pub(crate) const REMEMBERED: i64 = 3 * 24 * 60 * 60;

/// A session ends after this time without a request, in seconds.
pub(crate) const IDLE: i64 = 2 * 60 * 60;
/// A session ends after this time in any case, in seconds.
pub(crate) const ABSOLUTE: i64 = 12 * 60 * 60;

#[derive(Clone)]
pub(crate) struct DbSessionStore(pub(crate) App);

impl fmt::Debug for DbSessionStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DbSessionStore")
    }
}

fn name(app: &App) -> &'static str {
    if app.config.is_https() { "__Host-plinth" } else { "plinth" }
}

/// The layer for the routes of the admin area.
pub(crate) fn layer(app: App) -> SessionManagerLayer<DbSessionStore> {
    let (https, name) = (app.config.is_https(), name(&app));
    SessionManagerLayer::new(DbSessionStore(app))
        .with_name(name)
        .with_secure(https)
        .with_http_only(true)
        .with_same_site(SameSite::Lax)
        .with_path("/")
        .with_expiry(Expiry::OnInactivity(time::Duration::seconds(REMEMBERED)))
}

/// Begins the session of a user who has proved who they are. Nothing of an earlier session is kept, not even its id,
/// which someone may have planted.
pub(crate) async fn begin(app: &App, session: &Session, user: &User, device: String) -> Result<()> {
    session.clear().await;
    session.cycle_id().await.map_err(fault)?;
    let now = app.steady().0;
    for (key, value) in [(USER, user.id), (VERSION, user.credential_version), (SINCE, now), (SEEN, now)] {
        session.insert(key, value).await.map_err(fault)?;
    }
    session.insert(DEVICE, device).await.map_err(fault)?;
    // Stored now, so that a failing storage is reported as such.
    session.save().await.map_err(fault)
}

/// Continues under a new id after the user changed their own password or role, which ended all their sessions.
pub(crate) async fn renew(session: &Session, user: &User) -> Result<()> {
    session.cycle_id().await.map_err(fault)?;
    session.insert(VERSION, user.credential_version).await.map_err(fault)?;
    session.save().await.map_err(fault)
}

/// Records that a session is used, which postpones its idle end; once a minute, so that not every request writes.
pub(crate) async fn note_use(app: &App, session: &Session) -> Result<()> {
    let now = app.steady();
    let seen = session.get::<i64>(SEEN).await.map_err(fault)?.unwrap_or(0);
    if Timestamp(seen).plus(60_000) <= now {
        session.insert(SEEN, now.0).await.map_err(fault)?;
    }
    Ok(())
}

/// The time at which a session ends if it is not used any more, or some seconds before.
pub(crate) async fn end_time(session: &Session) -> Result<Timestamp> {
    let seen = session.get::<i64>(SEEN).await.map_err(fault)?.unwrap_or(0);
    let since = session.get::<i64>(SINCE).await.map_err(fault)?.unwrap_or(0);
    Ok(end_of(Timestamp(since), Timestamp(seen)))
}

fn end_of(since: Timestamp, seen: Timestamp) -> Timestamp {
    seen.plus(IDLE * 1000).min(since.plus(ABSOLUTE * 1000))
}

pub(crate) async fn end(app: &App, session: &Session) -> Result<()> {
    // Loaded first, so that a session which has already ended is not looked up by its id.
    session.get::<i64>(USER).await.map_err(fault)?;
    if let Some(id) = session.id() {
        session::delete(&app.db, &id.to_string()).await?;
    }
    session.flush().await.map_err(fault)
}

/// The cookie that makes the browser forget the session.
pub(crate) fn forget(app: &App) -> Result<HeaderValue> {
    // The layer removes the cookie too, but without `Secure`, which browsers ignore for `__Host-` names.
    let cookie = Cookie::build((name(app), ""))
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(app.config.is_https())
        .path("/")
        .max_age(time::Duration::ZERO);
    HeaderValue::from_str(&cookie.to_string()).map_err(|error| Error::internal("session cookie", error))
}

#[async_trait]
impl SessionStore for DbSessionStore {
    async fn create(&self, record: &mut Record) -> StoreResult<()> {
        loop {
            let stored = self.session_row(record)?;
            if session::create(&self.0.db, &record.id.to_string(), &stored).await.map_err(backend)? {
                return Ok(());
            }
            record.id = Id::default();
        }
    }

    async fn save(&self, record: &Record) -> StoreResult<()> {
        let stored = self.session_row(record)?;
        self.ignore_storage_fault(session::save(&self.0.db, &record.id.to_string(), &stored).await)
    }

    async fn load(&self, id: &Id) -> StoreResult<Option<Record>> {
        let Some((data, end)) = session::load(&self.0.db, &id.to_string(), self.0.steady()).await.map_err(backend)?
        else {
            return Ok(None);
        };
        let data = serde_json::from_str(&data).map_err(|error| StoreError::Decode(error.to_string()))?;
        // Nobody reads this; a steady clock that began in a very wrong year does not fit in.
        let expiry_date = OffsetDateTime::from_unix_timestamp(end.0 / 1000).unwrap_or(OffsetDateTime::UNIX_EPOCH);
        Ok(Some(Record { id: *id, data, expiry_date }))
    }

    async fn delete(&self, id: &Id) -> StoreResult<()> {
        self.ignore_storage_fault(session::delete(&self.0.db, &id.to_string()).await)
    }
}

impl DbSessionStore {
    fn session_row(&self, record: &Record) -> StoreResult<SessionRow> {
        let data = serde_json::to_string(&record.data).map_err(|error| StoreError::Encode(error.to_string()))?;
        let number = |key| record.data.get(key).and_then(serde_json::Value::as_i64);
        let now = self.0.steady();
        let created_at = number(SINCE).map_or(now, Timestamp);
        Ok(SessionRow {
            user_id: number(USER),
            device: record.data.get(DEVICE).and_then(serde_json::Value::as_str).unwrap_or_default().to_owned(),
            data,
            created_at,
            seen_at: number(SEEN).map_or(now, Timestamp),
            expires_at: end_of(created_at, now),
        })
    }

    /// Signed-in users can go on reading while nothing can be written. A session that should have been deleted has ended
    /// by its own values; [`end`] does not rely on this.
    fn ignore_storage_fault(&self, written: Result<()>) -> StoreResult<()> {
        match written {
            Err(Error::Storage(fault) | Error::Lost(fault)) => {
                self.0.fault_log.tell("a session could not be stored", fault);
                Ok(())
            }
            written => written.map_err(backend),
        }
    }
}

/// How an error of the storage is marked on its way through tower-sessions, which passes on text only.
const STORAGE: &str = "storage: ";
/// The same for an error that lasts until the next start.
const LOST: &str = "storage, until the next start: ";

fn backend(error: Error) -> StoreError {
    StoreError::Backend(match error {
        Error::Storage(fault) => format!("{STORAGE}{fault}"),
        Error::Lost(fault) => format!("{LOST}{fault}"),
        other => other.to_string(),
    })
}

/// The error of a session as ours: a failing storage is reported as such wherever it fails.
#[must_use]
pub(crate) fn fault(error: SessionError) -> Error {
    let SessionError::Store(StoreError::Backend(text)) = &error else { return Error::internal("session", error) };
    if let Some(fault) = text.strip_prefix(STORAGE) {
        return Error::Storage(fault.to_owned());
    }
    match text.strip_prefix(LOST) {
        Some(fault) => Error::Lost(fault.to_owned()),
        None => Error::internal("session", error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failing_storage_is_told_as_such() {
        let through = |error| fault(SessionError::Store(backend(error)));
        assert!(matches!(through(Error::Storage("full".to_owned())), Error::Storage(fault) if fault == "full"));
        assert!(matches!(through(Error::Lost("gone".to_owned())), Error::Lost(fault) if fault == "gone"));
        assert!(matches!(through(Error::NotFound), Error::Internal(_)));
    }
}
