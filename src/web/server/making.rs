//! Waits on the fast path for an answer that has to be made, as long as the client does.

use std::{
    future::poll_fn,
    net::SocketAddr,
    pin::{Pin, pin},
    task::Poll,
};

use axum::http::HeaderValue;
use tokio::{io::ReadBuf, sync::futures::Notified};
use tokio_util::task::AbortOnDropHandle;

use super::{fast_path::FastPath, head::RequestHead, shared::Shared};
use crate::{
    web::cache::{cache_result::CacheResult, encoding::Encoding, request_source::RequestSource},
    work,
};

impl FastPath<'_> {
    /// The same as [`Self::make`]; none when the client has gone or its slot was given to another connection. A client that
    /// has gone looks at first like one that closed its sending half and waits, so such a connection can lose its slot.
    pub(super) async fn make_unless_gone(
        &mut self,
        read: &[u8],
        mut end: Pin<&mut Notified<'_>>,
    ) -> Option<Option<CacheResult>> {
        let making = Self::make(read, self.peer, self.shared);
        let mut making = pin!(making);
        let mut is_watching = true;
        poll_fn(|context| {
            if let Poll::Ready(made) = making.as_mut().poll(context) {
                return Poll::Ready(Some(made));
            }
            if !self.was_told_to_end && self.poll_end(end.as_mut(), context) && self.state.is_evicted() {
                return Poll::Ready(None);
            }
            let mut byte = [0];
            while is_watching {
                match self.stream.poll_peek(context, &mut ReadBuf::new(&mut byte)) {
                    Poll::Ready(Err(_)) => return Poll::Ready(None),
                    Poll::Ready(Ok(length)) => {
                        is_watching = false;
                        if length == 0 {
                            self.state.set_waiting();
                        }
                    }
                    Poll::Pending => break,
                }
            }
            Poll::Pending
        })
        .await
    }

    /// The answer to the first of these requests, made on the runtime for work, in the encoding it asks for; none when
    /// hyper has to answer.
    async fn make(read: &[u8], peer: SocketAddr, shared: &Shared) -> Option<CacheResult> {
        let head = RequestHead::read(read)?;
        let uri = head.path.parse().ok()?;
        let router = shared.router.clone();
        if !router.may_keep(&uri) {
            return None;
        }
        let asks =
            head.query.is_some() || head.accept_encoding.is_some_and(|accepted| !Encoding::takes_identity(accepted));
        let accept_encoding = head.accept_encoding.map(str::to_owned);
        let forwarded_for = head.forwarded_for.and_then(|value| HeaderValue::from_bytes(value).ok());
        let source = RequestSource { peer: Some(peer), forwarded_for: forwarded_for.into_iter().collect() };
        let made = shared.work.spawn(async move {
            let made = router.make(uri, Some(source)).await;
            if let CacheResult::Cached(entry) = &made {
                work::blocking_if_large(entry.size(), || entry.prepare(accept_encoding.as_deref()));
            }
            made
        });
        AbortOnDropHandle::new(made).await.ok().filter(|made| made.answers(asks))
    }
}
