//! Saving the filter of a list under a name, and removing it.

use axum::response::Response;
use serde::Deserialize;

use super::{
    paths::{DeleteSavedViewPath, SavedViewsPath},
    shared::{admin_context::AdminContext, main_menu::filtered_list, routes::Routes, saved_views::filter},
};
use crate::{
    error::{Error, Result},
    model::{
        policy::Action,
        saved_view::{self, NewSavedView},
    },
    web::form::Form,
};

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes.post(Action::UseAdmin, create).post(Action::UseAdmin, delete)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ViewForm {
    /// The path of the list.
    list: String,
    query: String,
    name: String,
    /// The views that its user saw.
    seen: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct SeenForm {
    seen: String,
}

async fn create(_: SavedViewsPath, admin: AdminContext, Form(form): Form<ViewForm>) -> Result<Response> {
    let list = filtered_list(&form.list).ok_or_else(|| Error::BadRequest("There is no such list.".to_owned()))?;
    let query = filter(&form.query);
    let to = format!("{list}?{query}");
    let new = NewSavedView { user_id: admin.user.id, list, name: &form.name, query: &query, seen: &form.seen };
    match saved_view::save(&admin.app.db, new, admin.app.now()).await {
        Ok(name) => admin.done(&to, format!("The view “{name}” was saved. Only you see it.")).await,
        Err(error @ Error::Conflict(_)) => Err(error),
        Err(error) => admin.refuse(&to, error).await,
    }
}

async fn delete(
    DeleteSavedViewPath { id }: DeleteSavedViewPath,
    admin: AdminContext,
    Form(form): Form<SeenForm>,
) -> Result<Response> {
    let view = saved_view::remove(&admin.app.db, admin.user.id, id, &form.seen).await?;
    admin.done(&view.list, format!("The view “{}” was removed.", view.name)).await
}
