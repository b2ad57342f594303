//! The settings of the site: one form for all of them. What is saved here visitors see at once.

use axum::{http::StatusCode, response::Response};
use axum_extra::routing::TypedPath;
use serde::{Deserialize, Serialize};

use crate::{
    admin::{
        paths::SettingsPath,
        shared::{
            admin_context::AdminContext,
            form_outcome::{FormOutcome, FormState},
            merged_form::{FormBase, FormField, Log, MergedForm},
            retention_notices::{self, Notice},
            routes::Routes,
        },
    },
    error::{Result, ValidationErrors},
    model::{
        message::retention::{self, DueMessages},
        policy::Action,
        settings::{self, Settings},
        write::Write,
    },
    text::count,
    web::{form::Form, form_errors::FormErrors},
};

const PATH: &str = SettingsPath::PATH;
/// Where the audit log says who changed them.
const LOG: Log = Log { action: "settings.change", subject_id: None, names: Some(settings::names) };

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
struct View {
    typed: Values,
    base: FormBase,
    #[serde(flatten)]
    state: FormState,
    /// What a shorter retention would delete, while it asks for the number.
    deletes: String,
    delete_total: String,
    retention_count: String,
    notices: Vec<Notice>,
}

impl View {
    /// The form as it was sent.
    fn again(form: &SettingsForm, state: FormState) -> Self {
        Self { typed: form.typed.clone(), base: form.base.clone(), state, ..Self::default() }
    }

    /// The form with the values that clash side by side.
    fn with_choice(now: &Values, merged: MergedForm) -> Self {
        Self {
            typed: Values::each(|name| merged.displayed_value(name)),
            base: FormBase::of(&now.beside(now)),
            state: merged.into_state(),
            ..Self::default()
        }
    }

    /// Asks for the number of messages that a shorter retention deletes; a missing number is an error only after
    /// another one was typed.
    fn with_count(form: &SettingsForm, merged: MergedForm, due: &DueMessages) -> Self {
        let total = count::number(due.total());
        let errors = if form.retention_count.trim().is_empty() {
            FormErrors::default()
        } else {
            ValidationErrors::one("retention_count", format!("Type {total} to delete these messages")).into()
        };
        Self {
            deletes: due.sentence(),
            delete_total: total,
            retention_count: form.retention_count.clone(),
            ..Self::again(form, merged.into_state_with(errors))
        }
    }
}

async fn draw(admin: &AdminContext, view: View) -> Result<Response> {
    let status = if view.deletes.is_empty() { view.state.status() } else { StatusCode::UNPROCESSABLE_ENTITY };
    let view = View { notices: retention_notices::notices(admin).await?, ..view };
    admin.screen_as(status, "admin/settings/edit.html", "Settings", &view).await
}

pub(crate) async fn edit(_: SettingsPath, admin: AdminContext) -> Result<Response> {
    let typed = Values::of(&admin.settings);
    let base = FormBase::of(&typed.beside(&typed));
    draw(&admin, View { typed, base, ..View::default() }).await
}

pub(crate) async fn update(_: SettingsPath, admin: AdminContext, Form(form): Form<SettingsForm>) -> Result<Response> {
    match admin.change(async |write| save(&admin, write, &form).await).await {
        Ok(FormOutcome::Saved(())) => admin.done(PATH, "The settings are saved. Visitors see them now.").await,
        Ok(FormOutcome::Again(view)) => draw(&admin, view).await,
        Err(error) => admin.refuse(PATH, error).await,
    }
}

async fn save(admin: &AdminContext, write: &Write, form: &SettingsForm) -> Result<FormOutcome<(), View>> {
    let now = Values::of(&Settings::load(write).await?);
    let mut merged = form.base.merge(&form.typed.clean().beside(&now));
    merged.name_authors(admin, LOG).await?;
    let settings = match Values::each(|name| merged.value(name)).parse() {
        Ok(settings) => settings,
        Err(mut invalid) => {
            invalid.list.extend(merged.invalid.list.iter().cloned());
            return Ok(FormOutcome::Again(View::again(form, merged.into_state_with(invalid))));
        }
    };
    if merged.needs_choice() {
        return Ok(FormOutcome::Again(View::with_choice(&now, merged)));
    }
    merged.check_changed()?;
    let due = settings.would_delete(write).await?;
    if due.total() > 0 && count::parse(&form.retention_count) != Some(due.total()) {
        return Ok(FormOutcome::Again(View::with_count(form, merged, &due)));
    }
    settings.save(write).await?;
    if due.total() > 0 {
        retention::agree(write, due.total()).await?;
    }
    Ok(FormOutcome::Saved(()))
}

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples =
    &[("admin/settings/edit.html", crate::admin::shared::admin_context::sample_screen::<View>)];

#[cfg(test)]
crate::state::template_samples::sampled! {
    Values { site_name, tagline, contact_address, footer, language, time_zone, retention_months }
    View { typed, base, state, deletes, delete_total, retention_count, notices }
}
