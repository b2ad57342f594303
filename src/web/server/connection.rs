//! The life of one connection: with TLS the handshake, then hyper; else the fast path, then hyper if a request needs it. Then an
//! orderly end.

use std::{net::SocketAddr, time::Duration};

use tokio::{net::TcpStream, time::timeout};

use super::{
    closing::close,
    connection_slots::ConnectionSlot,
    fast_path::{self, Handover},
    handshake, hyper_path,
    shared::Shared,
    transport::Transport,
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
        let _ = timeout(RESERVED_TIME, run_without_fast_path(stream, peer, &slot, shared)).await;
        return;
    }
    if shared.tls.is_some() {
        run_without_fast_path(stream, peer, &slot, shared).await;
        return;
    }
    match fast_path::run(&stream, peer, &slot.state, &shared).await {
        Some(handover) => hyper_path::run(handover, Transport::Plain(stream), peer, &slot, shared).await,
        None => close(Transport::Plain(stream), &slot.state).await,
    }
}

async fn run_without_fast_path(stream: TcpStream, peer: SocketAddr, slot: &ConnectionSlot, shared: Shared) {
    let (stream, read) = match &shared.tls {
        None => (Transport::Plain(stream), Vec::new()),
        Some(tls) => match handshake::begin(tls, stream, &slot.state, &shared).await {
            None => return,
            Some(begun) => begun,
        },
    };
    hyper_path::run(Handover { read, made: None }, stream, peer, slot, shared).await;
}
