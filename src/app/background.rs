//! Periodic work: one task checks every minute what is due. A failure is logged and tried again.

use std::time::Duration;

use jiff::{ToSpan, tz::TimeZone};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::{
    admin::shared::sessions::REMEMBERED,
    clock::{DAY, Timestamp},
    db::{conn::Conn, file_watch::FileChanges, files::MissingDatabase},
    error::{Error, Result},
    model::{
        actor::Actor,
        audit_log,
        contents::Contents,
        document::draft,
        message::{
            expiry::{self, Plan},
            retention,
        },
        preview_link,
        running_time::{self, MachineClock},
        search_term, session,
        settings::{self, Settings},
        steady_clock, submission,
        write::Write,
    },
    state::app_state::App,
};

const TICK: Duration = Duration::from_mins(1);
/// For how many months counts of searches are kept.
const KEPT: i64 = 12;

pub(crate) async fn run(app: App, stop: CancellationToken) {
    let mut counted = app.steady();
    let mut logged: Option<Timestamp> = None;
    let mut led = app.db.leads();
    loop {
        let now = app.steady();
        // Only one node counts how long the site runs.
        let ran = if led && app.db.leads() { now.0.saturating_sub(counted.0) } else { 0 };
        (counted, led) = (now, app.db.leads());
        // A lost file is logged once, by `watch_files`.
        if app.db.check_files().await.is_ok() {
            work(&app, ran).await;
        }
        if logged.is_none_or(|at| at.plus(DAY) <= counted) {
            logged = Some(counted);
            log_head(&app).await;
        }
        tokio::select! {
            () = tokio::time::sleep(TICK) => {}
            () = app.db.leader_changed(led) => tracing::info!(leads = app.db.leads(), "who does the background work changed"),
            () = stop.cancelled() => return,
        }
    }
}

async fn work(app: &App, ran: i64) {
    if ran > 0 {
        tell_failure(count_running_time(app, ran).await, "the running time cannot be written down");
    }
    tell_failure(tick(app).await, "background work failed and is tried again in a minute");
}

/// Logs a failure, but not that a file is lost, which `watch_files` logs once.
fn tell_failure(done: Result<()>, what: &str) {
    match done {
        Ok(()) | Err(Error::Lost(_)) => {}
        Err(error) => tracing::error!(%error, "{what}"),
    }
}

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

/// Logs the head of the audit log, which someone who can change the database may not be able to change there.
async fn log_head(app: &App) {
    match audit_log::head(app.read()).await {
        Ok(Some(head)) => {
            app.shown_heads.tell(&head);
            // Under the target that is kept when everything else is filtered out.
            tracing::info!(target: "plinth::security", %head, "the head of the audit log");
        }
        Ok(None) => {}
        Err(error) => tracing::error!(%error, "the head of the audit log cannot be read"),
    }
}

/// Adds the time that the program has run since the last tick; never more than the interval.
async fn count_running_time(app: &App, ran: i64) -> Result<()> {
    let most = i64::try_from(TICK.as_millis()).unwrap_or(i64::MAX);
    running_time::add(&app.db, ran.min(most)).await
}

/// How long there is at least between two looks whether another database was written over the open one.
const CONTENTS: Duration = Duration::from_secs(2);

/// Watches the files of the database until `stop`, and logs once when one is lost and once when it is back. What is in a
/// lost log is rescued then, so a kill loses what was acknowledged only if it comes sooner.
pub async fn watch_files(app: App, stop: CancellationToken) {
    let mut lost: Option<MissingDatabase> = None;
    let mut files = app.db.file_changes();
    let (mut contents, mut contents_due, mut changed) = (Contents::default(), Instant::now(), true);
    loop {
        let is_due = changed && contents_due <= Instant::now();
        if is_due {
            (contents_due, changed) = (Instant::now() + CONTENTS, false);
        }
        if is_due && app.db.check_files().await.is_ok() && contents.are_ours(&app.db).await.is_ok_and(|ours| !ours) {
            app.db.note_overwritten();
        }
        let now = app.db.check_files().await.err();
        if now != lost {
            if let Some(now) = &now {
                tell(&app, now, contents.are_untouched(&app.db).await).await;
            } else {
                tracing::info!("the files of the database are back");
            }
            lost = now;
        }
        tokio::select! {
            () = files.next() => changed = true,
            () = tokio::time::sleep_until(contents_due), if changed => {}
            // Files can come back in a folder of the same name, of which nothing is heard.
            () = tokio::time::sleep(RETRY), if lost.is_some() => {}
            () = stop.cancelled() => return,
        }
    }
}

/// When only the log is lost, we still have what was acknowledged: it goes into the file now, unless someone has
/// written into that too.
async fn tell(app: &App, lost: &MissingDatabase, untouched: bool) {
    tracing::error!("{lost}");
    if lost.beside && untouched {
        match app.db.checkpoint().await {
            Ok(done) => tracing::info!(done, "what was written before went into the database file"),
            Err(error) => tracing::error!(%error, "what was written before could not go into the database file"),
        }
    }
}

/// Does everything that is due now. A failure does not stop the rest, and is tried again next time.
/// Errors: the first failure.
pub async fn tick(app: &App) -> Result<()> {
    app.contact_throttle.tidy(app.steady());
    app.login_attempts.tidy(app.steady());
    app.security_log.tell();
    let done = due(app).await;
    checkpoint(app).await;
    done
}

/// What cannot be undone waits while the machine's clock is implausible.
async fn due(app: &App) -> Result<()> {
    let caught_up = if app.db.is_server() { steady_clock::catch_up(app.read(), &app.clock).await } else { Ok(()) };
    if !app.db.leads() {
        return [caught_up, count_searches(app).await].into_iter().collect();
    }
    let steady = steady_clock::write_down(&app.db, &app.clock).await;
    let clock = running_time::observe(&app.db, app.now()).await?;
    let forgotten = app.steady().minus(REMEMBERED * 1000);
    let sessions = if clock.is_plausible() { session::tidy(&app.db, forgotten).await } else { Ok(()) };
    let forms = if app.db.is_server() { submission::tidy(&app.db, app.now()).await } else { Ok(()) };
    let links = preview_link::tidy(&app.db, app.steady()).await;
    let drafts = if clock.is_plausible() { draft::tidy(&app.db, app.now()).await } else { Ok(()) };
    let searches = if clock.is_plausible() { forget_searches(app).await } else { Ok(()) };
    [
        caught_up,
        steady,
        sessions,
        forms,
        links,
        drafts,
        count_searches(app).await,
        searches,
        expire_messages(app, clock).await,
    ]
    .into_iter()
    .collect()
}

/// Cuts the log, in which what was deleted stays readable until then. The database logs a failure, once.
async fn checkpoint(app: &App) {
    if app.db.check_files().await.is_ok() && app.db.checkpoint().await.is_ok_and(|cut| !cut) {
        tracing::debug!("someone was reading, so the log is cut in a minute");
    }
}

/// Stores what was searched since the last time.
async fn count_searches(app: &App) -> Result<()> {
    let today = app.now().date(&TimeZone::UTC);
    let counts = app.search.terms.take();
    if !counts.is_empty() {
        let rows = counts
            .iter()
            .map(|(term, count)| (term.clone(), count.typed.clone(), count.searches, count.zero_results))
            .collect();
        if let Err(error) = search_term::add(&app.db, &today.to_string(), rows).await {
            app.search.terms.put_back(counts);
            return Err(error);
        }
    }
    Ok(())
}

/// Forgets what was searched a year ago.
async fn forget_searches(app: &App) -> Result<()> {
    let today = app.now().date(&TimeZone::UTC);
    search_term::forget(&app.db, &today.saturating_sub(KEPT.months()).to_string()).await
}

/// What is due by the settings as `db` sees them.
async fn expiry_plan(db: &Conn, now: Timestamp, clock: MachineClock) -> Result<Option<Plan>> {
    let settings = Settings::load(db).await?;
    let months = settings.retention_months;
    let Some(limit) = retention::limit(now, months, &settings.zone()) else {
        tracing::warn!(months, "no message is deleted: the retention time makes no sense");
        return Ok(None);
    };
    let plan = expiry::plan(db, months, limit, clock).await?;
    Ok((!plan.is_empty()).then_some(plan))
}

/// Asks a reader first, so that it waits for the writer only when something is due.
async fn expire_messages(app: &App, clock: MachineClock) -> Result<()> {
    if expiry_plan(app.read(), app.now(), clock).await?.is_none() {
        return Ok(());
    }
    let expire = async |write: &mut Write| {
        // An administrator may have changed the retention while this waited for the writer.
        let Some(plan) = expiry_plan(write, write.now, clock).await? else { return Ok(None) };
        plan.carry_out(write).await.map(Some)
    };
    let Some(done) = app.change(Actor::system("retention"), expire).await? else { return Ok(()) };
    if let Some(reason) = done.paused {
        tracing::error!(
            reason,
            "no message is marked for deletion until an administrator confirms it at /admin/messages/retention"
        );
    }
    if done.deleted > 0 {
        tracing::info!(count = done.deleted, "messages whose time is over were deleted");
    }
    Ok(())
}
