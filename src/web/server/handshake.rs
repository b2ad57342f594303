//! How a connection with TLS begins: the handshake and the first bytes of a request, both within the time for the head of a request.
//! What comes after is hyper's.

use std::{pin::pin, sync::Arc};

use axum::http::StatusCode;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};
use tokio_rustls::TlsAcceptor;

use super::{
    closing::close, connection_state::ConnectionState, fast_path::FIRST_TIME, refusal, shared::Shared,
    transport::Transport,
};

/// The first byte that a client sends when it speaks TLS.
const HANDSHAKE: u8 = 0x16;
/// Bytes of a request that are read before hyper has the connection.
const FIRST: usize = 4096;
/// Bytes of an answer that wait encrypted: the slowest client that is allowed takes as many in the time that one may take nothing.
const WAITING: usize = 32 * 1024;

/// The connection and what was read of its first request; none when the client is too slow, has gone, speaks no TLS that is
/// understood, or another one gets its slot.
pub(super) async fn begin(
    tls: &TlsAcceptor,
    stream: TcpStream,
    state: &Arc<ConnectionState>,
    shared: &Shared,
) -> Option<(Transport, Vec<u8>)> {
    let mut begun = pin!(timeout(shared.timeouts.head, read_first(tls, stream, state, shared)));
    tokio::select! {
        biased;
        done = &mut begun => return done.ok().flatten(),
        () = state.end.notified() => {}
    }
    if state.is_evicted() {
        return None;
    }
    // It is time to stop, and the first request is on its way.
    timeout(FIRST_TIME, begun).await.ok()?.ok()?
}

async fn read_first(
    tls: &TlsAcceptor,
    stream: TcpStream,
    state: &ConnectionState,
    shared: &Shared,
) -> Option<(Transport, Vec<u8>)> {
    let mut first = [0];
    if stream.peek(&mut first).await.ok()? == 0 {
        return None;
    }
    if first != [HANDSHAKE] {
        refuse_plain(stream, state, shared).await;
        return None;
    }
    let accepted = tls.accept_with(stream, |session| session.set_buffer_limit(Some(WAITING))).await;
    let stream = accepted.inspect_err(|error| tracing::debug!(%error, "a TLS handshake failed")).ok()?;
    let mut stream = Transport::Tls(Box::new(stream));
    let mut read = vec![0; FIRST];
    let length = stream.read(&mut read).await.ok().filter(|length| *length > 0)?;
    read.truncate(length);
    Some((stream, read))
}

/// Answers a client that speaks HTTP without TLS.
async fn refuse_plain(stream: TcpStream, state: &ConnectionState, shared: &Shared) {
    let mut stream = Transport::Plain(stream);
    let refused = refusal::to_bytes(&shared.router.refuse(StatusCode::BAD_REQUEST));
    if stream.write_all(&refused).await.is_ok() {
        close(stream, state).await;
    }
}
