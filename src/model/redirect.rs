//! Old paths and where they lead now. A redirect names a document, not a path, so there are no chains and no
//! loops: the old path leads to wherever the document is.

use super::{page::subtree::subtree_range, write::Write};
use crate::{db::conn::Conn, error::Result};

/// Where a path without a live page leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum RedirectTarget {
    /// The document is live, at this path now.
    Moved(String),
    Gone,
    Nothing,
}

pub(crate) async fn follow(db: &Conn, path: &str) -> Result<RedirectTarget> {
    let row: Option<(Option<String>, bool, bool)> = db
        .optional(
            "select p.path, d.published_revision_id is not null, d.trashed_at is not null from redirect r \
             join document d on d.id = r.document_id join page p on p.document_id = d.id where r.path = $1",
            (path,),
        )
        .await?;
    Ok(match row {
        Some((Some(path), true, _)) => RedirectTarget::Moved(path),
        Some((_, _, true)) => RedirectTarget::Gone,
        _ => RedirectTarget::Nothing,
    })
}

/// Makes permanent redirects from the present paths of a page and of all pages below it: of those that were ever
/// public, published at this moment or not.
pub(super) async fn leave(write: &Write, path: &str) -> Result<()> {
    let (from, to) = subtree_range(path);
    write
        .execute(
            "insert into redirect (path, document_id, created_at) \
             select p.path, p.document_id, $1 from page p \
             where exists (select 1 from publication b where b.document_id = p.document_id) \
             and (p.path = $2 or (p.path >= $3 and p.path < $4)) \
             on conflict (path) do update set document_id = excluded.document_id, created_at = excluded.created_at",
            (write.now, path, from, to),
        )
        .await?;
    Ok(())
}

/// Deletes the redirects from paths at which there is a live page now. A page that is not published yet does not
/// replace a redirect.
pub(super) async fn clear_taken(write: &Write, path: &str) -> Result<()> {
    let (from, to) = subtree_range(path);
    write
        .execute(
            "delete from redirect where (path = $1 or (path >= $2 and path < $3)) \
             and exists (select 1 from live_page p where p.path = redirect.path)",
            (path, from, to),
        )
        .await?;
    Ok(())
}

/// All redirects to documents that are not in the trash, by path: old path and the present one.
pub(crate) async fn all(db: &Conn) -> Result<Vec<(String, String)>> {
    Ok(db
        .all(
            "select r.path, p.path from redirect r join page p on p.document_id = r.document_id \
             where p.path is not null and p.path <> r.path order by r.path",
            (),
        )
        .await?)
}

pub(crate) async fn document_at(db: &Conn, path: &str) -> Result<Option<i64>> {
    let row: Option<(i64,)> = db.optional("select document_id from redirect where path = $1", (path,)).await?;
    Ok(row.map(|(id,)| id))
}

/// Sets a redirect from a path at which there is nothing, as an import does.
pub(crate) async fn set(write: &Write, path: &str, document_id: i64) -> Result<()> {
    write
        .execute(
            "insert into redirect (path, document_id, created_at) values ($1, $2, $3) \
             on conflict (path) do update set document_id = excluded.document_id, created_at = excluded.created_at",
            (path, document_id, write.now),
        )
        .await?;
    clear_taken(write, path).await
}
