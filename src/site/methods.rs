//! The methods of a path besides GET and HEAD: only a page with the contact form takes a POST.

use axum::{
    extract::State,
    http::{HeaderValue, Method, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};

use super::lookup;
use crate::{
    error::Result,
    model::{document::choices::Layout, page::public},
    state::app_state::App,
};

/// Of what can only be read.
pub(super) const READ: HeaderValue = HeaderValue::from_static("GET, HEAD");

/// Any other method than GET, HEAD and POST.
/// `NotFound` or `Gone` when there is no page.
pub(crate) async fn other(State(app): State<App>, method: Method, uri: Uri) -> Result<Response> {
    let Some(page) = public::at(app.read(), uri.path()).await? else {
        return lookup::redirect_or_gone(&app, &uri).await;
    };
    Ok(allow(&method, allow_header(page.revision.content.layout)))
}

/// The answer of a path that takes only these `methods`: 204 with them for `OPTIONS`, 405 for any other.
pub(super) fn allow(method: &Method, methods: HeaderValue) -> Response {
    let status = if method == Method::OPTIONS { StatusCode::NO_CONTENT } else { StatusCode::METHOD_NOT_ALLOWED };
    (status, [(header::ALLOW, methods)]).into_response()
}

/// The methods of a page with this layout.
#[must_use]
pub(crate) fn allow_header(layout: Layout) -> HeaderValue {
    if layout == Layout::Contact { HeaderValue::from_static("GET, HEAD, POST") } else { READ }
}
