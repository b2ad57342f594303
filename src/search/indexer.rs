//! The one task that keeps the indexes true to the database: makes them when they are missing, damaged or old, and follows
//! the audit log from there. A failure is logged, and what cannot be read is rebuilt.

use std::time::Duration;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::{
    blocking::{run_blocking, run_on},
    follower::Follower,
    index_kind::IndexKind,
    index_rules::IndexRules,
    index_store::IndexStore,
    indexes::Indexes,
    rebuild::rebuild,
    reindex::reindex,
    state::Search,
    stemming::Stemming,
};
use crate::{
    db::pool::Db,
    error::Result,
    model::{document::types, searchable, settings::Settings},
};

/// How soon a change by another process is noticed, and how long a writer without work is kept.
const TICK: Duration = Duration::from_secs(1);
/// The least time between two rounds of writing, so that many changes in a row are written together.
const GAP: Duration = Duration::from_millis(200);
/// How long to wait after a failure before the index is rebuilt.
const PAUSE: Duration = Duration::from_secs(10);
pub async fn run(search: &Search, db: &Db, stop: CancellationToken) {
    loop {
        let ended = tokio::select! {
            ended = follow(search, db) => ended,
            () = stop.cancelled() => return,
        };
        match ended {
            Ok(End::Language) => {
                tracing::info!("the language of the site was changed, so the search index is made again");
            }
            Ok(End::Damage(index)) => {
                tracing::warn!(index = index.as_str(), "the search index could not be read and is rebuilt");
            }
            // What was read before goes on answering: a full disk is no reason to search nothing.
            Err(error) => {
                tracing::error!(%error, "the search index failed and is opened again");
                tokio::select! {
                    () = tokio::time::sleep(PAUSE) => {}
                    () = stop.cancelled() => return,
                }
            }
        }
    }
}

/// Why an index has to be made again.
enum End {
    Damage(IndexKind),
    /// The site has another one now.
    Language,
}

/// By the language that the site is written in, and by the types of its documents. Takes up the synonyms too.
async fn rules(search: &Search, db: &Db) -> Result<IndexRules> {
    types::refresh(&search.fields, db.read()).await?;
    let settings = Settings::load(db.read()).await?;
    let stemming = Stemming::of(&settings.language);
    search.take_up_synonyms(&settings.synonyms, stemming);
    Ok(IndexRules::of(stemming, &search.fields))
}

/// Opens the indexes and follows the audit log, until one has to be made again.
async fn follow(search: &Search, db: &Db) -> Result<End> {
    let made_by = rules(search, db).await?;
    let mut indexes = open_indexes(search, db, made_by.stemming).await?;
    let missing: Vec<_> = IndexKind::ALL.into_iter().filter(|kind| indexes.0.iter().all(|s| s.kind != *kind)).collect();
    for kind in &missing {
        search.close(*kind);
    }
    for store in &indexes.0 {
        search.open(store);
    }
    if !missing.is_empty() {
        indexes.0.extend(rebuild(search, db, missing, made_by.clone()).await?.0);
    }
    let mut follower = Follower::new(search, db);
    loop {
        indexes = follower.catch_up(indexes).await?;
        let written = Instant::now();
        let wanted = rules(search, db).await?;
        if wanted.stemming != made_by.stemming {
            return Ok(End::Language);
        }
        indexes = reindex(search, db, indexes, wanted).await?;
        for store in &indexes.0 {
            search.open(store);
        }
        search.follow(indexes.position().id);
        tokio::select! {
            () = next_commit(db, written + GAP) => {}
            kind = search.wait_for_damage() => {
                return run_blocking(move || indexes.discard(kind)).await.map(|()| End::Damage(kind));
            }
            () = tokio::time::sleep(TICK) => {
                if indexes.is_busy() {
                    indexes = run_on(indexes, Indexes::release_writers).await?;
                }
            }
        }
    }
}

/// Waits for a commit, and until `earliest`.
async fn next_commit(db: &Db, earliest: Instant) {
    db.commits().notified().await;
    tokio::time::sleep_until(earliest).await;
}

/// The indexes as they lie there, if they are whole and belong to this database.
async fn open_indexes(search: &Search, db: &Db, stemming: Stemming) -> Result<Indexes> {
    let mut indexes = Indexes::default();
    for kind in IndexKind::ALL {
        let root = search.directory().clone();
        match run_blocking(move || IndexStore::open(&root, kind, stemming)).await {
            Ok(Some(store)) => {
                if searchable::holds(db.read(), &store.position).await? {
                    indexes.0.push(store);
                }
            }
            Ok(None) => {}
            Err(error) => {
                tracing::warn!(%error, index = kind.as_str(), "the search index is damaged and is rebuilt");
            }
        }
    }
    Ok(indexes)
}
