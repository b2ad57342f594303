//! A visitor's page: looks it up by its path, follows old paths, and leaves the rendering to `render::page`.

use axum::{
    extract::{Query, State, rejection::QueryRejection},
    http::Uri,
    response::{IntoResponse, Response},
};
use axum_extra::routing::TypedPath;
use serde::Deserialize;

use super::{
    lookup::{redirect_or_gone, render_input},
    page_file,
};
use crate::{
    error::Result,
    model::{
        document::choices::Layout,
        page::public::{self},
    },
    render::{
        page::{self, RenderOptions},
        page_file::PageFile,
        practice_query::{self, PracticeQuery},
    },
    state::app_state::App,
    web::{cache::key_params::CacheKeyParams, cache_policy::CachePolicy},
};

/// The query of a page's path.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct PageQuery {
    q: String,
    sent: String,
    proof: String,
}

/// The page is looked up by the path as it was sent.
pub(crate) async fn show<P: TypedPath>(
    _: P,
    State(app): State<App>,
    uri: Uri,
    query: Result<Query<PageQuery>, QueryRejection>,
) -> Result<Response> {
    let query = query.map(|Query(query)| query).unwrap_or_default();
    if let Some(file) = PageFile::split(uri.path()) {
        return page_file::show(&app, &uri, file).await;
    }
    let Some(page) = public::at(app.read(), uri.path()).await? else { return redirect_or_gone(&app, &uri).await };
    let mut options = RenderOptions { filter: query.q.clone(), ..RenderOptions::default() };
    if page.revision.content.layout == Layout::Contact {
        options.contact = Some(super::contact::fresh(&app, &page.revision.content, (&query.sent, &query.proof)).await?);
    }
    if page.revision.content.layout == Layout::Practice {
        options.practice = PracticeQuery::read(uri.query().unwrap_or_default());
    }
    let input = render_input(page);
    let html = page::render(&app, &input, &options).await?;
    let (policy, names): (_, &[&str]) = match input.revision.content.layout {
        Layout::Contact => (CachePolicy::NoStore, &[]),
        Layout::Practice if !options.practice.is_kept() => (CachePolicy::NoStore, practice_query::NAMES),
        Layout::Practice => (CachePolicy::Page, practice_query::NAMES),
        Layout::Faq | Layout::Glossary => (CachePolicy::Page, &["q"]),
        _ => (CachePolicy::Page, &[]),
    };
    let mut response = (policy, html).into_response();
    response.extensions_mut().insert(CacheKeyParams(names));
    Ok(response)
}
