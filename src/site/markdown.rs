//! The source of a page at its path with `.md` behind it, for programs that read Markdown rather than HTML. Search engines are told
//! that the page itself counts.

use axum::{
    Extension,
    http::header,
    response::{IntoResponse, Response},
};

use crate::{
    error::Result,
    model::page::public::LivePage,
    render::markdown_source,
    state::app_state::App,
    web::{cache::key_params::CacheKeyParams, cache_policy::CachePolicy},
};

pub(super) async fn of_page(app: &App, page: &LivePage) -> Result<Response> {
    let source = markdown_source::of_page(app, page).await?;
    let headers = [
        (header::CONTENT_TYPE, "text/markdown; charset=utf-8".to_owned()),
        (header::LINK, format!("<{}{}>; rel=\"canonical\"", app.config.origin(), page.path)),
    ];
    Ok((CachePolicy::Page, Extension(CacheKeyParams(&[])), headers, source).into_response())
}
