//! The form to sign in, as it is drawn at first and again.

use axum::{http::StatusCode, response::Response};
use serde::Serialize;

use crate::{
    admin::shared::{admin_context::When, auth_screen},
    error::Result,
    model::roles,
    state::app_state::App,
    web::form_errors::FormErrors,
};

#[derive(Default, Serialize)]
pub(super) struct View {
    pub(super) email: String,
    pub(super) next: String,
    pub(super) errors: FormErrors,
    pub(super) left: bool,
    /// Why the session has ended, in sentences; or empty.
    pub(super) ended: String,
    pub(super) wait: Option<When>,
    /// Whether the link for the first administrator has to be opened before anyone can be invited.
    pub(super) no_administrator: bool,
    /// Whether nobody can sign in yet, so that a form would be of no use.
    pub(super) no_users: bool,
}

impl View {
    /// An empty form that leads to `next`.
    pub(super) async fn new(app: &App, next: &str) -> Result<Self> {
        Ok(Self {
            next: next.to_owned(),
            no_administrator: !roles::has_administrator(app.read()).await?,
            no_users: !roles::has_users(app.read()).await?,
            ..Self::default()
        })
    }

    pub(super) async fn draw(&self, app: &App, status: StatusCode) -> Result<Response> {
        auth_screen::screen(app, status, "admin/sign_in/new.html", "Sign in", self).await
    }
}

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples =
    &[("admin/sign_in/new.html", crate::admin::shared::auth_screen::sample_screen::<View>)];

#[cfg(test)]
crate::state::template_samples::sampled! {
    View { email, next, errors, left, ended, wait, no_administrator, no_users }
}
