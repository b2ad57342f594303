//! Binds links to the pages that they mean, at the last moment at which their paths tell: before a page leaves a path, and before
//! another comes to one that leads to it. Knows no question; see `questions`.

use crate::{
    error::Result,
    model::{page::subtree::subtree_range, write::Write},
};

/// Before the pages at `path` and below it get other paths or go to the trash: links to these paths mean these pages.
pub(in crate::model) async fn bind_to_pages(write: &Write, path: &str) -> Result<()> {
    let (from, to) = subtree_range(path);
    write
        .execute(
            "update link set document_id = (select p.document_id from page p where p.path = link.path) \
             where (path = $1 or (path >= $2 and path < $3)) and document_id is null and origin in ('', $4) \
             and exists (select 1 from page p where p.path = link.path)",
            (path, from, to, write.rules.origin.as_str()),
        )
        .await?;
    Ok(())
}

/// Before pages come to `path` and below it: links to paths from which pages left redirects behind mean these pages. From then on a
/// link to such a path means what came there, published or not.
pub(in crate::model) async fn bind_to_redirected(write: &Write, path: &str) -> Result<()> {
    let (from, to) = subtree_range(path);
    write
        .execute(
            "update link set document_id = (select case when o.by_hand then o.left_by_id else o.document_id end \
             from redirect o where o.path = link.path) \
             where (path = $1 or (path >= $2 and path < $3)) and document_id is null and origin in ('', $4) \
             and exists (select 1 from redirect o \
             where o.path = link.path and (o.left_by_id is not null or not o.by_hand and o.document_id is not null))",
            (path, from, to, write.rules.origin.as_str()),
        )
        .await?;
    Ok(())
}
