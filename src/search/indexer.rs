//! The one task that keeps the index true to the database: makes it when it is missing, damaged or old, and follows
//! the audit log from there. A failure is logged, and the index rebuilt.

use std::{collections::BTreeSet, time::Duration};

use tokio_util::sync::CancellationToken;

use super::{
    index_builder::{self, Collector, FaqPage},
    index_document::IndexedDocument,
    index_store::IndexStore,
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
/// How long to wait after a failure before the index is rebuilt.
const PAUSE: Duration = Duration::from_secs(10);
/// Documents that are read before they are written.
const CHUNK: i64 = 200;
/// Audit log entries that are followed at once.
const ENTRIES: i64 = 1000;

/// Works until `stop`.
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
            Ok(End::Damage) => tracing::warn!("the search index could not be read and is rebuilt"),
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

/// Why the index has to be made again.
enum End {
    Damage,
    /// Its words have other stems in the language that the site has now.
    Language,
}

/// By the rules of the language that the site is written in.
async fn stemming(db: &Db) -> Result<Stemming> {
    Ok(Stemming::of(&Settings::load(db.read()).await?.language))
}

/// Opens the index and follows the audit log, until it has to be made again.
async fn follow(search: &Search, db: &Db) -> Result<End> {
    let stems = stemming(db).await?;
    let mut store = if let Some(store) = open_index(search, db, stems).await {
        store
    } else {
        search.close();
        build_index(search, db, stems).await?
    };
    search.open(&store);
    let mut faq = index_builder::faq_page(db.read()).await?;
    loop {
        store = catch_up(search, db, store, &mut faq).await?;
        if stemming(db).await? != store.stemming {
            return Ok(End::Language);
        }
        search.follow(store.mark.id);
        search.open(&store);
        tokio::select! {
            () = db.commits().notified() => {}
            () = search.damaged() => return discard(search, store).await.map(|()| End::Damage),
            () = tokio::time::sleep(TICK) => {
                if store.has_writer() {
                    store = run_blocking(move || { store.release_writer()?; Ok(store) }).await?;
                }
            }
        }
    }
}

/// The index as it lies there, if it is whole and belongs to this database.
async fn open_index(search: &Search, db: &Db, stemming: Stemming) -> Option<IndexStore> {
    let directory = search.directory().clone();
    let store = match run_blocking(move || IndexStore::open(&directory, stemming)).await {
        Ok(store) => store?,
        Err(error) => {
            tracing::warn!(%error, "the search index is damaged and is rebuilt");
            return None;
        }
    };
    searchable::holds(db.read(), &store.mark).await.unwrap_or(false).then_some(store)
}

/// A new index of everything.
async fn build_index(search: &Search, db: &Db, stemming: Stemming) -> Result<IndexStore> {
    let directory = search.directory().clone();
    let mut store = run_blocking(move || IndexStore::create(&directory, stemming)).await?;
    // Changes made while we read have later audit entries.
    let mark = searchable::newest(db.read()).await?;
    let faq = index_builder::faq_page(db.read()).await?;
    let mut last = 0;
    loop {
        let documents = searchable::documents(db.read(), last, CHUNK).await?;
        let Some((end, _)) = documents.last() else { break };
        last = *end;
        let mut collector = Collector::new(db.read(), &search.fields, store.fields, faq.clone());
        for (id, kind) in documents {
            collector.document(id, kind).await?;
        }
        store = write(store, collector.batch).await?;
    }
    let mut last = 0;
    loop {
        let messages = searchable::messages(db.read(), last, CHUNK).await?;
        let Some(end) = messages.last() else { break };
        last = end.id;
        let mut collector = Collector::new(db.read(), &search.fields, store.fields, None);
        for message in messages {
            collector.put_message(message);
        }
        store = write(store, collector.batch).await?;
    }
    let store = run_blocking(move || {
        store.commit(mark)?;
        Ok(store)
    })
    .await?;
    tracing::info!(documents = store.reader.searcher().num_docs(), "the search index was made");
    Ok(store)
}

async fn catch_up(search: &Search, db: &Db, mut store: IndexStore, faq: &mut Option<FaqPage>) -> Result<IndexStore> {
    loop {
        let changes = searchable::changes(db.read(), store.mark.id, ENTRIES).await?;
        let Some(end) = changes.last() else { return Ok(store) };
        let mark = AuditLogPosition { id: end.id, hash: end.hash.clone() };
        let batch;
        (store, batch) = gather((search, db), store, &changes, faq).await?;
        if batch.is_empty() {
            // Not worth a commit: after a restart these entries are passed over once more.
            store.mark = mark;
            continue;
        }
        store = run_blocking(move || {
            store.write(batch)?;
            store.commit(mark)?;
            Ok(store)
        })
        .await?;
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

async fn gather(
    (search, db): (&Search, &Db),
    store: IndexStore,
    changes: &[ContentChange],
    faq: &mut Option<FaqPage>,
) -> Result<(IndexStore, index_builder::Batch)> {
    let named = affected_ids(db, changes).await?;
    let mut collector = Collector::new(db.read(), &search.fields, store.fields, faq.clone());
    let mut below = BTreeSet::new();
    let mut questions_too = false;
    let concerns_questions = |faq: &Option<FaqPage>, id: i64, new: Option<&IndexedDocument>| {
        faq.as_ref().is_some_and(|faq| faq.id == id) || new.is_some_and(|new| new.faq)
    };
    let (store, before) = look_up(store, named.documents.iter().copied().collect()).await?;
    for (id, old) in before {
        let Some(kind) = searchable::kind(db.read(), id).await? else { continue };
        let new = collector.document(id, kind).await?;
        if placement::is_in_tree(kind) && index_builder::shows_below(old.as_ref(), new.as_ref()) {
            below.extend(searchable::below(db.read(), id).await?);
        }
        questions_too |= concerns_questions(faq, id, new.as_ref());
    }
    // What was read before something above it is read again, so that it does not keep an old address.
    collector.look_again(faq.clone());
    for id in below {
        let new = collector.document(id, DocumentKind::Page).await?;
        questions_too |= concerns_questions(faq, id, new.as_ref());
    }
    if questions_too {
        let now = index_builder::faq_page(db.read()).await?;
        if now != *faq {
            faq.clone_from(&now);
            collector.look_again(now);
            for id in searchable::items(db.read(), None).await? {
                collector.document(id, DocumentKind::FaqItem).await?;
            }
        }
    }
    if named.all_messages {
        collector.all_messages().await?;
    } else {
        for id in named.messages {
            collector.message(id).await?;
        }
    }
    Ok((store, collector.batch))
}

async fn look_up(store: IndexStore, ids: Vec<i64>) -> Result<(IndexStore, Vec<(i64, Option<IndexedDocument>)>)> {
    run_blocking(move || {
        let found = ids.into_iter().map(|id| Ok((id, store.live(id)?))).collect::<Result<_>>()?;
        Ok((store, found))
    })
    .await
}

async fn write(mut store: IndexStore, batch: index_builder::Batch) -> Result<IndexStore> {
    run_blocking(move || {
        store.write(batch)?;
        Ok(store)
    })
    .await
}

/// Makes sure that what cannot be read is not opened again.
async fn discard(search: &Search, store: IndexStore) -> Result<()> {
    let directory = search.directory().clone();
    run_blocking(move || {
        drop(store);
        std::fs::remove_dir_all(directory).map_err(|error| Error::internal("the damaged search index", error))
    })
    .await
}

/// Where it may block. A panic of the engine over a damaged file is an error like any other.
pub(super) async fn run_blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(|error| Error::internal("search", error))?
}
