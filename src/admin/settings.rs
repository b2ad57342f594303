//! The settings of the site: one form for all of them. What is saved here visitors see at once.

use std::collections::BTreeMap;

use axum::{http::StatusCode, response::Response};
use axum_extra::routing::TypedPath;
use serde::{Deserialize, Serialize};

use super::{
    paths::SettingsPath,
    shared::{
        admin_context::AdminContext,
        merged_form::{FieldConflict, FormBase, FormField, Log, MergedForm},
        retention_notices::{self, Notice},
        routes::Routes,
    },
};
use crate::{
    error::{Result, ValidationErrors},
    model::{
        message::retention::{self, DueMessages},
        policy::Action,
        settings::{self, Settings},
    },
    text::count,
    web::{form::Form, form_errors::FormErrors},
};

const PATH: &str = SettingsPath::PATH;
/// Where the audit log says who changed them.
const LOG: Log = Log { action: "settings.change", subject_id: None, names: Some(settings::names) };

/// The routes of this noun.
#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes.get(Action::ChangeSettings, edit).post(Action::ChangeSettings, update)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct SettingsForm {
    #[serde(flatten)]
    typed: Values,
    /// The number of messages that a shorter retention would delete, typed to agree to it.
    retention_count: String,
    #[serde(flatten)]
    base: FormBase,
}

/// The values of the form.
#[derive(Debug, Default, Clone, Deserialize, Serialize)]
#[serde(default)]
pub(crate) struct Values {
    site_name: String,
    tagline: String,
    contact_address: String,
    footer: String,
    language: String,
    time_zone: String,
    retention_months: String,
}

impl Values {
    fn of(settings: &Settings) -> Self {
        let settings = settings.clone();
        Self {
            site_name: settings.site_name,
            tagline: settings.tagline,
            contact_address: settings.contact_address,
            footer: settings.footer,
            language: settings.language,
            time_zone: settings.time_zone,
            retention_months: settings.retention_months.to_string(),
        }
    }

    fn parse(&self) -> Result<Settings, ValidationErrors> {
        let settings = self.to_settings();
        settings.check()?;
        Ok(settings)
    }

    /// As they would be stored; a value that is not a number of months stays as it is.
    fn clean(&self) -> Self {
        let months = self.retention_months.trim();
        let retention_months = months.parse::<i64>().map_or_else(|_| months.to_owned(), |months| months.to_string());
        Self { retention_months, ..Self::of(&self.to_settings()) }
    }

    fn to_settings(&self) -> Settings {
        Settings {
            site_name: self.site_name.clone(),
            tagline: self.tagline.clone(),
            contact_address: self.contact_address.clone(),
            footer: self.footer.clone(),
            language: self.language.clone(),
            time_zone: self.time_zone.clone(),
            // What is not a number counts as out of range.
            retention_months: self.retention_months.trim().parse().unwrap_or(0),
        }
        .clean()
    }

    /// These values beside those that are stored.
    fn beside<'a>(&'a self, now: &'a Self) -> [FormField<'a>; 7] {
        let field = |name, label, typed, now| FormField { name, label, typed, now };
        [
            field("site_name", "Name of the site", &self.site_name, &now.site_name),
            field("tagline", "Tagline", &self.tagline, &now.tagline),
            field("contact_address", "Contact address", &self.contact_address, &now.contact_address),
            field("footer", "Footer", &self.footer, &now.footer),
            field("language", "Language", &self.language, &now.language),
            field("time_zone", "Time zone", &self.time_zone, &now.time_zone),
            field("retention_months", "Months that messages are kept", &self.retention_months, &now.retention_months),
        ]
    }

    /// Each field with what `value` gives for its name.
    fn each<'a>(value: impl Fn(&str) -> &'a str) -> Self {
        let value = |name| value(name).to_owned();
        Self {
            site_name: value("site_name"),
            tagline: value("tagline"),
            contact_address: value("contact_address"),
            footer: value("footer"),
            language: value("language"),
            time_zone: value("time_zone"),
            retention_months: value("retention_months"),
        }
    }
}

#[derive(Default, Serialize)]
struct View<'a> {
    typed: Values,
    base: BTreeMap<&'a str, &'a str>,
    errors: FormErrors,
    clashes: Vec<FieldConflict>,
    /// What a shorter retention would delete, while it asks for the number.
    deletes: String,
    delete_total: String,
    retention_count: String,
    notices: Vec<Notice>,
}

async fn draw(admin: &AdminContext, status: StatusCode, view: View<'_>) -> Result<Response> {
    let view = View { notices: retention_notices::notices(admin).await?, ..view };
    admin.screen_as(status, "admin/settings.html", "Settings", &view).await
}

/// `GET /admin/settings`
pub(crate) async fn edit(_: SettingsPath, admin: AdminContext) -> Result<Response> {
    let typed = Values::of(&admin.settings);
    let base = FormBase::of(&typed.beside(&typed));
    draw(&admin, StatusCode::OK, View { typed: typed.clone(), base: base.hidden(), ..View::default() }).await
}

/// `POST /admin/settings`
pub(crate) async fn update(_: SettingsPath, admin: AdminContext, Form(form): Form<SettingsForm>) -> Result<Response> {
    let typed = form.typed.clean();
    let write = admin.write().await?;
    let now = Values::of(&Settings::load(&write).await?);
    let mut merged = form.base.merge(&typed.beside(&now));
    merged.name_authors(&admin, LOG).await?;
    let settings = match Values::each(|name| merged.value(name)).parse() {
        Ok(settings) => settings,
        Err(invalid) => {
            drop(write);
            return draw_faults(&admin, &form, merged, invalid).await;
        }
    };
    if merged.needs_choice() {
        drop(write);
        return ask_for_choice(&admin, &now, merged).await;
    }
    if !merged.changed {
        drop(write);
        return admin.not_done(PATH, "You changed nothing, so nothing was saved.").await;
    }
    let due = settings.would_delete(&write).await?;
    if due.total() > 0 && count::parse(&form.retention_count) != Some(due.total()) {
        drop(write);
        return ask_for_count(&admin, &form, merged, &due).await;
    }
    settings.save(&write).await?;
    if due.total() > 0 {
        retention::agree(&write, due.total()).await?;
    }
    write.commit().await?;
    admin.done(PATH, "The settings are saved. Visitors see them now.").await
}

async fn draw_faults(
    admin: &AdminContext,
    form: &SettingsForm,
    merged: MergedForm,
    mut invalid: ValidationErrors,
) -> Result<Response> {
    invalid.list.extend(merged.invalid.list.iter().cloned());
    let view = View {
        typed: form.typed.clone(),
        base: form.base.hidden(),
        errors: invalid.into(),
        clashes: merged.into_seen_clashes(),
        ..View::default()
    };
    draw(admin, StatusCode::UNPROCESSABLE_ENTITY, view).await
}

async fn ask_for_choice(admin: &AdminContext, now: &Values, merged: MergedForm) -> Result<Response> {
    let base = FormBase::of(&now.beside(now));
    let status = merged.status();
    let view = View {
        typed: Values::each(|name| merged.displayed_value(name)),
        base: base.hidden(),
        errors: merged.invalid.into(),
        clashes: merged.clashes,
        ..View::default()
    };
    draw(admin, status, view).await
}

/// Asks first; a missing number is a fault only after another one was typed.
async fn ask_for_count(
    admin: &AdminContext,
    form: &SettingsForm,
    merged: MergedForm,
    due: &DueMessages,
) -> Result<Response> {
    let total = count::number(due.total());
    let errors = if form.retention_count.trim().is_empty() {
        FormErrors::default()
    } else {
        ValidationErrors::one("retention_count", format!("Type {total} to delete these messages")).into()
    };
    let view = View {
        typed: form.typed.clone(),
        base: form.base.hidden(),
        errors,
        deletes: due.sentence(),
        delete_total: total,
        retention_count: form.retention_count.clone(),
        clashes: merged.into_seen_clashes(),
        ..View::default()
    };
    draw(admin, StatusCode::UNPROCESSABLE_ENTITY, view).await
}

/// For the test that renders every template.
#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples =
    &[("admin/settings.html", crate::admin::shared::admin_context::sample_screen::<View<'static>>)];

#[cfg(test)]
crate::state::template_samples::sampled! {
    Values { site_name, tagline, contact_address, footer, language, time_zone, retention_months }
    View<'static> { typed, base, errors, clashes, deletes, delete_total, retention_count, notices }
}
