//! Where a document or a redirect is linked to: in which texts that count. Asked of the links themselves each time, so it cannot be
//! out of date.

use crate::{
    db::conn::Conn,
    error::Result,
    model::{
        cursor::Cursor, document::kind::DocumentKind, page::subtree::subtree_range, redirect::list::RedirectFields,
    },
};

/// A version with a link.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct LinkUse {
    pub(crate) revision_id: i64,
    pub(crate) document_id: i64,
    pub(crate) kind: DocumentKind,
    pub(crate) title: String,
    pub(crate) version: i64,
    /// Whether visitors see it; otherwise it is the newest one.
    pub(crate) is_live: bool,
}

/// What is linked to: a page, or an item by its slugs on its page.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Linked {
    pub(crate) id: i64,
    /// The page that shows it: a page itself.
    pub(crate) page_id: i64,
}

/// Most paths that lead to one document.
const PATHS: i64 = 1000;

/// At most `limit` versions of other documents that link to one, those saved last first; the key is the id of the version. Asks once
/// for links that are bound to it, and once for each of its paths, each time for no more than is shown.
pub(crate) async fn of(db: &Conn, linked: Linked, origin: &str, cursor: Cursor, limit: i64) -> Result<Vec<LinkUse>> {
    let mut found = bound(db, linked.id, cursor, limit).await?;
    let paths: Vec<(String,)> = db
        .all(
            "select p.path from page p where p.document_id = $1 and p.path is not null \
             union select o.path from redirect o where o.document_id = $1 \
             union select o.path || substr(p.path, length(rtrim(o.page_path, '/')) + 1) from page p join redirect_node o \
             on o.covers_below and substr(p.path, 1, length(rtrim(o.page_path, '/')) + 1) = rtrim(o.page_path, '/') || '/' \
             where p.document_id = $1 limit $2",
            (linked.page_id, PATHS),
        )
        .await?;
    for (path,) in paths {
        found.extend(by_path(db, linked, (&path, origin), cursor, limit).await?);
    }
    found.sort_by_key(|version| std::cmp::Reverse(version.revision_id));
    found.dedup_by_key(|version| version.revision_id);
    let most = usize::try_from(limit).unwrap_or(usize::MAX);
    if matches!(cursor, Cursor::After(_)) {
        found.drain(..found.len().saturating_sub(most));
    }
    found.truncate(most);
    Ok(found)
}

/// Each version once, by its first link, so that no more are read than are shown.
async fn bound(db: &Conn, id: i64, cursor: Cursor, limit: i64) -> Result<Vec<LinkUse>> {
    Ok(match cursor {
        Cursor::Before(key) => {
            db.all(
                "select v.* from link l join counted_version v on v.revision_id = l.revision_id \
                 where l.document_id = $1 and v.document_id <> $1 and not exists (select 1 from link k \
                 where k.revision_id = l.revision_id and k.url < l.url and k.document_id = l.document_id) \
                 and l.revision_id < $2 order by l.revision_id desc limit $3",
                (id, key, limit),
            )
            .await?
        }
        Cursor::After(key) => {
            db.all(
                "select v.* from link l join counted_version v on v.revision_id = l.revision_id \
                 where l.document_id = $1 and v.document_id <> $1 and not exists (select 1 from link k \
                 where k.revision_id = l.revision_id and k.url < l.url and k.document_id = l.document_id) \
                 and l.revision_id > $2 order by l.revision_id limit $3",
                (id, key, limit),
            )
            .await?
        }
    })
}

/// Those that are bound to nothing live, or to the page that shows an item and name one of its slugs.
async fn by_path(
    db: &Conn,
    Linked { id, page_id }: Linked,
    (path, origin): (&str, &str),
    cursor: Cursor,
    limit: i64,
) -> Result<Vec<LinkUse>> {
    Ok(match cursor {
        Cursor::Before(key) => {
            db.all(
                "select v.* from link l join counted_version v on v.revision_id = l.revision_id \
                 where l.path = $3 and l.origin in ('', $4) and v.document_id <> $1 and not exists (select 1 from link k \
                 where k.revision_id = l.revision_id and k.url < l.url and k.path = l.path \
                 and k.fragment = l.fragment and k.origin = l.origin and coalesce(k.document_id, 0) = coalesce(l.document_id, 0)) \
                 and not exists (select 1 from document t where t.id = l.document_id and t.id <> $2 \
                 and t.published_revision_id is not null) and ($1 = $2 or l.fragment in (\
                 select i.slug from faq_item i where i.document_id = $1 and i.page_id = $2 \
                 union select a.slug from faq_former_slug a where a.document_id = $1 and a.page_id = $2) \
                 and not exists (select 1 from faq_item n where n.page_id = $2 and n.slug = l.fragment and n.document_id <> $1)) \
                 and l.revision_id < $5 order by l.revision_id desc limit $6",
                (id, page_id, path, origin, key, limit),
            )
            .await?
        }
        Cursor::After(key) => {
            db.all(
                "select v.* from link l join counted_version v on v.revision_id = l.revision_id \
                 where l.path = $3 and l.origin in ('', $4) and v.document_id <> $1 and not exists (select 1 from link k \
                 where k.revision_id = l.revision_id and k.url < l.url and k.path = l.path \
                 and k.fragment = l.fragment and k.origin = l.origin and coalesce(k.document_id, 0) = coalesce(l.document_id, 0)) \
                 and not exists (select 1 from document t where t.id = l.document_id and t.id <> $2 \
                 and t.published_revision_id is not null) and ($1 = $2 or l.fragment in (\
                 select i.slug from faq_item i where i.document_id = $1 and i.page_id = $2 \
                 union select a.slug from faq_former_slug a where a.document_id = $1 and a.page_id = $2) \
                 and not exists (select 1 from faq_item n where n.page_id = $2 and n.slug = l.fragment and n.document_id <> $1)) \
                 and l.revision_id > $5 order by l.revision_id limit $6",
                (id, page_id, path, origin, key, limit),
            )
            .await?
        }
    })
}

/// At most `limit` versions whose links visitors follow by this redirect, those saved last first.
pub(crate) async fn of_redirect(
    db: &Conn,
    redirect: &RedirectFields,
    origin: &str,
    limit: i64,
) -> Result<Vec<LinkUse>> {
    let (from, to) = subtree_range(&redirect.path);
    Ok(db
        .all(
            "select v.* from counted_version v where v.revision_id in (select l.revision_id from link l \
             where (l.path = $1 or (l.path >= $2 and l.path < $3 and $4)) and l.origin in ('', $5) \
             and not exists (select 1 from document t where t.id = l.document_id and t.published_revision_id is not null) \
             and not exists (select 1 from live_page p where p.path = l.path)) order by v.revision_id desc limit $6",
            (redirect.path.as_str(), from, to, redirect.covers_below, origin, limit),
        )
        .await?)
}
