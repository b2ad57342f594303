//! A queue for one permit, in which groups take turns: a group that comes many times waits behind itself, and others
//! overtake it. Bounded: when it is full, the largest group makes room for a smaller one. Knows no clock and no
//! network.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::oneshot::{self, Sender};

pub(crate) struct FairQueue<K: Clone + Eq> {
    most: usize,
    state: Mutex<State<K>>,
}

struct State<K: Clone + Eq> {
    taken: bool,
    /// The waiters by group; the group at the front is the next.
    groups: VecDeque<(K, VecDeque<Sender<QueuePermit<K>>>)>,
}

/// The permit, until it is dropped; then the next in the queue gets it.
#[must_use]
pub(crate) struct QueuePermit<K: Clone + Eq>(Option<Arc<FairQueue<K>>>);

impl<K: Clone + Eq> FairQueue<K> {
    /// A queue of at most `most`.
    #[must_use]
    pub(crate) fn new(most: usize) -> Arc<Self> {
        Arc::new(Self { most, state: Mutex::new(State { taken: false, groups: VecDeque::new() }) })
    }

    /// Waits for the permit. None when there is no room, or it went to another group meanwhile.
    pub(crate) async fn acquire(self: &Arc<Self>, group: K) -> Option<QueuePermit<K>> {
        let receiver = {
            let mut state = self.state();
            if !state.taken {
                state.taken = true;
                return Some(QueuePermit(Some(self.clone())));
            }
            state.join(group, self.most)?
        };
        receiver.await.ok()
    }

    fn state(&self) -> MutexGuard<'_, State<K>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K: Clone + Eq> State<K> {
    fn join(&mut self, group: K, most: usize) -> Option<oneshot::Receiver<QueuePermit<K>>> {
        // Waiters who have gone away need no room.
        for (_, waiting) in &mut self.groups {
            waiting.retain(|one| !one.is_closed());
        }
        self.groups.retain(|(_, waiting)| !waiting.is_empty());
        let all: usize = self.groups.iter().map(|(_, waiting)| waiting.len()).sum();
        if all >= most {
            let own = self.groups.iter().find(|(other, _)| *other == group).map_or(0, |(_, waiting)| waiting.len());
            let (_, largest) = self.groups.iter_mut().max_by_key(|(_, waiting)| waiting.len())?;
            if largest.len() <= own + 1 {
                return None;
            }
            largest.pop_back();
        }
        let (sender, receiver) = oneshot::channel();
        match self.groups.iter_mut().find(|(other, _)| *other == group) {
            Some((_, waiting)) => waiting.push_back(sender),
            None => self.groups.push_back((group, VecDeque::from([sender]))),
        }
        Some(receiver)
    }

    /// The next in the queue; its group goes to the end.
    fn next(&mut self) -> Option<Sender<QueuePermit<K>>> {
        let (group, mut waiting) = self.groups.pop_front()?;
        let next = waiting.pop_front();
        if !waiting.is_empty() {
            self.groups.push_back((group, waiting));
        }
        next
    }
}

impl<K: Clone + Eq> Drop for QueuePermit<K> {
    fn drop(&mut self) {
        let Some(line) = self.0.take() else { return };
        loop {
            let next = {
                let mut state = line.state();
                let next = state.next();
                state.taken = next.is_some();
                next
            };
            let Some(next) = next else { return };
            // A waiter who has gone away hands it back.
            match next.send(Self(Some(line.clone()))) {
                Ok(()) => return,
                Err(mut back) => drop(back.0.take()),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::pin::Pin;

    use super::*;

    type Waiting = Pin<Box<dyn Future<Output = Option<QueuePermit<&'static str>>>>>;

    async fn join(line: &Arc<FairQueue<&'static str>>, group: &'static str) -> Waiting {
        let line = line.clone();
        let mut waiting: Waiting = Box::pin(async move { line.acquire(group).await });
        assert!(poll_once(&mut waiting).await.is_none(), "{group}");
        waiting
    }

    /// The outcome, if there is one by now.
    async fn poll_once(waiting: &mut Waiting) -> Option<Option<QueuePermit<&'static str>>> {
        std::future::poll_fn(|context| {
            std::task::Poll::Ready(match waiting.as_mut().poll(context) {
                std::task::Poll::Ready(permit) => Some(permit),
                std::task::Poll::Pending => None,
            })
        })
        .await
    }

    async fn has_it(waiting: &mut Waiting) -> QueuePermit<&'static str> {
        poll_once(waiting).await.flatten().expect("it is its permit")
    }

    #[tokio::test]
    async fn groups_take_turns() {
        let line = FairQueue::new(10);
        let first = line.acquire("flood").await.unwrap();
        let (mut one, mut two, mut other) =
            (join(&line, "flood").await, join(&line, "flood").await, join(&line, "editor").await);
        drop(first);
        let permit = has_it(&mut one).await;
        assert!(poll_once(&mut other).await.is_none());
        drop(permit);
        let permit = has_it(&mut other).await;
        assert!(poll_once(&mut two).await.is_none());
        drop(permit);
        drop(has_it(&mut two).await);
        assert!(line.acquire("flood").await.is_some());
    }

    #[tokio::test]
    async fn a_full_line_has_room_for_a_group_that_waits_with_fewer() {
        let line = FairQueue::new(3);
        let first = line.acquire("flood").await.unwrap();
        let mut flood = Vec::new();
        for _ in 0..3 {
            flood.push(join(&line, "flood").await);
        }
        assert!(line.acquire("flood").await.is_none(), "it waits behind its own, and there is no room");
        let mut editor = join(&line, "editor").await;
        assert!(matches!(poll_once(&mut flood[2]).await, Some(None)), "the newest of the largest group gave room");
        let _author = join(&line, "author").await;
        assert!(line.acquire("owner").await.is_none(), "all groups have one place");
        drop(first);
        drop(has_it(&mut flood[0]).await);
        drop(has_it(&mut editor).await);
    }

    #[tokio::test]
    async fn who_goes_away_keeps_nobody_waiting() {
        let line = FairQueue::new(2);
        let first = line.acquire("a").await.unwrap();
        let (gone, mut stays) = (join(&line, "b").await, join(&line, "c").await);
        drop(gone);
        let late = join(&line, "d").await;
        drop(first);
        let permit = has_it(&mut stays).await;
        drop(permit);
        // It has the permit, and goes away before it knows.
        drop(late);
        assert!(line.acquire("e").await.is_some());
    }
}
