//! The connections of a pool, each lent to one user at a time. One on which something was asked and not answered is not
//! lent again, and while the server is silent one user finds out for all when it is back.
//!
//! sqlx's pool asks the server whether a connection is still there each time that it gets it back, which would double what
//! short statements cost. So they rest here, and the pool only makes them.

use std::{
    mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use sqlx::{
    ConnectOptions, Connection, PgConnection, PgPool, Postgres,
    pool::PoolConnection,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use tokio::{
    runtime::Handle,
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{Instant, timeout},
};

use super::{
    answer::{SOON, is_no_answer, within},
    error::breaks,
};

/// How long a connection is waited for; when the server is away, users wait as long for a sentence.
const ACQUIRE: Duration = Duration::from_secs(5);
/// How long the server is asked for its reason then.
const REFUSAL: Duration = Duration::from_secs(1);
/// A connection that was not used for so long is tried first.
const IDLE: Duration = Duration::from_secs(1);
/// A connection is used for so long. What the server keeps for it grows with what it was asked.
const LIFETIME: Duration = Duration::from_mins(30);
/// How long a server that was silent is left alone.
const SILENT: Duration = Duration::from_secs(1);
/// How long one user may be about finding out whether it is back.
const TRIAL: Duration = Duration::from_secs(8);

#[derive(Clone)]
pub(in crate::db) struct Connections {
    pool: PgPool,
    places: Arc<Semaphore>,
    state: Arc<State>,
}

#[derive(Default)]
struct State {
    /// The one that was used last is lent first: it knows most statements.
    resting: Mutex<Vec<Resting>>,
    /// The server did not answer, and until then only the one who set this asks it.
    silent_until: Mutex<Option<Instant>>,
}

struct Resting {
    connection: PooledConnection,
    since: Instant,
}

struct PooledConnection {
    inner: PoolConnection<Postgres>,
    made_at: Instant,
}

impl Connections {
    /// At most `most` connections, made when they are needed.
    pub(super) fn new(most: u32, options: PgConnectOptions) -> Self {
        let pool = PgPoolOptions::new()
            .max_connections(most)
            .acquire_timeout(ACQUIRE)
            // It keeps no connection, so it needs no task that looks for old ones.
            .idle_timeout(None)
            .max_lifetime(None)
            .connect_lazy_with(options);
        let places = usize::try_from(most).unwrap_or(Semaphore::MAX_PERMITS);
        Self { pool, places: Arc::new(Semaphore::new(places)), state: Arc::default() }
    }

    /// A connection, one that was tried if `careful`.
    /// Fails when none is free in time, or the server does not answer.
    pub(super) async fn lend(&self, careful: bool) -> sqlx::Result<LentConnection> {
        if !careful {
            self.enter()?;
        }
        let lent = within(ACQUIRE, self.take(careful)).await.flatten();
        // All are lent: then it is not known whether the server is there.
        let is_busy = self.places.available_permits() == 0;
        match &lent {
            Ok(_) if careful => self.note(true),
            Err(sqlx::Error::PoolTimedOut) if is_busy => {}
            Err(error) if is_no_answer(error) || matches!(error, sqlx::Error::PoolTimedOut) => {
                self.note(false);
                return self.refusal().await.map_or(lent, Err);
            }
            _ => {}
        }
        lent
    }

    /// Why the server makes no connection, if it says so: sqlx asks it again and again, and tells nothing of the answers.
    async fn refusal(&self) -> Option<sqlx::Error> {
        match within(REFUSAL, Box::pin(self.pool.connect_options().connect())).await.flatten() {
            Err(error @ sqlx::Error::Database(_)) => Some(error),
            Ok(connection) => {
                let _ = within(REFUSAL, connection.close()).await;
                None
            }
            Err(_) => None,
        }
    }

    async fn take(&self, careful: bool) -> sqlx::Result<LentConnection> {
        loop {
            let place = self.places.clone().acquire_owned().await.map_err(|_| sqlx::Error::PoolClosed)?;
            let resting = self.resting().pop();
            let (connection, since) = match resting {
                Some(Resting { connection, since }) => (connection, Some(since)),
                None => (PooledConnection { inner: self.pool.acquire().await?, made_at: Instant::now() }, None),
            };
            let mut lent = LentConnection {
                connection: Some(connection),
                owner: self.clone(),
                place: Some(place),
                asked: false,
                failed: false,
                broken: false,
            };
            let is_known = !careful && since.is_none_or(|since| since.elapsed() <= IDLE);
            if is_known || lent.is_there().await {
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

    fn keep(&self, connection: PooledConnection) {
        self.resting().push(Resting { connection, since: Instant::now() });
    }

    fn must_end(&self, connection: &PooledConnection) -> bool {
        connection.made_at.elapsed() >= LIFETIME || self.pool.is_closed()
    }

    /// Takes back a connection after an error. The ping also has the server undo what was not committed. Ends an old connection.
    async fn put_back(&self, mut connection: PooledConnection) {
        if !is_there(&mut connection.inner).await {
            drop(connection.inner.detach());
        } else if self.must_end(&connection) {
            let _ = timeout(SOON, connection.inner.close()).await;
        } else {
            self.keep(connection);
        }
    }

    fn resting(&self) -> MutexGuard<'_, Vec<Resting>> {
        self.state.resting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) async fn close(&self) {
        // What is lent goes to the pool from now on, which closes it.
        let closed = self.pool.close();
        let resting = mem::take(&mut *self.resting());
        let ended = async {
            for Resting { connection, .. } in resting {
                let _ = connection.inner.close().await;
            }
            closed.await;
        };
        // What is left then ends with the process.
        let _ = timeout(ACQUIRE, ended).await;
    }
}

/// Whether the server answers on a connection.
async fn is_there(connection: &mut PgConnection) -> bool {
    within(SOON, connection.ping()).await.flatten().is_ok()
}

/// A connection in the hands of one user.
pub(in crate::db) struct LentConnection {
    connection: Option<PooledConnection>,
    owner: Connections,
    place: Option<OwnedSemaphorePermit>,
    /// Something was asked and not answered yet.
    asked: bool,
    /// The last answer was an error, so there may be something left to undo.
    failed: bool,
    broken: bool,
}

impl LentConnection {
    /// The connection, to ask something; give what came of it to [`Self::inspect`].
    pub(super) fn connection(&mut self) -> sqlx::Result<&mut PgConnection> {
        self.asked = true;
        self.connection.as_mut().map(|connection| &mut *connection.inner).ok_or(sqlx::Error::PoolClosed)
    }

    /// How the server is reached.
    pub(super) fn options(&self) -> Arc<PgConnectOptions> {
        self.owner.pool.connect_options()
    }

    /// Looks for a failure of the connection in what was answered, and passes it on.
    pub(super) fn inspect<T>(&mut self, answer: sqlx::Result<T>) -> sqlx::Result<T> {
        self.asked = false;
        self.failed = answer.is_err();
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
        let Some(connection) = self.connection.take() else { return };
        let Some(runtime) = Handle::try_current().ok().filter(|_| self.is_sound()) else {
            // It makes room for another one at once, and the server undoes what was not committed.
            drop(connection.inner.detach());
            return;
        };
        if !self.failed && !self.owner.must_end(&connection) {
            self.owner.keep(connection);
            return;
        }
        let (owner, place) = (self.owner.clone(), self.place.take());
        runtime.spawn(async move {
            let _place = place;
            owner.put_back(connection).await;
        });
    }
}
