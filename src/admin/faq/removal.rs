//! The screens that say what unpublishing a question or moving it to the trash causes; `faq_items` does it.

use axum::response::Response;
use serde::Serialize;

use crate::{
    admin::{
        documents::links::{self, LinkedFrom},
        shared::{admin_context::AdminContext, routes::Routes},
    },
    error::{Error, Result},
    model::{
        document::{self, DocumentKind},
        policy::Action,
        revision,
    },
    web::path::Path,
};

/// The routes of this noun.
#[must_use]
pub fn routes(routes: Routes) -> Routes {
    routes.get("/admin/faq/{id}/unpublish", Action::Publish, ask_unpublish).get(
        "/admin/faq/{id}/delete",
        Action::Publish,
        ask_delete,
    )
}

#[derive(Serialize)]
struct View {
    id: i64,
    title: String,
    live: bool,
    /// Whether it goes to the trash.
    deletes: bool,
    action: String,
    linked_from: LinkedFrom,
}

async fn ask_unpublish(admin: AdminContext, Path(id): Path<i64>) -> Result<Response> {
    draw(&admin, id, false, "Unpublish the question").await
}

async fn ask_delete(admin: AdminContext, Path(id): Path<i64>) -> Result<Response> {
    draw(&admin, id, true, "Move the question to the trash").await
}

async fn draw(admin: &AdminContext, id: i64, deletes: bool, heading: &str) -> Result<Response> {
    let document = document::get(admin.app.read(), id, DocumentKind::FaqItem).await?;
    let newest = revision::latest(admin.app.read(), id).await?.ok_or(Error::NotFound)?;
    let live = document.is_live();
    let linked_from = if live { links::to_item(admin, id).await? } else { LinkedFrom::default() };
    let verb = if deletes { "delete" } else { "unpublish" };
    let action = format!("/admin/faq/{id}/{verb}");
    let view = View { id, title: newest.content.title, live, deletes, action, linked_from };
    admin.screen("admin/faq/remove.html", heading, &view).await
}
