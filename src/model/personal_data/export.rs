//! Everything about one e-mail address as one JSON document, for the one that it is about.

use serde_json::{Value, json};

use super::{
    account::AccountData,
    drafts::OwnDraft,
    found::{KeptTexts, PersonalData},
};
use crate::{
    clock::Timestamp,
    db::conn::Conn,
    error::Result,
    model::{
        mail::list::{self, MailItem},
        message::{notes, record, topic},
    },
    text::wanted_address::WantedAddress,
};

/// The document; `now` is when it is made.
pub(crate) async fn export(
    db: &Conn,
    wanted: &WantedAddress,
    (data, kept): (&PersonalData, &KeptTexts),
    now: Timestamp,
) -> Result<Value> {
    let mut messages = Vec::new();
    for own in &data.messages {
        messages.push(message(db, own.id).await?);
    }
    let account = match &data.account {
        Some(found) => account(db, found).await?,
        None => Value::Null,
    };
    let texts = data.texts.iter().chain(&data.mails).chain(&kept.others);
    Ok(json!({
        "about": wanted.normal(),
        "made_at": now.iso(),
        "messages": messages,
        "account": account,
        "texts_that_name_it": texts.map(|text| json!({
            "kind": format!("{:?}", text.kind),
            "id": text.id,
            "text": text.content,
        })).collect::<Vec<_>>(),
        "drafts_that_name_it": data.drafts.iter().map(OwnDraft::content).collect::<Vec<_>>(),
        "documents_that_name_it": kept.documents.iter().map(|(document, versions)| json!({
            "id": document.id,
            "title": document.title,
            "versions_and_publications": versions,
        })).collect::<Vec<_>>(),
        "links_that_confirm_it": data.links.len(),
        "settings_name_it": kept.settings,
    }))
}

async fn message(db: &Conn, id: i64) -> Result<Value> {
    let message = record::get(db, id).await?;
    let notes = notes::list(db, id).await?;
    let mails = list::of_message(db, id).await?;
    Ok(json!({
        "reference": message.reference,
        "received_at": message.received_at.iso(),
        "status": message.status.as_str(),
        "topic": topic::label(&message.topic),
        "name": message.name,
        "email": message.email,
        "role": message.role,
        "country": message.country,
        "message": message.body,
        "spam_score": message.spam_score,
        "spam_reasons": message.spam_reasons,
        "answer": message.answer,
        "answered_at": message.answered_at.map(Timestamp::iso),
        "answered_by": message.answered_by,
        "notes": notes.iter().map(|note| json!({
            "at": note.created_at.iso(),
            "by": note.author_name,
            "note": note.body,
        })).collect::<Vec<_>>(),
        "emails": mails.iter().map(mail).collect::<Vec<_>>(),
    }))
}

fn mail(mail: &MailItem) -> Value {
    json!({
        "created_at": mail.created_at.iso(),
        "to": mail.recipient,
        "by": mail.author_name,
        "sent_at": mail.sent_at.map(Timestamp::iso),
        "fault": mail.fault,
    })
}

/// A row of what belongs to an account: when, where, what.
type Row = (Timestamp, String, String);

async fn account(db: &Conn, found: &AccountData) -> Result<Value> {
    let user = &found.user;
    let rows = async |sql: &'static str| -> Result<Vec<Value>> {
        let rows: Vec<Row> = db.all(sql, (user.id,)).await?;
        Ok(rows.into_iter().map(|(at, place, text)| json!({"at": at.iso(), "where": place, "what": text})).collect())
    };
    Ok(json!({
        "name": user.name,
        "email": user.email,
        "role": user.role.as_str(),
        "state": user.state(),
        "has_second_factor": user.has_second_factor,
        "created_at": user.created_at.iso(),
        "signed_in_at": user.signed_in_at.map(Timestamp::iso),
        "sessions": rows("select created_at, device, '' from session where user_id = $1 order by id").await?,
        "company_accounts": rows("select linked_at, issuer, subject from company_identity where user_id = $1 order by issuer").await?,
        "saved_filters": rows("select created_at, list || ' ' || name, query from saved_view where user_id = $1 order by id").await?,
        "drafts": rows("select saved_at, kind, fields from document_draft where user_id = $1 order by key").await?,
        "comments": rows("select created_at, quote, body from comment where author_id = $1 order by id").await?,
        "notes": rows("select n.created_at, m.reference, n.body from message_note n join message m on m.id = n.message_id \
                       where n.author_id = $1 order by n.id").await?,
        "versions": rows("select created_at, title, change_note from revision where author_id = $1 order by id").await?,
        "publications": rows("select p.published_at, r.title, p.note from publication p join revision r \
                              on r.id = p.revision_id where p.published_by = $1 order by p.id").await?,
        "audit_log": rows("select at, action || ' ' || subject, detail from audit_log where actor_id = $1 order by id").await?,
    }))
}
