//! The first run: loads the starter site into an empty database, and makes the link for the first administrator.

use crate::{
    admin::paths::SetupPath,
    config::Starter,
    error::Result,
    model::{actor::Actor, invitation, roles, transfer, write::Write},
    state::app_state::App,
};

/// Loads the starter site when the database holds no document at all.
/// Errors: a sentence for the maintainer.
pub async fn prepare(app: &App) -> Result<(), String> {
    if !transfer::import::is_empty(app.read()).await.map_err(|error| error.for_terminal())? {
        return Ok(());
    }
    let site = match app.config.starter {
        Starter::Portal => transfer::starter::read()?,
        Starter::None => transfer::starter::empty()?,
    };
    let write = app.write(Actor::system("starter site")).await.map_err(|error| error.for_terminal())?;
    // Another process may have imported a site in between; while we have the writer, none can.
    if !transfer::import::is_empty(&write).await.map_err(|error| error.for_terminal())? {
        return Ok(());
    }
    let done = transfer::import::run(write, &site).await;
    done.map(drop).map_err(|error| format!("The starter site cannot be loaded: {}", error.for_terminal()))
}

/// A new one-time link while there is no administrator.
/// Errors: a sentence for the maintainer.
pub async fn setup_link(app: &App) -> Result<Option<String>, String> {
    let made = make_setup_link(app).await;
    let token =
        made.map_err(|error| format!("The link for the first administrator cannot be made: {}", error.for_terminal()))?;
    Ok(token.map(|token| format!("{}{}", app.config.origin(), SetupPath { token })))
}

async fn make_setup_link(app: &App) -> Result<Option<String>> {
    if roles::has_administrator(app.read()).await? {
        return Ok(None);
    }
    let invite = async |write: &mut Write| invitation::for_first_administrator(write).await;
    let invitation = app.change(Actor::system("first run"), invite).await?;
    Ok(Some(invitation.token))
}
