//! Serves until told to stop: a thread for each core with a runtime of its own, so that a connection stays where it is
//! and no thread waits for another. What is not kept in memory is made by the runtime that `serve` was called on.

use std::{
    io,
    sync::Arc,
    thread::{self, JoinHandle},
    time::Duration,
};

use tokio::{
    net::TcpListener,
    runtime::{Builder, Handle},
    sync::Semaphore,
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{
    connection::{self, Shared},
    listeners::Listeners,
};
use crate::web::cache::front::Front;

/// Connections at one time; more wait in the listeners' queues.
const CONNECTIONS: usize = 4096;
/// How long requests under way have after the signal to stop: more than the time limit of any request.
const GRACE: Duration = Duration::from_secs(35);

/// Serves until `stop`, then lets the requests under way finish.
///
/// # Errors
/// When a thread or its runtime cannot be had.
pub async fn serve(listeners: Listeners, front: Front, stop: CancellationToken) -> io::Result<()> {
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    let shared = Shared { front, work: Handle::current(), stop };
    let mut threads = Vec::new();
    for socket in listeners.into_sockets() {
        // Before it sleeps it lets others on its core run: the more has arrived when it wakes. Measured with the client on
        // the same two cores: a fifth more requests, and a 99th percentile of 2 ms instead of 6.
        let runtime = Builder::new_current_thread().enable_all().on_thread_park(thread::yield_now).build()?;
        // When one thread ends, however it ends, all do.
        let end = shared.stop.clone().drop_guard();
        // A token of its own, so that the threads do not take turns at one lock for every request.
        let (places, shared) = (places.clone(), Shared { stop: shared.stop.child_token(), ..shared.clone() });
        let thread = thread::Builder::new().name("plinth-serve".to_owned());
        threads.push(thread.spawn(move || {
            let _end = end;
            runtime.block_on(accept(socket, places, shared))
        })?);
    }
    let ended = tokio::task::spawn_blocking(move || threads.into_iter().try_for_each(joined));
    ended.await.unwrap_or_else(|error| Err(io::Error::other(error)))
}

fn joined(thread: JoinHandle<io::Result<()>>) -> io::Result<()> {
    thread.join().unwrap_or_else(|_| Err(io::Error::other("a serving thread panicked")))
}

/// Accepts on one socket.
async fn accept(socket: std::net::TcpListener, places: Arc<Semaphore>, shared: Shared) -> io::Result<()> {
    let listener = TcpListener::from_std(socket)?;
    let connections = TaskTracker::new();
    loop {
        let free = places.clone().acquire_owned();
        let accept = async { (free.await, listener.accept().await) };
        let (place, accepted) = tokio::select! {
            both = accept => both,
            () = shared.stop.cancelled() => break,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                pause_after(&error).await;
                continue;
            }
        };
        let connection = connection::run(stream, peer, shared.clone());
        connections.spawn(async move {
            connection.await;
            drop(place);
        });
    }
    drop(listener);
    connections.close();
    if tokio::time::timeout(GRACE, connections.wait()).await.is_err() {
        tracing::warn!("some requests were still under way after {} seconds and were cut off", GRACE.as_secs());
    }
    Ok(())
}

/// Out of file descriptors: waiting lets some connections end; anything else passes by itself.
async fn pause_after(error: &io::Error) {
    if !matches!(error.kind(), io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset) {
        tracing::warn!(%error, "a connection could not be accepted");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}
