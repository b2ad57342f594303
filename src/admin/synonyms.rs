//! The form of the synonyms: words and abbreviations that mean the same when someone searches. They are a setting with a
//! form of its own, because editors keep them.

use axum::response::Response;
use axum_extra::routing::TypedPath;
use serde::{Deserialize, Serialize};

use super::{
    paths::SynonymsPath,
    shared::{
        admin_context::AdminContext,
        form_outcome::{FormOutcome, FormState},
        merged_form::{FormBase, FormField, Log, MergedForm},
        routes::Routes,
    },
};
use crate::{
    error::Result,
    model::{
        policy::Action,
        settings::{self, Settings},
        write::Write,
    },
    text::clean,
    web::form::Form,
};

const PATH: &str = SynonymsPath::PATH;
/// Where the audit log says who changed them.
const LOG: Log = Log { action: "settings.change", subject_id: None, names: Some(settings::names) };

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes.get(Action::Publish, edit).post(Action::Publish, update)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct SynonymsForm {
    synonyms: String,
    #[serde(flatten)]
    base: FormBase,
}

#[derive(Default, Serialize)]
struct View {
    synonyms: String,
    base: FormBase,
    #[serde(flatten)]
    state: FormState,
}

fn field<'a>(typed: &'a str, now: &'a str) -> [FormField<'a>; 1] {
    [FormField { name: "synonyms", label: "Synonyms", typed, now }]
}

async fn draw(admin: &AdminContext, view: View) -> Result<Response> {
    admin.screen_as(view.state.status(), "admin/synonyms.html", "Synonyms", &view).await
}

async fn edit(_: SynonymsPath, admin: AdminContext) -> Result<Response> {
    let synonyms = Settings::load(admin.app.read()).await?.synonyms;
    let base = FormBase::of(&field(&synonyms, &synonyms));
    draw(&admin, View { synonyms, base, ..View::default() }).await
}

async fn update(_: SynonymsPath, admin: AdminContext, Form(form): Form<SynonymsForm>) -> Result<Response> {
    match admin.change(async |write| save(&admin, write, &form).await).await {
        Ok(FormOutcome::Saved(())) => admin.done(PATH, "The synonyms are saved. Searches use them in a moment.").await,
        Ok(FormOutcome::Again(view)) => draw(&admin, view).await,
        Err(error) => admin.refuse(PATH, error).await,
    }
}

async fn save(admin: &AdminContext, write: &Write, form: &SynonymsForm) -> Result<FormOutcome<(), View>> {
    let stored = Settings::load(write).await?;
    let typed = clean::lines(&form.synonyms);
    let mut merged = form.base.merge(&field(&typed, &stored.synonyms));
    merged.name_authors(admin, LOG).await?;
    let settings = Settings { synonyms: merged.value("synonyms").to_owned(), ..stored.clone() };
    if let Err(mut invalid) = settings.check() {
        invalid.list.extend(merged.invalid.list.iter().cloned());
        let base = form.base.clone();
        let state = merged.into_state_with(invalid);
        return Ok(FormOutcome::Again(View { synonyms: form.synonyms.clone(), base, state }));
    }
    if merged.needs_choice() {
        return Ok(FormOutcome::Again(with_choice(&stored.synonyms, merged)));
    }
    merged.check_changed()?;
    settings.save(write).await?;
    Ok(FormOutcome::Saved(()))
}

/// The form with the two texts that clash side by side.
fn with_choice(now: &str, merged: MergedForm) -> View {
    View {
        synonyms: merged.displayed_value("synonyms").to_owned(),
        base: FormBase::of(&field(now, now)),
        state: merged.into_state(),
    }
}

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples =
    &[("admin/synonyms.html", crate::admin::shared::admin_context::sample_screen::<View>)];

#[cfg(test)]
crate::state::template_samples::sampled! {
    View { synonyms, base, state }
}
