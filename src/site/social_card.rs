//! The social card of a page, at the page's path with `/card.png` behind it. The version that the page names behind that counts
//! for those who keep the picture, not here.

use axum::{
    Extension,
    http::header,
    response::{IntoResponse, Response},
};

use crate::{
    error::Result,
    model::page::public::LivePage,
    render::social_card,
    state::app_state::App,
    web::{cache::key_params::CacheKeyParams, cache_policy::CachePolicy},
};

pub(super) async fn of_page(app: &App, page: LivePage) -> Result<Response> {
    let picture = social_card::of_page(app, page).await?;
    let headers = [(header::CONTENT_TYPE, "image/png")];
    Ok((CachePolicy::Page, Extension(CacheKeyParams(&[])), headers, picture).into_response())
}
