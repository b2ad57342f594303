//! What live texts link to, so that users are told what links to a page before they remove it. Filled and emptied by
//! `publishing`. Paths are those at the time of publishing; a page that has moved since is found by its redirect.
//! Relative links are read again when the page with the text moves.

use std::collections::BTreeMap;

use url::Url;

use super::{
    document::{
        choices::Layout,
        kind::DocumentKind,
        placement,
        record::Document,
        revision::{self, Revision},
    },
    page::{path::PATH_MAX, public, subtree},
    redirect::follow::{RedirectTarget, follow},
    write::Write,
};
use crate::{
    db::conn::Conn,
    error::{Error, Result},
    text::{
        link::{self, Destination},
        markdown::contents,
        media_path,
    },
    work,
};

/// Most links of one text that are kept.
const KEPT: usize = 1000;
/// A longer link leads to no page; bytes.
const LONGEST: usize = PATH_MAX + 500;
/// The base that links on this site are resolved against; those that name the site's origin are kept with it.
const HERE: &str = "https://here.invalid";

/// Keeps the links of a revision that is about to be live.
pub(super) async fn keep(write: &Write, kind: DocumentKind, revision: &Revision) -> Result<()> {
    let path = placement::public_path(write, kind, revision.document_id).await?;
    let base = Url::parse(&format!("{HERE}{path}")).map_err(|error| Error::internal("a path", error))?;
    let body = &revision.content.body;
    for (to, is_relative) in work::blocking_if_large(body.len(), || destinations(&base, body)) {
        write
            .execute(
                "insert into link (revision_id, origin, path, fragment, is_relative) values ($1, $2, $3, $4, $5)",
                (revision.id, to.origin, to.path, to.fragment, is_relative),
            )
            .await?;
    }
    Ok(())
}

/// Where the links of a text lead, and whether they are relative to its path.
fn destinations(base: &Url, body: &str) -> BTreeMap<Destination, bool> {
    let links = contents::targets(body).into_iter().filter(|target| target.is_kept && !target.is_picture);
    let mut found = BTreeMap::new();
    for target in links.take(KEPT) {
        let to = link::resolve(base, &target.url).map(without_content);
        if let Some(to) = to.filter(|to| to.origin.len() + to.path.len() + to.fragment.len() <= LONGEST) {
            *found.entry(to).or_insert(false) |= !target.url.starts_with('/') && Url::parse(&target.url).is_err();
        }
    }
    found
}

/// What is in the media library is known by the address that does not name its content.
fn without_content(to: Destination) -> Destination {
    match media_path::split(&to.path).filter(|_| to.origin.is_empty()) {
        Some((path, _)) => Destination { path: path.to_owned(), ..to },
        None => to,
    }
}

/// After pages have moved to `path` and below: reads the relative links of their live revisions again, and those of all
/// answers when the page that shows them is among them.
pub(super) async fn follow_move(write: &Write, path: &str) -> Result<()> {
    let (from, to) = subtree::subtree_range(path);
    let mut moved: Vec<(i64, DocumentKind)> = write
        .all(
            "select d.id, d.kind from page p join document d on d.id = p.document_id \
             where (p.path = $1 or (p.path >= $2 and p.path < $3)) and exists (select 1 from link l \
             where l.revision_id = d.published_revision_id and l.is_relative)",
            (path, from, to),
        )
        .await?;
    let answers = public::with_layout(write, Layout::Faq).await?;
    if answers.is_some_and(|page| *page.path == *path || page.path.starts_with(&format!("{path}/"))) {
        let items: Vec<(i64, DocumentKind)> = write
            .all(
                "select d.id, d.kind from faq_item i join document d on d.id = i.document_id \
                 where exists (select 1 from link l where l.revision_id = d.published_revision_id and l.is_relative)",
                (),
            )
            .await?;
        moved.extend(items);
    }
    for (id, kind) in moved {
        let live = Document::find(write, id).await?.and_then(|document| document.published_revision_id);
        let Some(live) = live else { continue };
        let live = revision::find(write, live).await?.ok_or(Error::NotFound)?;
        forget(write, id).await?;
        keep(write, kind, &live).await?;
    }
    Ok(())
}

#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub(crate) struct PartLink {
    pub(crate) fragment: String,
    /// The title that visitors see of the live document that links to it.
    pub(crate) title: String,
}

/// At most `limit` links of live documents to parts of the page `id`, by its path and those it had before, except
/// its own links.
pub(crate) async fn to_parts(db: &Conn, id: i64, origin: &str, limit: i64) -> Result<Vec<PartLink>> {
    Ok(db
        .all(
            "select distinct l.fragment, r.title from link l join revision r on r.id = l.revision_id \
             where l.origin in ('', $2) and l.fragment <> '' and r.document_id <> $1 and l.path in (\
             select p.path from page p where p.document_id = $1 and p.path is not null \
             union select o.path from redirect o where o.document_id = $1) order by l.fragment, r.title limit $3",
            (id, origin, limit),
        )
        .await?)
}

/// A link of a live document to a page.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub(crate) struct DeadLink {
    pub(crate) id: i64,
    pub(crate) kind: DocumentKind,
    pub(crate) title: String,
    pub(crate) path: String,
}

/// At most `limit` links to paths of this site at which there is no live page, nor a redirect to one.
pub(crate) async fn to_no_page(db: &Conn, origin: &str, limit: i64) -> Result<Vec<DeadLink>> {
    Ok(db
        .all(
            "select distinct d.id, d.kind, r.title, l.path from link l join document d on d.published_revision_id = l.revision_id \
             join revision r on r.id = l.revision_id where l.origin in ('', $1) \
             and not exists (select 1 from live_page p where p.path = l.path) \
             and not exists (select 1 from redirect_node o where o.path = l.path and (o.live or o.document_id is null)) \
             and not exists (select 1 from redirect_node o where o.covers_below \
             and substr(l.path, 1, length(o.path) + 1) = o.path || '/' and (o.document_id is null or exists (\
             select 1 from live_page p where p.path = rtrim(o.page_path, '/') || substr(l.path, length(o.path) + 1)))) \
             and not exists (select 1 from media m where m.path = l.path and m.deleted_at is null) \
             order by r.title, d.id, l.path limit $2",
            (origin, limit),
        )
        .await?)
}

/// What visitors find at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LinkTarget {
    Live,
    /// A page that is not published.
    Unpublished,
    Nothing,
}

/// What is at a path, or where it redirects to.
pub(super) async fn target_at(db: &Conn, path: &str) -> Result<LinkTarget> {
    let found: Vec<(Option<i64>,)> = db
        .all(
            "select d.published_revision_id from page p join document d on d.id = p.document_id where p.path = $1 \
             union all select d.published_revision_id from redirect o join document d on d.id = o.document_id \
             where o.path = $1 and d.trashed_at is null \
             union all select m.id from media m where m.path = $1 and m.deleted_at is null",
            (path,),
        )
        .await?;
    Ok(if found.is_empty() {
        match follow(db, path).await?.end {
            RedirectTarget::Page(..) | RedirectTarget::Address(_) => LinkTarget::Live,
            RedirectTarget::Gone | RedirectTarget::Nothing => LinkTarget::Nothing,
        }
    } else if found.iter().any(|(live,)| live.is_some()) {
        LinkTarget::Live
    } else {
        LinkTarget::Unpublished
    })
}

/// Deletes the links of the live revision of a document, before another one is live, or none.
pub(super) async fn forget(write: &Write, document_id: i64) -> Result<()> {
    let sql = "delete from link where revision_id in (select published_revision_id from document where id = $1)";
    write.execute(sql, (document_id,)).await?;
    Ok(())
}

#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub(crate) struct Linking {
    pub(crate) id: i64,
    pub(crate) kind: DocumentKind,
    pub(crate) title: String,
}

/// At most `limit` live documents that link to the live pages at and below `path`, and are none of these, by title.
/// `origin` is that of this site.
pub(crate) async fn to_pages(db: &Conn, path: &str, origin: &str, limit: i64) -> Result<Vec<Linking>> {
    let (from, to) = subtree::subtree_range(path);
    Ok(db
        .all(
            "select d.id, d.kind, r.title from document d join revision r on r.id = d.published_revision_id \
             where d.published_revision_id in (select l.revision_id from link l where l.origin in ('', $4) and l.path in (\
             select p.path from live_page p where p.path = $1 or (p.path >= $2 and p.path < $3) \
             union select o.path from live_page p join redirect o on o.document_id = p.document_id \
             where p.path = $1 or (p.path >= $2 and p.path < $3))) \
             and not exists (select 1 from page s where s.document_id = d.id \
             and (s.path = $1 or (s.path >= $2 and s.path < $3))) order by r.title, d.id limit $5",
            (path, from, to, origin, limit),
        )
        .await?)
}

/// The same for an FAQ item on the page `page_id`, by its slug and by those it had before.
pub(crate) async fn to_item(db: &Conn, page_id: i64, id: i64, origin: &str, limit: i64) -> Result<Vec<Linking>> {
    Ok(db
        .all(
            "select d.id, d.kind, r.title from document d join revision r on r.id = d.published_revision_id \
             where d.id <> $2 and d.published_revision_id in (select l.revision_id from link l where l.origin in ('', $3) \
             and l.path in (select p.path from page p where p.document_id = $1 \
             union select o.path from redirect o where o.document_id = $1) \
             and l.fragment in (select i.slug from faq_item i where i.document_id = $2 \
             union select a.slug from faq_former_slug a where a.document_id = $2) \
             and not exists (select 1 from faq_item n where n.slug = l.fragment and n.document_id <> $2)) \
             order by r.title, d.id limit $4",
            (page_id, id, origin, limit),
        )
        .await?)
}
