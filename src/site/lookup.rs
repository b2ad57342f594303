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
        redirect::{
            follow::{Followed, RedirectTarget, follow},
            typed,
        },
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
        return Ok(to(&uri.query().map_or_else(|| bare.to_owned(), |query| format!("{bare}?{query}"))));
    }
    let asked = if bare.is_empty() { path } else { bare };
    let Followed { steps, end } = follow(app.read(), asked).await?;
    match end.location(uri.query()) {
        Some(location) => {
            for step in steps {
                app.path_counter.note_redirect(step.redirect_id, app.now());
            }
            Ok(to(&location))
        }
        None if end == RedirectTarget::Gone => Err(Error::Gone),
        None => {
            if let Ok(Some(location)) = app.search.find_designation(app.read(), asked).await {
                return Ok(to(&location));
            }
            app.path_counter.note_missing(typed::normal(asked), app.now());
            not_found::show(app, path).await
        }
    }
}

/// Permanent, but revalidated: the page may move back one day.
pub(super) fn to(location: &str) -> Response {
    (CachePolicy::Revalidate, Redirect::permanent(location)).into_response()
}
