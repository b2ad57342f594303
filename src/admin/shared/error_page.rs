//! An error page within the admin area, for signed-in users: what went wrong, with the menu of the admin area around
//! it. Faults of the server are left to `render::error_page`, as they may also break this page.

use axum::{
    extract::FromRequestParts,
    http::{Method, StatusCode, header, request::Parts},
    response::Response,
};
use serde::Serialize;

use super::admin_context::AdminContext;
use crate::{
    error::Result,
    render::error_page,
    state::app_state::App,
    text::isolate,
    web::{error_info::ErrorInfo, request_context::RequestContext},
};

#[derive(Serialize)]
struct View {
    message: String,
    /// Empty when the log has no line about it.
    reference: String,
}

/// The parts of a request that are needed to draw this page; none for any other method than GET and HEAD.
#[must_use]
pub(crate) fn reader(parts: &Parts) -> Option<Parts> {
    matches!(parts.method, Method::GET | Method::HEAD).then(|| parts.clone())
}

/// The same response with a page, if it is an error that has none.
pub(crate) async fn draw(app: &App, reader: Option<Parts>, response: Response) -> Response {
    let Some(reader) = reader else { return response };
    if !response.status().is_client_error() || !error_page::is_bare_error(&response) {
        return response;
    }
    let said = response.extensions().get::<ErrorInfo>().map(|fault| fault.message.clone()).unwrap_or_default();
    match page(app, reader, response.status(), &said).await {
        Ok(page) => {
            let (mut head, _) = response.into_parts();
            let (drawn, body) = page.into_parts();
            head.headers.remove(header::CONTENT_LENGTH);
            head.headers.extend(drawn.headers);
            Response::from_parts(head, body)
        }
        Err(error) => {
            app.fault_log.tell("an error page of the admin area could not be drawn", error);
            response
        }
    }
}

async fn page(app: &App, mut reader: Parts, status: StatusCode, said: &str) -> Result<Response> {
    let (title, usual) = match status {
        StatusCode::NOT_FOUND => NOT_HERE,
        StatusCode::FORBIDDEN => NO_RIGHT,
        other => error_page::title_and_sentence(other),
    };
    let reference = error_page::reference(reader.extensions.get::<RequestContext>());
    let view = View { message: if said.is_empty() { usual.to_owned() } else { isolate::quotations(said) }, reference };
    let admin = AdminContext::from_request_parts(&mut reader, app).await?;
    admin.screen_as(status, "admin/error.html", title, &view).await
}

const NOT_HERE: (&str, &str) =
    ("This is not here", "The address may be mistyped, or what you were looking for was deleted or is in the trash.");
const NO_RIGHT: (&str, &str) = ("You may not see this", "Your role has no right to this screen.");

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples =
    &[("admin/error.html", crate::admin::shared::admin_context::sample_screen::<View>)];

#[cfg(test)]
crate::state::template_samples::sampled! {
    View { message, reference }
}
