//! The one task that keeps the index true to the database: makes it when it is missing, damaged or old, and follows
//! the audit log from there. A failure is logged, and the index made anew.

use std::{collections::BTreeSet, time::Duration};

use tokio_util::sync::CancellationToken;

use super::{
    collect::{self, Collector, FaqPage},
    keeper::Keeper,
    shown::Shown,
    state::Search,
    words::Stemming,
};
use crate::{
    db::pool::Db,
    error::{Error, Result},
    model::{
        document::DocumentKind,
        searchable::{self, AuditLogPosition, ContentChange},
        settings::Settings,
    },
};

/// How soon a change by another process is noticed, and how long a writer without work is kept.
const TICK: Duration = Duration::from_secs(1);
/// How long to wait after a failure before the index is made anew.
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
            Ok(End::Damage) => tracing::warn!("the search index could not be read and is made anew"),
            // What was read before goes on answering: a full disk is no reason to search nothing.
            Err(error) => {
                tracing::error!(%error, "the search index failed and is opened anew");
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
    /// It cannot be read.
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
    let mut keeper = if let Some(keeper) = opened(search, db, stems).await {
        keeper
    } else {
        search.close();
        made(search, db, stems).await?
    };
    search.open(&keeper);
    let mut faq = collect::faq_page(db.read()).await?;
    loop {
        keeper = catch_up(db, keeper, &mut faq).await?;
        if stemming(db).await? != keeper.stemming {
            return Ok(End::Language);
        }
        search.follow(keeper.mark.id);
        search.open(&keeper);
        tokio::select! {
            () = db.commits().notified() => {}
            () = search.damaged() => return discard(search, keeper).await.map(|()| End::Damage),
            () = tokio::time::sleep(TICK) => {
                if keeper.is_awake() {
                    keeper = blocking(move || { keeper.rest()?; Ok(keeper) }).await?;
                }
            }
        }
    }
}

/// The index as it lies there, if it is whole and belongs to this database.
async fn opened(search: &Search, db: &Db, stemming: Stemming) -> Option<Keeper> {
    let directory = search.directory().clone();
    let keeper = match blocking(move || Keeper::open(&directory, stemming)).await {
        Ok(keeper) => keeper?,
        Err(error) => {
            tracing::warn!(%error, "the search index is damaged and is made anew");
            return None;
        }
    };
    searchable::holds(db.read(), &keeper.mark).await.unwrap_or(false).then_some(keeper)
}

/// A new index of everything.
async fn made(search: &Search, db: &Db, stemming: Stemming) -> Result<Keeper> {
    let directory = search.directory().clone();
    let mut keeper = blocking(move || Keeper::create(&directory, stemming)).await?;
    // What changes while we read stands in the audit log after this.
    let mark = searchable::newest(db.read()).await?;
    let faq = collect::faq_page(db.read()).await?;
    let mut last = 0;
    loop {
        let documents = searchable::documents(db.read(), last, CHUNK).await?;
        let Some((end, _)) = documents.last() else { break };
        last = *end;
        let mut collector = Collector::new(db.read(), keeper.fields, faq.clone());
        for (id, kind) in documents {
            collector.document(id, kind).await?;
        }
        keeper = write(keeper, collector.batch).await?;
    }
    let mut last = 0;
    loop {
        let messages = searchable::messages(db.read(), last, CHUNK).await?;
        let Some(end) = messages.last() else { break };
        last = end.id;
        let mut collector = Collector::new(db.read(), keeper.fields, None);
        for message in messages {
            collector.put_message(message);
        }
        keeper = write(keeper, collector.batch).await?;
    }
    let keeper = blocking(move || {
        keeper.commit(mark)?;
        Ok(keeper)
    })
    .await?;
    tracing::info!(documents = keeper.reader.searcher().num_docs(), "the search index was made");
    Ok(keeper)
}

async fn catch_up(db: &Db, mut keeper: Keeper, faq: &mut Option<FaqPage>) -> Result<Keeper> {
    loop {
        let changes = searchable::changes(db.read(), keeper.mark.id, ENTRIES).await?;
        let Some(end) = changes.last() else { return Ok(keeper) };
        let mark = AuditLogPosition { id: end.id, hash: end.hash.clone() };
        let batch;
        (keeper, batch) = gather(db, keeper, &changes, faq).await?;
        if batch.is_empty() {
            // Not worth a commit: after a restart these entries are passed over once more.
            keeper.mark = mark;
            continue;
        }
        keeper = blocking(move || {
            keeper.write(batch)?;
            keeper.commit(mark)?;
            Ok(keeper)
        })
        .await?;
    }
}

/// What is named by audit log entries.
#[derive(Default)]
struct Named {
    documents: BTreeSet<i64>,
    messages: BTreeSet<i64>,
    all_messages: bool,
}

async fn named(db: &Db, changes: &[ContentChange]) -> Result<Named> {
    let mut named = Named::default();
    for change in changes {
        match (change.subject_kind.as_str(), change.subject_id) {
            ("page" | "faq_item", Some(id)) => {
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
    db: &Db,
    keeper: Keeper,
    changes: &[ContentChange],
    faq: &mut Option<FaqPage>,
) -> Result<(Keeper, collect::Batch)> {
    let named = named(db, changes).await?;
    let mut collector = Collector::new(db.read(), keeper.fields, faq.clone());
    let mut below = BTreeSet::new();
    let mut questions_too = false;
    let concerns_questions = |faq: &Option<FaqPage>, id: i64, new: Option<&Shown>| {
        faq.as_ref().is_some_and(|faq| faq.id == id) || new.is_some_and(|new| new.faq)
    };
    let (keeper, before) = looked_up(keeper, named.documents.iter().copied().collect()).await?;
    for (id, old) in before {
        let Some(kind) = searchable::kind(db.read(), id).await? else { continue };
        let new = collector.document(id, kind).await?;
        if kind == DocumentKind::Page && collect::shows_below(old.as_ref(), new.as_ref()) {
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
        let now = collect::faq_page(db.read()).await?;
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
    Ok((keeper, collector.batch))
}

async fn looked_up(keeper: Keeper, ids: Vec<i64>) -> Result<(Keeper, Vec<(i64, Option<Shown>)>)> {
    blocking(move || {
        let found = ids.into_iter().map(|id| Ok((id, keeper.live(id)?))).collect::<Result<_>>()?;
        Ok((keeper, found))
    })
    .await
}

async fn write(mut keeper: Keeper, batch: collect::Batch) -> Result<Keeper> {
    blocking(move || {
        keeper.write(batch)?;
        Ok(keeper)
    })
    .await
}

/// Makes sure that what cannot be read is not opened again.
async fn discard(search: &Search, keeper: Keeper) -> Result<()> {
    let directory = search.directory().clone();
    blocking(move || {
        drop(keeper);
        std::fs::remove_dir_all(directory).map_err(|error| Error::internal("the damaged search index", error))
    })
    .await
}

/// Where it may block. A panic of the engine over a damaged file is an error like any other.
pub(super) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(|error| Error::internal("search", error))?
}
