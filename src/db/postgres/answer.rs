//! Waiting for a server that may not answer any more: a machine that loses its power closes no connection, and neither does
//! a network that loses a route.

use std::{io::ErrorKind, pin::pin, time::Duration};

use sqlx::{ConnectOptions, Connection, PgConnection, postgres::PgConnectOptions};
use tokio::time::{sleep, timeout};

/// How long an answer may take that needs no work: that the connection is there, that a transaction has begun.
pub(super) const SOON: Duration = Duration::from_secs(3);
/// How long a new connection may take.
const CONNECT: Duration = Duration::from_secs(10);
/// How long work may take before the server is asked on another connection whether it is still there.
const LOOK: Duration = Duration::from_secs(3);

/// A new connection.
/// Fails when the server refuses or does not answer in time.
pub(super) async fn connect(options: &PgConnectOptions) -> sqlx::Result<PgConnection> {
    within(CONNECT, Box::pin(options.connect())).await.flatten()
}

/// What is asked, if it is answered within `limit`.
/// Fails otherwise, see [`is_no_answer`].
pub(super) async fn within<T>(limit: Duration, asked: impl Future<Output = T>) -> sqlx::Result<T> {
    timeout(limit, asked).await.map_err(|_| sqlx::Error::Io(ErrorKind::TimedOut.into()))
}

/// The same for what may take its time as long as the server takes new connections: for `limit` then.
pub(super) async fn while_there<T>(
    options: &PgConnectOptions,
    limit: Duration,
    asked: impl Future<Output = T>,
) -> sqlx::Result<T> {
    let mut asked = pin!(asked);
    if let Ok(answer) = timeout(LOOK, &mut asked).await {
        return Ok(answer);
    }
    tokio::select! {
        answer = within(limit, asked) => answer,
        // Boxed, as what is rarely needed would make every statement larger.
        error = Box::pin(gone(options)) => Err(error),
    }
}

/// Whether a server did not answer in time.
pub(super) fn is_no_answer(error: &sqlx::Error) -> bool {
    matches!(error, sqlx::Error::Io(error) if error.kind() == ErrorKind::TimedOut)
}

/// Waits until the server takes no connections any more. One that refuses them for a reason is there.
async fn gone(options: &PgConnectOptions) -> sqlx::Error {
    loop {
        match within(SOON, options.connect()).await.flatten() {
            Ok(connection) => drop(within(SOON, connection.close()).await),
            Err(error @ sqlx::Error::Io(_)) => return error,
            Err(_) => {}
        }
        sleep(LOOK).await;
    }
}
