//! A page that takes long, or is never made: who waits for it, for how long, and what is served meanwhile.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::{
    Router,
    http::{StatusCode, Uri},
    response::IntoResponse,
    routing::get,
};
use http_body_util::BodyExt;
use plinth::{
    clock::Clock,
    next_due::NextDue,
    site_version::SiteVersion,
    web::{
        cache::{
            cache_result::CacheResult,
            cached_router::{CacheRules, CachedRouter},
            response_cache::ResponseCache,
        },
        cache_policy::CachePolicy,
        host::Hosts,
        security_headers::Security,
        server::{limits::Limits, timeouts::Timeouts},
    },
};
use tokio::{net::TcpStream, sync::Semaphore, task::yield_now};

use crate::{
    listener::Listening,
    wire::{Client, within},
};

const LONG: Duration = Duration::from_hours(1);

/// A site whose pages, `/slow` and `/slow-too`, come when the test lets them.
struct Slow {
    listening: Listening,
    router: CachedRouter,
    state: Arc<State>,
}

struct State {
    /// A permit for each time that the page may be made.
    permits: Semaphore,
    started: AtomicUsize,
    abandoned: AtomicUsize,
    status: StatusCode,
}

/// Counts when it is dropped before the page is made.
struct Making<'s>(&'s State);

impl Drop for Making<'_> {
    fn drop(&mut self) {
        self.0.abandoned.fetch_add(1, Ordering::Relaxed);
    }
}

impl State {
    async fn make(&self) -> impl IntoResponse {
        let number = self.started.fetch_add(1, Ordering::Relaxed);
        let making = Making(self);
        self.permits.acquire().await.unwrap().forget();
        std::mem::forget(making);
        (self.status, CachePolicy::Page, format!("made {number}"))
    }

    /// Waits until the page has been begun so many times.
    async fn started(&self, times: usize) {
        within(async {
            while self.started.load(Ordering::Relaxed) < times {
                yield_now().await;
            }
        })
        .await;
    }
}

impl Slow {
    fn start(status: StatusCode, slots: usize, wait: Duration) -> Self {
        let (permits, started, abandoned) = (Semaphore::new(0), AtomicUsize::new(0), AtomicUsize::new(0));
        let state = Arc::new(State { permits, started, abandoned, status });
        let made = state.clone();
        let slow = get(move || async move { made.make().await.into_response() });
        let router = Router::new()
            .route("/slow", slow.clone())
            .route("/slow-too", slow)
            .route("/panic", get(|| async { std::panic::resume_unwind(Box::new(())) as () }))
            .route("/healthz", get(|| async { "alive" }));
        let clock = Clock::default();
        let next_due = NextDue::new(clock.clone());
        let cache = Arc::new(ResponseCache::new(1 << 24, SiteVersion::default(), next_due, clock));
        let hosts = Hosts { public: "127.0.0.1:3000".into(), own_port: ":80", loopback: false, refusal: "".into() };
        let rules = CacheRules { uncached: &["/healthz"], health: &["/healthz"], wait };
        let router = CachedRouter::new(router, cache, hosts, Security { https: false }, rules);
        let timeouts = Timeouts::default();
        let limits = Limits { all: slots, each: 100, reserved: 10, patience: LONG, exempt: Vec::new(), timeouts };
        Self { listening: Listening::start(router.clone(), limits).0, router, state }
    }

    async fn ask(&self, path: &str) -> Client {
        let stream = TcpStream::connect(self.listening.address).await.unwrap();
        let mut client = Client { stream, read: Vec::new() };
        client.send(&format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1:3000\r\n\r\n")).await;
        client
    }
}

#[tokio::test]
async fn a_failure_is_one_for_all_who_wait_and_for_nobody_else() {
    let slow = Slow::start(StatusCode::SERVICE_UNAVAILABLE, 100, LONG);
    let mut first = slow.ask("/slow").await;
    slow.state.started(1).await;
    // In this thread each of them waits as soon as it has been polled once.
    let waiting: Vec<_> = (0..20)
        .map(|_| {
            let router = slow.router.clone();
            tokio::spawn(async move { router.make(Uri::from_static("/slow"), None).await })
        })
        .collect();
    yield_now().await;
    slow.state.permits.add_permits(1);
    let answer = first.answer(false).await;
    assert_eq!((answer.status, &answer.body[..]), (503, &b"made 0"[..]));
    for waiting in waiting {
        let CacheResult::Uncacheable(response) = within(waiting).await.unwrap() else { panic!("a failure is kept") };
        let status = response.status();
        let body = response.into_body().collect().await.unwrap().to_bytes();
        assert_eq!((status.as_u16(), &body[..]), (503, &b"made 0"[..]));
    }
    slow.state.permits.add_permits(1);
    assert_eq!(slow.ask("/slow").await.answer(false).await.body, b"made 1");
}

#[tokio::test]
async fn waiting_for_another_ones_page_has_a_limit() {
    let slow = Slow::start(StatusCode::OK, 100, Duration::from_millis(50));
    let mut first = slow.ask("/slow").await;
    slow.state.started(1).await;
    let answer = slow.ask("/slow").await.answer(false).await;
    assert_eq!(answer.status, 503);
    assert!(answer.field("retry-after").is_some() && answer.field("content-security-policy").is_some());
    slow.state.permits.add_permits(1);
    assert_eq!(first.answer(false).await.body, b"made 0");
}

#[tokio::test]
async fn a_client_that_has_gone_takes_its_work_along_and_leaves_its_slot() {
    let slow = Slow::start(StatusCode::OK, 1, LONG);
    let gone = slow.ask("/slow").await;
    slow.state.started(1).await;
    gone.stream.set_zero_linger().unwrap();
    drop(gone);
    within(async {
        while slow.state.abandoned.load(Ordering::Relaxed) == 0 {
            yield_now().await;
        }
    })
    .await;
    slow.state.permits.add_permits(1);
    // Until the slot is free, others are told to come back.
    within(async { while slow.ask("/slow").await.answer(false).await.status != 200 {} }).await;
}

#[tokio::test]
async fn health_is_told_while_every_slot_waits_for_a_page() {
    let slow = Slow::start(StatusCode::OK, 2, LONG);
    // Two pages: a connection whose request has not been read yet would lose its slot to the next.
    let _waiting = [slow.ask("/slow").await, slow.ask("/slow-too").await];
    slow.state.started(2).await;
    assert_eq!(slow.ask("/healthz").await.answer(false).await.status, 200);
    assert_eq!(slow.ask("/slow").await.answer(false).await.status, 503);
}

#[tokio::test]
async fn a_panic_is_answered_with_the_headers_of_every_answer() {
    let slow = Slow::start(StatusCode::OK, 10, LONG);
    for _ in 0..2 {
        let answer = slow.ask("/panic").await.answer(false).await;
        assert_eq!(answer.status, 500);
        assert!(answer.body.starts_with(b"Internal Server Error\nReference of the request: "));
        assert_eq!(answer.field("cache-control"), Some("no-store"));
        assert!(answer.field("content-security-policy").is_some() && answer.field("date").is_some());
    }
}
