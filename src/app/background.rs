//! Work that is due by itself: one task looks every minute what there is to do. A failure is logged and tried again.

use std::time::Duration;

use jiff::{ToSpan, tz::TimeZone};
use tokio_util::sync::CancellationToken;

use crate::{
    error::Result,
    face::state::App,
    model::{
        actor::Actor,
        message::retention,
        search_term, session,
        settings::{self, Settings},
    },
};

const TICK: Duration = Duration::from_mins(1);
/// Counts of searches are kept so many months.
const KEPT: i64 = 12;

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
    app.wrong_passwords.tidy(app.now());
    count_searches(app).await?;
    expire_messages(app).await
}

/// Writes down what was searched since the last time, and forgets what was a year ago.
async fn count_searches(app: &App) -> Result<()> {
    let today = app.now().date(&TimeZone::UTC);
    let counts = app.search.terms.take();
    if !counts.is_empty() {
        let counts = counts.into_iter().map(|(term, count)| (term, count.searches, count.found_nothing)).collect();
        search_term::add(&app.db, &today.to_string(), counts).await?;
    }
    search_term::forget(&app.db, &today.saturating_sub(KEPT.months()).to_string()).await
}

/// Asks a reader first, so that a minute in which nothing is due waits for no writer.
async fn expire_messages(app: &App) -> Result<()> {
    let settings = Settings::load(app.read()).await?;
    let Some(limit) = retention::limit(app.now(), &settings) else {
        tracing::warn!(months = settings.retention_months, "no message is deleted: the retention time makes no sense");
        return Ok(());
    };
    if !retention::is_due(app.read(), limit).await? {
        return Ok(());
    }
    let write = app.write(Actor::system("retention")).await?;
    let count = retention::enforce(&write, limit, settings.retention_months).await?;
    if count > 0 {
        write.commit().await?;
        tracing::info!(count, "messages whose time is over were deleted");
    }
    Ok(())
}
