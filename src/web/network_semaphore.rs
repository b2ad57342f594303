//! A limit of how much may be in memory at one time, in all and for each network or user.

use std::{
    collections::HashMap,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll},
};

use axum::{
    Error,
    body::{Body, Bytes},
    response::Response,
};
use http_body::{Frame, SizeHint};

use super::client::{Client, Network};

pub struct NetworkSemaphore {
    all: usize,
    each: usize,
    taken: Mutex<TakenPermits>,
}

#[derive(Default)]
struct TakenPermits {
    count: usize,
    of_holder: HashMap<Holder, usize>,
}

/// Whom a permit counts for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Holder {
    Network(Network),
    /// A user by their id.
    User(i64),
}

pub struct NetworkPermit {
    semaphore: Arc<NetworkSemaphore>,
    holders: Vec<(Holder, u32)>,
}

impl NetworkSemaphore {
    /// `all` permits, at most `each` for one network or user; larger networks have more, see [`Client::networks`].
    #[must_use]
    pub(crate) fn new(all: usize, each: usize) -> Arc<Self> {
        Arc::new(Self { all, each, taken: Mutex::default() })
    }

    /// A permit for `client`, if there is one left.
    #[must_use]
    pub fn take(self: &Arc<Self>, client: Client) -> Option<NetworkPermit> {
        self.take_for(client.networks().into_iter().map(|(network, times)| (Holder::Network(network), times)).collect())
    }

    /// A permit for the user with this id, wherever they are, if there is one left.
    #[must_use]
    pub(crate) fn take_for_user(self: &Arc<Self>, user_id: i64) -> Option<NetworkPermit> {
        self.take_for(vec![(Holder::User(user_id), 1)])
    }

    fn take_for(self: &Arc<Self>, holders: Vec<(Holder, u32)>) -> Option<NetworkPermit> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let is_spent = |(holder, times): &(Holder, u32)| {
            let own = taken.of_holder.get(holder).copied().unwrap_or(0);
            own >= self.each.saturating_mul(usize::try_from(*times).unwrap_or(usize::MAX))
        };
        if taken.count >= self.all || holders.iter().any(is_spent) {
            return None;
        }
        taken.count += 1;
        for (holder, _) in &holders {
            *taken.of_holder.entry(*holder).or_default() += 1;
        }
        Some(NetworkPermit { semaphore: self.clone(), holders })
    }
}

impl NetworkPermit {
    /// Holds it until the whole response has been sent, or its client is gone: a slow client holds as much memory as
    /// a quick one, for longer.
    #[must_use]
    pub(crate) fn hold_until_sent(self, response: Response) -> Response {
        response.map(|body| Body::new(PermittedBody { body, _permit: self }))
    }
}

struct PermittedBody {
    body: Body,
    _permit: NetworkPermit,
}

impl http_body::Body for PermittedBody {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for NetworkPermit {
    fn drop(&mut self) {
        let mut taken = self.semaphore.taken.lock().unwrap_or_else(PoisonError::into_inner);
        taken.count -= 1;
        for (holder, _) in &self.holders {
            let left = taken.of_holder.get(holder).map_or(0, |own| own - 1);
            if left == 0 {
                taken.of_holder.remove(holder);
            } else {
                taken.of_holder.insert(*holder, left);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use super::*;

    #[test]
    fn one_network_leaves_something_for_the_others() {
        let semaphore = NetworkSemaphore::new(3, 2);
        let client = |last| Client::at(IpAddr::from([192, 0, 2, last]));
        let first = semaphore.take(client(1)).unwrap();
        let _second = semaphore.take(client(1)).unwrap();
        assert!(semaphore.take(client(1)).is_none());
        let _third = semaphore.take(client(2)).unwrap();
        assert!(semaphore.take(client(3)).is_none(), "all are taken");
        drop(first);
        assert!(semaphore.take(client(1)).is_some());
    }

    #[test]
    fn one_user_leaves_something_for_the_others() {
        let semaphore = NetworkSemaphore::new(3, 2);
        let taken: Vec<_> = (0..4).filter_map(|_| semaphore.take_for_user(1)).collect();
        assert_eq!(taken.len(), 2);
        let _other = semaphore.take_for_user(2).unwrap();
        drop(taken);
        assert!(semaphore.take_for_user(1).is_some());
    }

    #[test]
    fn neighbours_together_leave_something_for_the_others() {
        let semaphore = NetworkSemaphore::new(100, 2);
        let client = |net, last| Client::at(IpAddr::from([192, 0, net, last]));
        let taken: Vec<_> = (1..=9).filter_map(|last| semaphore.take(client(2, last))).collect();
        assert_eq!(taken.len(), 6, "three times as many as one of them");
        assert!(semaphore.take(client(3, 1)).is_some());
        drop(taken);
        assert!(semaphore.take(client(2, 1)).is_some());
        assert_eq!(semaphore.taken.lock().unwrap().count, 0);
    }
}
