//! tower-sessions over our own table: the id is stored hashed, and the end follows the steady clock.

use std::fmt;

use async_trait::async_trait;
use axum::http::HeaderValue;
use time::OffsetDateTime;
use tower_sessions::{
    Expiry, Session, SessionManagerLayer, SessionStore,
    cookie::{Cookie, SameSite},
    session::{Id, Record},
    session_store::{Error as StoreError, Result as StoreResult},
};

use super::state::App;
use crate::{
    error::{Error, Result},
    model::{
        person::Person,
        session::{self, Stored},
    },
    text::time::Timestamp,
};

/// Key of the signed-in person's id among a session's values.
pub const PERSON: &str = "person";
/// Key of the time of signing in.
pub const SINCE: &str = "since";
/// Key of the time of the last request that was noted.
pub const SEEN: &str = "seen";
/// Key of the credential version that the session began under; with another one it has ended.
pub const VERSION: &str = "version";
/// Key of the device, in words.
const DEVICE: &str = "device";

/// A session ends after this time without a request, in seconds.
pub const IDLE: i64 = 2 * 60 * 60;
/// A session ends after this time in any case, in seconds.
pub const ABSOLUTE: i64 = 12 * 60 * 60;

/// The store.
#[derive(Clone)]
pub struct Store(pub App);

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Store")
    }
}

fn name(app: &App) -> &'static str {
    if app.config.is_https() { "__Host-plinth" } else { "plinth" }
}

/// The layer for the routes of the desk.
pub fn layer(app: App) -> SessionManagerLayer<Store> {
    let (https, name) = (app.config.is_https(), name(&app));
    SessionManagerLayer::new(Store(app))
        .with_name(name)
        .with_secure(https)
        .with_http_only(true)
        .with_same_site(SameSite::Lax)
        .with_path("/")
        .with_expiry(Expiry::OnInactivity(time::Duration::seconds(IDLE)))
}

/// Begins the session of a person who has proved who they are. Nothing of a session before it lives on, not even
/// its id: somebody may have planted that.
pub async fn begin(app: &App, session: &Session, person: &Person, device: String) -> Result<()> {
    let fault = |error| Error::internal("session", error);
    session.clear().await;
    session.cycle_id().await.map_err(fault)?;
    let now = app.steady().0;
    for (key, value) in [(PERSON, person.id), (VERSION, person.credential_version), (SINCE, now), (SEEN, now)] {
        session.insert(key, value).await.map_err(fault)?;
    }
    session.insert(DEVICE, device).await.map_err(fault)
}

/// Goes on under a new id after the person changed their own password or role, which ended all their sessions.
pub async fn renew(session: &Session, person: &Person) -> Result<()> {
    let fault = |error| Error::internal("session", error);
    session.cycle_id().await.map_err(fault)?;
    session.insert(VERSION, person.credential_version).await.map_err(fault)
}

/// Ends a session; the cookie that is given makes the browser forget it.
///
/// # Errors
/// When the database fails.
pub async fn end(app: &App, session: &Session) -> Result<HeaderValue> {
    let fault = |error| Error::internal("session", error);
    // Loaded first, so that a session which has ended already is not looked for under its id.
    session.get::<i64>(PERSON).await.map_err(fault)?;
    session.flush().await.map_err(fault)?;
    // The layer takes the cookie back too, but without `Secure`, and browsers pass that over for `__Host-` names.
    let cookie = Cookie::build((name(app), ""))
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(app.config.is_https())
        .path("/")
        .max_age(time::Duration::ZERO);
    HeaderValue::from_str(&cookie.to_string()).map_err(|error| Error::internal("session cookie", error))
}

#[async_trait]
impl SessionStore for Store {
    async fn create(&self, record: &mut Record) -> StoreResult<()> {
        loop {
            let stored = self.stored(record)?;
            if session::create(&self.0.db, &record.id.to_string(), &stored).await.map_err(backend)? {
                return Ok(());
            }
            record.id = Id::default();
        }
    }

    async fn save(&self, record: &Record) -> StoreResult<()> {
        let stored = self.stored(record)?;
        match session::save(&self.0.db, &record.id.to_string(), &stored).await {
            // Who is signed in goes on reading while nothing can be written.
            Err(Error::Storage(fault) | Error::Lost(fault)) => {
                tracing::warn!(fault, "the values of a session could not be stored");
                Ok(())
            }
            saved => saved.map_err(backend),
        }
    }

    async fn load(&self, id: &Id) -> StoreResult<Option<Record>> {
        let Some((data, end)) = session::load(&self.0.db, &id.to_string(), self.0.steady()).await.map_err(backend)?
        else {
            return Ok(None);
        };
        let data = serde_json::from_str(&data).map_err(|error| StoreError::Decode(error.to_string()))?;
        let expiry_date =
            OffsetDateTime::from_unix_timestamp(end.0 / 1000).map_err(|error| StoreError::Decode(error.to_string()))?;
        Ok(Some(Record { id: *id, data, expiry_date }))
    }

    async fn delete(&self, id: &Id) -> StoreResult<()> {
        session::delete(&self.0.db, &id.to_string()).await.map_err(backend)
    }
}

impl Store {
    fn stored(&self, record: &Record) -> StoreResult<Stored> {
        let data = serde_json::to_string(&record.data).map_err(|error| StoreError::Encode(error.to_string()))?;
        let number = |key| record.data.get(key).and_then(serde_json::Value::as_i64);
        let now = self.0.steady();
        let created_at = number(SINCE).map_or(now, Timestamp);
        Ok(Stored {
            person_id: number(PERSON),
            device: record.data.get(DEVICE).and_then(serde_json::Value::as_str).unwrap_or_default().to_owned(),
            data,
            created_at,
            seen_at: number(SEEN).map_or(now, Timestamp),
            expires_at: now.plus(IDLE * 1000).min(created_at.plus(ABSOLUTE * 1000)),
        })
    }
}

#[expect(clippy::needless_pass_by_value, reason = "fits map_err")]
fn backend(error: Error) -> StoreError {
    StoreError::Backend(error.to_string())
}
