//! What a report over the whole site lists in addition to dead links and reviews: pages that nothing leads to, other sites that texts link
//! to, pictures without words or that are gone, messages without an answer. Only what visitors see counts.

use crate::{
    clock::Timestamp,
    db::conn::Conn,
    error::Result,
    model::{cursor::Cursor, document::kind::DocumentKind},
};

/// A live document with what is said of it.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct ReportedDocument {
    pub(crate) id: i64,
    pub(crate) kind: DocumentKind,
    pub(crate) title: String,
    /// Its path, the address of a link, or its text.
    pub(crate) detail: String,
}

/// At most `limit` live pages, by path, that are in no menu and that no other text links to; `detail` is the path.
pub(crate) async fn orphans(
    db: &Conn,
    origin: &str,
    cursor: Option<&Cursor<String>>,
    limit: i64,
) -> Result<Vec<ReportedDocument>> {
    if let Some(Cursor::Before(path)) = cursor {
        let mut found: Vec<ReportedDocument> = db
            .all(
                "select d.id, d.kind, r.title, p.path as detail from live_page p join document d on d.id = p.document_id \
                 join revision r on r.id = p.revision_id where p.path < $1 and p.path <> '/' \
                 and not exists (select 1 from menu_entry m where m.document_id = p.document_id and m.is_added \
                 and not m.is_hidden) and (r.menu = 'hidden' or exists (select 1 from menu_entry m \
                 where m.document_id = p.document_id and m.menu = r.menu and m.is_hidden)) \
                 and not exists (select 1 from link l join document s on s.published_revision_id = l.revision_id \
                 where l.document_id = p.document_id and s.id <> p.document_id) \
                 and not exists (select 1 from link l join document s on s.published_revision_id = l.revision_id \
                 where l.path in (select p.path union select o.path from redirect o where o.document_id = p.document_id \
                 union select o.path || substr(p.path, length(rtrim(o.page_path, '/')) + 1) from redirect_node o where o.covers_below \
                 and substr(p.path, 1, length(rtrim(o.page_path, '/')) + 1) = rtrim(o.page_path, '/') || '/') \
                 and l.origin in ('', $2) and s.id <> p.document_id \
                 and not exists (select 1 from live_page t where t.document_id = l.document_id)) order by p.path desc limit $3",
                (path.as_str(), origin, limit),
            )
            .await?;
        found.reverse();
        return Ok(found);
    }
    let after = if let Some(Cursor::After(path)) = cursor { path } else { "" };
    Ok(db
        .all(
            "select d.id, d.kind, r.title, p.path as detail from live_page p join document d on d.id = p.document_id \
             join revision r on r.id = p.revision_id where p.path > $1 and p.path <> '/' \
             and not exists (select 1 from menu_entry m where m.document_id = p.document_id and m.is_added \
             and not m.is_hidden) and (r.menu = 'hidden' or exists (select 1 from menu_entry m \
             where m.document_id = p.document_id and m.menu = r.menu and m.is_hidden)) \
             and not exists (select 1 from link l join document s on s.published_revision_id = l.revision_id \
             where l.document_id = p.document_id and s.id <> p.document_id) \
             and not exists (select 1 from link l join document s on s.published_revision_id = l.revision_id \
             where l.path in (select p.path union select o.path from redirect o where o.document_id = p.document_id \
             union select o.path || substr(p.path, length(rtrim(o.page_path, '/')) + 1) from redirect_node o where o.covers_below \
             and substr(p.path, 1, length(rtrim(o.page_path, '/')) + 1) = rtrim(o.page_path, '/') || '/') \
             and l.origin in ('', $2) and s.id <> p.document_id \
             and not exists (select 1 from live_page t where t.document_id = l.document_id)) order by p.path limit $3",
            (after, origin, limit),
        )
        .await?)
}

/// Another site with its links.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct LinkedSite {
    /// Scheme, host and port.
    pub(crate) origin: String,
    pub(crate) links: i64,
    pub(crate) documents: i64,
}

/// At most `limit` other sites that live texts link to, by their origins.
pub(crate) async fn linked_sites(
    db: &Conn,
    origin: &str,
    cursor: Option<&Cursor<String>>,
    limit: i64,
) -> Result<Vec<LinkedSite>> {
    if let Some(Cursor::Before(before)) = cursor {
        let mut found: Vec<LinkedSite> = db
            .all(
                "select l.origin, count(*) as links, count(distinct l.revision_id) as documents from link l \
                 join document d on d.published_revision_id = l.revision_id where l.origin <> '' and l.origin <> $2 \
                 and l.origin < $1 group by l.origin order by l.origin desc limit $3",
                (before.as_str(), origin, limit),
            )
            .await?;
        found.reverse();
        return Ok(found);
    }
    let after = if let Some(Cursor::After(after)) = cursor { after } else { "" };
    Ok(db
        .all(
            "select l.origin, count(*) as links, count(distinct l.revision_id) as documents from link l \
             join document d on d.published_revision_id = l.revision_id where l.origin <> '' and l.origin <> $2 \
             and l.origin > $1 group by l.origin order by l.origin limit $3",
            (after, origin, limit),
        )
        .await?)
}

/// At most `limit` links of live texts to another site, by title; `detail` is the address.
pub(crate) async fn links_to_site(db: &Conn, site: &str, limit: i64) -> Result<Vec<ReportedDocument>> {
    Ok(db
        .all(
            "select d.id, d.kind, r.title, l.url as detail from link l join document d on d.published_revision_id = l.revision_id \
             join revision r on r.id = l.revision_id where l.origin = $1 and l.origin <> '' order by r.title, d.id, l.url limit $2",
            (site, limit),
        )
        .await?)
}

/// At most `limit` live documents with pictures that have no description, by id; `detail` is empty.
pub(crate) async fn pictures_without_words(
    db: &Conn,
    cursor: Option<&Cursor<i64>>,
    limit: i64,
) -> Result<Vec<ReportedDocument>> {
    if let Some(Cursor::Before(id)) = cursor {
        let mut found: Vec<ReportedDocument> = db
            .all(
                "select d.id, d.kind, r.title, '' as detail from undescribed_picture u join document d \
                 on d.published_revision_id = u.revision_id join revision r on r.id = u.revision_id where d.id < $1 \
                 order by d.id desc limit $2",
                (*id, limit),
            )
            .await?;
        found.reverse();
        return Ok(found);
    }
    let after = if let Some(Cursor::After(id)) = cursor { *id } else { 0 };
    Ok(db
        .all(
            "select d.id, d.kind, r.title, '' as detail from undescribed_picture u join document d \
             on d.published_revision_id = u.revision_id join revision r on r.id = u.revision_id where d.id > $1 \
             order by d.id limit $2",
            (after, limit),
        )
        .await?)
}

/// At most `limit` live documents with pictures that the media library does not have, by id (a link, also to the folder `/media/` of
/// another site, shows no picture); `detail` is the first of their paths,
/// and how many more there are.
pub(crate) async fn missing_pictures(
    db: &Conn,
    cursor: Option<&Cursor<i64>>,
    limit: i64,
) -> Result<Vec<ReportedDocument>> {
    if let Some(Cursor::Before(id)) = cursor {
        let mut found: Vec<ReportedDocument> = db
            .all(
                "select d.id, d.kind, r.title, min(u.path) || case when count(*) > 1 then ' and ' || (count(*) - 1) || ' more' \
                 else '' end as detail from revision_media u join document d on d.published_revision_id = u.revision_id \
                 join revision r on r.id = u.revision_id where d.id < $1 \
                 and not exists (select 1 from media m where m.path = u.path and m.deleted_at is null) \
                 and not exists (select 1 from link l where l.revision_id = u.revision_id and (l.path = u.path \
                 or substr(l.path, 1, length(u.path) + 1) = u.path || '/')) \
                 group by d.id, d.kind, r.title order by d.id desc limit $2",
                (*id, limit),
            )
            .await?;
        found.reverse();
        return Ok(found);
    }
    let after = if let Some(Cursor::After(id)) = cursor { *id } else { 0 };
    Ok(db
        .all(
            "select d.id, d.kind, r.title, min(u.path) || case when count(*) > 1 then ' and ' || (count(*) - 1) || ' more' \
             else '' end as detail from revision_media u join document d on d.published_revision_id = u.revision_id \
             join revision r on r.id = u.revision_id where d.id > $1 \
             and not exists (select 1 from media m where m.path = u.path and m.deleted_at is null) \
             and not exists (select 1 from link l where l.revision_id = u.revision_id and (l.path = u.path \
             or substr(l.path, 1, length(u.path) + 1) = u.path || '/')) \
             group by d.id, d.kind, r.title order by d.id limit $2",
            (after, limit),
        )
        .await?)
}

/// A message that waits for an answer.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct WaitingMessage {
    pub(crate) id: i64,
    pub(crate) reference: String,
    pub(crate) topic: String,
    pub(crate) received_at: Timestamp,
}

/// How many messages without an answer came before a time; at most `limit` are counted.
pub(crate) async fn count_waiting(db: &Conn, before: Timestamp, limit: i64) -> Result<i64> {
    Ok(db
        .value(
            "select count(*) from (select id from message where status in ('unread', 'open') and received_at < $1 limit $2) m",
            (before, limit),
        )
        .await?)
}

/// At most `limit` messages without an answer that came before a time, the oldest first.
pub(crate) async fn waiting_messages(db: &Conn, before: Timestamp, limit: i64) -> Result<Vec<WaitingMessage>> {
    Ok(db
        .all(
            "select id, reference, topic, received_at from message where status in ('unread', 'open') and received_at < $1 \
             order by received_at, id limit $2",
            (before, limit),
        )
        .await?)
}
