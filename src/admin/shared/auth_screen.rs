//! The screens in front of the admin area: sign-in, one-time links, the page that keeps what was typed. Nobody is signed in
//! here, so there is no sidebar; `templates/admin/auth.html` surrounds them.

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Serialize;

use crate::{error::Result, model::settings::Settings, render::error_page, state::app_state::App, work};

#[derive(Serialize)]
struct AuthScreen<'a, V> {
    title: &'a str,
    /// Whether what was asked for was not done, so that the title says so first.
    is_error: bool,
    site_name: &'a str,
    #[serde(flatten)]
    view: &'a V,
}

/// Draws a screen: the template with the fields of `view`, a title and the site's name.
pub(crate) async fn screen(
    app: &App,
    status: StatusCode,
    template: &str,
    title: &str,
    view: &impl Serialize,
) -> Result<Response> {
    let settings = Settings::load(app.read()).await?;
    let screen_view =
        AuthScreen { title, is_error: error_page::is_refusal(status), site_name: &settings.site_name, view };
    let page = work::run_blocking(|| app.templates.render(template, &screen_view))?;
    Ok((status, page).into_response())
}

#[cfg(test)]
pub(crate) fn sample_screen<V: crate::state::template_samples::Sample + Serialize>(
    random: &mut crate::state::template_samples::Random,
) -> serde_json::Value {
    let (title, site_name) = crate::state::template_samples::Sample::sample(random);
    let is_error = crate::state::template_samples::Sample::sample(random);
    serde_json::to_value(AuthScreen { title, is_error, site_name, view: &V::sample(random) }).unwrap()
}
