//! The layer that turns every bare error response into the designed page, and logs the cause once.
//! Responses that already have a body of their own, such as a form with faults, pass through.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, StatusCode, header},
    middleware::Next,
    response::{Html, IntoResponse, Response},
};
use serde::Serialize;

use super::{
    navigation::is_at_or_above,
    site_view::{self, PageHead, SiteView},
};
use crate::{
    admin::shared::{
        kept_form::KeptForm,
        kept_page::{self, Reason},
    },
    error::{Error, Result},
    model::page::public::NavPage,
    state::app_state::App,
    text::isolate,
    web::{error_info::ErrorInfo, path::is_at_or_below, request_context::RequestContext},
};

/// How many near matches a missing page offers.
const NEAR: usize = 5;
/// How many addresses are compared for near matches.
const COMPARED: usize = 300;
/// How much alike an address must be.
const ALIKE: f64 = 0.6;

/// The layer.
pub async fn draw(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let kept = KeptForm::of(&mut request);
    let path = request.uri().path().to_owned();
    let target = request.uri().path_and_query().map_or_else(|| path.clone(), ToString::to_string);
    let context = request.extensions().get::<RequestContext>().cloned();
    let response = next.run(request).await;
    let status = response.status();
    if !(status.is_client_error() || status.is_server_error()) || has_page(response.headers()) {
        return response;
    }
    let fault =
        response.extensions().get::<ErrorInfo>().cloned().unwrap_or(ErrorInfo { message: String::new(), cause: None });
    if status.is_server_error() {
        let cause = fault.cause.as_deref().unwrap_or("no cause was told");
        tracing::error!(status = status.as_u16(), cause, "a request failed");
    }
    let reference = context.map_or_else(String::new, |context| context.id.to_string());
    let sent = kept.sent();
    let drawn = if is_kept(status, &sent) {
        let reason = reason(&response, &fault.message, reference.clone());
        kept_page::render(&app, target, sent, reason).await
    } else {
        full_page(&app, &path, status, &fault.message, &reference).await
    };
    let page = drawn.unwrap_or_else(|error| {
        tracing::error!(%error, "the error page could not be drawn");
        plain_page(&app, status, &fault.message, &reference)
    });
    let mut drawn = (status, page).into_response();
    for name in [header::RETRY_AFTER, header::ALLOW] {
        if let Some(value) = response.headers().get(&name) {
            drawn.headers_mut().insert(name, value.clone());
        }
    }
    drawn
}

pub(crate) fn has_page(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    !kind.is_empty() && !kind.starts_with("text/plain")
}

/// Whether the page shows what was sent: a text that was typed, or what can be sent again because the fault is ours.
fn is_kept(status: StatusCode, sent: &[(String, String)]) -> bool {
    let is_ours = status.is_server_error() || status == StatusCode::REQUEST_TIMEOUT;
    kept_page::has_text(sent) || is_ours && !sent.is_empty()
}

/// Why a form was not handled.
fn reason(response: &Response, message: &str, reference: String) -> Reason {
    let status = response.status();
    let (title, usual) = match status {
        StatusCode::NOT_FOUND => GONE_IN_ADMIN,
        StatusCode::PAYLOAD_TOO_LARGE => TOO_LARGE,
        _ => words(status),
    };
    // Who is told why, or when to try again, is told by code that changed nothing.
    let is_certain = !message.is_empty() || response.headers().contains_key(header::RETRY_AFTER);
    Reason {
        title,
        message: if message.is_empty() { usual.to_owned() } else { isolate::quotations(message) },
        reference,
        sign_in: String::new(),
        is_uncertain: !is_certain && (status.is_server_error() || status == StatusCode::REQUEST_TIMEOUT),
    }
}

/// What was sent is too large for this form, but not for being shown again.
const TOO_LARGE: (&str, &str) =
    ("That is too much at once", "What you sent is larger than this form takes. Copy it, shorten it and send that.");

/// What was to be changed is not there.
const GONE_IN_ADMIN: (&str, &str) =
    ("This is not there any more", "What you were about to change was deleted, or moved to the trash.");

#[derive(Serialize)]
struct ErrorView {
    site: SiteView,
    page: PageHead,
    status: u16,
    message: String,
    near: Vec<Near>,
    reference: String,
    /// Whether it is an address of the admin area, so that the way back to that is shown.
    is_admin: bool,
}

#[derive(Serialize)]
struct Near {
    title: String,
    path: String,
}

async fn full_page(app: &App, path: &str, status: StatusCode, message: &str, reference: &str) -> Result<Html<String>> {
    let (title, usual) = words(status);
    let near = if status == StatusCode::NOT_FOUND { near(app, path).await? } else { Vec::new() };
    let view = ErrorView {
        site: site_view::site(app, path).await?,
        page: PageHead::unlisted(title),
        status: status.as_u16(),
        message: if message.is_empty() { usual.to_owned() } else { isolate::quotations(message) },
        near,
        reference: reference.to_owned(),
        is_admin: is_at_or_below(path, "/admin"),
    };
    app.templates.render("site/error.html", &view)
}

/// Pages that resemble what was asked for: those whose address is nearly the same, for a slip of the finger, then those
/// that speak of it.
async fn near(app: &App, path: &str) -> Result<Vec<Near>> {
    let mut near = near_path(app, path).await?;
    let about = match app.search.near(app.read(), path, NEAR).await {
        Ok(found) => found.unwrap_or_default(),
        Err(Error::Busy(_)) => Vec::new(),
        Err(other) => return Err(other),
    };
    for shown in about {
        if near.len() < NEAR && near.iter().all(|known| known.path != shown.path) {
            near.push(Near { title: shown.title, path: shown.path });
        }
    }
    Ok(near)
}

/// The most alike first, of those that stand below the deepest page on the way that is there, two levels down. They are
/// kept in memory: whoever follows dead links shall not keep the portal busy.
async fn near_path(app: &App, path: &str) -> Result<Vec<Near>> {
    let wanted = path.trim_matches('/').to_lowercase();
    let last = wanted.rsplit('/').next().unwrap_or_default();
    if wanted.is_empty() || wanted.len() > 200 {
        return Ok(Vec::new());
    }
    let mut found: Vec<(f64, Near)> = Vec::new();
    for entry in candidates(app, path).await? {
        let slug = entry.path.rsplit('/').next().unwrap_or_default();
        let alike = alike(&wanted, entry.path.trim_matches('/')).max(alike(last, slug) * 0.95);
        if alike >= ALIKE {
            found.push((alike, Near { title: entry.title.into(), path: entry.path.into() }));
        }
    }
    found.sort_by(|a, b| b.0.total_cmp(&a.0));
    found.truncate(NEAR);
    Ok(found.into_iter().map(|(_, near)| near).collect())
}

async fn candidates(app: &App, path: &str) -> Result<Vec<NavPage>> {
    let mut list = app.nav_cache.children(app.read(), None).await?;
    while let Some(next) = list.iter().find(|entry| is_at_or_above(entry, path)).cloned() {
        list = app.nav_cache.children_of(app.read(), &next).await?;
    }
    let mut all = list.to_vec();
    for entry in list.iter() {
        if all.len() >= COMPARED {
            break;
        }
        all.extend(app.nav_cache.children_of(app.read(), entry).await?.iter().cloned());
    }
    all.truncate(COMPARED);
    Ok(all)
}

/// 1 for the same, 0 for nothing in common.
fn alike(one: &str, other: &str) -> f64 {
    let (shorter, longer) = (one.len().min(other.len()), one.len().max(other.len()));
    // So different in length that they cannot be alike enough; most pairs are.
    #[expect(clippy::cast_precision_loss, reason = "lengths of addresses")]
    let part = |length: usize| length as f64 / longer.max(1) as f64;
    if part(shorter) < ALIKE { 0.0 } else { 1.0 - part(strsim::osa_distance(one, other)) }
}

#[derive(Serialize)]
struct PlainView<'a> {
    status: u16,
    title: &'static str,
    message: &'a str,
    reference: &'a str,
}

/// Without the database: it may be the reason.
fn plain_page(app: &App, status: StatusCode, message: &str, reference: &str) -> Html<String> {
    let (title, usual) = words(status);
    let message = if message.is_empty() { usual } else { message };
    let view = PlainView { status: status.as_u16(), title, message, reference };
    app.templates
        .render("site/fault.html", &view)
        .unwrap_or_else(|_| Html(format!("<!doctype html><title>{title}</title><h1>{title}</h1>")))
}

pub(crate) const fn words(status: StatusCode) -> (&'static str, &'static str) {
    match status {
        StatusCode::BAD_REQUEST => {
            ("This request could not be understood", "Something in the request was malformed. Go back and try again.")
        }
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => (
            "You may not do this",
            "Your account has no right to this, or the request came from another site. Go back and try again from the portal itself.",
        ),
        StatusCode::NOT_FOUND => {
            ("There is no page at this address", "The address may be mistyped, or the page may have been taken back.")
        }
        StatusCode::METHOD_NOT_ALLOWED => {
            ("This address cannot be used that way", "The page can be read, but not asked to do this.")
        }
        StatusCode::NOT_ACCEPTABLE => {
            ("This page cannot be sent that way", "Your program accepts no form in which the page could be sent.")
        }
        StatusCode::PRECONDITION_FAILED => {
            ("This page is not what your program expects", "It has changed, or cannot be compared. Load it again.")
        }
        StatusCode::REQUEST_TIMEOUT => {
            ("The request took too long", "Check your connection, look whether your change was made, and try again.")
        }
        StatusCode::CONFLICT => (
            "Someone else changed this first",
            "What you were about to change has changed in the meantime. Go back, look at it again, and repeat what is still needed.",
        ),
        StatusCode::GONE => ("This page was deleted", "It was at this address once and has been removed."),
        StatusCode::PAYLOAD_TOO_LARGE => (
            "That is too much at once",
            "What you sent is larger than this form takes, and too large to be shown here. Nothing was saved. \
                 Go back with your browser: the form most likely still holds what you typed. Copy it, shorten it and \
                 send it again.",
        ),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => {
            ("This form was sent in an unknown way", "Send it again with the form on the page.")
        }
        StatusCode::MISDIRECTED_REQUEST => {
            ("This is not that site", "The address you used names another site than the one that answers here.")
        }
        StatusCode::UNPROCESSABLE_ENTITY => {
            ("That cannot be done like this", "Something in what was sent breaks a rule. Go back and correct it.")
        }
        StatusCode::TOO_MANY_REQUESTS => {
            ("Too many requests", "You have done this too often within a short time. Wait a while, then try again.")
        }
        StatusCode::SERVICE_UNAVAILABLE => ("The portal is busy", "Try again in a minute."),
        _ => (
            "Something went wrong here",
            "It is our fault, not yours, and it has been noted. Try again; if it happens again, tell us the reference below.",
        ),
    }
}
