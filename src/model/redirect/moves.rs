//! Redirects that pages leave behind when they move or go to the trash, and the end of redirects from paths that are taken.
//! What a user set by hand stays.

use super::list::RedirectRow;
use crate::{
    error::Result,
    model::{audit_log::AuditEntry, page::subtree::subtree_range, write::Write},
};

/// Makes permanent redirects from the present paths of a page and of all pages below it: of those that were ever
/// public, published at this moment or not.
pub(in crate::model) async fn leave(write: &Write, path: &str) -> Result<()> {
    let (from, to) = subtree_range(path);
    write
        .execute(
            "insert into redirect (path, document_id, created_at, search_text) \
             select p.path, p.document_id, $1, p.path from page p \
             where exists (select 1 from publication b where b.document_id = p.document_id) \
             and (p.path = $2 or (p.path >= $3 and p.path < $4)) \
             on conflict (path) do update set document_id = excluded.document_id, created_at = excluded.created_at \
             where not redirect.by_hand",
            (write.now, path, from, to),
        )
        .await?;
    // What a user set for what is below stays, and the path itself leads to the page.
    let (from, to) = subtree_range(path);
    write
        .execute(
            "update redirect set left_by_id = (select p.document_id from page p where p.path = redirect.path) \
             where (path = $1 or (path >= $2 and path < $3)) and by_hand and covers_below and exists (select 1 from page p \
             join publication b on b.document_id = p.document_id where p.path = redirect.path)",
            (path, from, to),
        )
        .await?;
    Ok(())
}

/// Deletes the redirects from paths at which there is a live page now. A page that is not published yet does not
/// replace a redirect. What a user set for everything below stays, since the live page comes first; any other of their redirects is named
/// in the audit log.
pub(in crate::model) async fn clear_taken(write: &Write, path: &str) -> Result<()> {
    let (from, to) = subtree_range(path);
    let by_hand: Vec<RedirectRow> = write
        .all(
            "select r.* from redirect_node r where (r.path = $1 or (r.path >= $2 and r.path < $3)) and r.by_hand \
             and not r.covers_below and exists (select 1 from live_page p where p.path = r.path) order by r.path",
            (path, from, to),
        )
        .await?;
    for redirect in by_hand {
        let detail = match redirect.to() {
            to if to.is_empty() => "a page is live there now".to_owned(),
            to => format!("to {to}; a page is live there now"),
        };
        write.record_beside(
            AuditEntry::new("redirect.delete", "redirect", Some(redirect.id), redirect.path).detail(detail),
        );
    }
    delete_taken(write, path).await
}

/// The same for a redirect that was not there before.
pub(super) async fn delete_taken(write: &Write, path: &str) -> Result<()> {
    let (from, to) = subtree_range(path);
    write
        .execute(
            "delete from redirect where (path = $1 or (path >= $2 and path < $3)) and not (by_hand and covers_below) \
             and exists (select 1 from live_page p where p.path = redirect.path)",
            (path, from.as_str(), to.as_str()),
        )
        .await?;
    write
        .execute(
            "update redirect set left_by_id = null where (path = $1 or (path >= $2 and path < $3)) and left_by_id is not null \
             and exists (select 1 from live_page p where p.path = redirect.path)",
            (path, from, to),
        )
        .await?;
    Ok(())
}
