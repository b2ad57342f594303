//! Serves the portal: prepares it on the first run, listens, works in the background, and stops without losing a request.

use std::{net::SocketAddr, pin::Pin, time::Duration};

use tokio::{
    signal::unix::{Signal, SignalKind, signal},
    task::{JoinHandle, spawn_blocking},
};
use tokio_util::sync::CancellationToken;

use super::{
    background, backup_upload, data_directory::DataDirectory, doctor, due, first_run, lock::ServeLock, mailing,
    metrics::listener::MetricsListener, redirect_listener::RedirectListener, restored_files, router, start,
    terminal::say, tls::Tls, watching, webhooks,
};
use crate::{
    clock::Clock,
    config::Config,
    db::opening::io_fault,
    model::password::Cost,
    search::indexer,
    state::app_state::App,
    web::server::{limits::Limits, listeners::Listeners, serve, timeouts::Timeouts},
};

/// How long requests are taken after the signal to stop where there are other nodes, in seconds.
const DRAIN: u64 = 3;
/// How often the lock is looked at.
const LOCK_CHECK: Duration = Duration::from_secs(1);
/// How long a task that panicked pauses.
const PAUSE: Duration = Duration::from_secs(1);

/// Runs until a signal to stop.
/// Errors: a sentence for the maintainer: what failed, and where.
pub async fn run(mut config: Config) -> Result<(), String> {
    // Each visitor takes a file descriptor, and the usual limit is too low for that.
    if let Err(error) = rlimit::increase_nofile_limit(u64::MAX) {
        tracing::debug!(%error, "the limit of open files cannot be raised");
    }
    // Before clients can connect: a signal without a handler would end the process while they are queued.
    let (leaving, stop) = (CancellationToken::new(), CancellationToken::new());
    let directory = DataDirectory::of(&config)?;
    let drain = Duration::from_secs(config.drain_time.unwrap_or(if directory.file().is_none() { DRAIN } else { 0 }));
    tokio::spawn(stop_on_signal(signals()?, leaving.clone(), drain, stop.clone()));
    // The port first: when it is taken, nothing else has been touched.
    let tls = Tls::open(&config)?;
    let listeners = listeners(config.listen)?;
    let metrics = MetricsListener::bind(config.metrics_listen).await?;
    // Port 0 means any free one; now it is known which.
    config.listen = listeners.address();
    let redirects = RedirectListener::bind(&config).await?;
    drop(backup_upload::bucket(&config)?);
    let mut lock = ServeLock::take(&directory)?;
    let db = start::open(&config).await?;
    if let Some(database) = directory.file() {
        restored_files::finish(&directory.data, database)?;
        restored_files::sweep(&directory.data);
    }
    let app = start::state(config, db, Clock::default(), Cost::Usual).await?;
    app.readiness.leaving.get_or_init(|| leaving);
    first_run::prepare(&app).await?;
    lock.sign();
    doctor::log_machine(&app).await;
    tokio::spawn(doctor::log_site(app.clone()));
    let guard = tokio::spawn(keep_lock(app.clone(), lock, directory, stop.clone()));
    let (_, router) = router::build(&app)?;
    let limits = limits(&app.config);
    let listeners = Tls::begin(tls, listeners, app.clock.clone(), stop.clone())?;
    let tasks = start_background(&app, &stop);
    serve_metrics(metrics, &app, &stop);
    serve_redirects(redirects, &stop);
    announce(&app.config, first_run::setup_link(&app).await?.as_deref());
    let served = serve::serve(listeners, router, limits, stop.clone()).await;
    // When serving has ended, for whatever reason, the rest ends too.
    stop.cancel();
    for task in tasks {
        if let Err(error) = task.await {
            tracing::error!(%error, "background work ended badly");
        }
    }
    let guarded = guard.await.unwrap_or_else(|error| Err(format!("The lock could not be watched: {error}.")));
    app.db.close().await;
    tracing::info!("stopped");
    // Locked until here.
    let _lock = guarded?;
    served.map_err(|error| format!("The portal cannot be served: {error}"))
}

/// How many connections there may be, and how long clients may take.
fn limits(config: &Config) -> Limits {
    let timeouts = Timeouts {
        head: Duration::from_secs(config.header_timeout),
        idle: Duration::from_secs(config.keepalive_timeout),
    };
    Limits::usual(&config.trusted_proxies, timeouts)
}

fn serve_redirects(listener: Option<RedirectListener>, stop: &CancellationToken) {
    let Some(listener) = listener else { return };
    if let Some(address) = listener.address() {
        tracing::info!("what comes to http://{address} is sent on to https");
    }
    tokio::spawn(listener.serve(stop.clone()));
}

fn serve_metrics(listener: Option<MetricsListener>, app: &App, stop: &CancellationToken) {
    let Some(listener) = listener else { return };
    if let Some(address) = listener.address() {
        tracing::info!("metrics are at http://{address}/metrics");
    }
    tokio::spawn(listener.serve(app.clone(), stop.clone()));
}

/// What a service manager hands over, or else the address that is set.
fn listeners(address: SocketAddr) -> Result<Listeners, String> {
    let handed =
        Listeners::inherit().map_err(|error| format!("What LISTEN_FDS hands over cannot be served: {error}."))?;
    if let Some(listeners) = handed {
        tracing::info!(address = %listeners.address(), "serving on the socket that was handed over; PLINTH_LISTEN does not count");
        return Ok(listeners);
    }
    Listeners::bind(address).map_err(|error| {
        format!("Cannot listen on {address}: {}. Set PLINTH_LISTEN to another address or port.", io_fault(&error))
    })
}

/// Holds the lock until the end, also when its file is deleted. Stops serving when another process has it then.
async fn keep_lock(
    app: App,
    lock: ServeLock,
    directory: DataDirectory,
    stop: CancellationToken,
) -> Result<ServeLock, String> {
    let mut held = (lock, directory);
    loop {
        tokio::select! {
            () = tokio::time::sleep(LOCK_CHECK) => {}
            () = stop.cancelled() => return Ok(held.0),
        }
        if app.db.check_files().await.is_err() {
            continue;
        }
        let (mut lock, directory) = held;
        // A storage that hangs must not keep a thread that answers others.
        let renew = spawn_blocking(move || (lock.renew(&directory), (lock, directory)));
        let (renewed, back) = renew.await.map_err(|error| format!("The lock could not be looked at: {error}."))?;
        held = back;
        if let Err(sentence) = renewed {
            tracing::error!("stopping: {sentence}");
            stop.cancel();
            return Err(sentence);
        }
    }
}

/// Starts the background work, each part in a task that is started again when it panics.
fn start_background(app: &App, stop: &CancellationToken) -> Vec<JoinHandle<()>> {
    app.db.join_nodes();
    let tasks: [(&str, Begin); 8] = [
        ("the work that is due", |app, stop| Box::pin(background::run(app, stop))),
        ("the sending of e-mails", |app, stop| Box::pin(mailing::run(app, stop))),
        ("the sending of webhooks", |app, stop| Box::pin(webhooks::run(app, stop))),
        ("what is scheduled", |app, stop| Box::pin(due::run(app, stop))),
        ("the contact with other nodes", |app, stop| Box::pin(watching::keep_contact(app, stop))),
        ("the watch over other processes", |app, stop| Box::pin(watching::watch(app, stop))),
        ("the watch over the files", |app, stop| Box::pin(watching::watch_files(app, stop))),
        ("the search index", |app, stop| Box::pin(async move { indexer::run(&app.search, &app.db, stop).await })),
    ];
    tasks
        .map(|(name, begin)| {
            let (app, token) = (app.clone(), stop.clone());
            tokio::spawn(keep_going(name, stop.clone(), move || begin(app.clone(), token.clone())))
        })
        .into()
}

type Begin = fn(App, CancellationToken) -> Task;
type Task = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Starts a task again when it panics, after a pause.
async fn keep_going(name: &str, stop: CancellationToken, begin: impl Fn() -> Task) {
    while let Err(error) = tokio::spawn(begin()).await {
        tracing::error!(%error, "{name} ended badly and begins again");
        tokio::select! {
            () = tokio::time::sleep(PAUSE) => {}
            () = stop.cancelled() => return,
        }
    }
}

fn announce(config: &Config, setup_link: Option<&str>) {
    say(&format!("The portal is at {}", config.origin()));
    if config.public_url.is_none() && config.listen.ip().is_unspecified() {
        say(&format!(
            "Other machines are answered once PLINTH_PUBLIC_URL names the address they use, for example \
             {}://portal.example:{}",
            if config.is_https() { "https" } else { "http" },
            config.listen.port()
        ));
    }
    if let Some(link) = setup_link {
        say(&format!("Make the first administrator (this link works once, for 24 hours):\n  {link}"));
    }
}

/// The signals that stop the program: from a terminal and from a service manager.
fn signals() -> Result<[Signal; 2], String> {
    let fault = |error| format!("Signals cannot be waited for: {error}");
    Ok([signal(SignalKind::interrupt()).map_err(fault)?, signal(SignalKind::terminate()).map_err(fault)?])
}

/// At the first signal proxies are sent away; after `drain`, or at the second, no more connections are taken.
async fn stop_on_signal(
    mut signals: [Signal; 2],
    leaving: CancellationToken,
    drain: Duration,
    stop: CancellationToken,
) {
    wait_for_signal(&mut signals).await;
    tracing::info!("stopping: requests under way are finished first");
    leaving.cancel();
    tokio::select! {
        () = tokio::time::sleep(drain) => {}
        () = wait_for_signal(&mut signals) => {}
    }
    stop.cancel();
}

async fn wait_for_signal([interrupt, terminate]: &mut [Signal; 2]) {
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    };

    use super::*;

    #[tokio::test]
    async fn a_task_that_panics_begins_again() {
        let times = Arc::new(AtomicU32::new(0));
        let count = times.clone();
        keep_going("a test", CancellationToken::new(), move || {
            let time = count.fetch_add(1, Ordering::Relaxed);
            Box::pin(async move { assert!(time > 0, "the first time it fails") })
        })
        .await;
        assert_eq!(times.load(Ordering::Relaxed), 2);
    }
}
