//! The methods of a path other than GET and HEAD: only a page with the contact form takes a POST.

use axum::{
    extract::State,
    http::{HeaderValue, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};

use super::{lookup, page_file};
use crate::{
    error::Result,
    model::{document::choices::Layout, page::public},
    render::page_file::PageFile,
    state::app_state::App,
};

/// Of what can only be read.
pub(super) const READ: HeaderValue = HeaderValue::from_static("GET, HEAD");

/// Any other method than GET, HEAD and POST.
/// `NotFound` or `Gone` when there is no page.
pub(crate) async fn other(State(app): State<App>, uri: Uri) -> Result<Response> {
    if let Some(file) = PageFile::split(uri.path())
        && page_file::exists(&app, file).await?
    {
        return Ok(allow(READ));
    }
    let Some(page) = public::at(app.read(), uri.path()).await? else {
        return lookup::redirect_or_gone(&app, &uri).await;
    };
    Ok(allow(allow_header(page.revision.content.layout)))
}

/// The answer of a path that takes only these `methods`.
pub(super) fn allow(methods: HeaderValue) -> Response {
    (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, methods)]).into_response()
}

/// The methods of a page with this layout.
#[must_use]
pub(crate) fn allow_header(layout: Layout) -> HeaderValue {
    if layout == Layout::Contact { HeaderValue::from_static("GET, HEAD, POST") } else { READ }
}
