//! Between the password and the second factor: a short session that only the server can read and change. Nobody is signed in
//! by it. A guesser may be given one too, with nobody in it, so that it does not tell whether the password was right.

use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::routing::TypedPath;
use serde::{Deserialize, Serialize};
use tower_sessions::Session;

use super::{auth_context::AuthContext, sessions::fault};
use crate::{
    admin::paths::SignInCodePath,
    clock::Timestamp,
    error::{Error, Result},
    model::user::{self, User},
    state::app_state::App,
};

/// Its key among a session's values.
const KEY: &str = "second_step";
/// How long the second factor may take, in milliseconds.
const LASTS: i64 = 10 * 60 * 1000;

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct SecondStep {
    /// Who gave the right password, with their credential version then.
    user: Option<(i64, i64)>,
    /// Which account is meant, in its normal form.
    pub(crate) email: String,
    /// Where to go afterwards.
    pub(crate) next: String,
    begun_at: i64,
}

impl SecondStep {
    #[must_use]
    pub(crate) fn of(auth: &AuthContext, user: &User, next: &str) -> Self {
        let proved = Some((user.id, user.credential_version));
        Self { user: proved, ..Self::of_nobody(auth, &user.email, next) }
    }

    /// For those who gave a wrong password.
    #[must_use]
    pub(crate) fn of_nobody(auth: &AuthContext, email: &str, next: &str) -> Self {
        Self { user: None, email: email.to_owned(), next: next.to_owned(), begun_at: auth.app.steady().0 }
    }

    /// Who gave the right password, if their account is the same since.
    pub(crate) async fn user(&self, app: &App) -> Result<Option<User>> {
        let Some((id, version)) = self.user else { return Ok(None) };
        let user = Error::optional(user::get(app.read(), id).await)?;
        Ok(user.filter(|user| user.active && user.credential_version == version))
    }
}

/// Leads to the second factor.
pub(crate) async fn begin(auth: &AuthContext, step: SecondStep) -> Result<Response> {
    let session = &auth.session;
    session.clear().await;
    session.cycle_id().await.map_err(fault)?;
    session.insert(KEY, step).await.map_err(fault)?;
    session.save().await.map_err(fault)?;
    Ok(Redirect::to(SignInCodePath::PATH).into_response())
}

/// What was begun in this session and may still be finished.
pub(crate) async fn load(app: &App, session: &Session) -> Result<Option<SecondStep>> {
    let step = session.get::<SecondStep>(KEY).await.map_err(fault)?;
    Ok(step.filter(|step| Timestamp(step.begun_at).plus(LASTS) > app.steady()))
}
