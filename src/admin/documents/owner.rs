//! The screen on which the owner of a document is chosen.

use axum::{http::StatusCode, response::Response};
use serde::{Deserialize, Serialize};

use super::{paths, version_diff::DocumentHeading};
use crate::{
    admin::{
        paths::OwnerPath,
        shared::{admin_context::AdminContext, routes::Routes},
    },
    error::{Error, Result, ValidationErrors},
    model::{
        document::{
            owner::{self, Owner},
            record::Document,
            with_newest,
        },
        policy::Action,
    },
    web::{
        form::Form,
        form_errors::{FormErrors, SelectOption},
    },
};

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes.get(Action::Edit, show).post(Action::Edit, update)
}

/// Codes of owners: the one that was chosen, and the one that the form was drawn with.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct OwnerForm {
    owner: String,
    was_owner: String,
}

#[derive(Serialize)]
struct OwnerView {
    head: DocumentHeading,
    action: String,
    /// In words; empty for nobody.
    now: String,
    options: Vec<SelectOption>,
    owner: String,
    was_owner: String,
    errors: FormErrors,
}

async fn show(OwnerPath { id }: OwnerPath, admin: AdminContext) -> Result<Response> {
    draw(&admin, id, None, (StatusCode::OK, FormErrors::default())).await
}

/// `chosen`: the code that was sent.
async fn draw(
    admin: &AdminContext,
    id: i64,
    chosen: Option<String>,
    (status, errors): (StatusCode, FormErrors),
) -> Result<Response> {
    let db = admin.app.read();
    let (document, newest) = with_newest::get(db, id).await?;
    let now = owner::of(db, id).await?;
    let mut choices = owner::choices(db).await?;
    if choices.iter().all(|(known, _)| *known != now.owner()) {
        choices.push((now.owner(), now.describe()));
    }
    let was_owner = now.owner().code();
    let view = OwnerView {
        head: DocumentHeading::of(&document, &newest),
        action: paths::owner(id),
        now: now.describe(),
        options: choices.into_iter().map(|(owner, name)| SelectOption::new(owner.code(), name)).collect(),
        owner: chosen.unwrap_or_else(|| was_owner.clone()),
        was_owner,
        errors,
    };
    let title = format!("Owner of “{}”", newest.content.title);
    admin.screen_as(status, "admin/documents/owner.html", &title, &view).await
}

async fn update(OwnerPath { id }: OwnerPath, admin: AdminContext, Form(form): Form<OwnerForm>) -> Result<Response> {
    let chosen = Owner::from_code(&form.owner);
    let was = Owner::from_code(&form.was_owner).unwrap_or(Owner::Nobody);
    let changed = admin.change(async |write| {
        let document = Document::get(write, id).await?;
        let chosen = chosen.ok_or_else(|| ValidationErrors::one("owner", "Choose an owner of the list"))?;
        owner::set(write, &document, was, chosen).await
    });
    let (title, name) = match changed.await {
        Ok(changed) => changed,
        Err(Error::Conflict(sentence)) => {
            let errors = FormErrors::from(ValidationErrors::one("owner", sentence));
            return draw(&admin, id, Some(form.owner), (StatusCode::CONFLICT, errors)).await;
        }
        Err(error) => {
            let errors = FormErrors::from(error.validation_errors()?);
            return draw(&admin, id, Some(form.owner), (errors.status(), errors)).await;
        }
    };
    let edit = paths::find_edit_screen(&admin, id).await?;
    let sentence = match chosen {
        Some(Owner::Nobody) | None => format!("“{title}” has no owner now."),
        _ => format!("The owner of “{title}” is “{name}” now."),
    };
    admin.done(&edit, sentence).await
}

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples =
    &[("admin/documents/owner.html", crate::admin::shared::admin_context::sample_screen::<OwnerView>)];

#[cfg(test)]
crate::state::template_samples::sampled! {
    OwnerView { head, action, now, options, owner, was_owner, errors }
}
