//! Follows the audit log: reads what it names since the position of the indexes, and what is shown otherwise because of that.

use std::collections::BTreeSet;

use super::{
    batch::Batch,
    blocking::{run_blocking, run_on},
    index_builder::{self, Collector, ItemPages},
    index_document::IndexedDocument,
    indexes::Indexes,
    state::Search,
};
use crate::{
    db::pool::Db,
    error::Result,
    model::{
        document::{kind::DocumentKind, placement},
        searchable::{self, AuditLogPosition, ContentChange},
    },
};

/// Audit log entries that are followed at once.
const ENTRIES: i64 = 1000;

/// The pages that the items of the indexes name.
#[derive(PartialEq, Eq)]
enum ShownOn {
    /// What they name was written by an earlier run.
    Unknown,
    Pages(ItemPages),
}

pub(super) struct Follower<'a> {
    search: &'a Search,
    db: &'a Db,
    shown_on: ShownOn,
}

impl<'a> Follower<'a> {
    pub(super) const fn new(search: &'a Search, db: &'a Db) -> Self {
        Self { search, db, shown_on: ShownOn::Unknown }
    }

    /// Takes up everything that the audit log has after the position of the indexes.
    pub(super) async fn catch_up(&mut self, mut indexes: Indexes) -> Result<Indexes> {
        loop {
            let changes = searchable::changes(self.db.read(), indexes.position().id, ENTRIES).await?;
            let Some(end) = changes.last() else { return Ok(indexes) };
            let position = AuditLogPosition { id: end.id, hash: end.hash.clone() };
            let batch;
            (indexes, batch) = self.gather(indexes, &changes).await?;
            indexes = run_on(indexes, move |indexes| indexes.follow(&batch, &position)).await?;
        }
    }

    /// Reads what was named, and what is shown otherwise because of it.
    async fn gather(&mut self, indexes: Indexes, changes: &[ContentChange]) -> Result<(Indexes, Batch)> {
        let (search, db) = (self.search, self.db);
        let named = affected_ids(db, changes).await?;
        let pages = index_builder::item_pages(db.read()).await?;
        let mut collector = Collector::new(db.read(), &search.fields, pages.clone());
        let mut below = BTreeSet::new();
        let mut items_too = false;
        let (indexes, before) = look_up(indexes, named.documents.into_iter().collect()).await?;
        for (id, old) in before {
            let Some(kind) = searchable::kind(db.read(), id).await? else { continue };
            let new = collector.document(id, kind).await?;
            if placement::is_in_tree(kind)
                && old.iter().any(|old| index_builder::shows_below(old.as_ref(), new.as_ref()))
            {
                below.extend(searchable::below(db.read(), id).await?);
            }
            items_too |= old.iter().chain([&new]).flatten().any(|version| version.faq);
        }
        // What was read before something above it is read again, so that it does not keep an old path.
        collector.look_again();
        let (indexes, before) = look_up(indexes, below.into_iter().collect()).await?;
        for (id, old) in before {
            let new = collector.document(id, DocumentKind::Page).await?;
            items_too |= old.iter().chain([&new]).flatten().any(|version| version.faq);
        }
        let now = ShownOn::Pages(pages);
        if items_too && self.shown_on != now {
            for id in searchable::items(db.read(), None).await? {
                collector.document(id, DocumentKind::FaqItem).await?;
            }
            self.shown_on = now;
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

/// What each index has of these documents.
async fn look_up(indexes: Indexes, ids: Vec<i64>) -> Result<(Indexes, Vec<(i64, Vec<Option<IndexedDocument>>)>)> {
    run_blocking(move || {
        let found = ids.into_iter().map(|id| Ok((id, indexes.live(id)?))).collect::<Result<_>>()?;
        Ok((indexes, found))
    })
    .await
}
