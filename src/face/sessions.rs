//! tower-sessions over our own table: the id is stored hashed, and the end follows our clock.

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
    model::session,
    text::time::Timestamp,
};

/// Key of the signed-in person's id among a session's values.
pub const PERSON: &str = "person";
/// Key of the time of signing in.
pub const SINCE: &str = "since";
/// Key of the time of the last request that was noted.
pub const SEEN: &str = "seen";

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
pub async fn begin(app: &App, session: &Session, person_id: i64) -> Result<()> {
    let fault = |error| Error::internal("session", error);
    session.clear().await;
    session.cycle_id().await.map_err(fault)?;
    let now = app.now().0;
    for (key, value) in [(PERSON, person_id), (SINCE, now), (SEEN, now)] {
        session.insert(key, value).await.map_err(fault)?;
    }
    Ok(())
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
            let (person, data, end) = self.row(record)?;
            if session::create(&self.0.db, &record.id.to_string(), person, &data, end).await.map_err(backend)? {
                return Ok(());
            }
            record.id = Id::default();
        }
    }

    async fn save(&self, record: &Record) -> StoreResult<()> {
        let (person, data, end) = self.row(record)?;
        session::save(&self.0.db, &record.id.to_string(), person, &data, end).await.map_err(backend)
    }

    async fn load(&self, id: &Id) -> StoreResult<Option<Record>> {
        let Some((data, end)) = session::load(&self.0.db, &id.to_string(), self.0.now()).await.map_err(backend)? else {
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
    fn row(&self, record: &Record) -> StoreResult<(Option<i64>, String, Timestamp)> {
        let data = serde_json::to_string(&record.data).map_err(|error| StoreError::Encode(error.to_string()))?;
        let person = record.data.get(PERSON).and_then(serde_json::Value::as_i64);
        Ok((person, data, self.0.now().plus(IDLE * 1000)))
    }
}

#[expect(clippy::needless_pass_by_value, reason = "fits map_err")]
fn backend(error: Error) -> StoreError {
    StoreError::Backend(error.to_string())
}
