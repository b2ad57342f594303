//! The screens that say what unpublishing a question or moving it to the trash causes; `faq_items` does it.

use axum::response::Response;
use serde::Serialize;

use super::document_links::{self, LinkedFrom};
use crate::{
    error::{Error, Result},
    face::{desk::Desk, routes::Routes},
    model::{
        document::{self, Kind},
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

async fn ask_unpublish(desk: Desk, Path(id): Path<i64>) -> Result<Response> {
    draw(&desk, id, false, "Unpublish the question").await
}

async fn ask_delete(desk: Desk, Path(id): Path<i64>) -> Result<Response> {
    draw(&desk, id, true, "Move the question to the trash").await
}

async fn draw(desk: &Desk, id: i64, deletes: bool, heading: &str) -> Result<Response> {
    let document = document::get(desk.app.read(), id, Kind::FaqItem).await?;
    let newest = revision::latest(desk.app.read(), id).await?.ok_or(Error::NotFound)?;
    let live = document.is_live();
    let linked_from = if live { document_links::to_item(desk, id).await? } else { LinkedFrom::default() };
    let verb = if deletes { "delete" } else { "unpublish" };
    let action = format!("/admin/faq/{id}/{verb}");
    let view = View { id, title: newest.content.title, live, deletes, action, linked_from };
    desk.screen("admin/faq/remove.html", heading, &view).await
}
