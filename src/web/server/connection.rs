//! The life of one connection: the fast path, then hyper if a request needs it, then an orderly end.

use std::{net::SocketAddr, time::Duration};

use tokio::{net::TcpStream, time::timeout};

use super::{
    closing::close,
    connection_slots::ConnectionSlot,
    fast_path::{self, Handover},
    hyper_path,
    shared::Shared,
};

/// How long a connection without a slot may take.
const RESERVED_TIME: Duration = Duration::from_secs(3);

pub async fn run(stream: TcpStream, peer: SocketAddr, slot: ConnectionSlot, shared: Shared) {
    let _counted = shared.counters.begin_connection();
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "TCP_NODELAY was refused");
    }
    if slot.reserved {
        // There are few reserved slots, so each is freed soon, whatever the client does.
        let _ = timeout(RESERVED_TIME, hyper_path::run(Handover::default(), stream, peer, &slot, shared)).await;
        return;
    }
    match fast_path::run(&stream, peer, &slot.state, &shared).await {
        Some(handover) => hyper_path::run(handover, stream, peer, &slot, shared).await,
        None => close(stream, &slot.state).await,
    }
}
