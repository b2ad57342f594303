//! What webhooks tell, and storing it with the change that it is about: what was published, what is public no longer, and that a
//! message came. Never what is in a message, nor who sent it.

use std::collections::BTreeMap;

use serde_json::json;

use crate::{
    clock::Timestamp,
    db::transaction::Transaction,
    error::Result,
    model::{
        audit_log::AuditEntry, document::kind::DocumentKind, message::status::MessageStatus, stored_content::StoredKind,
    },
};

/// The action of the entry about a message that came.
const RECEIVED: &str = "message.receive";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum WebhookEvent {
    Published,
    Unpublished,
    Received,
}

impl WebhookEvent {
    pub(crate) const ALL: [Self; 3] = [Self::Published, Self::Unpublished, Self::Received];

    /// Its name in requests and in the database.
    #[must_use]
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Published => "document.published",
            Self::Unpublished => "document.unpublished",
            Self::Received => "inbox.received",
        }
    }
}

#[derive(sqlx::FromRow)]
struct PublishedRow {
    id: i64,
    kind: DocumentKind,
    title: String,
    path: String,
}

/// Stores what these entries mean for those who asked to be told, as part of their change.
pub(in crate::model) async fn queue(tx: &Transaction, at: Timestamp, entries: &[AuditEntry]) -> Result<()> {
    let is_public = contents(entries, StoredKind::Publication).chain(contents(entries, StoredKind::PublicationEnd));
    let is_told = entries.iter().any(|entry| entry.action == RECEIVED);
    if is_public.count() == 0 && !is_told {
        return Ok(());
    }
    let endpoints: Vec<(i64, String)> = tx.all("select id, events from webhook order by id", ()).await?;
    if endpoints.is_empty() {
        return Ok(());
    }
    let mut happened = documents(tx, at, entries).await?;
    happened.extend(messages(tx, at, entries).await?);
    for (event, body) in &happened {
        for (id, events) in &endpoints {
            if events.split(' ').any(|asked| asked == event.as_str()) {
                insert(tx, *id, *event, body, at).await?;
            }
        }
    }
    Ok(())
}

/// Each event, and what is sent about it.
type Happened = Vec<(WebhookEvent, String)>;

/// The numbers of the publications that began, or ended.
fn contents(entries: &[AuditEntry], kind: StoredKind) -> impl Iterator<Item = i64> {
    entries.iter().flat_map(|entry| &entry.contents).filter(move |one| one.kind == kind).map(|one| one.id)
}

async fn documents(tx: &Transaction, at: Timestamp, entries: &[AuditEntry]) -> Result<Happened> {
    // A new version ends the publication of the one before; that is one event.
    let mut found = BTreeMap::new();
    for (kind, event) in
        [(StoredKind::PublicationEnd, WebhookEvent::Unpublished), (StoredKind::Publication, WebhookEvent::Published)]
    {
        for id in contents(entries, kind) {
            let sql = "select d.id, d.kind, r.title, coalesce(g.path, '') as path from publication p \
                       join document d on d.id = p.document_id join revision r on r.id = p.revision_id \
                       left join page g on g.document_id = d.id where p.id = $1";
            let row: PublishedRow = tx.one(sql, (id,)).await?;
            found.insert(row.id, (event, row));
        }
    }
    let told = found.into_values().map(|(event, row)| {
        let body = json!({
            "event": event.as_str(),
            "at": at.iso(),
            "kind": row.kind.as_str(),
            "id": row.id,
            "title": row.title,
            "path": row.path,
        });
        (event, body.to_string())
    });
    Ok(told.collect())
}

async fn messages(tx: &Transaction, at: Timestamp, entries: &[AuditEntry]) -> Result<Happened> {
    let mut told = Vec::new();
    for entry in entries.iter().filter(|entry| entry.action == RECEIVED) {
        let sql = "select status from message where id = $1";
        let status: Option<(MessageStatus,)> = tx.optional(sql, (entry.subject_id,)).await?;
        if status.is_some_and(|(status,)| status != MessageStatus::Spam) {
            let event = WebhookEvent::Received;
            let body =
                json!({"event": event.as_str(), "at": at.iso(), "reference": entry.subject, "topic": entry.detail});
            told.push((event, body.to_string()));
        }
    }
    Ok(told)
}

async fn insert(tx: &Transaction, endpoint: i64, event: WebhookEvent, body: &str, at: Timestamp) -> Result<()> {
    let sql = "insert into webhook_delivery (webhook_id, event, body, state, created_at, due_at) \
               values ($1, $2, $3, 'waiting', $4, 0)";
    tx.execute(sql, (endpoint, event.as_str(), body, at)).await?;
    Ok(())
}
