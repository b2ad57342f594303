//! Tells a public page that is looked at where its editor is, for the script that offers an editor to go there. The page
//! itself is the same for everyone.

use axum::{
    Json,
    extract::Query,
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};

use super::{
    documents::paths as document_paths,
    paths::EditLinkPath,
    shared::{admin_context::AdminContext, routes::Routes},
};
use crate::{
    error::{Error, Result},
    model::{
        document::{kind::DocumentKind, with_newest},
        page::public,
        policy::Action,
    },
};

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes.get(Action::Edit, show)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct EditLinkQuery {
    path: String,
}

#[derive(Serialize)]
struct EditLink {
    edit: String,
    /// Where the newest version is published; empty when visitors see it, or the user may not publish.
    publish: String,
    version: i64,
}

/// `NotFound` when no page is published at this path.
async fn show(_: EditLinkPath, admin: AdminContext, Query(query): Query<EditLinkQuery>) -> Result<Response> {
    let db = admin.app.read();
    let page = public::at(db, &query.path).await?.ok_or(Error::NotFound)?;
    let (document, newest) = with_newest::get(db, page.revision.document_id).await?;
    let is_public = document.published_revision_id == Some(newest.id);
    let publish =
        if is_public || !admin.may(Action::Publish) { String::new() } else { document_paths::publication(document.id) };
    let edit = document_paths::edit_screen(DocumentKind::Page, document.id);
    Ok(Json(EditLink { edit, publish, version: newest.version }).into_response())
}
