//! The form to sign in, as it is drawn at first and again.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::Response,
};
use serde::Serialize;

use crate::{
    admin::shared::{admin_context::When, auth_screen},
    clock::Timestamp,
    error::Result,
    model::{roles, settings::Settings},
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
    #[serde(flatten)]
    pub(super) offer: SignInOffer,
    /// Whether nobody can sign in yet, so that a form would be of no use.
    pub(super) no_users: bool,
}

/// What there is besides the password, as the site is configured.
#[derive(Default, Serialize)]
pub(super) struct SignInOffer {
    /// Whether the site can have passkeys.
    has_passkeys: bool,
    /// Whether those who forgot their password can have a link sent.
    sends_links: bool,
    /// What the company sign-in is called; empty when there is none.
    company: String,
    /// Whether nothing else signs in.
    only_company: bool,
}

/// Said to those who try another way when there is none.
pub(super) const ONLY_COMPANY: &str = "This portal is signed in to with the company account alone";

impl SignInOffer {
    #[must_use]
    pub(super) fn of(app: &App) -> Self {
        let only_company = app.has_only_company_sign_in();
        Self {
            has_passkeys: app.relying_party.is_ok() && !only_company,
            sends_links: app.mailer.is_some() && !only_company,
            company: app.company.as_ref().map_or_else(String::new, |company| company.label().to_owned()),
            only_company,
        }
    }
}

impl View {
    /// An empty form that leads to `next`.
    pub(super) async fn new(app: &App, next: &str) -> Result<Self> {
        Ok(Self {
            next: next.to_owned(),
            no_administrator: !roles::has_administrator(app.read()).await?,
            offer: SignInOffer::of(app),
            no_users: !roles::has_users(app.read()).await?,
            ..Self::default()
        })
    }

    pub(super) async fn draw(&self, app: &App, status: StatusCode) -> Result<Response> {
        auth_screen::screen(app, status, "admin/sign_in/new.html", "Sign in", self).await
    }
}

/// When to try again, in words.
pub(super) async fn wait(app: &App, seconds: u64) -> Result<When> {
    let now = app.now();
    // Times are shown to the minute: rounded up, so that nobody tries too early.
    let end = now.plus(i64::try_from(seconds).unwrap_or(0) * 1000);
    let end = Timestamp((end.0 + 59_999) / 60_000 * 60_000);
    let zone = Settings::load(app.read()).await?.zone();
    Ok(When::of(end, now.minus(now.0 % 60_000), &zone))
}

/// A response that says after how many seconds to try again.
#[must_use]
pub(super) fn retry_after(mut response: Response, seconds: u64) -> Response {
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    response
}

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples =
    &[("admin/sign_in/new.html", crate::admin::shared::auth_screen::sample_screen::<View>)];

#[cfg(test)]
crate::state::template_samples::sampled! {
    View { email, next, errors, left, ended, wait, no_administrator, offer, no_users }
    SignInOffer { has_passkeys, sends_links, company, only_company }
}
