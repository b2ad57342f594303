//! The settings of the site: one form for all of them. What is saved here visitors see at once.

use axum::{http::StatusCode, response::Response};
use serde::{Deserialize, Serialize};

use crate::{
    error::{Invalid, Result},
    face::{desk::Desk, problems::Problems, routes::Routes},
    model::{policy::Action, settings::Settings},
    text::clean,
    web::form::Form,
};

const PATH: &str = "/admin/settings";

/// The routes of this noun.
#[must_use]
pub fn routes(routes: Routes) -> Routes {
    routes.get(PATH, Action::ChangeSettings, show).post(PATH, Action::ChangeSettings, save)
}

/// The settings as typed.
#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct SettingsForm {
    site_name: String,
    tagline: String,
    contact_address: String,
    footer: String,
    time_zone: String,
    retention_months: String,
}

impl SettingsForm {
    fn of(settings: &Settings) -> Self {
        let settings = settings.clone();
        Self {
            site_name: settings.site_name,
            tagline: settings.tagline,
            contact_address: settings.contact_address,
            footer: settings.footer,
            time_zone: settings.time_zone,
            retention_months: settings.retention_months.to_string(),
        }
    }

    fn parse(&self) -> Result<Settings, Invalid> {
        let settings = Settings {
            site_name: clean::line(&self.site_name),
            tagline: clean::line(&self.tagline),
            contact_address: clean::line(&self.contact_address),
            footer: clean::lines(&self.footer),
            time_zone: clean::line(&self.time_zone),
            // No number is a number out of range.
            retention_months: self.retention_months.trim().parse().unwrap_or(0),
        };
        settings.check()?;
        Ok(settings)
    }
}

#[derive(Serialize)]
struct View<'a> {
    typed: &'a SettingsForm,
    errors: Problems,
}

/// `GET /admin/settings`
pub async fn show(desk: Desk) -> Result<Response> {
    let view = View { typed: &SettingsForm::of(&desk.settings), errors: Problems::default() };
    desk.screen("admin/settings.html", "Settings", &view).await
}

/// `POST /admin/settings`
pub async fn save(desk: Desk, Form(typed): Form<SettingsForm>) -> Result<Response> {
    let settings = match typed.parse() {
        Ok(settings) => settings,
        Err(invalid) => {
            let view = View { typed: &typed, errors: invalid.into() };
            return desk.screen_as(StatusCode::UNPROCESSABLE_ENTITY, "admin/settings.html", "Settings", &view).await;
        }
    };
    if settings == desk.settings {
        return desk.not_done(PATH, "You changed nothing, so nothing was saved.").await;
    }
    let write = desk.write().await?;
    settings.save(&write).await?;
    write.commit().await?;
    desk.done(PATH, "The settings are saved. Visitors see them now.").await
}
