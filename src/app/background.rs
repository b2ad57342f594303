//! Work that is due by itself: one task looks every minute what there is to do. A failure is logged and tried again.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::{
    error::Result,
    face::state::App,
    model::{session, settings},
};

const TICK: Duration = Duration::from_secs(60);

/// Works until `stop`.
pub async fn run(app: App, stop: CancellationToken) {
    loop {
        if let Err(error) = tick(&app).await {
            tracing::error!(%error, "background work failed and is tried again in a minute");
        }
        tokio::select! {
            () = tokio::time::sleep(TICK) => {}
            () = stop.cancelled() => return,
        }
    }
}

/// How soon a change by another process, such as an import, is noticed.
const WATCH: Duration = Duration::from_millis(50);

/// Watches the site version, so that what another process changed is seen here too, until `stop`.
pub async fn watch(app: App, stop: CancellationToken) {
    loop {
        match settings::site_version(app.read()).await {
            Ok(version) => app.db.stamp().raise(version),
            Err(error) => tracing::warn!(%error, "the site version cannot be read"),
        }
        tokio::select! {
            () = tokio::time::sleep(WATCH) => {}
            () = stop.cancelled() => return,
        }
    }
}

/// Does everything that is due now.
pub async fn tick(app: &App) -> Result<()> {
    session::tidy(&app.db, app.now()).await?;
    app.contact_throttle.tidy();
    app.login_throttle.tidy();
    Ok(())
}
