//! What can be searched, and the feed of its changes: the audit log. Knows nothing of the index.

use super::{audit_log, document::kind::DocumentKind};
use crate::{db::conn::Conn, error::Result};

/// A place in the audit log, with the hash that tells this audit log from another one.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct AuditLogPosition {
    /// The entry; 0 before the first.
    pub id: i64,
    pub hash: String,
}

pub async fn newest(db: &Conn) -> Result<AuditLogPosition> {
    let head = audit_log::head(db).await?;
    Ok(head.map(|head| AuditLogPosition { id: head.id, hash: head.hash }).unwrap_or_default())
}

/// Whether the audit log holds the entry that `mark` names.
pub(crate) async fn holds(db: &Conn, mark: &AuditLogPosition) -> Result<bool> {
    Ok(audit_log::hash_of(db, mark.id).await?.is_some_and(|hash| hash == mark.hash))
}

#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct ContentChange {
    pub(crate) id: i64,
    pub(crate) hash: String,
    pub(crate) subject_kind: String,
    pub(crate) subject_id: Option<i64>,
}

/// The entries after `after`, the oldest first.
pub(crate) async fn changes(db: &Conn, after: i64, limit: i64) -> Result<Vec<ContentChange>> {
    Ok(db
        .all(
            "select id, hash, subject_kind, subject_id from audit_log where id > $1 order by id limit $2",
            (after, limit),
        )
        .await?)
}

/// Ids and kinds of the documents outside the trash, after `after`.
pub(crate) async fn documents(db: &Conn, after: i64, limit: i64) -> Result<Vec<(i64, DocumentKind)>> {
    Ok(db
        .all("select id, kind from document where id > $1 and trashed_at is null order by id limit $2", (after, limit))
        .await?)
}

/// Ids and kinds of the documents outside the trash, after `after`, that have this type in the version that visitors see or in the
/// newest.
pub(crate) async fn documents_of_type(
    db: &Conn,
    key: &str,
    after: i64,
    limit: i64,
) -> Result<Vec<(i64, DocumentKind)>> {
    let mut found: Vec<(i64, DocumentKind)> = db
        .all(
            "select r.document_id, d.kind from revision r join document d on d.id = r.document_id \
             where r.document_type = $1 and r.document_type <> '' and r.document_id > $2 \
             and (d.latest_revision_id = r.id or d.published_revision_id = r.id) and d.trashed_at is null \
             order by r.document_id limit $3",
            (key, after, limit),
        )
        .await?;
    found.dedup();
    Ok(found)
}

/// The kind of a document, in the trash or not.
pub(crate) async fn kind(db: &Conn, id: i64) -> Result<Option<DocumentKind>> {
    let row: Option<(DocumentKind,)> = db.optional("select kind from document where id = $1", (id,)).await?;
    Ok(row.map(|(kind,)| kind))
}

/// Everything below a page, in the trash or not.
pub(crate) async fn below(db: &Conn, id: i64) -> Result<Vec<i64>> {
    let rows: Vec<(i64,)> = db
        .all(
            "with recursive below (id) as (select document_id from page where parent_id = $1 \
             union select p.document_id from page p join below b on p.parent_id = b.id) select id from below",
            (id,),
        )
        .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// All items, or those of one category.
pub(crate) async fn items(db: &Conn, category: Option<i64>) -> Result<Vec<i64>> {
    let rows: Vec<(i64,)> = match category {
        Some(category) => {
            db.all("select document_id from faq_item where category_id = $1 order by document_id", (category,)).await?
        }
        None => db.all("select document_id from faq_item order by document_id", ()).await?,
    };
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Whether visitors see this version now.
pub(crate) async fn is_live(db: &Conn, document_id: i64, revision_id: i64) -> Result<bool> {
    let row: Option<(Option<i64>,)> =
        db.optional(
            "select d.published_revision_id from document d where d.id = $1 and (d.kind <> 'faq_item' \
             or exists (select 1 from faq_item i join collection n on n.id = i.page_id where i.document_id = d.id and n.live))",
            (document_id,),
        )
        .await?;
    Ok(row.is_some_and(|(live,)| live == Some(revision_id)))
}

#[derive(Debug, Clone, sqlx::FromRow)]
#[allow(missing_docs, reason = "the columns of the same names")]
pub(crate) struct SearchableMessage {
    pub id: i64,
    pub reference: String,
    pub topic: String,
    pub name: String,
    pub email: String,
    pub role: String,
    pub country: String,
    pub body: String,
    pub answer: String,
}

pub(crate) async fn message(db: &Conn, id: i64) -> Result<Option<SearchableMessage>> {
    Ok(db
        .optional(
            "select id, reference, topic, name, email, role, country, body, answer from message where id = $1",
            (id,),
        )
        .await?)
}

pub(crate) async fn messages(db: &Conn, after: i64, limit: i64) -> Result<Vec<SearchableMessage>> {
    Ok(db
        .all(
            "select id, reference, topic, name, email, role, country, body, answer from message \
             where id > $1 order by id limit $2",
            (after, limit),
        )
        .await?)
}
