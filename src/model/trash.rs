//! Deleting documents and bringing them back. A page takes everything below it along, and brings it back.
//! What comes back is not public: that needs somebody to publish it.

use super::{
    cursor::Cursor,
    document::{self, DocumentKind},
    page, publishing,
    revision::{self, Content, Revision},
    write::Write,
};
use crate::{
    db::conn::Conn,
    error::{Error, Result, ValidationErrors},
    text::{count::counted, time::Timestamp},
};

/// Puts a document into the trash; a page with everything below it. Says how many documents that were.
///
/// # Errors
/// `Invalid` for the front page.
pub async fn delete(write: &Write, id: i64, kind: DocumentKind) -> Result<usize> {
    document::get(write, id, kind).await?;
    let mut taken = vec![id];
    if kind == DocumentKind::Page {
        let path = page::path::of(write, id).await?;
        if path == page::path::HOME {
            return Err(ValidationErrors::one("delete", "The front page cannot be deleted").into());
        }
        publishing::leave_traces(write, &path).await?;
        taken.extend(pages_below(write, &path).await?);
    }
    for document_id in &taken {
        if document::get(write, *document_id, kind).await?.is_live() {
            publishing::take_back(write, *document_id, kind).await?;
        }
        write
            .execute(
                "update document set trashed_at = $2, trashed_with_id = $3 where id = $1",
                (*document_id, write.now, id),
            )
            .await?;
        write.execute("update page set path = null where document_id = $1", (*document_id,)).await?;
        write.execute("update faq_item set slug = null where document_id = $1", (*document_id,)).await?;
    }
    let title = title(write, id).await?;
    let action = kind.action("page.delete", "faq_item.delete");
    write.record(document::entry(kind, action, id, &title).detail(along(kind, taken.len())));
    Ok(taken.len())
}

/// What else went along, in words; empty when nothing did.
fn along(kind: DocumentKind, all: usize) -> String {
    match all.saturating_sub(1) {
        0 => String::new(),
        1 if kind == DocumentKind::Page => "with the page below it".to_owned(),
        below => format!("with {} below it", counted(below, "page", "pages")),
    }
}

/// Ids of the pages below an address.
pub async fn pages_below(db: &Conn, path: &str) -> Result<Vec<i64>> {
    let (from, to) = page::subtree::subtree_range(path);
    let rows: Vec<(i64,)> =
        db.all("select document_id from page where path >= $1 and path < $2 order by path", (from, to)).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// A document that came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// Page or FAQ item.
    pub kind: DocumentKind,
    /// Where it would be if nothing had changed meanwhile: the address of a page, the slug of an item.
    pub before: String,
    /// Where it is now.
    pub now: String,
    /// How many documents came back, itself included.
    pub all: usize,
}

impl Restored {
    /// Why it is elsewhere than it was, in words; none when it is not.
    #[must_use]
    pub fn reason(&self) -> Option<&'static str> {
        let last = |address: &str| address.rsplit('/').next().unwrap_or_default().to_owned();
        if self.before == self.now {
            return None;
        }
        Some(if last(&self.before) == last(&self.now) { "the page above is gone" } else { "its old address is taken" })
    }
}

/// What came back as it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Undone {
    /// How many documents that were.
    pub all: usize,
    /// How many of them visitors see again.
    pub live: usize,
}

/// Takes the deletion of `trashed_at` back: everything is where it was, and visitors see what they saw until then.
///
/// # Errors
/// `Conflict` with the reason when it cannot be as it was; `NotFound`, see [`restore`].
pub async fn undo(write: &Write, id: i64, trashed_at: Timestamp) -> Result<Undone> {
    let document = document::find(write, id).await?.filter(|d| d.trashed_with_id == Some(id)).ok_or(Error::NotFound)?;
    if document.trashed_at != Some(trashed_at) {
        return Err(Error::Conflict("it was restored and moved to the trash again in the meantime".to_owned()));
    }
    let all = take_out(write, id).await?;
    let live = publishing::live_until(write, id, trashed_at).await?;
    match document.kind {
        DocumentKind::Page => put_page_back(write, id).await?,
        DocumentKind::FaqItem => {
            let content = match &live {
                Some(live) => live.content.clone(),
                None => revision::latest(write, id).await?.ok_or(Error::NotFound)?.content,
            };
            put_item_back(write, id, &content.slug).await?;
        }
    }
    let title = title(write, id).await?;
    let action = document.kind.action("page.restore", "faq_item.restore");
    write.record(document::entry(document.kind, action, id, &title).detail(along(document.kind, all)));
    match live {
        None => Ok(Undone { all, live: 0 }),
        Some(_) => match publishing::publish_former(write, id).await {
            Ok(live) => Ok(Undone { all, live }),
            Err(Error::Invalid(_)) => Err(Error::Conflict("the page above it is not published".to_owned())),
            Err(other) => Err(other),
        },
    }
}

/// Out of the trash, with everything that went along; says how many documents that were.
async fn take_out(write: &Write, id: i64) -> Result<usize> {
    let sql = "update document set trashed_at = null, trashed_with_id = null where trashed_with_id = $1";
    Ok(usize::try_from(write.execute(sql, (id,)).await?).unwrap_or(0))
}

async fn put_page_back(write: &Write, id: i64) -> Result<()> {
    let (parent_id, slug): (Option<i64>, String) =
        write.one("select parent_id, slug from page where document_id = $1", (id,)).await?;
    let path = match page::path::ensure_free(write, id, parent_id, &slug).await {
        Ok(path) => path,
        Err(Error::NotFound) => return Err(Error::Conflict("the page above it is in the trash".to_owned())),
        Err(Error::Invalid(_)) => return Err(Error::Conflict("its address is taken".to_owned())),
        Err(other) => return Err(other),
    };
    write.execute("update page set path = $2 where document_id = $1", (id, path.as_str())).await?;
    restore_below(write, id, &path).await?;
    match page::path::check_depth(write, &path).await {
        Err(Error::Invalid(_)) => Err(Error::Conflict("the page above it was moved too far down".to_owned())),
        other => other,
    }
}

async fn put_item_back(write: &Write, id: i64, slug: &str) -> Result<()> {
    let taken: i64 = write.value("select count(*) from faq_item where slug = $1", (slug,)).await?;
    if taken > 0 {
        return Err(Error::Conflict("its address is taken".to_owned()));
    }
    write.execute("update faq_item set slug = $2 where document_id = $1", (id, slug)).await?;
    Ok(())
}

/// Brings a document back, unpublished, with everything that went along with it.
/// When the page above is gone it comes back on the uppermost level; when its address is taken it gets a free one.
///
/// # Errors
/// `NotFound` when it is not in the trash, or went along with another.
pub async fn restore(write: &Write, id: i64) -> Result<Restored> {
    let document = document::find(write, id).await?.filter(|d| d.trashed_with_id == Some(id)).ok_or(Error::NotFound)?;
    let all = take_out(write, id).await?;
    let restored = match document.kind {
        DocumentKind::FaqItem => restore_item(write, id).await?,
        DocumentKind::Page => Restored { all, ..restore_page(write, id).await? },
    };
    let title = title(write, id).await?;
    let action = document.kind.action("page.restore", "faq_item.restore");
    let moved = if restored.before == restored.now { String::new() } else { format!("now at {}", restored.now) };
    let mut detail = vec![along(document.kind, all), moved];
    detail.retain(|part| !part.is_empty());
    write.record(document::entry(document.kind, action, id, &title).detail(detail.join(", ")));
    Ok(restored)
}

async fn restore_item(write: &Write, id: i64) -> Result<Restored> {
    let newest = revision::latest(write, id).await?.ok_or(Error::NotFound)?;
    let before = newest.content.slug.clone();
    for slug in candidates(&before) {
        let taken: i64 = write.value("select count(*) from faq_item where slug = $1", (slug.as_str(),)).await?;
        if taken == 0 {
            write.execute("update faq_item set slug = $2 where document_id = $1", (id, slug.as_str())).await?;
            keep_slug(write, newest, slug.clone()).await?;
            return Ok(Restored { kind: DocumentKind::FaqItem, before, now: slug, all: 1 });
        }
    }
    Err(Error::Conflict("There is no free address for this question.".to_owned()))
}

async fn restore_page(write: &Write, root: i64) -> Result<Restored> {
    let (parent_id, slug): (Option<i64>, String) =
        write.one("select parent_id, slug from page where document_id = $1", (root,)).await?;
    let before = path_before(write, parent_id, &slug).await?;
    let parent_id = match parent_id {
        Some(parent) if page::path::of(write, parent).await.is_ok() => Some(parent),
        _ => None,
    };
    let mut settled = None;
    for candidate in candidates(&slug) {
        if let Ok(path) = page::path::ensure_free(write, root, parent_id, &candidate).await {
            settled = Some((candidate, path));
            break;
        }
    }
    let Some((slug, path)) = settled else {
        return Err(Error::Conflict("There is no free address for this page.".to_owned()));
    };
    write
        .execute(
            "update page set parent_id = $2, slug = $3, path = $4 where document_id = $1",
            (root, parent_id, slug.as_str(), path.as_str()),
        )
        .await?;
    let newest = revision::latest(write, root).await?.ok_or(Error::NotFound)?;
    keep_slug(write, newest, slug).await?;
    restore_below(write, root, &path).await?;
    match page::path::check_depth(write, &path).await {
        Err(Error::Invalid(invalid)) => return Err(Error::Conflict(format!("{}.", invalid.sentence()))),
        other => other?,
    }
    Ok(Restored { kind: DocumentKind::Page, before, now: path, all: 1 })
}

/// The address that `slug` has below a page, also when that one is in the trash itself.
async fn path_before(db: &Conn, parent_id: Option<i64>, slug: &str) -> Result<String> {
    let (mut next, mut path) = (parent_id, format!("/{slug}"));
    while let Some(id) = next {
        let (above, slug, whole): (Option<i64>, String, Option<String>) =
            db.one("select parent_id, slug, path from page where document_id = $1", (id,)).await?;
        if let Some(whole) = whole {
            return Ok(format!("{whole}{path}"));
        }
        path = format!("/{slug}{path}");
        next = above;
    }
    Ok(path)
}

/// Where another address had to be found, a new version says so: what is stored and where it stands never differ.
async fn keep_slug(write: &Write, newest: Revision, slug: String) -> Result<()> {
    if newest.content.slug != slug && slug.starts_with(&newest.content.slug) {
        let content = Content { slug, ..newest.content };
        document::save(write, newest.document_id, newest.version, &content).await?;
    }
    Ok(())
}

/// Gives the pages below their addresses again, level by level.
async fn restore_below(write: &Write, root: i64, path: &str) -> Result<()> {
    let mut level = vec![(root, path.to_owned())];
    while let Some((parent, path)) = level.pop() {
        let children: Vec<(i64, String)> = write
            .all(
                "select p.document_id, p.slug from page p join document d on d.id = p.document_id \
                 where p.parent_id = $1 and d.trashed_at is null and p.path is null",
                (parent,),
            )
            .await?;
        for (child, slug) in children {
            let child_path = page::path::join(Some(&path), &slug);
            write.execute("update page set path = $2 where document_id = $1", (child, child_path.as_str())).await?;
            level.push((child, child_path));
        }
    }
    Ok(())
}

fn candidates(slug: &str) -> impl Iterator<Item = String> + use<> {
    let slug = slug.to_owned();
    (1..100).map(move |n| if n == 1 { slug.clone() } else { format!("{slug}-{n}") })
}

async fn title(write: &Write, id: i64) -> Result<String> {
    Ok(revision::latest(write, id).await?.map(|newest| newest.content.title).unwrap_or_default())
}

/// Something in the trash that was deleted by name.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Trashed {
    /// The document.
    pub id: i64,
    /// Page or FAQ item.
    pub kind: DocumentKind,
    /// Title of its newest version.
    pub title: String,
    /// When it was deleted.
    pub trashed_at: Timestamp,
    /// How many others went along.
    pub along: i64,
}

/// What lies in the trash, the last deleted first; the key is the time and the id.
pub async fn list(db: &Conn, cursor: Cursor<(Timestamp, i64)>, limit: i64) -> Result<Vec<Trashed>> {
    match cursor {
        Cursor::Before((at, id)) => Ok(db
            .all(
                "select d.id, d.kind, r.title, d.trashed_at, \
                 (select count(*) - 1 from document w where w.trashed_with_id = d.id) as along \
                 from document d join revision r on r.id = d.latest_revision_id \
                 where d.trashed_with_id = d.id and (d.trashed_at < $1 or (d.trashed_at = $1 and d.id < $2)) \
                 order by d.trashed_at desc, d.id desc limit $3",
                (at, id, limit),
            )
            .await?),
        Cursor::After((at, id)) => {
            let mut found: Vec<Trashed> = db
                .all(
                    "select d.id, d.kind, r.title, d.trashed_at, \
                     (select count(*) - 1 from document w where w.trashed_with_id = d.id) as along \
                     from document d join revision r on r.id = d.latest_revision_id \
                     where d.trashed_with_id = d.id and (d.trashed_at > $1 or (d.trashed_at = $1 and d.id > $2)) \
                     order by d.trashed_at, d.id limit $3",
                    (at, id, limit),
                )
                .await?;
            found.reverse();
            Ok(found)
        }
    }
}
