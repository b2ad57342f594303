//! Whether the site can read and write: a real write, at most once a second and only when someone asks. All requests at
//! the same time share it, and none of them waits longer than a few seconds, whatever the storage does.

use std::time::Duration;

use tokio::time::{Instant, timeout_at};

use crate::{
    error::{Error, Result},
    model::page::{path, public},
    state::{app_state::App, readiness::ReadinessState},
};

/// How long an answer is given again.
const FRESH: Duration = Duration::from_secs(1);
/// How long a check may take.
const LIMIT: Duration = Duration::from_secs(3);

const LOST: &str = "the database is not the one that was opened, so nothing is written";
const DAMAGED: &str = "the files of the database are damaged, so nothing is written: its log says what to do";
const FAILS: &str = "the storage does not work";
const NOT_WRITTEN_BACK: &str =
    "what is written does not go into the database file; it is kept in the log beside it, which grows";
const LEAVING: &str = "it is about to stop";
const SLOW: &str = "the storage does not answer in time";

/// Ready, or what is wrong; without file names, as anyone may ask.
/// Errors: what is wrong, as a clause.
pub(crate) async fn check(app: &App) -> Result<(), &'static str> {
    if app.readiness.is_leaving() {
        return Err(LEAVING);
    }
    let mut state = app.readiness.state.subscribe();
    let begins = app.readiness.state.send_if_modified(begin);
    if begins {
        tokio::spawn(run(app.clone()));
    }
    let until = state.borrow().begun.map_or_else(Instant::now, |begun| begun + LIMIT);
    match timeout_at(until, state.wait_for(|state| state.begun.is_none())).await {
        Ok(Ok(state)) => state.ended.and_then(|(_, fault)| fault).map_or(Ok(()), Err),
        _ => Err(SLOW),
    }
}

/// Begins a check unless one is under way or the last result is fresh.
fn begin(state: &mut ReadinessState) -> bool {
    let fresh = state.ended.is_some_and(|(at, _)| at.elapsed() < FRESH);
    if state.begun.is_some() || fresh {
        return false;
    }
    state.begun = Some(Instant::now());
    true
}

/// In a task of its own, so that a client who goes away does not stop it halfway.
async fn run(app: App) {
    let work = tokio::spawn({
        let app = app.clone();
        async move { look(&app).await }
    });
    let fault = work.await.unwrap_or_else(|error| Some((FAILS, error.to_string())));
    let now = fault.as_ref().map(|(clause, _)| *clause);
    app.readiness.state.send_modify(|state| {
        let before = state.ended.and_then(|(_, clause)| clause);
        // Once for each failure, not each time someone asks.
        match fault {
            Some((clause, error)) if before != Some(clause) => tracing::error!(error, "not ready: {clause}"),
            None if before.is_some() => tracing::info!("ready again"),
            _ => {}
        }
        *state = ReadinessState { begun: None, ended: Some((Instant::now(), now)) };
    });
}

async fn look(app: &App) -> Option<(&'static str, String)> {
    if let Err(lost) = app.db.check_files().await {
        return Some((if lost.is_damage() { DAMAGED } else { LOST }, lost.to_string()));
    }
    if let Err(error) = read_and_write(app).await {
        return Some((FAILS, error.to_string()));
    }
    app.db.write_back().await.err().map(|error| (NOT_WRITTEN_BACK, error.to_string()))
}

async fn read_and_write(app: &App) -> Result<()> {
    match public::at(app.read(), path::HOME).await {
        Ok(_) | Err(Error::NotFound) => {
            app.check_writing().await?;
            app.db.check_tables().await
        }
        Err(error) => Err(error),
    }
}
