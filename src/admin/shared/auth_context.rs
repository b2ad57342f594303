//! The one extractor of the handlers that sign users in: the state, the session, and who sends the request.

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, request::Parts},
};
use tower_sessions::Session;

use crate::{
    error::{Error, Result},
    state::app_state::App,
    web::client::Client,
};

/// What it takes to sign a user in.
pub(crate) struct AuthContext {
    pub(crate) app: App,
    pub(crate) session: Session,
    pub(crate) client: Client,
    pub(crate) headers: HeaderMap,
}

impl FromRequestParts<App> for AuthContext {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let session = parts.extensions.get::<Session>().cloned().ok_or(Error::Forbidden)?;
        let client = Client::from_request_parts(parts, app).await?;
        Ok(Self { app: app.clone(), session, client, headers: parts.headers.clone() })
    }
}
