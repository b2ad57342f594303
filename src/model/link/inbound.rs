//! What live texts link to a document: those whose links are bound to it, and those whose links are bound to nothing live and
//! lead to its path, or to one that it had.

use crate::{
    db::conn::Conn,
    error::Result,
    model::{document::kind::DocumentKind, page::subtree},
};

#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub(crate) struct PartLink {
    pub(crate) fragment: String,
    /// The title that visitors see of the live document that links to it.
    pub(crate) title: String,
}

/// At most `limit` links of live documents to parts of the page `id`, except its own links and those that are bound to a question.
pub(crate) async fn to_parts(db: &Conn, id: i64, origin: &str, limit: i64) -> Result<Vec<PartLink>> {
    Ok(db
        .all(
            "select l.fragment, r.title from link l join document d on d.published_revision_id = l.revision_id \
             join revision r on r.id = l.revision_id where l.document_id = $1 and l.fragment <> '' and r.document_id <> $1 \
             union select l.fragment, r.title from link l join document d on d.published_revision_id = l.revision_id \
             join revision r on r.id = l.revision_id where l.origin in ('', $2) and l.fragment <> '' and r.document_id <> $1 \
             and l.path in (select p.path from page p where p.document_id = $1 and p.path is not null \
             union select o.path from redirect o where o.document_id = $1 \
             union select o.path || substr(p.path, length(rtrim(o.page_path, '/')) + 1) from page p join redirect_node o \
             on o.covers_below and substr(p.path, 1, length(rtrim(o.page_path, '/')) + 1) = rtrim(o.page_path, '/') || '/' \
             where p.document_id = $1) \
             and not exists (select 1 from document t where t.id = l.document_id \
             and (t.kind = 'faq_item' or t.published_revision_id is not null)) order by 1, 2 limit $3",
            (id, origin, limit),
        )
        .await?)
}

/// The same for the headings of a question that links are bound to; the fragments begin behind its slug.
pub(crate) async fn to_parts_of_question(db: &Conn, id: i64, limit: i64) -> Result<Vec<PartLink>> {
    Ok(db
        .all(
            "select distinct l.fragment, r.title from link l join document d on d.published_revision_id = l.revision_id \
             join revision r on r.id = l.revision_id where l.document_id = $1 and l.fragment <> '' and r.document_id <> $1 \
             order by l.fragment, r.title limit $2",
            (id, limit),
        )
        .await?)
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
             where d.published_revision_id in (select l.revision_id from live_page p join link l on l.document_id = p.document_id \
             where p.path = $1 or (p.path >= $2 and p.path < $3) \
             union select l.revision_id from link l where l.origin in ('', $4) and l.path in (\
             select p.path from live_page p where p.path = $1 or (p.path >= $2 and p.path < $3) \
             union select o.path from live_page p join redirect o on o.document_id = p.document_id \
             where p.path = $1 or (p.path >= $2 and p.path < $3) \
             union select o.path || substr(p.path, length(rtrim(o.page_path, '/')) + 1) from live_page p join redirect_node o \
             on o.covers_below and substr(p.path, 1, length(rtrim(o.page_path, '/')) + 1) = rtrim(o.page_path, '/') || '/' \
             where p.path = $1 or (p.path >= $2 and p.path < $3)) \
             and not exists (select 1 from live_page t where t.document_id = l.document_id)) \
             and not exists (select 1 from page s where s.document_id = d.id \
             and (s.path = $1 or (s.path >= $2 and s.path < $3))) order by r.title, d.id limit $5",
            (path, from, to, origin, limit),
        )
        .await?)
}

/// The same for an item on the page `page_id`.
pub(crate) async fn to_item(db: &Conn, page_id: i64, id: i64, origin: &str, limit: i64) -> Result<Vec<Linking>> {
    Ok(db
        .all(
            "select d.id, d.kind, r.title from document d join revision r on r.id = d.published_revision_id \
             where d.id <> $2 and d.published_revision_id in (select l.revision_id from link l where l.document_id = $2 \
             union select l.revision_id from link l where l.origin in ('', $3) \
             and l.path in (select p.path from page p where p.document_id = $1 \
             union select o.path from redirect o where o.document_id = $1 \
             union select o.path || substr(p.path, length(rtrim(o.page_path, '/')) + 1) from page p join redirect_node o \
             on o.covers_below and substr(p.path, 1, length(rtrim(o.page_path, '/')) + 1) = rtrim(o.page_path, '/') || '/' \
             where p.document_id = $1) \
             and l.fragment in (select i.slug from faq_item i where i.document_id = $2 and i.page_id = $1 \
             union select a.slug from faq_former_slug a where a.document_id = $2 and a.page_id = $1) \
             and not exists (select 1 from faq_item n where n.page_id = $1 and n.slug = l.fragment and n.document_id <> $2)) \
             order by r.title, d.id limit $4",
            (page_id, id, origin, limit),
        )
        .await?)
}
