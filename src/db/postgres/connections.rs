//! The connections of a pool, each lent to one user at a time. One on which something was asked and not answered is not
//! lent again, and while the server is silent one user finds out for all when it is back.

use std::{
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use sqlx::{
    Connection, PgConnection, PgPool, Postgres,
    pool::PoolConnection,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use tokio::{
    runtime::Handle,
    time::{Instant, timeout},
};

use super::{
    answer::{SOON, is_no_answer, within},
    error::breaks,
};

/// How long a connection is waited for; when the server is away, users wait as long for a sentence.
const ACQUIRE: Duration = Duration::from_secs(5);
/// A connection that was not used for so long is tried first.
const IDLE: Duration = Duration::from_secs(1);
/// How long a server that was silent is left alone.
const SILENT: Duration = Duration::from_secs(1);
/// How long one user may be about finding out whether it is back.
const TRIAL: Duration = Duration::from_secs(8);

#[derive(Clone)]
pub(in crate::db) struct Connections {
    pool: PgPool,
    most: u32,
    state: Arc<State>,
}

#[derive(Default)]
struct State {
    lent: AtomicU32,
    /// The server did not answer, and until then only the one who set this asks it.
    silent_until: Mutex<Option<Instant>>,
}

impl Connections {
    /// At most `most` connections, made when they are needed.
    pub(super) fn new(most: u32, options: PgConnectOptions) -> Self {
        let pool = PgPoolOptions::new()
            .max_connections(most)
            .acquire_timeout(ACQUIRE)
            .test_before_acquire(false)
            .before_acquire(|connection, metadata| {
                let rested = metadata.idle_for > IDLE;
                Box::pin(async move { Ok(!rested || is_there(connection).await) })
            })
            .connect_lazy_with(options);
        Self { pool, most, state: Arc::default() }
    }

    /// A connection, one that was tried if `careful`.
    /// Fails when none is free in time, or the server does not answer.
    pub(super) async fn lend(&self, careful: bool) -> sqlx::Result<LentConnection> {
        if !careful {
            self.enter()?;
        }
        let lent = within(ACQUIRE, self.take(careful)).await.flatten();
        // All are lent: then it is not known whether the server is there.
        let is_busy = self.state.lent.load(Ordering::Relaxed) >= self.most;
        match &lent {
            Ok(_) if careful => self.note(true),
            Err(sqlx::Error::PoolTimedOut) if !is_busy => self.note(false),
            Err(error) if is_no_answer(error) => self.note(false),
            _ => {}
        }
        lent
    }

    async fn take(&self, careful: bool) -> sqlx::Result<LentConnection> {
        loop {
            let connection = self.pool.acquire().await?;
            self.state.lent.fetch_add(1, Ordering::Relaxed);
            let mut lent =
                LentConnection { connection: Some(connection), owner: self.clone(), asked: false, broken: false };
            if !careful || lent.is_there().await {
                return Ok(lent);
            }
        }
    }

    /// Fails at once while the server is known to be silent.
    fn enter(&self) -> sqlx::Result<()> {
        let mut silent_until = self.silent_until();
        match *silent_until {
            Some(until) if Instant::now() < until => Err(sqlx::Error::Io(std::io::ErrorKind::TimedOut.into())),
            Some(_) => {
                *silent_until = Some(Instant::now() + TRIAL);
                Ok(())
            }
            None => Ok(()),
        }
    }

    fn note(&self, answers: bool) {
        *self.silent_until() = (!answers).then(|| Instant::now() + SILENT);
    }

    fn silent_until(&self) -> MutexGuard<'_, Option<Instant>> {
        self.state.silent_until.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) async fn close(&self) {
        // What is left then ends with the process.
        let _ = timeout(ACQUIRE, self.pool.close()).await;
    }
}

/// Whether the server answers on a connection.
async fn is_there(connection: &mut PgConnection) -> bool {
    within(SOON, connection.ping()).await.flatten().is_ok()
}

/// A connection in the hands of one user.
pub(in crate::db) struct LentConnection {
    connection: Option<PoolConnection<Postgres>>,
    owner: Connections,
    /// Something was asked and not answered yet.
    asked: bool,
    broken: bool,
}

impl LentConnection {
    /// The connection, to ask something; give what came of it to [`Self::inspect`].
    pub(super) fn connection(&mut self) -> sqlx::Result<&mut PgConnection> {
        self.asked = true;
        self.connection.as_deref_mut().ok_or(sqlx::Error::PoolClosed)
    }

    /// How the server is reached.
    pub(super) fn options(&self) -> Arc<PgConnectOptions> {
        self.owner.pool.connect_options()
    }

    /// Looks for a failure of the connection in what was answered, and passes it on.
    pub(super) fn inspect<T>(&mut self, answer: sqlx::Result<T>) -> sqlx::Result<T> {
        self.asked = false;
        self.broken |= answer.as_ref().is_err_and(breaks);
        match &answer {
            Err(error) if is_no_answer(error) => self.owner.note(false),
            _ if self.broken => {}
            _ => self.owner.note(true),
        }
        answer
    }

    pub(super) fn is_sound(&self) -> bool {
        !self.asked && !self.broken
    }

    async fn is_there(&mut self) -> bool {
        let Ok(connection) = self.connection() else { return false };
        let is_there = is_there(connection).await;
        (self.asked, self.broken) = (false, !is_there);
        is_there
    }
}

impl Drop for LentConnection {
    fn drop(&mut self) {
        self.owner.state.lent.fetch_sub(1, Ordering::Relaxed);
        let Some(mut connection) = self.connection.take() else { return };
        match Handle::try_current() {
            // The pool tries it once more, and would wait for that without a limit.
            Ok(runtime) if self.is_sound() => {
                runtime.spawn(async move { timeout(SOON, connection.return_to_pool()).await });
            }
            // It makes room for another one at once, and the server undoes what was not committed.
            _ => drop(connection.detach()),
        }
    }
}
