//! What is at a public path: a live page, an old path that leads on, or nothing.

use axum::{
    http::Uri,
    response::{IntoResponse, Redirect, Response},
};

use super::not_found;
use crate::{
    error::{Error, Result},
    model::{
        page::public::{self, LivePage},
        redirect::{self, RedirectTarget},
    },
    render::render_input::RenderInput,
    state::app_state::App,
    web::cache_policy::CachePolicy,
};

/// A live page as something to render.
#[must_use]
pub fn render_input(page: LivePage) -> RenderInput {
    RenderInput {
        path: page.path,
        revision: page.revision,
        preview: String::new(),
        preview_of: String::new(),
        notice: None,
    }
}

/// There is no page here: perhaps there was one, or there is a slash too many. The query is kept.
pub(super) async fn redirect_or_gone(app: &App, uri: &Uri) -> Result<Response> {
    let path = uri.path();
    let bare = path.trim_end_matches('/');
    if bare != path && !bare.is_empty() && !bare.starts_with("//") && public::at(app.read(), bare).await?.is_some() {
        return Ok(to(bare, uri.query()));
    }
    match redirect::follow(app.read(), if bare.is_empty() { path } else { bare }).await? {
        RedirectTarget::Moved(path) => Ok(to(&path, uri.query())),
        RedirectTarget::Gone => Err(Error::Gone),
        RedirectTarget::Nothing => not_found::show(app, path).await,
    }
}

/// Permanent, but revalidated: the page may move back one day.
fn to(path: &str, query: Option<&str>) -> Response {
    let target = query.map_or_else(|| path.to_owned(), |query| format!("{path}?{query}"));
    (CachePolicy::Revalidate, Redirect::permanent(&target)).into_response()
}
