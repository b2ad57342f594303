//! What can be searched, and the feed of its changes: the audit log. Knows nothing of the index.

use super::{
    document::{kind::DocumentKind, revision::Revision},
    page::public::LivePage,
};
use crate::{db::conn::Conn, error::Result};

/// A place in the audit log, with the hash that tells this audit log from another one.
#[derive(Debug, Clone, Default, PartialEq, Eq, sqlx::FromRow, serde::Serialize, serde::Deserialize)]
pub struct AuditLogPosition {
    /// The entry; 0 before the first.
    pub id: i64,
    pub hash: String,
}

pub async fn newest(db: &Conn) -> Result<AuditLogPosition> {
    Ok(db.optional("select id, hash from audit_log order by id desc limit 1", ()).await?.unwrap_or_default())
}

/// Whether the audit log holds the entry that `mark` names.
pub(crate) async fn holds(db: &Conn, mark: &AuditLogPosition) -> Result<bool> {
    let row: Option<(String,)> = db.optional("select hash from audit_log where id = $1", (mark.id,)).await?;
    Ok(row.is_some_and(|(hash,)| hash == mark.hash))
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

/// All items of the FAQ, or those of one category.
pub(crate) async fn items(db: &Conn, category: Option<i64>) -> Result<Vec<i64>> {
    let rows: Vec<(i64,)> = match category {
        Some(category) => {
            db.all("select document_id from faq_item where category_id = $1 order by document_id", (category,)).await?
        }
        None => db.all("select document_id from faq_item order by document_id", ()).await?,
    };
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

pub(crate) async fn live_page(db: &Conn, id: i64) -> Result<Option<LivePage>> {
    Ok(db
        .optional(
            "select p.parent_id, p.path, r.* from page p join document d on d.id = p.document_id \
             join revision r on r.id = d.published_revision_id where p.document_id = $1 and p.path is not null",
            (id,),
        )
        .await?)
}

/// The newest version of a page, when it is not the live one.
pub(crate) async fn draft_page(db: &Conn, id: i64) -> Result<Option<LivePage>> {
    Ok(db
        .optional(
            "select p.parent_id, p.path, r.* from page p join document d on d.id = p.document_id \
             join revision r on r.id = d.latest_revision_id where p.document_id = $1 and p.path is not null \
             and d.published_revision_id is distinct from d.latest_revision_id",
            (id,),
        )
        .await?)
}

/// An FAQ item with the place it has.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct SearchableItem {
    pub(crate) place_category: String,
    pub(crate) current_slug: String,
    #[sqlx(flatten)]
    pub(crate) revision: Revision,
}

pub(crate) async fn live_item(db: &Conn, id: i64) -> Result<Option<SearchableItem>> {
    Ok(db
        .optional(
            "select c.title as place_category, i.slug as current_slug, r.* from faq_item i \
             join faq_category c on c.id = i.category_id join document d on d.id = i.document_id \
             join revision r on r.id = d.published_revision_id where i.document_id = $1 and i.slug is not null",
            (id,),
        )
        .await?)
}

/// The newest version of an FAQ item, when it is not the live one.
pub(crate) async fn draft_item(db: &Conn, id: i64) -> Result<Option<SearchableItem>> {
    Ok(db
        .optional(
            "select c.title as place_category, i.slug as current_slug, r.* from faq_item i \
             join faq_category c on c.id = i.category_id join document d on d.id = i.document_id \
             join revision r on r.id = d.latest_revision_id where i.document_id = $1 and i.slug is not null \
             and d.published_revision_id is distinct from d.latest_revision_id",
            (id,),
        )
        .await?)
}

/// Whether visitors see this version now.
pub(crate) async fn is_live(db: &Conn, document_id: i64, revision_id: i64) -> Result<bool> {
    let row: Option<(Option<i64>,)> =
        db.optional("select published_revision_id from document where id = $1", (document_id,)).await?;
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
