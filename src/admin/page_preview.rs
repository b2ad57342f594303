//! The preview of a page as visitors would get it, made of what was typed or saved, in a frame of the desk.

use axum::response::Response;

use super::{
    document_form::DocumentForm,
    document_preview::{self, Shown},
};
use crate::{
    error::{Error, Result},
    face::{
        desk::Desk,
        page_view::{self, Extras, Subject},
        routes::Routes,
    },
    model::{
        document::Kind,
        page::{
            address::{self, HOME},
            tree,
        },
        policy::Action,
    },
    web::{form::Form, path::Path},
};

/// The routes of this noun.
#[must_use]
pub fn routes(routes: Routes) -> Routes {
    routes
        .get("/admin/pages/{id}/preview", Action::Edit, saved)
        .post_text("/admin/pages/{id}/preview", Action::Edit, typed)
        .post_text("/admin/pages/new/preview", Action::Edit, typed_new)
}

async fn saved(desk: Desk, Path(id): Path<i64>) -> Result<Response> {
    let shown = document_preview::saved(&desk, Kind::Page, id).await?;
    draw_known(&desk, id, shown).await
}

async fn typed(desk: Desk, Path(id): Path<i64>, Form(form): Form<DocumentForm>) -> Result<Response> {
    let shown = document_preview::typed(&desk, Kind::Page, id, &form).await?;
    draw_known(&desk, id, shown).await
}

async fn typed_new(desk: Desk, Form(form): Form<DocumentForm>) -> Result<Response> {
    let shown = document_preview::unsaved(&desk, Kind::Page, (0, 1), &form);
    let path = address_below(&desk, form.parent().unwrap_or_default(), &shown).await?;
    draw(&desk, path, shown).await
}

async fn draw_known(desk: &Desk, id: i64, shown: Shown) -> Result<Response> {
    let path = match tree::node(desk.app.read(), id).await {
        Ok(node) if node.path == HOME => node.path,
        Ok(node) => address_below(desk, node.parent_id, &shown).await?,
        // It was moved to the trash meanwhile.
        Err(Error::NotFound) => address_below(desk, None, &shown).await?,
        Err(other) => return Err(other),
    };
    draw(desk, path, shown).await
}

/// The address that the page would have; on the uppermost level when the page above is gone.
async fn address_below(desk: &Desk, parent: Option<i64>, shown: &Shown) -> Result<String> {
    let above = match parent {
        Some(parent) => match address::of(desk.app.read(), parent).await {
            Ok(path) => Some(path),
            Err(Error::NotFound) => None,
            Err(other) => return Err(other),
        },
        None => None,
    };
    Ok(address::join(above.as_deref(), &shown.revision.content.slug))
}

async fn draw(desk: &Desk, path: String, shown: Shown) -> Result<Response> {
    let subject = Subject { path, revision: shown.revision, preview: shown.label };
    Ok(document_preview::framed(page_view::render(&desk.app, &subject, &Extras::default()).await?))
}
