//! The files that belong to a page. When the page has moved, so have they.

use axum::{http::Uri, response::Response};

use super::{feed, lookup, markdown, social_card, table_file};
use crate::{
    error::Result,
    model::{
        page::public,
        redirect::follow::{RedirectTarget, follow},
    },
    render::page_file::PageFile,
    state::app_state::App,
};

/// Whether there is such a file.
pub(super) async fn exists(app: &App, (path, file): (&str, PageFile)) -> Result<bool> {
    match file {
        PageFile::Feed | PageFile::Markdown | PageFile::Card => Ok(public::id_at(app.read(), path).await?.is_some()),
        PageFile::Table(number) => match public::at(app.read(), path).await? {
            Some(page) => Ok(table_file::of_page(app, &page, number).await?.is_some()),
            None => Ok(false),
        },
    }
}

/// A file of the page at `path`, which `uri` names.
pub(super) async fn show(app: &App, uri: &Uri, (path, file): (&str, PageFile)) -> Result<Response> {
    let Some(page) = public::at(app.read(), path).await? else {
        return match follow(app.read(), path).await?.end {
            RedirectTarget::Page(path, _) => Ok(lookup::to(&file.of(&path))),
            _ => lookup::redirect_or_gone(app, uri).await,
        };
    };
    match file {
        PageFile::Feed => feed::of_page(app, &page).await,
        PageFile::Markdown => markdown::of_page(app, &page).await,
        PageFile::Card => social_card::of_page(app, page).await,
        PageFile::Table(number) => match table_file::of_page(app, &page, number).await? {
            Some(file) => Ok(file),
            None => lookup::redirect_or_gone(app, uri).await,
        },
    }
}
