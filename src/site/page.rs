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
    let input = render_input(page);
    let html = page::render(&app, &input, &options).await?;
    let is_form = input.revision.content.layout == Layout::Contact;
    let policy = if is_form { CachePolicy::NoStore } else { CachePolicy::Page };
    let mut response = (policy, html).into_response();
    let is_filtered = input.revision.content.layout.is_collection();
    response.extensions_mut().insert(CacheKeyParams(if is_filtered { &["q"] } else { &[] }));
    Ok(response)
}
