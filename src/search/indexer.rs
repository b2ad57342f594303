//! The one task that keeps the indexes true to the database: makes them when they are missing, damaged or old, and follows
//! the audit log from there. A failure is logged, and what cannot be read is rebuilt.

use std::{collections::BTreeSet, time::Duration};

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::{
    batch::Batch,
    index_builder::{self, Collector, FaqPage},
    index_document::IndexedDocument,
    index_kind::IndexKind,
    index_store::IndexStore,
    indexes::Indexes,
    state::Search,
    tokenizer::Stemming,
};
use crate::{
    db::pool::Db,
    error::{Error, Result},
    model::{
        document::{kind::DocumentKind, placement},
        searchable::{self, AuditLogPosition, ContentChange},
        settings::Settings,
    },
};

/// How soon a change by another process is noticed, and how long a writer without work is kept.
const TICK: Duration = Duration::from_secs(1);
/// The least time between two rounds of writing, so that many changes in a row are written together.
const GAP: Duration = Duration::from_millis(200);
/// How long to wait after a failure before the index is rebuilt.
const PAUSE: Duration = Duration::from_secs(10);
/// Documents that are read before they are written.
const CHUNK: i64 = 200;
/// Audit log entries that are followed at once.
const ENTRIES: i64 = 1000;

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
    /// Its words have other stems in the language that the site has now.
    Language,
}

/// The page that all questions of the indexes name.
#[derive(PartialEq, Eq)]
enum ShownOn {
    /// What they name was written by an earlier run.
    Unknown,
    Page(Option<FaqPage>),
}

/// By the rules of the language that the site is written in.
async fn stemming(db: &Db) -> Result<Stemming> {
    Ok(Stemming::of(&Settings::load(db.read()).await?.language))
}

/// Opens the indexes and follows the audit log, until one has to be made again.
async fn follow(search: &Search, db: &Db) -> Result<End> {
    let stems = stemming(db).await?;
    let mut indexes = open_indexes(search, db, stems).await?;
    let missing: Vec<_> = IndexKind::ALL.into_iter().filter(|kind| indexes.0.iter().all(|s| s.kind != *kind)).collect();
    for kind in &missing {
        search.close(*kind);
    }
    for store in &indexes.0 {
        search.open(store);
    }
    if !missing.is_empty() {
        indexes.0.extend(build_indexes(search, db, missing, stems).await?.0);
    }
    let mut shown_on = ShownOn::Unknown;
    loop {
        indexes = catch_up(search, db, indexes, &mut shown_on).await?;
        let written = Instant::now();
        if stemming(db).await? != stems {
            return Ok(End::Language);
        }
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
                    indexes = with(indexes, Indexes::release_writers).await?;
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

/// New indexes of these kinds.
async fn build_indexes(search: &Search, db: &Db, kinds: Vec<IndexKind>, stemming: Stemming) -> Result<Indexes> {
    let root = search.directory().clone();
    let mut indexes = run_blocking(move || Indexes::create(&root, &kinds, stemming)).await?;
    // Changes made while we read have later audit entries.
    let position = searchable::newest(db.read()).await?;
    let faq = index_builder::faq_page(db.read()).await?;
    let mut last = 0;
    loop {
        let documents = searchable::documents(db.read(), last, CHUNK).await?;
        let Some((end, _)) = documents.last() else { break };
        last = *end;
        let mut collector = Collector::new(db.read(), &search.fields, faq.clone());
        for (id, kind) in documents {
            collector.document(id, kind).await?;
        }
        indexes = write(indexes, collector.batch).await?;
    }
    let mut last = 0;
    loop {
        let messages = searchable::messages(db.read(), last, CHUNK).await?;
        let Some(end) = messages.last() else { break };
        last = end.id;
        let mut collector = Collector::new(db.read(), &search.fields, None);
        for message in messages {
            collector.put_message(message);
        }
        indexes = write(indexes, collector.batch).await?;
    }
    let indexes = with(indexes, move |indexes| indexes.commit(&position)).await?;
    for store in &indexes.0 {
        let documents = store.reader.searcher().num_docs();
        tracing::info!(documents, index = store.kind.as_str(), "the search index was made");
    }
    Ok(indexes)
}

async fn catch_up(search: &Search, db: &Db, mut indexes: Indexes, shown_on: &mut ShownOn) -> Result<Indexes> {
    loop {
        let changes = searchable::changes(db.read(), indexes.position().id, ENTRIES).await?;
        let Some(end) = changes.last() else { return Ok(indexes) };
        let position = AuditLogPosition { id: end.id, hash: end.hash.clone() };
        let batch;
        (indexes, batch) = gather((search, db), indexes, &changes, shown_on).await?;
        indexes = with(indexes, move |indexes| indexes.follow(&batch, &position)).await?;
    }
}

/// What is named by audit log entries.
#[derive(Default)]
struct AffectedIds {
    documents: BTreeSet<i64>,
    messages: BTreeSet<i64>,
    all_messages: bool,
}

async fn affected_ids(db: &Db, changes: &[ContentChange]) -> Result<AffectedIds> {
    let mut named = AffectedIds::default();
    for change in changes {
        match (change.subject_kind.as_str(), change.subject_id) {
            (kind, Some(id)) if DocumentKind::from_name(kind).is_some() => {
                named.documents.insert(id);
            }
            ("faq_category", Some(id)) => named.documents.extend(searchable::items(db.read(), Some(id)).await?),
            ("message", Some(id)) => {
                named.messages.insert(id);
            }
            ("message", None) => named.all_messages = true,
            _ => {}
        }
    }
    Ok(named)
}

/// Reads what was named, and what is shown otherwise because of it.
async fn gather(
    (search, db): (&Search, &Db),
    indexes: Indexes,
    changes: &[ContentChange],
    shown_on: &mut ShownOn,
) -> Result<(Indexes, Batch)> {
    let named = affected_ids(db, changes).await?;
    let faq = index_builder::faq_page(db.read()).await?;
    let mut collector = Collector::new(db.read(), &search.fields, faq.clone());
    let mut below = BTreeSet::new();
    let mut questions_too = false;
    let (indexes, before) = look_up(indexes, named.documents.into_iter().collect()).await?;
    for (id, old) in before {
        let Some(kind) = searchable::kind(db.read(), id).await? else { continue };
        let new = collector.document(id, kind).await?;
        if placement::is_in_tree(kind) && old.iter().any(|old| index_builder::shows_below(old.as_ref(), new.as_ref())) {
            below.extend(searchable::below(db.read(), id).await?);
        }
        questions_too |= old.iter().chain([&new]).flatten().any(|version| version.faq);
    }
    // What was read before something above it is read again, so that it does not keep an old path.
    collector.look_again();
    let (indexes, before) = look_up(indexes, below.into_iter().collect()).await?;
    for (id, old) in before {
        let new = collector.document(id, DocumentKind::Page).await?;
        questions_too |= old.iter().chain([&new]).flatten().any(|version| version.faq);
    }
    let now = ShownOn::Page(faq);
    if questions_too && *shown_on != now {
        for id in searchable::items(db.read(), None).await? {
            collector.document(id, DocumentKind::FaqItem).await?;
        }
        *shown_on = now;
    }
    if named.all_messages {
        collector.all_messages().await?;
    } else {
        for id in named.messages {
            collector.message(id).await?;
        }
    }
    Ok((indexes, collector.batch))
}

/// What each index has of these documents.
async fn look_up(indexes: Indexes, ids: Vec<i64>) -> Result<(Indexes, Vec<(i64, Vec<Option<IndexedDocument>>)>)> {
    run_blocking(move || {
        let found = ids.into_iter().map(|id| Ok((id, indexes.live(id)?))).collect::<Result<_>>()?;
        Ok((indexes, found))
    })
    .await
}

async fn write(indexes: Indexes, batch: Batch) -> Result<Indexes> {
    with(indexes, move |indexes| indexes.write(&batch)).await
}

async fn with(mut indexes: Indexes, work: impl FnOnce(&mut Indexes) -> Result<()> + Send + 'static) -> Result<Indexes> {
    run_blocking(move || work(&mut indexes).map(|()| indexes)).await
}

/// Where it may block. A panic of the engine over a damaged file is an error like any other.
pub(super) async fn run_blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(|error| Error::internal("search", error))?
}
