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

pub struct Shares {
    all: usize,
    each: usize,
    taken: Mutex<HashMap<Network, usize>>,
}

/// One share, until it is dropped.
pub(crate) struct Share {
    shares: Arc<Shares>,
    network: Network,
}

impl Shares {
    /// `all` shares, at most `each` for one network.
    #[must_use]
    pub(crate) fn new(all: usize, each: usize) -> Arc<Self> {
        Arc::new(Self { all, each, taken: Mutex::default() })
    }

    /// A share for `client`, if there is one left.
    #[must_use]
    pub(crate) fn take(self: &Arc<Self>, client: Client) -> Option<Share> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let network = client.network();
        let own = taken.get(&network).copied().unwrap_or(0);
        if own >= self.each || taken.values().sum::<usize>() >= self.all {
            return None;
        }
        taken.insert(network, own + 1);
        Some(Share { shares: self.clone(), network })
    }
}

impl Share {
    /// Holds it until the whole response has been sent, or its client is gone: a slow client holds as much memory as
    /// a quick one, for longer.
    #[must_use]
    pub(crate) fn hold_until_sent(self, response: Response) -> Response {
        response.map(|body| Body::new(Held { body, _share: self }))
    }
}

/// A body with its share.
struct Held {
    body: Body,
    _share: Share,
}

impl http_body::Body for Held {
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

impl Drop for Share {
    fn drop(&mut self) {
        let mut taken = self.shares.taken.lock().unwrap_or_else(PoisonError::into_inner);
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
        let shares = Shares::new(3, 2);
        let client = |last| Client::at(IpAddr::from([192, 0, 2, last]));
        let first = shares.take(client(1)).unwrap();
        let _second = shares.take(client(1)).unwrap();
        assert!(shares.take(client(1)).is_none());
        let _third = shares.take(client(2)).unwrap();
        assert!(shares.take(client(3)).is_none(), "all are taken");
        drop(first);
        assert!(shares.take(client(1)).is_some());
    }
}
