//! The orderly end of a connection.

use std::{
    io,
    time::{Duration, Instant},
};

use tokio::{io::AsyncWriteExt, net::TcpStream, time::timeout};

use super::{connection_state::ConnectionState, transport::Transport};

/// How long a client may take to notice that a connection has ended.
const LINGER: Duration = Duration::from_secs(1);
/// How much of what it sends meanwhile is read and ignored.
const LINGER_BYTES: usize = 1024 * 1024;

/// Ends a connection so that the client gets what was sent last. Closing at once could reset the connection while the
/// client is still sending.
pub(crate) async fn close(mut stream: Transport, state: &ConnectionState) {
    // With TLS there is a last message, which the client may not take.
    if state.is_evicted() || !matches!(timeout(LINGER, stream.shutdown()).await, Ok(Ok(()))) {
        return;
    }
    let stream = stream.into_tcp();
    state.idle(Instant::now());
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

/// Reads once and drops it. The buffer is on the stack of this function, so that a silent connection holds none.
fn discard(stream: &TcpStream) -> io::Result<usize> {
    stream.try_read(&mut [0; 4096])
}
