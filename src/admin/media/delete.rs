//! Deleting a thing of the media library for good: a question that names what would break, and the deletion.

use axum::{http::StatusCode, response::Response};
use axum_extra::routing::TypedPath;
use serde::{Deserialize, Serialize};

use super::{
    thing_view, tidy,
    uses::{Uses, require_right},
};
use crate::{
    admin::{
        paths::{DeleteMediaPath, MediaListPath},
        shared::{admin_context::AdminContext, form_outcome::FormOutcome, routes::Routes},
    },
    error::Result,
    model::{
        media::{deletion, item, usage},
        policy::Action,
    },
    web::form::Form,
};

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes.get(Action::Edit, confirm).post(Action::Edit, delete)
}

#[derive(Serialize)]
struct DeleteView {
    id: i64,
    title: String,
    path: String,
    about: String,
    uses: Uses,
    /// What was said above, to see whether it is still so when the form is sent.
    seen_uses: String,
    /// Whether this user may take it from visitors.
    may_delete: bool,
    /// Why nothing was deleted; may be empty.
    conflict: String,
}

async fn confirm(DeleteMediaPath { id }: DeleteMediaPath, admin: AdminContext) -> Result<Response> {
    draw(&admin, id, String::new()).await
}

async fn draw(admin: &AdminContext, id: i64, conflict: String) -> Result<Response> {
    let status = if conflict.is_empty() { StatusCode::OK } else { StatusCode::CONFLICT };
    let item = item::get(admin.app.read(), id).await?;
    let seen_uses = usage::seen(admin.app.read(), &item).await?;
    let uses = Uses::of(admin, &item.path).await?;
    let heading = format!("Delete “{}”", item.title);
    let view = DeleteView {
        id,
        about: thing_view::describe(&item),
        title: item.title,
        path: item.path,
        seen_uses,
        may_delete: uses.may_change(admin),
        uses,
        conflict,
    };
    admin.screen_as(status, "admin/media/delete.html", &heading, &view).await
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct DeleteForm {
    seen_uses: String,
}

async fn delete(
    DeleteMediaPath { id }: DeleteMediaPath,
    admin: AdminContext,
    Form(form): Form<DeleteForm>,
) -> Result<Response> {
    let deleted = admin.change(async |write| {
        let item = item::get(write, id).await?;
        require_right(write, &admin, &item.path).await?;
        if let Some(sentence) = usage::changed_since(write, &item, &form.seen_uses).await? {
            return Ok(FormOutcome::Again(sentence));
        }
        let files = deletion::delete(write, &item).await?;
        Ok(FormOutcome::Saved((item.title, files)))
    });
    let (title, files) = match deleted.await? {
        FormOutcome::Saved(deleted) => deleted,
        FormOutcome::Again(sentence) => return draw(&admin, id, format!("{sentence} Look at it again.")).await,
    };
    tidy::delete_unnamed(&admin, files).await;
    admin.done(MediaListPath::PATH, format!("“{title}” was deleted.")).await
}

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples =
    &[("admin/media/delete.html", crate::admin::shared::admin_context::sample_screen::<DeleteView>)];

#[cfg(test)]
crate::state::template_samples::sampled! {
    DeleteView { id, title, path, about, uses, seen_uses, may_delete, conflict }
}
