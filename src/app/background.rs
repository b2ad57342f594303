//! Periodic work: one task checks every minute what is due. A failure is logged and tried again. What is watched all the
//! time is in `watching`.

use std::time::{Duration, SystemTime};

use jiff::{ToSpan, tz::TimeZone};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::scheduled_backup;
use crate::{
    admin::{
        paths::MessageRetentionPath,
        shared::{known_device::DAYS, sessions::REMEMBERED},
    },
    clock::{DAY, Timestamp},
    db::conn::Conn,
    error::{Error, Result},
    model::{
        actor::Actor,
        audit_log,
        document::draft,
        known_device,
        mail::outbox,
        media::leftovers,
        message::{
            expiry::{self, Plan},
            retention,
        },
        preview_link,
        redirect::{missing, usage},
        running_time::{self, MachineClock},
        search_term, session,
        settings::Settings,
        steady_clock, submission,
        write::Write,
    },
    state::app_state::App,
};

const TICK: Duration = Duration::from_mins(1);
/// For how many months counts of searches are kept.
const KEPT: i64 = 12;
/// For how many days files are kept that nothing names.
const LEFT: i64 = 7;

pub(crate) async fn run(app: App, stop: CancellationToken) {
    let mut counted = app.steady();
    let mut logged: Option<Timestamp> = None;
    let mut led = app.db.leads();
    let mut backup = JoinSet::new();
    scheduled_backup::begin(&app).await;
    loop {
        let now = app.steady();
        // Only one node counts how long the site runs.
        let ran = if led && app.db.leads() { now.0.saturating_sub(counted.0) } else { 0 };
        (counted, led) = (now, app.db.leads());
        // A lost file is logged once, by `watching`.
        if app.db.check_files().await.is_ok() {
            work(&app, ran).await;
        }
        // One takes longer than everything else, and nothing waits for it.
        if backup.is_empty() || backup.try_join_next().is_some() {
            backup.spawn(scheduled_backup::work(app.clone()));
        }
        if logged.is_none_or(|at| at.plus(DAY) <= counted) {
            logged = Some(counted);
            log_head(&app).await;
        }
        tokio::select! {
            () = tokio::time::sleep(TICK) => {}
            () = app.backup_work.wait_until_asked() => {}
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

/// Logs a failure, but not that a file is lost, which `watching` logs once.
fn tell_failure(done: Result<()>, what: &str) {
    match done {
        Ok(()) | Err(Error::Lost(_)) => {}
        Err(error) => tracing::error!(%error, "{what}"),
    }
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

/// Does everything that is due now. A failure does not stop the rest, and is tried again next time.
/// Errors: the first failure.
pub async fn tick(app: &App) -> Result<()> {
    app.contact_throttle.tidy(app.steady());
    app.login_attempts.tidy(app.steady());
    app.security_log.tell();
    app.fault_log.tell_counts();
    let done = do_due_work(app).await;
    checkpoint(app).await;
    done
}

/// What cannot be undone waits while the machine's clock is implausible.
async fn do_due_work(app: &App) -> Result<()> {
    let caught_up = if app.db.is_server() { steady_clock::catch_up(app.read(), &app.clock).await } else { Ok(()) };
    if !app.db.leads() {
        return [caught_up, count_searches(app).await, count_paths(app).await].into_iter().collect();
    }
    let steady = steady_clock::write_down(&app.db, &app.clock).await;
    let clock = running_time::observe(&app.db, app.now()).await?;
    let forgotten = app.steady().minus(REMEMBERED * 1000);
    let sessions = if clock.is_plausible() { session::tidy(&app.db, forgotten).await } else { Ok(()) };
    let forms = if app.db.is_server() { submission::tidy(&app.db, app.now()).await } else { Ok(()) };
    let links = preview_link::tidy(&app.db, app.steady()).await;
    let drafts = if clock.is_plausible() { draft::tidy(&app.db, app.now()).await } else { Ok(()) };
    let media = if clock.is_plausible() { forget_media(app).await } else { Ok(()) };
    let searches = if clock.is_plausible() { forget_searches(app).await } else { Ok(()) };
    let devices = known_device::tidy(&app.db, app.steady().minus(DAYS * DAY)).await;
    let mail = if clock.is_plausible() { outbox::forget_old(&app.db, app.now()).await } else { Ok(()) };
    let missing = if clock.is_plausible() { missing::forget(&app.db, app.now()).await } else { Ok(()) };
    [
        caught_up,
        steady,
        sessions,
        forms,
        links,
        drafts,
        devices,
        mail,
        media,
        count_searches(app).await,
        searches,
        count_paths(app).await,
        missing,
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

/// Deletes files that nothing in the media library has named for a week, a part of them each time: the database may be an older one
/// for a while, restored from a backup.
async fn forget_media(app: &App) -> Result<()> {
    let before =
        |time: Timestamp| SystemTime::UNIX_EPOCH + Duration::from_millis(u64::try_from(time.0).unwrap_or_default());
    let now = app.now();
    app.media.forget_incoming(before(now.minus(DAY)))?;
    let part = format!("{:02x}", now.0 / 60_000 % 256);
    let deleted = leftovers::delete_old(&app.db, &app.media, &part, (now, before(now.minus(LEFT * DAY)))).await?;
    if deleted > 0 {
        tracing::info!(deleted, "files that nothing in the media library names were deleted");
    }
    Ok(())
}

/// Stores which redirects were followed since the last time, and which paths were not found.
async fn count_paths(app: &App) -> Result<()> {
    let redirects = app.path_counter.take_redirects();
    let mut done = Ok(());
    if !redirects.is_empty() {
        done = usage::add(&app.db, &redirects).await;
        if done.is_err() {
            app.path_counter.put_back_redirects(redirects);
        }
    }
    let paths = app.path_counter.take_missing();
    if !paths.is_empty() {
        let stored = missing::add(&app.db, &paths).await;
        if stored.is_err() {
            app.path_counter.put_back_missing(paths);
        }
        done = done.and(stored);
    }
    done
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
            "no message is marked for deletion until an administrator confirms it at {}",
            MessageRetentionPath
        );
    }
    if done.deleted > 0 {
        tracing::info!(count = done.deleted, "messages whose time is over were deleted");
    }
    Ok(())
}
