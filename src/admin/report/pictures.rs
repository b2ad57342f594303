//! Pictures without a description, which the editor lets none through of, but an import does; and pictures that the media library does
//! not have, since one can be deleted with the list of what that breaks. Both in texts that visitors see.

use axum::{extract::Query, response::Response};
use axum_extra::routing::TypedPath;

use super::rows::{DocumentList, DocumentRow};
use crate::{
    admin::{
        paths::{MissingPicturesPath, UndescribedPicturesPath},
        shared::{admin_context::AdminContext, routes::Routes},
    },
    error::Result,
    model::{policy::Action, site_report},
    render::pagination::{CursorQuery, List, ListOrder},
};

const ROWS: usize = 50;

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes.get(Action::Edit, undescribed).get(Action::Edit, missing)
}

async fn undescribed(
    _: UndescribedPicturesPath,
    admin: AdminContext,
    Query(query): Query<CursorQuery>,
) -> Result<Response> {
    let from = query.read();
    let list = List { path: UndescribedPicturesPath::PATH, query: &[], order: ListOrder::Ascending, size: ROWS };
    let mut found = site_report::pictures_without_words(admin.app.read(), from.as_ref(), list.limit()).await?;
    let pages = list.paginate(&mut found, from.as_ref(), |document| document.id);
    let view = DocumentList {
        told: "Each of these texts shows a picture without a description (alternative text) that is not decorative either.",
        detail: "",
        rows: found.into_iter().map(DocumentRow::of).collect(),
        above: None,
        empty: (
            "Every picture is described",
            "Live texts with a picture that has no alternative text are listed here.",
        ),
        pages,
    };
    admin.screen("admin/report/list.html", "Pictures without a description", &view).await
}

async fn missing(_: MissingPicturesPath, admin: AdminContext, Query(query): Query<CursorQuery>) -> Result<Response> {
    let from = query.read();
    let list = List { path: MissingPicturesPath::PATH, query: &[], order: ListOrder::Ascending, size: ROWS };
    let mut found = site_report::missing_pictures(admin.app.read(), from.as_ref(), list.limit()).await?;
    let pages = list.paginate(&mut found, from.as_ref(), |document| document.id);
    let view = DocumentList {
        told: "Where the picture was, visitors see its description alone. Choose another picture, or take it out of the text.",
        detail: "Missing",
        rows: found.into_iter().map(DocumentRow::of).collect(),
        above: None,
        empty: (
            "No picture is missing",
            "Live texts with a picture that is not in the media library any more are listed here.",
        ),
        pages,
    };
    admin.screen("admin/report/list.html", "Pictures that are missing", &view).await
}
