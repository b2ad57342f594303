//! One revision of a page for someone who has a link to it. Kept nowhere, and listed nowhere.

use axum::{
    extract::{Path, State, rejection::PathRejection},
    response::{IntoResponse, Response},
};

use crate::{
    error::{Error, Result},
    model::{
        page::{
            path::{self, HOME},
            tree,
        },
        preview_link,
    },
    render::{
        page::{self, RenderOptions},
        render_input::RenderInput,
    },
    state::app_state::App,
    web::cache_policy::CachePolicy,
};

pub(crate) async fn show(State(app): State<App>, token: Result<Path<String>, PathRejection>) -> Result<Response> {
    let Path(token) = token.map_err(|_| Error::NotFound)?;
    let revision = preview_link::find(app.read(), &token, app.steady()).await?.ok_or(Error::NotFound)?;
    let node = tree::node(app.read(), revision.document_id).await?;
    let path = match node.parent_id {
        _ if node.path == HOME => node.path,
        Some(parent) => path::join(Some(&path::of(app.read(), parent).await?), &revision.content.slug),
        None => path::join(None, &revision.content.slug),
    };
    let preview = format!("Version {}, shown to you by a private link", revision.version);
    let input = RenderInput { path, revision, preview, preview_of: String::new(), notice: None };
    let html = page::render(&app, &input, &RenderOptions::default()).await?;
    Ok((CachePolicy::NoStore, html).into_response())
}
