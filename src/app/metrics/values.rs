//! The metrics, with their values at this moment. To add one, write it here and in `docs/operation.md`.

use std::time::Duration;

use tokio::time::timeout;

use super::{process::ProcessFigures, text::MetricsText};
use crate::{
    db::statement_time::{COMMITS, READS, WRITES},
    doctor::disk::Room,
    error::Result,
    model::{audit_log, mail::list, opening},
    search::index_kind::IndexKind,
    state::app_state::App,
};

/// How long the database may take; what it does not say in time is left out.
const DATABASE: Duration = Duration::from_secs(5);

const COUNTER: &str = "counter";
const GAUGE: &str = "gauge";

pub(super) async fn write(app: &App) -> String {
    let mut text = MetricsText::default();
    write_process(&mut text);
    write_requests(&mut text, app);
    write_times(&mut text, app);
    write_state(&mut text, app);
    match timeout(DATABASE, Stored::read(app)).await {
        Ok(Ok(stored)) => {
            text.single(("plinth_database_answers", GAUGE, "1 when the database answered this scrape in time."), 1);
            stored.write(&mut text);
        }
        _ => text.single(("plinth_database_answers", GAUGE, "1 when the database answered this scrape in time."), 0),
    }
    text.0
}

fn write_process(text: &mut MetricsText) {
    let ProcessFigures { resident_bytes, open_files, cpu_ticks } = ProcessFigures::read();
    text.metric("plinth_build_info", GAUGE, "Always 1; the label is the version of the program.");
    text.value("plinth_build_info", concat!("version=\"", env!("CARGO_PKG_VERSION"), "\""), 1);
    text.known(("process_resident_memory_bytes", GAUGE, "Memory of the process."), resident_bytes);
    text.known(("process_open_fds", GAUGE, "Open files and connections of the process."), open_files);
    let seconds = cpu_ticks.map(|ticks| format!("{}.{:02}", ticks / 100, ticks % 100));
    text.known(("process_cpu_seconds_total", COUNTER, "Time that the cores have worked for the process."), seconds);
}

fn write_requests(text: &mut MetricsText, app: &App) {
    let fast = app.pages.counters.total();
    text.single(("plinth_fast_path_requests_total", COUNTER, "Requests answered without the router."), fast.requests);
    text.single(
        ("plinth_fast_path_hits_total", COUNTER, "Those of them whose answer was in memory already."),
        fast.hits,
    );
    text.single(("plinth_fast_path_sent_bytes_total", COUNTER, "Bytes of these answers."), fast.bytes);
    text.single(("plinth_cache_misses_total", COUNTER, "Pages and files that had to be made."), app.pages.misses());
    text.single(("plinth_cache_bytes", GAUGE, "Memory that finished pages and files take."), app.pages.bytes());
    text.metric(
        "plinth_requests_total",
        COUNTER,
        "Requests answered by the router, by what they were for and their status.",
    );
    for (class, status, count) in app.request_counts.iter() {
        text.value("plinth_requests_total", &format!("class=\"{class}\",status=\"{status}xx\""), count);
    }
    let connections = app.pages.counters.connections();
    text.single(("plinth_connections_total", COUNTER, "Connections that were taken."), connections.begun);
    text.single(("plinth_connections_open", GAUGE, "Connections that are open."), connections.open());
}

fn write_times(text: &mut MetricsText, app: &App) {
    text.metric("plinth_request_seconds", "histogram", "Time that the router took to begin an answer.");
    text.histogram("plinth_request_seconds", "", &app.request_counts.time.counts());
    text.metric("plinth_render_seconds", "histogram", "Time that the HTML of a public page took.");
    text.histogram("plinth_render_seconds", "", &app.render_time.counts());
    text.metric("plinth_statement_seconds", "histogram", "Time of statements of the database, and of commits.");
    for (kind, times) in [("read", &READS), ("write", &WRITES), ("commit", &COMMITS)] {
        text.histogram("plinth_statement_seconds", &format!("kind=\"{kind}\""), &times.counts());
    }
}

fn write_state(text: &mut MetricsText, app: &App) {
    text.single(
        ("plinth_site_version", GAUGE, "Grows with each change of anything public."),
        app.db.site_version().get(),
    );
    let ready = app.readiness.state.borrow().ended.map(|(_, fault)| u8::from(fault.is_none()));
    text.known(("plinth_ready", GAUGE, "1 when the last check by /readyz found nothing wrong."), ready);
    let leads = u8::from(app.db.leads());
    text.single(("plinth_does_background_work", GAUGE, "1 on the node that does the background work."), leads);
    text.metric("plinth_queue_length", GAUGE, "What waits or is under way.");
    for (queue, length) in [("render", app.rendering.admitted()), ("prepare_media", app.preparing.admitted())] {
        text.value("plinth_queue_length", &format!("queue=\"{queue}\""), length);
    }
}

/// What has to be asked of the database and the disk.
struct Stored {
    behind: Option<i64>,
    waiting: i64,
    failed: i64,
    backup_seconds: Option<i64>,
    bytes: u64,
    log_bytes: Option<u64>,
    free_bytes: Option<u64>,
}

impl Stored {
    async fn read(app: &App) -> Result<Self> {
        let db = app.read();
        let newest = audit_log::head(db).await?.map_or(0, |head| head.id);
        let followed = app.search.snapshot(IndexKind::Public).map(|index| index.followed);
        let last_backup = opening::load(db).await?.last_backup();
        let size = app.db.size().await?;
        let data = app.config.data.clone();
        let room = tokio::task::spawn_blocking(move || Room::at(&data)).await;
        Ok(Self {
            behind: followed.map(|followed| (newest - followed).max(0)),
            waiting: list::queue(db).await?.waiting,
            failed: list::count_failed(db).await?,
            backup_seconds: last_backup.map(|at| (app.now().0 - at.0).max(0) / 1000),
            bytes: size.bytes,
            log_bytes: size.log_bytes,
            free_bytes: room.ok().and_then(Result::ok).map(|room| room.bytes),
        })
    }

    fn write(&self, text: &mut MetricsText) {
        text.metric("plinth_mails", GAUGE, "E-mails that wait to be sent, and those that were given up.");
        text.value("plinth_mails", "state=\"waiting\"", self.waiting);
        text.value("plinth_mails", "state=\"failed\"", self.failed);
        text.known(
            ("plinth_search_behind_entries", GAUGE, "Entries of the audit log that the search has not followed."),
            self.behind,
        );
        text.known(
            ("plinth_backup_age_seconds", GAUGE, "Age of the newest backup that the site knows of."),
            self.backup_seconds,
        );
        text.single(("plinth_database_bytes", GAUGE, "Size of the database."), self.bytes);
        text.known(("plinth_database_log_bytes", GAUGE, "Size of the log beside the file of SQLite."), self.log_bytes);
        text.known(("plinth_disk_free_bytes", GAUGE, "Free on the disk of the data directory."), self.free_bytes);
    }
}
