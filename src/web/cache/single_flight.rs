//! Work that is done once for all requests for it at the same time, by key. Keeps no result: the next call starts again.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use tokio::sync::watch;

pub(crate) struct SingleFlight<T> {
    under_way: Mutex<HashMap<String, watch::Receiver<Option<T>>>>,
}

pub(crate) enum Joined<'a, T> {
    /// Nobody else does the work: do it, and call `finish`.
    Leader(Leader<'a, T>),
    Done(T),
}

/// The duty to do the work. Dropped without a result, it passes to one of the waiting tasks.
pub(crate) struct Leader<'a, T> {
    all: &'a SingleFlight<T>,
    key: String,
    sender: watch::Sender<Option<T>>,
}

impl<T> Default for SingleFlight<T> {
    fn default() -> Self {
        Self { under_way: Mutex::default() }
    }
}

impl<T: Clone> SingleFlight<T> {
    /// Waits for the task that does the work, or becomes it.
    pub(crate) async fn join(&self, key: &str) -> Joined<'_, T> {
        loop {
            let mut receiver = match self.enter(key) {
                Ok(leader) => return Joined::Leader(leader),
                Err(receiver) => receiver,
            };
            if let Ok(result) = receiver.wait_for(Option::is_some).await
                && let Some(result) = result.clone()
            {
                return Joined::Done(result);
            }
        }
    }

    fn enter(&self, key: &str) -> Result<Leader<'_, T>, watch::Receiver<Option<T>>> {
        let mut under_way = self.under_way();
        if let Some(receiver) = under_way.get(key) {
            return Err(receiver.clone());
        }
        let (sender, receiver) = watch::channel(None);
        under_way.insert(key.to_owned(), receiver);
        Ok(Leader { all: self, key: key.to_owned(), sender })
    }
}

impl<T> SingleFlight<T> {
    fn under_way(&self) -> MutexGuard<'_, HashMap<String, watch::Receiver<Option<T>>>> {
        self.under_way.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> Leader<'_, T> {
    /// Gives the result to all who wait.
    pub(crate) fn finish(self, result: T) {
        self.sender.send_replace(Some(result));
    }
}

impl<T> Drop for Leader<'_, T> {
    fn drop(&mut self) {
        self.all.under_way().remove(&self.key);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use tokio::task::{JoinHandle, yield_now};

    use super::*;

    fn waiting(flights: &Arc<SingleFlight<u32>>) -> JoinHandle<Option<u32>> {
        let flights = flights.clone();
        tokio::spawn(async move {
            match flights.join("a").await {
                Joined::Leader(_) => None,
                Joined::Done(result) => Some(result),
            }
        })
    }

    #[tokio::test]
    async fn all_who_wait_get_the_result_and_those_who_come_later_do_not() {
        let flights = Arc::<SingleFlight<u32>>::default();
        let Joined::Leader(leader) = flights.join("a").await else { panic!("the first one leads") };
        let waiting = [waiting(&flights), waiting(&flights)];
        yield_now().await;
        leader.finish(7);
        for one in waiting {
            assert_eq!(one.await.unwrap(), Some(7));
        }
        assert!(matches!(flights.join("a").await, Joined::Leader(_)));
    }

    #[tokio::test]
    async fn a_leader_that_gives_up_leaves_the_work_to_another() {
        let flights = Arc::<SingleFlight<u32>>::default();
        let Joined::Leader(leader) = flights.join("a").await else { panic!("the first one leads") };
        let second = waiting(&flights);
        yield_now().await;
        drop(leader);
        assert_eq!(second.await.unwrap(), None);
        assert!(flights.under_way().is_empty());
    }
}
