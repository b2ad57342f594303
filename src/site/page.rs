//! A visitor's page: looks it up by its address, follows old addresses, and leaves the drawing to `render::page`.

use axum::{
    extract::{Query, State, rejection::QueryRejection},
    http::Uri,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;

use crate::{
    error::{Error, Result},
    model::{
        page::public::{self, LivePage},
        redirect::{self, RedirectTarget},
        revision::Layout,
    },
    render::page::{self, RenderInput, RenderOptions},
    state::app_state::App,
    web::{cache::cached_response::CacheKeyParams, cache_policy::CachePolicy},
};

/// What a page's address may ask for besides the page.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct PageQuery {
    /// Filter of the questions.
    q: String,
    /// Reference of the message just sent.
    sent: String,
}

/// `GET /` and `GET /{*path}`
pub async fn show(
    State(app): State<App>,
    uri: Uri,
    query: Result<Query<PageQuery>, QueryRejection>,
) -> Result<Response> {
    let query = query.map(|Query(query)| query).unwrap_or_default();
    let Some(page) = public::at(app.read(), uri.path()).await? else { return redirect_or_gone(&app, &uri).await };
    let mut extras = RenderOptions { filter: query.q.chars().take(100).collect(), ..RenderOptions::default() };
    if page.revision.content.layout == Layout::Contact {
        extras.contact = super::contact::fresh(&app, &query.sent).await?;
    }
    let subject = render_input(page);
    let html = page::render(&app, &subject, &extras).await?;
    let is_form = subject.revision.content.layout == Layout::Contact;
    let policy = if is_form { CachePolicy::NoStore } else { CachePolicy::Page };
    let mut response = (policy, html).into_response();
    response.extensions_mut().insert(CacheKeyParams(if subject.revision.content.layout == Layout::Faq {
        &["q"]
    } else {
        &[]
    }));
    Ok(response)
}

/// A live page as something to render.
#[must_use]
pub fn render_input(page: LivePage) -> RenderInput {
    RenderInput { path: page.path, revision: page.revision, preview: String::new() }
}

/// No page stands here: perhaps one did, or a slash is too many. What was asked besides goes along.
pub(super) async fn redirect_or_gone(app: &App, uri: &Uri) -> Result<Response> {
    let path = uri.path();
    let bare = path.trim_end_matches('/');
    if bare != path && !bare.is_empty() && !bare.starts_with("//") && public::at(app.read(), bare).await?.is_some() {
        return Ok(to(bare, uri.query()));
    }
    match redirect::follow(app.read(), if bare.is_empty() { path } else { bare }).await? {
        RedirectTarget::Moved(path) => Ok(to(&path, uri.query())),
        RedirectTarget::Gone => Err(Error::Gone),
        RedirectTarget::Nothing => Err(Error::NotFound),
    }
}

/// For good, but to be asked again: the page may move back one day.
fn to(path: &str, query: Option<&str>) -> Response {
    let target = query.map_or_else(|| path.to_owned(), |query| format!("{path}?{query}"));
    (CachePolicy::Revalidate, Redirect::permanent(&target)).into_response()
}
