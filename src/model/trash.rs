//! Deleting documents and bringing them back, a page with everything below it. What comes back is not public until
//! someone publishes it.

use super::{
    cursor::Cursor,
    document::{
        content::Content,
        kind::{DocumentAction, DocumentKind},
        placement,
        record::Document,
        revision::{self, Revision},
    },
    link::binding::bind_to_pages,
    page, publishing,
    redirect::moves,
    republishing,
    write::Write,
};
use crate::{
    clock::Timestamp,
    db::conn::Conn,
    error::{Error, Result, ValidationErrors},
    text::count::pluralise,
};

/// Moves a document with this title to the trash, a page with everything below it. Returns the number of documents.
/// `Validation` for the front page.
pub async fn delete(write: &Write, document: &Document, title: &str) -> Result<usize> {
    let below = match placement::tree_path(write, document).await? {
        Some(path) if path == page::path::HOME => {
            return Err(ValidationErrors::one("delete", "The front page cannot be deleted").into());
        }
        Some(path) => {
            // From now on the paths of the live pages at and below it answer 410.
            bind_to_pages(write, &path).await?;
            moves::leave(write, &path).await?;
            page::subtree::documents_below(write, &path).await?
        }
        None => Vec::new(),
    };
    put_in(write, document, title, document.id).await?;
    for below in &below {
        put_in(write, &below.document, &below.title, document.id).await?;
    }
    let all = 1 + below.len();
    write.record(document.entry(DocumentAction::Delete, title).detail(along(all)));
    Ok(all)
}

async fn put_in(write: &Write, document: &Document, title: &str, with_id: i64) -> Result<()> {
    if document.is_live() {
        publishing::end_publication(write, document, title).await?;
    }
    let sql = "update document set trashed_at = $2, trashed_with_id = $3 where id = $1";
    write.execute(sql, (document.id, write.now, with_id)).await?;
    placement::clear(write, document).await
}

/// What else went along, in words; empty when nothing did.
fn along(all: usize) -> String {
    match all.saturating_sub(1) {
        0 => String::new(),
        1 => "with the page below it".to_owned(),
        below => format!("with {} below it", pluralise(below, "page", "pages")),
    }
}

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, sqlx::FromRow)]
pub(crate) struct PageBelow {
    pub(crate) id: i64,
    pub(crate) title: String,
    pub(crate) live: bool,
}

/// The pages below a path, by path; the front page has none.
async fn below(db: &Conn, path: &str) -> Result<Vec<PageBelow>> {
    if path == page::path::HOME {
        return Ok(Vec::new());
    }
    let (from, to) = page::subtree::subtree_range(path);
    Ok(db.all("select id, title, live from page_node where path >= $1 and path < $2 order by path", (from, to)).await?)
}

/// The pages that go along: to the trash all that are below, when unpublishing those that are published.
pub(crate) async fn pages_along(db: &Conn, path: Option<&str>, deletes: bool) -> Result<Vec<PageBelow>> {
    let mut along = match path {
        Some(path) => below(db, path).await?,
        None => Vec::new(),
    };
    along.retain(|page| deletes || page.live);
    Ok(along)
}

/// A document that came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Restored {
    pub(crate) kind: DocumentKind,
    /// Where it would be if nothing had changed meanwhile: the path of a page, the slug of an item.
    pub(crate) before: String,
    pub(crate) now: String,
    /// How many documents came back, itself included.
    pub(crate) all: usize,
}

impl Restored {
    /// Why it is not where it was, in words; none when it is.
    #[must_use]
    pub(crate) fn reason(&self) -> Option<&'static str> {
        let last = |path: &str| path.rsplit('/').next().unwrap_or_default().to_owned();
        if self.before == self.now {
            return None;
        }
        Some(if last(&self.before) == last(&self.now) { "the page above is gone" } else { "its old one is taken" })
    }
}

/// What came back as it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Undone {
    pub(crate) all: usize,
    /// How many of them visitors see again.
    pub(crate) live: usize,
}

/// Undoes the deletion of `trashed_at`: everything is where it was, and visitors see what they saw before.
/// `Conflict` with the reason when it cannot be as it was; `NotFound`, see [`restore`].
pub(crate) async fn undo(
    write: &Write,
    document: &Document,
    newest: &Revision,
    trashed_at: Timestamp,
) -> Result<Undone> {
    check_deleted_itself(document)?;
    if document.trashed_at != Some(trashed_at) {
        return Err(Error::Conflict("it was restored and moved to the trash again in the meantime".to_owned()));
    }
    let all = take_out(write, document).await?;
    let live = republishing::live_until(write, document.id, trashed_at).await?;
    placement::put_back(write, document, live.as_ref().unwrap_or(newest)).await?;
    write.record(document.entry(DocumentAction::Restore, &newest.content.title).detail(along(all)));
    if live.is_none() {
        return Ok(Undone { all, live: 0 });
    }
    match republishing::restore(write, document).await {
        Ok(live) => Ok(Undone { all, live }),
        Err(Error::Validation(_)) => Err(Error::Conflict("the page above it is not published".to_owned())),
        Err(other) => Err(other),
    }
}

/// `NotFound` when a document is not in the trash, or went along with another.
fn check_deleted_itself(document: &Document) -> Result<()> {
    if document.trashed_with_id == Some(document.id) { Ok(()) } else { Err(Error::NotFound) }
}

/// Takes a document out of the trash, with everything that went along; gives the number of documents.
async fn take_out(write: &Write, document: &Document) -> Result<usize> {
    let sql = "update document set trashed_at = null, trashed_with_id = null where trashed_with_id = $1";
    Ok(usize::try_from(write.execute(sql, (document.id,)).await?).unwrap_or(0))
}

/// Brings a document back, unpublished, with everything that went along with it.
/// When the page above is gone it comes back on the uppermost level; when its path is taken it gets a free one.
/// `NotFound` when it is not in the trash, or went along with another.
pub(crate) async fn restore(write: &Write, document: &mut Document, newest: &Revision) -> Result<Restored> {
    check_deleted_itself(document)?;
    let all = take_out(write, document).await?;
    (document.trashed_at, document.trashed_with_id) = (None, None);
    let (before, now) = placement::restore(write, document, newest).await?;
    keep_slug(write, document, newest, &now).await?;
    let moved = if before == now { String::new() } else { format!("now at {now}") };
    let mut detail = vec![along(all), moved];
    detail.retain(|part| !part.is_empty());
    write.record(document.entry(DocumentAction::Restore, &newest.content.title).detail(detail.join(", ")));
    Ok(Restored { kind: document.kind, before, now, all })
}

/// When another slug had to be found, adds a version with it, so that content and path never differ.
async fn keep_slug(write: &Write, document: &mut Document, newest: &Revision, now: &str) -> Result<()> {
    let slug = now.rsplit('/').next().unwrap_or(now);
    if newest.content.slug != slug && slug.starts_with(&newest.content.slug) {
        let fields = write.rules.fields.of(document.kind, &newest.content.document_type);
        let extra = newest.content.extra.clone().retain_known(&fields);
        let content = Content { slug: slug.to_owned(), extra, ..newest.content.clone() };
        revision::add(write, document, Some(newest), content).await?;
    }
    Ok(())
}

/// Something in the trash that was deleted itself.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct Trashed {
    pub(crate) id: i64,
    pub(crate) kind: DocumentKind,
    pub(crate) title: String,
    #[sqlx(rename = "trashed_at")]
    pub(crate) at: Timestamp,
    pub(crate) along: i64,
}

/// What is in the trash, the last deleted first; the key is the time and the id.
pub(crate) async fn list(db: &Conn, cursor: Cursor<(Timestamp, i64)>, limit: i64) -> Result<Vec<Trashed>> {
    match cursor {
        Cursor::Before((at, id)) => Ok(db
            .all(
                "select * from trashed_document where trashed_at < $1 or (trashed_at = $1 and id < $2) \
                 order by trashed_at desc, id desc limit $3",
                (at, id, limit),
            )
            .await?),
        Cursor::After((at, id)) => {
            let mut found: Vec<Trashed> = db
                .all(
                    "select * from trashed_document where trashed_at > $1 or (trashed_at = $1 and id > $2) \
                     order by trashed_at, id limit $3",
                    (at, id, limit),
                )
                .await?;
            found.reverse();
            Ok(found)
        }
    }
}
