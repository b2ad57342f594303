//! The form of the settings. A shorter retention deletes messages, so it asks for their number first.

use axum::{http::StatusCode, response::Response};
use axum_extra::routing::TypedPath;
use serde::{Deserialize, Serialize};

use super::values::Values;
use crate::{
    admin::{
        paths::SettingsPath,
        shared::{
            admin_context::AdminContext,
            form_outcome::{FormOutcome, FormState},
            merged_form::{FormBase, Log, MergedForm},
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
struct SettingsForm {
    #[serde(flatten)]
    typed: Values,
    /// The number of messages that a shorter retention would delete, typed to agree to it.
    retention_count: String,
    #[serde(flatten)]
    base: FormBase,
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

async fn edit(_: SettingsPath, admin: AdminContext) -> Result<Response> {
    let typed = Values::of(&admin.settings);
    let base = FormBase::of(&typed.beside(&typed));
    draw(&admin, View { typed, base, ..View::default() }).await
}

async fn update(_: SettingsPath, admin: AdminContext, Form(form): Form<SettingsForm>) -> Result<Response> {
    match admin.change(async |write| save(&admin, write, &form).await).await {
        Ok(FormOutcome::Saved(())) => admin.done(PATH, "The settings are saved. Visitors see them now.").await,
        Ok(FormOutcome::Again(view)) => draw(&admin, view).await,
        Err(error) => admin.refuse(PATH, error).await,
    }
}

async fn save(admin: &AdminContext, write: &Write, form: &SettingsForm) -> Result<FormOutcome<(), View>> {
    let stored = Settings::load(write).await?;
    let now = Values::of(&stored);
    let mut merged = form.base.merge(&form.typed.clean().beside(&now));
    merged.name_authors(admin, LOG).await?;
    let settings = match Values::each(|name| merged.value(name)).parse(&stored) {
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
    View { typed, base, state, deletes, delete_total, retention_count, notices }
}
