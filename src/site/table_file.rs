//! The tables of a page, each at the page's path with `.csv` behind it, or `.2.csv` and so on. A number in a query would let
//! anyone fill the cache of pages; as a path, what is not there is not kept.

use axum::{
    Extension,
    http::header,
    response::{IntoResponse, Response},
};

use crate::{
    error::Result,
    model::page::public::LivePage,
    render::{page_file::PageFile, table_file},
    state::app_state::App,
    web::{cache::key_params::CacheKeyParams, cache_policy::CachePolicy},
};

/// None when the page has no such table.
pub(super) async fn of_page(app: &App, page: &LivePage, number: usize) -> Result<Option<Response>> {
    let Some(file) = table_file::of_page(app, page, number).await? else { return Ok(None) };
    let path = PageFile::Table(number).of(&page.path);
    let name = path.rsplit('/').next().unwrap_or_default();
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8; header=present".to_owned()),
        // Slugs are ASCII.
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
        (header::LINK, format!("<{}{}>; rel=\"canonical\"", app.config.origin(), page.path)),
    ];
    Ok(Some((CachePolicy::Page, Extension(CacheKeyParams(&[])), headers, file).into_response()))
}
