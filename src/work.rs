//! Work that keeps a core busy for more than a moment: rendering, compressing, comparing. It lets the other requests of
//! its thread go on, and is limited in how much runs at one time. Knows nothing of what the work is.

use std::sync::Arc;

use tokio::{
    runtime::{Handle, RuntimeFlavor},
    sync::{OwnedSemaphorePermit, Semaphore},
    task::block_in_place,
};

use crate::error::{Error, Result};

/// When to try again after being refused, in seconds.
const RETRY: u64 = 5;
/// Smaller input, in bytes, takes less time than handing over the thread's other requests, except Markdown, of which a
/// few bytes can take long: see `text::markdown::render_quickly`.
const SMALL: usize = 16 * 1024;

/// The niceness of a thread that yields to all others; the usual one is 0.
const LOW: i32 = 10;

/// Runs `job` here, while another thread goes on with the other requests of this one.
pub(crate) fn run_blocking<T>(job: impl FnOnce() -> T) -> T {
    match Handle::try_current() {
        Ok(runtime) if runtime.runtime_flavor() == RuntimeFlavor::MultiThread => block_in_place(job),
        _ => job(),
    }
}

/// The same for work that grows with its input, of `size` bytes.
pub(crate) fn blocking_if_large<T>(size: usize, job: impl FnOnce() -> T) -> T {
    if size < SMALL { job() } else { run_blocking(job) }
}

/// A bound on work of one kind.
pub struct Limit {
    running: Arc<Semaphore>,
    admitted: Arc<Semaphore>,
    /// How much is admitted at most.
    most: usize,
}

/// The right to work until it is dropped.
pub(crate) struct WorkSlot {
    _running: OwnedSemaphorePermit,
    _admitted: OwnedSemaphorePermit,
}

impl Limit {
    /// At most `running` at one time; `waiting` more may wait.
    #[must_use]
    pub(crate) fn new(running: usize, waiting: usize) -> Self {
        Self {
            running: Arc::new(Semaphore::new(running)),
            admitted: Arc::new(Semaphore::new(running + waiting)),
            most: running + waiting,
        }
    }

    /// How much is under way or waits.
    #[must_use]
    pub(crate) fn admitted(&self) -> usize {
        self.most.saturating_sub(self.admitted.available_permits())
    }

    /// Waits for a slot. `Busy`, at once, when too many wait already.
    pub(crate) async fn slot(&self) -> Result<WorkSlot> {
        let admitted = self.admitted.clone().try_acquire_owned().map_err(|_| Error::Busy(RETRY))?;
        let running = self.running.clone().acquire_owned().await.map_err(|error| Error::internal("work", error))?;
        Ok(WorkSlot { _running: running, _admitted: admitted })
    }

    /// Does work that may be large, once there is a slot for it.
    pub(crate) async fn run_large<T>(&self, job: impl FnOnce() -> T) -> Result<T> {
        let _slot = self.slot().await?;
        Ok(run_blocking(job))
    }

    /// Does work in proportion to its input of `size` bytes, which parsing Markdown is not: at once when that is
    /// little, otherwise once there is a slot for it.
    pub(crate) async fn run<T>(&self, size: usize, job: impl FnOnce() -> T) -> Result<T> {
        if size < SMALL {
            return Ok(job());
        }
        self.run_large(job).await
    }
}

/// Runs `job` on a thread of its own that yields to all others, once there is a slot for it: for work that takes seconds.
pub(crate) async fn run_apart<T: Send + 'static>(limit: &Limit, job: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    let slot = limit.slot().await?;
    let (done, ended) = tokio::sync::oneshot::channel();
    let work = move || {
        // As it is where that is not possible.
        let _ = rustix::process::setpriority_process(Some(rustix::thread::gettid()), LOW);
        // Nobody waits for it any more when this fails.
        let _ = done.send(job());
        // Who asked may have gone meanwhile; the work went on.
        drop(slot);
    };
    let thread = std::thread::Builder::new().name("apart".to_owned()).spawn(work);
    thread.map_err(|error| Error::internal("a thread for long work", error))?;
    ended.await.map_err(|_| Error::Internal("long work ended in a panic".to_owned()))
}

#[cfg(test)]
mod tests {
    use std::{sync::mpsc, thread};

    use super::*;

    #[tokio::test]
    async fn who_comes_when_too_many_wait_is_refused_at_once() {
        let limit = Limit::new(1, 1);
        let first = limit.slot().await.unwrap();
        let mut second = Box::pin(limit.slot());
        assert!(futures_poll(second.as_mut()).await.is_none());
        assert!(matches!(limit.slot().await, Err(Error::Busy(_))));
        drop(first);
        assert!(second.await.is_ok());
    }

    async fn futures_poll<F: Future>(mut future: std::pin::Pin<&mut F>) -> Option<F::Output> {
        std::future::poll_fn(|context| match future.as_mut().poll(context) {
            std::task::Poll::Ready(output) => std::task::Poll::Ready(Some(output)),
            std::task::Poll::Pending => std::task::Poll::Ready(None),
        })
        .await
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 1)]
    async fn others_go_on_beside_it() {
        let (said, heard) = mpsc::channel();
        let limit = Limit::new(1, 0);
        tokio::spawn(async move { said.send(thread::current().id()).unwrap() });
        // On the one worker thread this would wait for ever if no other thread took over its tasks.
        let worked = tokio::spawn(async move { limit.run(SMALL, move || heard.recv().unwrap()).await.unwrap() });
        worked.await.unwrap();
    }
}
