//! The life of one connection: the fast path, then hyper if a request needs it, then an orderly end.

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use tokio::{io::AsyncWriteExt, net::TcpStream, runtime::Handle, time::timeout};

use super::{
    connection_slots::ConnectionSlot,
    connection_state::ConnectionState,
    fast_path::{self, Handover},
    hyper_path,
    timeouts::Timeouts,
};
use crate::web::cache::{cached_router::CachedRouter, counters::ThreadCounters};

/// How long a connection may take for which there is no slot.
const RESERVED_TIME: Duration = Duration::from_secs(3);
/// How long a client may take to notice that a connection has ended.
const LINGER: Duration = Duration::from_secs(1);
/// How much of what it sends meanwhile is read and ignored.
const LINGER_BYTES: usize = 1024 * 1024;

/// What all connections of a thread share.
#[derive(Clone)]
pub struct Shared {
    /// Answers.
    pub router: CachedRouter,
    /// Where answers are made that are not cached, so that making one keeps no other connection waiting.
    pub work: Handle,
    /// How long clients may take.
    pub timeouts: Timeouts,
    /// What the fast path does on this thread.
    pub counters: Arc<ThreadCounters>,
}

/// Serves a connection to its end.
pub async fn run(stream: TcpStream, peer: SocketAddr, slot: ConnectionSlot, shared: Shared) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "TCP_NODELAY was refused");
    }
    if slot.reserved {
        // There are few reserved slots: each is free again soon, whatever the client does.
        let _ = timeout(RESERVED_TIME, hyper_path::run(Handover::default(), stream, peer, &slot, shared)).await;
        return;
    }
    match fast_path::run(&stream, peer, &slot.state, &shared).await {
        Some(handover) => hyper_path::run(handover, stream, peer, &slot, shared).await,
        None => close(stream, &slot.state).await,
    }
}

/// Ends a connection so that the client gets what was sent last. Closing at once could reset the connection while something
/// of the client's is still on the way.
pub async fn close(mut stream: TcpStream, state: &ConnectionState) {
    if state.is_evicted() || stream.shutdown().await.is_err() {
        return;
    }
    state.idle(std::time::Instant::now());
    let mut discarded = 0;
    let read_all = async {
        while discarded < LINGER_BYTES && stream.readable().await.is_ok() {
            match discard(&stream) {
                Ok(0) => break,
                Ok(length) => discarded += length,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(_) => break,
            }
        }
    };
    let _ = timeout(LINGER, read_all).await;
}

/// Reads once and forgets it. The buffer is on the stack of this function, so that a silent connection holds none.
fn discard(stream: &TcpStream) -> io::Result<usize> {
    stream.try_read(&mut [0; 4096])
}
