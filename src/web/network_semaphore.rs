//! A limit of how much strangers may have in memory at one time, in all and for each network.

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
    taken: Mutex<HashMap<Network, usize>>,
}

pub(crate) struct NetworkPermit {
    semaphore: Arc<NetworkSemaphore>,
    network: Network,
}

impl NetworkSemaphore {
    /// `all` permits, at most `each` for one network.
    #[must_use]
    pub(crate) fn new(all: usize, each: usize) -> Arc<Self> {
        Arc::new(Self { all, each, taken: Mutex::default() })
    }

    /// A permit for `client`, if there is one left.
    #[must_use]
    pub(crate) fn take(self: &Arc<Self>, client: Client) -> Option<NetworkPermit> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let network = client.network();
        let own = taken.get(&network).copied().unwrap_or(0);
        if own >= self.each || taken.values().sum::<usize>() >= self.all {
            return None;
        }
        taken.insert(network, own + 1);
        Some(NetworkPermit { semaphore: self.clone(), network })
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
        let left = taken.get(&self.network).map_or(0, |own| own - 1);
        if left == 0 {
            taken.remove(&self.network);
        } else {
            taken.insert(self.network, left);
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
}
