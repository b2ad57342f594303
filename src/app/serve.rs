//! Serves the portal: prepares it on the first run, listens, works in the background, and stops without losing a request.

use tokio_util::sync::CancellationToken;

use super::{background, first_run, router, start};
use crate::{
    config::Config,
    model::password::Cost,
    search::indexer,
    text::time::Clock,
    web::server::{listeners::Listeners, serve},
};

/// Runs until a signal to stop.
///
/// # Errors
/// A sentence for the maintainer: what could not be had, and where.
pub async fn run(mut config: Config) -> Result<(), String> {
    // Each visitor takes a file descriptor, and the usual limit is for programs of another kind.
    if let Err(error) = rlimit::increase_nofile_limit(u64::MAX) {
        tracing::debug!(%error, "the limit of open files cannot be raised");
    }
    // The port first: when it is taken, nothing else shall have been touched.
    let listeners = Listeners::bind(config.listen).map_err(|error| {
        format!("Cannot listen on {}: {error}. Set PLINTH_LISTEN to another address or port.", config.listen)
    })?;
    // Port 0 means any free one; from here on it is known which.
    config.listen = listeners.address();
    let db = start::open(&config).await?;
    let app = start::state(config, db, Clock::default(), Cost::Usual).await?;
    first_run::prepare(&app).await?;
    let (_, front) = router::build(&app)?;
    let stop = CancellationToken::new();
    tokio::spawn(stop_on_signal(stop.clone()));
    let work = tokio::spawn(background::run(app.clone(), stop.clone()));
    let watch = tokio::spawn(background::watch(app.clone(), stop.clone()));
    let search = tokio::spawn({
        let (app, stop) = (app.clone(), stop.clone());
        async move { indexer::run(&app.search, &app.db, stop).await }
    });
    if app.config.is_https() && app.config.trusted_proxies.is_empty() {
        tracing::warn!(
            "visitors come over https, so a proxy stands before this program, and PLINTH_TRUSTED_PROXIES names none; \
             limits count all visitors behind it as one address"
        );
    }
    announce(&app.config, first_run::setup_link(&app).await?.as_deref());
    let served = serve::serve(listeners, front, stop.clone()).await;
    // Whatever ended the serving, the rest ends with it.
    stop.cancel();
    for task in [work, watch, search] {
        if let Err(error) = task.await {
            tracing::error!(%error, "background work ended badly");
        }
    }
    app.db.close().await;
    tracing::info!("stopped");
    served.map_err(|error| format!("The portal cannot be served: {error}"))
}

#[expect(clippy::print_stdout, reason = "said to the person at the terminal, not to the log")]
fn announce(config: &Config, setup_link: Option<&str>) {
    println!("The portal is at {}", config.origin());
    if config.public_url.is_none() && config.listen.ip().is_unspecified() {
        println!(
            "Other machines are answered once PLINTH_PUBLIC_URL names the address they use, for example \
             http://portal.example:{}",
            config.listen.port()
        );
    }
    if let Some(link) = setup_link {
        println!("Make the first administrator (this link works once, for 24 hours):\n  {link}");
    }
}

async fn stop_on_signal(stop: CancellationToken) {
    let interrupt = tokio::signal::ctrl_c();
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => signal.recv().await,
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = interrupt => {}
        _ = terminate => {}
    }
    tracing::info!("stopping: requests under way are finished first");
    stop.cancel();
}
