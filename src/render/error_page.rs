//! The layer that turns every bare error response into the designed page, or JSON where programs ask, and logs the cause once.
//! Responses that already have a body of their own, such as a form with faults, pass through.

use axum::{
    extract::{Request, State},
    http::{HeaderName, StatusCode, header},
    middleware::Next,
    response::{Html, IntoResponse, Response},
};
use serde::Serialize;

use super::{
    site_paths::API_BASE,
    site_view::{self, PageHead, SiteView},
};
use crate::{
    error::Result,
    state::app_state::App,
    text::isolate,
    web::{
        error_info::{Complete, ErrorInfo},
        path::is_at_or_below,
        problem::problem,
        request_context::RequestContext,
        security_log,
    },
};

/// What the layer is made of.
#[derive(Clone)]
pub(crate) struct ErrorPages {
    pub(crate) app: App,
    /// The path of the admin area; error pages there lead back to it.
    pub(crate) admin: &'static str,
}

pub(crate) async fn draw(State(pages): State<ErrorPages>, request: Request, next: Next) -> Response {
    let ErrorPages { app, admin } = pages;
    let path = request.uri().path().to_owned();
    let is_admin = is_at_or_below(&path, admin);
    let context = request.extensions().get::<RequestContext>().cloned();
    let response = next.run(request).await;
    let status = response.status();
    if !is_bare_error(&response) {
        return response;
    }
    let near = response.extensions().get::<NearMatches>().map(|matches| matches.0.clone()).unwrap_or_default();
    let typed = response.extensions().get::<TypedForm>().cloned();
    let message = report(&app, &response);
    if is_at_or_below(&path, API_BASE) {
        return redraw(&response, problem(status, if message.is_empty() { sentence(status) } else { &message }));
    }
    let error_message = ErrorMessage { status, message, reference: reference(context.as_ref()), near, typed, is_admin };
    let page = page(&app, &path, &error_message).await.unwrap_or_else(|error| {
        app.fault_log.tell("the error page could not be drawn", error);
        plain_page(&app, &error_message)
    });
    redraw(&response, page)
}

/// What an error page says.
struct ErrorMessage {
    status: StatusCode,
    /// Empty for the usual words of the status.
    message: String,
    reference: String,
    near: Vec<Near>,
    typed: Option<TypedForm>,
    is_admin: bool,
}

impl ErrorMessage {
    /// Whether a form was not handled, so that the title says so first.
    const fn is_refused(&self) -> bool {
        is_refusal(self.status) || matches!(self.status, StatusCode::UNPROCESSABLE_ENTITY) || self.typed.is_some()
    }
}

/// Whether a response is an error that still needs a page.
#[must_use]
pub(crate) fn is_bare_error(response: &Response) -> bool {
    let status = response.status();
    (status.is_client_error() || status.is_server_error()) && !has_page(response)
}

/// Whether the status alone says that a form was not handled, so that the title of the page begins with “Error”. With
/// 422, a form may also just ask for more.
#[must_use]
pub(crate) const fn is_refusal(status: StatusCode) -> bool {
    matches!(status, StatusCode::CONFLICT | StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE)
}

/// Logs a fault of the server, of which too much at once is none; gives what the error page says of an error, which may be
/// empty. What makes all requests fail for a while has no line for each of them.
#[must_use]
pub(crate) fn report(app: &App, response: &Response) -> String {
    let info = response.extensions().get::<ErrorInfo>();
    if response.status().is_server_error() && !security_log::is_busy(response) {
        let cause = info.and_then(|info| info.cause.as_deref()).unwrap_or("no cause was told");
        match response.status() {
            StatusCode::SERVICE_UNAVAILABLE => app.fault_log.tell("a request failed", cause),
            status => tracing::error!(status = status.as_u16(), cause, "a request failed"),
        }
    }
    info.map_or_else(String::new, |info| info.message.clone())
}

#[must_use]
pub(crate) fn reference(context: Option<&RequestContext>) -> String {
    context.map_or_else(String::new, |context| context.id.to_string())
}

/// Makes a browser forget what it kept of the site.
pub(crate) const CLEAR_SITE_DATA: HeaderName = HeaderName::from_static("clear-site-data");

/// The page in place of a bare error, with what that says beside its body.
#[must_use]
pub(crate) fn redraw(bare: &Response, page: impl IntoResponse) -> Response {
    let mut drawn = (bare.status(), page).into_response();
    for name in [header::RETRY_AFTER, header::ALLOW, header::CONTENT_RANGE, header::SET_COOKIE, CLEAR_SITE_DATA] {
        for value in bare.headers().get_all(&name) {
            drawn.headers_mut().append(name.clone(), value.clone());
        }
    }
    drawn
}

fn has_page(response: &Response) -> bool {
    if response.extensions().get::<Complete>().is_some() {
        return true;
    }
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    !kind.is_empty() && !kind.starts_with("text/plain")
}

#[derive(Serialize)]
struct ErrorView {
    site: SiteView,
    page: PageHead,
    status: u16,
    message: String,
    near: Vec<Near>,
    typed: Option<TypedForm>,
    reference: String,
    /// Whether it is an address of the admin area, so that the way back to that is shown.
    is_admin: bool,
    /// Whether a form was not handled, so that the title says so first.
    is_refused: bool,
}

/// Travels with the response for a missing page.
#[derive(Debug, Clone)]
pub(crate) struct NearMatches(pub(crate) Vec<Near>);

/// Travels with the response to a form that could not be handled: what was typed, which the page shows to be copied.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct TypedForm {
    /// What fits on a line.
    pub(crate) fields: Vec<TypedField>,
    pub(crate) text: String,
}

#[derive(Debug, Clone, Serialize)]
pub(crate) struct TypedField {
    pub(crate) name: &'static str,
    pub(crate) label: &'static str,
    pub(crate) value: String,
}

/// A page that may be meant instead.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Near {
    pub(crate) title: String,
    /// Clause or part number; may be empty.
    pub(crate) number: String,
    pub(crate) path: String,
    /// The labels of the pages above it.
    pub(crate) trail: Vec<String>,
}

/// The designed page for an error at `path`, with the pages that may be meant instead.
async fn page(app: &App, path: &str, error_message: &ErrorMessage) -> Result<Html<String>> {
    let ErrorMessage { status, message, reference, near, typed, is_admin } = error_message;
    let (title, usual) = title_and_sentence(*status);
    let view = ErrorView {
        is_refused: error_message.is_refused(),
        typed: typed.clone(),
        site: site_view::site(app, path).await?,
        page: PageHead::unlisted(title),
        status: status.as_u16(),
        message: if message.is_empty() { usual.to_owned() } else { isolate::quotations(message) },
        near: near.clone(),
        reference: reference.clone(),
        is_admin: *is_admin,
    };
    app.templates.render("site/error.html", &view)
}

#[derive(Serialize)]
struct PlainView<'a> {
    status: u16,
    title: &'static str,
    message: &'a str,
    typed: Option<&'a TypedForm>,
    reference: &'a str,
    is_refused: bool,
}

/// Without the database, which may be what failed.
fn plain_page(app: &App, error_message: &ErrorMessage) -> Html<String> {
    let ErrorMessage { status, message, reference, typed, .. } = error_message;
    let (title, usual) = title_and_sentence(*status);
    let message = if message.is_empty() { usual } else { message };
    let is_refused = error_message.is_refused();
    let view = PlainView { status: status.as_u16(), title, message, typed: typed.as_ref(), reference, is_refused };
    app.templates
        .render("site/fault.html", &view)
        .unwrap_or_else(|_| Html(format!("<!doctype html><title>{title}</title><h1>{title}</h1>")))
}

/// The title of the page for a status, and what it says when nothing else is known.
pub(crate) const fn title_and_sentence(status: StatusCode) -> (&'static str, &'static str) {
    (title(status), sentence(status))
}

const fn title(status: StatusCode) -> &'static str {
    match status {
        StatusCode::BAD_REQUEST => "This request could not be understood",
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => "You may not do this",
        StatusCode::NOT_FOUND => "There is no page at this address",
        StatusCode::METHOD_NOT_ALLOWED => "This address cannot be used that way",
        StatusCode::NOT_ACCEPTABLE => "This page cannot be sent that way",
        StatusCode::PRECONDITION_FAILED => "This page is not what your program expects",
        StatusCode::REQUEST_TIMEOUT => "The request took too long",
        StatusCode::CONFLICT => "Someone else changed this first",
        StatusCode::GONE => "This page was deleted",
        StatusCode::PAYLOAD_TOO_LARGE => "That is too much at once",
        StatusCode::UNSUPPORTED_MEDIA_TYPE => "This form was sent in an unknown way",
        StatusCode::MISDIRECTED_REQUEST => "This is not that site",
        StatusCode::UNPROCESSABLE_ENTITY => "That cannot be done like this",
        StatusCode::TOO_MANY_REQUESTS => "Too many requests",
        StatusCode::SERVICE_UNAVAILABLE => "The portal is busy",
        _ => "Something went wrong here",
    }
}

const fn sentence(status: StatusCode) -> &'static str {
    match status {
        StatusCode::BAD_REQUEST => "Something in the request was malformed. Go back and try again.",
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
            "Your account has no right to this, or the request came from another site. Go back and try again \
             from the portal itself."
        }
        StatusCode::NOT_FOUND => "The address may be mistyped, or the page may have been removed.",
        StatusCode::METHOD_NOT_ALLOWED => {
            "A page can be read, and a form be sent from its own page; nothing else is possible here. Go back to it."
        }
        StatusCode::NOT_ACCEPTABLE => "Your program accepts no form in which the page could be sent.",
        StatusCode::PRECONDITION_FAILED => "It has changed, or cannot be compared. Load it again.",
        StatusCode::REQUEST_TIMEOUT => "Check your connection, look whether your change was made, and try again.",
        StatusCode::CONFLICT => {
            "What you were about to change has changed in the meantime. Go back, look at it again, and repeat \
             what is still needed."
        }
        StatusCode::GONE => {
            "It was at this address and was taken away for good. One of the main sections may have what you need."
        }
        StatusCode::PAYLOAD_TOO_LARGE => {
            "What you sent is larger than this form takes, and too large to be shown here. Nothing was saved. \
             Go back with your browser: the form most likely still holds what you typed. Copy it, shorten it \
             and send it again."
        }
        StatusCode::UNSUPPORTED_MEDIA_TYPE => "Send it again with the form on the page.",
        StatusCode::MISDIRECTED_REQUEST => "The address you used names another site than the one that answers here.",
        StatusCode::UNPROCESSABLE_ENTITY => "Something in what was sent breaks a rule. Go back and correct it.",
        StatusCode::TOO_MANY_REQUESTS => {
            "You have done this too often within a short time. Wait a while, then try again."
        }
        StatusCode::SERVICE_UNAVAILABLE => "Try again in a minute.",
        _ => {
            "It is our fault, not yours, and it has been noted. Try again; if it happens again, tell us the \
             reference below."
        }
    }
}

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples = &[
    ("site/error.html", crate::state::template_samples::view::<ErrorView>),
    ("site/fault.html", crate::state::template_samples::view::<PlainView<'static>>),
];

#[cfg(test)]
crate::state::template_samples::sampled! {
    ErrorView { site, page, status, message, near, typed, reference, is_admin, is_refused }
    Near { title, number, path, trail }
    PlainView<'static> { status, title, message, typed, reference, is_refused }
    TypedForm { fields, text }
    TypedField { name, label, value }
}
