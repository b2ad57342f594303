//! What was published last, for feeds: each live document once, by its present publication. Of the whole site, of the pages at
//! and below a path, or of the questions.

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
    /// Of a question.
    pub(crate) slug: Option<String>,
}

/// Of the whole site, the newest first.
pub(crate) async fn of_site(db: &Conn, limit: i64) -> Result<Vec<RecentChange>> {
    Ok(db
        .all(
            "select c.*, p.path, i.slug from (select * from live_publication order by published_at desc, publication_id desc \
             limit $1) c left join page p on p.document_id = c.document_id \
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
            "select c.*, p.path, cast(null as text) as slug from live_publication c join page p on p.document_id = c.document_id \
             where p.path = $1 or (p.path >= $2 and p.path < $3) order by c.published_at desc, c.publication_id desc limit $4",
            (path, from, to, limit),
        )
        .await?)
}

/// Of all questions, in no order. The cross join keeps SQLite from beginning with all that is public.
pub(crate) async fn of_questions(db: &Conn) -> Result<Vec<RecentChange>> {
    Ok(db
        .all(
            "select c.*, cast(null as text) as path, i.slug from faq_item i cross join live_publication c \
             where c.document_id = i.document_id",
            (),
        )
        .await?)
}
