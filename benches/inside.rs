//! What the parts of a request cost, inside the process: `cargo bench`. The sites are those of `benches/measure.py`.
//! Prints medians and 99th percentiles of searches first, then everything else by divan.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a bench fails by panicking")]

use std::{
    fmt::Write as _,
    process::Command,
    sync::{
        OnceLock,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use clap::Parser;
use divan::{Bencher, black_box};
use plinth::{
    app::{router, start},
    clock::Clock,
    config::Config,
    model::{
        actor::Actor,
        audit_log::AuditEntry,
        document::{content::Content, record::Document, revision, saving},
        page::{public, tree},
        password::Cost,
        publishing, searchable,
    },
    render::page::{self, RenderOptions},
    search::{indexer, query::Audience, request},
    site::lookup,
    state::app_state::App,
    text::markdown::{self, HeadingContext},
    web::cache::{cache_result::CacheResult, cached_router::CachedRouter},
};
use tokio::runtime::Runtime;
use tokio_util::sync::CancellationToken;

#[derive(Parser)]
struct Line {
    #[command(flatten)]
    config: Config,
}

/// A portal with a generated site, its index at work.
struct Portal {
    app: App,
    router: CachedRouter,
    paths: Vec<String>,
    next: AtomicUsize,
}

impl Portal {
    /// One page after the other, far apart in the tree.
    fn path(&self) -> &str {
        let at = self.next.fetch_add(7919, Ordering::Relaxed);
        &self.paths[at % self.paths.len()]
    }
}

fn runtime() -> &'static Runtime {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    RUNTIME.get_or_init(|| Runtime::new().unwrap())
}

fn portal(pages: usize) -> &'static Portal {
    static PORTALS: [OnceLock<Portal>; 2] = [const { OnceLock::new() }; 2];
    PORTALS[usize::from(pages > 10_000)].get_or_init(|| runtime().block_on(open(pages)))
}

async fn open(pages: usize) -> Portal {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/measure.py");
    let made = Command::new("python3").args([script, &pages.to_string()]).output().expect("python3");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let data = String::from_utf8(made.stdout).unwrap();
    let config = Line::try_parse_from(["plinth", "--data", data.trim()]).unwrap().config;
    let db = start::open(&config).await.unwrap();
    let app = start::state(config, db, Clock::default(), Cost::Usual).await.unwrap();
    let (_, router) = router::build(&app).unwrap();
    tokio::spawn({
        let app = app.clone();
        async move { indexer::run(&app.search, &app.db, CancellationToken::new()).await }
    });
    app.search.wait_for(searchable::newest(app.read()).await.unwrap().id).await;
    let pages = public::list_all(app.read(), "", 200_000).await.unwrap();
    Portal { app, router, paths: pages.into_iter().map(|page| page.path).collect(), next: AtomicUsize::new(0) }
}

const SIZES: [usize; 2] = [5_000, 100_000];

#[divan::bench]
fn markdown(bencher: Bencher) {
    let portal = portal(5_000);
    let page = runtime().block_on(public::at(portal.app.read(), portal.path())).unwrap().unwrap();
    bencher.bench_local(|| markdown::render(black_box(&page.revision.content.body), HeadingContext::Page));
}

/// The HTML of a page, with its look-up.
#[divan::bench(args = SIZES)]
fn page_render(bencher: Bencher, pages: usize) {
    let portal = portal(pages);
    bencher.bench_local(|| {
        runtime().block_on(async {
            let page = public::at(portal.app.read(), portal.path()).await.unwrap().unwrap();
            page::render(&portal.app, &lookup::render_input(page), &RenderOptions::default()).await.unwrap()
        })
    });
}

/// The bytes for the wire of a page that is kept.
#[divan::bench]
fn cache_hit(bencher: Bencher) {
    let portal = portal(5_000);
    let CacheResult::Cached(entry) = runtime().block_on(portal.router.make("/".parse().unwrap(), None)) else {
        panic!("a page is kept")
    };
    entry.prepare(Some("br"));
    bencher.bench_local(|| portal.router.get(black_box("/")).unwrap().wire(Some("br"), None, false));
}

/// A page that is not kept: through the router, rendered, put into the store.
#[divan::bench(args = SIZES)]
fn cache_miss(bencher: Bencher, pages: usize) {
    let portal = portal(pages);
    bencher.bench_local(|| {
        let CacheResult::Cached(entry) = runtime().block_on(portal.router.make(portal.path().parse().unwrap(), None))
        else {
            panic!("a page is kept")
        };
        entry.wire(None, None, false)
    });
}

/// The list of the pages below one, from the database.
#[divan::bench(args = SIZES)]
fn tree_level(bencher: Bencher, pages: usize) {
    let portal = portal(pages);
    let above = runtime().block_on(tree::id_at(portal.app.read(), "/page-3")).unwrap();
    bencher.bench_local(|| runtime().block_on(public::children(portal.app.read(), above)).unwrap());
}

/// A save and its publication, committed to disk, until a visitor's request is answered with it.
#[divan::bench(args = SIZES, sample_count = 200, sample_size = 1)]
fn publish_to_visible(bencher: Bencher, pages: usize) {
    let portal = portal(pages);
    let id = runtime().block_on(tree::id_at(portal.app.read(), "/page-3")).unwrap().unwrap();
    bencher.bench_local(|| {
        runtime().block_on(async {
            let write = portal.app.write(Actor::system("bench")).await.unwrap();
            let newest = revision::latest(&write, id).await.unwrap();
            let body = format!("Version {} says this. ", newest.version).repeat(100);
            let content = Content { body, ..newest.content.clone() };
            let mut document = Document::get(&write, id).await.unwrap();
            let made = saving::store(&write, &mut document, &newest, content).await.unwrap();
            publishing::publish(&write, &mut document, &made).await.unwrap();
            write.commit().await.unwrap();
            let CacheResult::Cached(entry) = portal.router.make("/page-3".parse().unwrap(), None).await else {
                panic!("a page is kept")
            };
            entry.wire(None, None, false)
        })
    });
}

/// An entry of the audit log, committed to disk.
#[divan::bench(sample_count = 200, sample_size = 1)]
fn audit_log_append(bencher: Bencher) {
    let portal = portal(5_000);
    bencher.bench_local(|| {
        runtime().block_on(async {
            let write = portal.app.write(Actor::system("bench")).await.unwrap();
            write.record(AuditEntry::new("bench.note", "bench", None, "Bench"));
            write.commit().await.unwrap();
        });
    });
}

/// The words of some pages, by how many of those pages hold them, and beginnings of words.
async fn questions(portal: &Portal) -> Vec<(&'static str, Vec<String>)> {
    let mut counts: std::collections::HashMap<String, usize> = std::collections::HashMap::new();
    for _ in 0..400 {
        let page = public::at(portal.app.read(), portal.path()).await.unwrap().unwrap();
        let text = page.revision.content.body.to_lowercase();
        let words: std::collections::HashSet<&str> = text.split(|c: char| !c.is_alphabetic()).collect();
        for word in words.into_iter().filter(|word| word.len() > 2) {
            *counts.entry(word.to_owned()).or_default() += 1;
        }
    }
    let mut ranked: Vec<(usize, String)> = counts.into_iter().map(|(word, count)| (count, word)).collect();
    ranked.sort_by(|a, b| b.cmp(a));
    let words: Vec<String> = ranked.into_iter().map(|(_, word)| word).collect();
    let prefixes = words[200..1200].iter().map(|word| word.chars().take(3).collect()).collect();
    vec![
        ("rare", words[words.len() - 1000..].to_vec()),
        ("middling", words[200..1200].to_vec()),
        ("common", words[..20].to_vec()),
        ("prefix", prefixes),
    ]
}

fn search_request(text: &str, typing: bool) -> request::SearchRequest {
    let limit = if typing { 8 } else { 20 };
    request::SearchRequest { text: text.to_owned(), audience: Audience::Public, offset: 0, limit, typing, kind: None }
}

/// Divan knows no percentiles, and a promise about searches is one about the slowest.
async fn searches(portal: &Portal) {
    println!(
        "search at {} pages, in process, 500 each: median and p99 of a page of results; of suggestions",
        portal.paths.len()
    );
    for (kind, words) in questions(portal).await {
        let mut line = format!("  {kind:9}");
        for typing in [false, true] {
            let mut times = Vec::new();
            for word in words.iter().cycle().take(500) {
                let began = Instant::now();
                portal.app.search.find(portal.app.read(), search_request(word, typing)).await.unwrap().unwrap();
                times.push(began.elapsed());
            }
            times.sort();
            let ms = |time: Duration| time.as_secs_f64() * 1000.0;
            let _ = write!(line, "  {:6.2} ms {:6.2} ms", ms(times[250]), ms(times[494]));
        }
        println!("{line}");
    }
}

fn main() {
    if !std::env::args().any(|word| word == "--list") {
        runtime().block_on(searches(portal(100_000)));
    }
    divan::main();
}
