//! The preview of a page as visitors would get it, made of what was typed or saved, in a frame of the admin area.

use axum::response::Response;

use crate::{
    admin::{
        documents::{
            form::DocumentForm,
            preview::{self, Preview},
        },
        shared::{admin_context::AdminContext, routes::Routes},
    },
    error::{Error, Result},
    model::{
        document::DocumentKind,
        page::{
            path::{self, HOME},
            tree,
        },
        policy::Action,
    },
    render::{
        page::{self, RenderOptions},
        render_input::RenderInput,
    },
    web::{form::Form, path::Path},
};

/// The routes of this noun.
#[must_use]
pub fn routes(routes: Routes) -> Routes {
    routes
        .get("/admin/pages/{id}/preview", Action::Edit, show)
        .post_text("/admin/pages/{id}/preview", Action::Edit, preview)
        .post_text("/admin/pages/new/preview", Action::Edit, preview_new)
}

async fn show(admin: AdminContext, Path(id): Path<i64>) -> Result<Response> {
    let shown = preview::preview_saved(&admin, DocumentKind::Page, id).await?;
    draw_known(&admin, id, shown).await
}

async fn preview(admin: AdminContext, Path(id): Path<i64>, Form(form): Form<DocumentForm>) -> Result<Response> {
    let shown = preview::preview_input(&admin, DocumentKind::Page, id, &form).await?;
    draw_known(&admin, id, shown).await
}

async fn preview_new(admin: AdminContext, Form(form): Form<DocumentForm>) -> Result<Response> {
    let shown = preview::preview_unsaved(&admin, DocumentKind::Page, (0, 1), &form);
    let path = path_below(&admin, form.parent().unwrap_or_default(), &shown).await?;
    draw(&admin, path, shown).await
}

async fn draw_known(admin: &AdminContext, id: i64, shown: Preview) -> Result<Response> {
    let path = match tree::node(admin.app.read(), id).await {
        Ok(node) if node.path == HOME => node.path,
        Ok(node) => path_below(admin, node.parent_id, &shown).await?,
        // It was moved to the trash meanwhile.
        Err(Error::NotFound) => path_below(admin, None, &shown).await?,
        Err(other) => return Err(other),
    };
    draw(admin, path, shown).await
}

/// The address that the page would have; on the uppermost level when the page above is gone.
async fn path_below(admin: &AdminContext, parent: Option<i64>, shown: &Preview) -> Result<String> {
    let above = match parent {
        Some(parent) => match path::of(admin.app.read(), parent).await {
            Ok(path) => Some(path),
            Err(Error::NotFound) => None,
            Err(other) => return Err(other),
        },
        None => None,
    };
    Ok(path::join(above.as_deref(), &shown.revision.content.slug))
}

async fn draw(admin: &AdminContext, path: String, shown: Preview) -> Result<Response> {
    let subject = RenderInput { path, revision: shown.revision, preview: shown.label };
    Ok(preview::frame(page::render(&admin.app, &subject, &RenderOptions::default()).await?))
}
