//! What was published last, for feeds: each live document once, by its present publication. Of the whole site, of the pages at
//! and below a path, with the items that these show.

use super::page::subtree::subtree_range;
use crate::{clock::Timestamp, db::conn::Conn, error::Result};

/// A live document with its present publication.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct RecentChange {
    pub(crate) document_id: i64,
    /// Key of its type; empty for none.
    pub(crate) document_type: String,
    /// When the document was made, which never changes.
    pub(crate) created_at: Timestamp,
    pub(crate) first_published_at: Timestamp,
    pub(crate) published_at: Timestamp,
    /// The larger, the later it was published.
    pub(crate) publication_id: i64,
    /// What changed, in the words of its authors.
    pub(crate) note: String,
    pub(crate) title: String,
    pub(crate) clause_number: String,
    pub(crate) summary: String,
    /// The beginning of the text.
    pub(crate) beginning: String,
    /// Of a page.
    pub(crate) path: Option<String>,
    /// Of an item.
    pub(crate) slug: Option<String>,
    /// Path of the live page that shows the item.
    pub(crate) item_page: Option<String>,
}

impl RecentChange {
    /// The path of a page, or where an item is on its page; none for an item that visitors find nowhere.
    #[must_use]
    pub(crate) fn address(&self) -> Option<String> {
        match (&self.path, &self.slug, &self.item_page) {
            (Some(path), ..) => Some(path.clone()),
            (None, Some(slug), Some(page)) => Some(format!("{page}#{slug}")),
            _ => None,
        }
    }
}

/// Of the whole site, the newest first.
pub(crate) async fn of_site(db: &Conn, limit: i64) -> Result<Vec<RecentChange>> {
    Ok(db
        .all(
            "select c.*, p.path, i.slug, (select n.path from collection n where n.id = i.page_id and n.live) as item_page \
             from (select * from live_publication order by published_at desc, publication_id desc limit $1) c left join page p on p.document_id = c.document_id \
             left join faq_item i on i.document_id = c.document_id order by c.published_at desc, c.publication_id desc",
            (limit,),
        )
        .await?)
}

/// Of the page at a path and those below it, the newest first.
pub(crate) async fn at_and_below(db: &Conn, path: &str, limit: i64) -> Result<Vec<RecentChange>> {
    let (from, to) = subtree_range(path);
    Ok(db
        .all(
            "select c.*, p.path, cast(null as text) as slug, cast(null as text) as item_page from live_publication c join page p on p.document_id = c.document_id \
             where p.path = $1 or (p.path >= $2 and p.path < $3) order by c.published_at desc, c.publication_id desc limit $4",
            (path, from, to, limit),
        )
        .await?)
}

/// Of the items on the page at a path and on those below it, in no order. The cross join keeps SQLite from beginning with all
/// that is public.
pub(crate) async fn of_items_below(db: &Conn, path: &str) -> Result<Vec<RecentChange>> {
    let (from, to) = subtree_range(path);
    Ok(db
        .all(
            "select c.*, cast(null as text) as path, i.slug, n.path as item_page from collection n \
             join faq_item i on i.page_id = n.id cross join live_publication c where c.document_id = i.document_id \
             and n.live and (n.path = $1 or (n.path >= $2 and n.path < $3))",
            (path, from, to),
        )
        .await?)
}
