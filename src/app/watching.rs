//! What is watched as long as the program runs: other nodes, what other processes change, and the database's files.

use std::time::Duration;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::{
    db::{
        file_watch::FileChanges,
        missing_database::{Loss, MissingDatabase},
    },
    model::{overwrite_check::OverwriteCheck, settings},
    state::app_state::App,
};

/// How soon the database is asked again after it could not be read.
const RETRY: Duration = Duration::from_millis(500);

/// Keeps in contact with other nodes until `stop`.
pub async fn keep_contact(app: App, stop: CancellationToken) {
    tokio::select! {
        () = app.db.keep_contact() => {}
        () = stop.cancelled() => {}
    }
}

/// Watches the site version, so that what another process changed is seen here too, until `stop`.
pub async fn watch(app: App, stop: CancellationToken) {
    let mut failing = false;
    let mut seen = 0;
    let mut files = app.db.file_changes();
    loop {
        match settings::site_version(app.read()).await {
            Ok(version) => {
                app.db.site_version().raise(version);
                failing = false;
                // What others scheduled raises it too.
                if version != seen && app.find_next_due().await.is_ok() {
                    seen = version;
                }
            }
            // Once for each failure, not each time that it is tried again.
            Err(error) if !failing => {
                tracing::error!(%error, "the site version cannot be read");
                failing = true;
            }
            Err(_) => {}
        }
        tokio::select! {
            () = pause(&app, &mut files, failing) => {}
            () = stop.cancelled() => return,
        }
        app.contact_throttle.share_among(app.db.nodes());
        app.login_attempts.share_among(app.db.nodes());
    }
}

/// Until there may be something to see; longer while the database cannot be read.
async fn pause(app: &App, files: &mut FileChanges, failing: bool) {
    if failing { tokio::time::sleep(RETRY).await } else { app.db.may_have_changed(files).await }
}

/// How long there is at least between two looks whether another database was written over the open one.
const OVERWRITE_CHECK: Duration = Duration::from_secs(2);

/// Watches the files of the database until `stop`, and logs once when one is lost and once when it is back. What is in a
/// lost log is rescued then, so a kill loses what was acknowledged only if it comes sooner.
pub async fn watch_files(app: App, stop: CancellationToken) {
    let mut lost: Option<MissingDatabase> = None;
    let mut files = app.db.file_changes();
    let (mut contents, mut contents_due, mut changed) = (OverwriteCheck::default(), Instant::now(), true);
    loop {
        let is_due = changed && contents_due <= Instant::now();
        if is_due {
            (contents_due, changed) = (Instant::now() + OVERWRITE_CHECK, false);
        }
        if is_due && app.db.check_files().await.is_ok() && contents.are_ours(&app.db).await.is_ok_and(|ours| !ours) {
            app.db.note_overwritten();
        }
        let now = app.db.check_files().await.err();
        if now != lost {
            if let Some(now) = &now {
                log_loss(&app, now, contents.are_untouched(&app.db).await).await;
            } else {
                tracing::info!("the files of the database are back");
            }
            lost = now;
        }
        tokio::select! {
            () = files.next() => changed = true,
            () = app.db.spoils(), if lost.is_none() => {}
            () = tokio::time::sleep_until(contents_due), if changed => {}
            // Files can come back in a folder of the same name, of which nothing is heard.
            () = tokio::time::sleep(RETRY), if lost.is_some() => {}
            () = stop.cancelled() => return,
        }
    }
}

/// When only the log is lost, we still have what was acknowledged: it goes into the file now, unless someone has
/// written into that too.
async fn log_loss(app: &App, lost: &MissingDatabase, untouched: bool) {
    tracing::error!("{lost}");
    if lost.loss == Loss::Beside && untouched {
        match app.db.checkpoint().await {
            Ok(done) => tracing::info!(done, "what was written before went into the database file"),
            Err(error) => tracing::error!(%error, "what was written before could not go into the database file"),
        }
    }
}
