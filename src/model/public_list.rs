//! What is public, page by page, for programs that read the whole site or follow its changes: by path, by slug, or by the time of
//! the publication. Each page of a list goes on behind the last row of the one before.

use super::{page::subtree::subtree_range, recent_change::RecentChange};
use crate::{clock::Timestamp, db::conn::Conn, error::Result, text::fold::fold};

/// The pages below the path `above` and after the path `after`, by path; only those of a type, unless its key is empty.
pub(crate) async fn pages_below(
    db: &Conn,
    (above, after): (&str, &str),
    key: &str,
    limit: i64,
) -> Result<Vec<RecentChange>> {
    let (from, to) = subtree_range(above);
    if !key.is_empty() {
        // The cross joins let SQLite begin with the documents of the type.
        let sql = "select c.*, p.path, cast(null as text) as slug, cast(null as text) as item_page from revision t cross join document d cross join page p \
                   cross join live_publication c where t.document_type = $1 and t.document_type <> '' and d.id = t.document_id \
                   and d.published_revision_id = t.id and p.document_id = d.id and c.document_id = d.id \
                   and p.path >= $2 and p.path > $3 and p.path < $4 order by p.path limit $5";
        return Ok(db.all(sql, (key, from, after, to, limit)).await?);
    }
    Ok(db
        .all(
            "select c.*, p.path, cast(null as text) as slug, cast(null as text) as item_page from page p join live_publication c on c.document_id = p.document_id \
             where p.path >= $1 and p.path > $2 and p.path < $3 order by p.path limit $4",
            (from, after, to, limit),
        )
        .await?)
}

/// What else is asked for of the documents of a list.
#[derive(Debug, Clone, Copy)]
pub(crate) struct WantedPages<'a> {
    /// A label, however its letters are written.
    pub(crate) label: &'a str,
    /// The key of a type; empty for all.
    pub(crate) document_type: &'a str,
}

/// The pages with a label at and below the path `above` and after the path `after`, by path.
pub(crate) async fn labelled_below(
    db: &Conn,
    (above, after): (&str, &str),
    wanted: WantedPages<'_>,
    limit: i64,
) -> Result<Vec<RecentChange>> {
    let (from, to) = subtree_range(above);
    // The cross joins let SQLite begin with the label.
    let sql = "select c.*, p.path, cast(null as text) as slug, cast(null as text) as item_page from revision_label l cross join document d \
               cross join page p cross join live_publication c where l.name = $1 and d.published_revision_id = l.revision_id \
               and p.document_id = d.id and c.document_id = d.id and ($2 = '' or c.document_type = $2) \
               and (p.path = $3 or p.path >= $4 and p.path < $5) and p.path > $6 order by p.path limit $7";
    Ok(db.all(sql, (fold(wanted.label), wanted.document_type, above, from, to, after, limit)).await?)
}

/// The pages with a label that were published at `since` or later, in the order of [`changes`].
pub(crate) async fn labelled_changes(
    db: &Conn,
    (since, after): (Timestamp, i64),
    wanted: WantedPages<'_>,
    limit: i64,
) -> Result<Vec<RecentChange>> {
    let sql = "select c.*, p.path, cast(null as text) as slug, cast(null as text) as item_page from revision_label l cross join document d \
               cross join page p cross join live_publication c where l.name = $1 and d.published_revision_id = l.revision_id \
               and p.document_id = d.id and c.document_id = d.id and ($2 = '' or c.document_type = $2) \
               and c.published_at >= $3 and (c.published_at > $3 or c.publication_id > $4) \
               order by c.published_at, c.publication_id limit $5";
    Ok(db.all(sql, (fold(wanted.label), wanted.document_type, since, after, limit)).await?)
}

/// The page at a path.
pub(crate) async fn page_at(db: &Conn, path: &str) -> Result<Option<RecentChange>> {
    Ok(db
        .optional(
            "select c.*, p.path, cast(null as text) as slug, cast(null as text) as item_page from page p join live_publication c on c.document_id = p.document_id \
             where p.path = $1",
            (path,),
        )
        .await?)
}

/// The items after the document `after`, in the order in which they were made; only those of a type, unless its key is empty.
pub(crate) async fn items(db: &Conn, after: i64, key: &str, limit: i64) -> Result<Vec<RecentChange>> {
    Ok(db
        .all(
            "select c.*, cast(null as text) as path, i.slug, n.path as item_page from faq_item i \
             join collection n on n.id = i.page_id cross join live_publication c where c.document_id = i.document_id \
             and n.live and i.document_id > $1 and ($2 = '' or c.document_type = $2) order by i.document_id limit $3",
            (after, key, limit),
        )
        .await?)
}

/// What was published at `since` or later, the earliest first, after the publication with the number `after` among those of
/// that moment; only documents of a type, unless its key is empty.
pub(crate) async fn changes(
    db: &Conn,
    (since, after): (Timestamp, i64),
    key: &str,
    limit: i64,
) -> Result<Vec<RecentChange>> {
    if !key.is_empty() {
        let sql = "select c.*, p.path, i.slug, (select n.path from collection n where n.id = i.page_id and n.live) as item_page \
                   from live_publication c left join page p on p.document_id = c.document_id left join faq_item i on i.document_id = c.document_id where c.document_type = $1 and c.document_type <> '' \
                   and c.published_at >= $2 and (c.published_at > $2 or c.publication_id > $3) \
                   order by c.published_at, c.publication_id limit $4";
        return Ok(db.all(sql, (key, since, after, limit)).await?);
    }
    Ok(db
        .all(
            "select c.*, p.path, i.slug, (select n.path from collection n where n.id = i.page_id and n.live) as item_page \
             from (select * from live_publication where published_at >= $1 \
             and (published_at > $1 or publication_id > $2) order by published_at, publication_id limit $3) c \
             left join page p on p.document_id = c.document_id left join faq_item i on i.document_id = c.document_id \
             order by c.published_at, c.publication_id",
            (since, after, limit),
        )
        .await?)
}
