//! Links that show one revision to someone without an account, until they expire or are revoked. Only the hash of a token is
//! kept, so a link is shown once.

use super::{
    document::{
        kind::DocumentAction,
        record::Document,
        revision::{self, Revision},
    },
    write::Write,
};
use crate::{
    clock::{DAY, Timestamp},
    crypto,
    db::{conn::Conn, pool::Db, transaction::Transaction},
    error::{Error, Result, ValidationErrors},
};

/// For how many days a link can work.
pub(crate) const DAYS: [i64; 3] = [1, 7, 30];
/// How many links of one document may work at one time.
const MOST: usize = 50;

#[derive(Debug, Clone, sqlx::FromRow)]
pub struct PreviewLink {
    pub id: i64,
    pub(crate) version: i64,
    pub(crate) creator_name: String,
    /// By the steady clock, as all ends of links.
    pub(crate) expires_at: Timestamp,
}

/// A link that has been made; the token is kept nowhere else.
pub(crate) struct CreatedPreviewLink {
    pub(crate) token: String,
    pub(crate) expires_at: Timestamp,
}

/// Those of a document that work, the one that expires first in front.
pub async fn list(db: &Conn, document_id: i64, now: Timestamp) -> Result<Vec<PreviewLink>> {
    Ok(db
        .all(
            "select p.id, r.version, p.creator_name, p.expires_at from preview_link p \
             join revision r on r.id = p.revision_id where p.document_id = $1 and p.expires_at > $2 \
             order by p.expires_at, p.id",
            (document_id, now),
        )
        .await?)
}

/// Makes a link to a revision that works for so many days from `now`, by the steady clock: a wrong clock of the machine
/// neither ends a link nor makes it last.
/// `Validation` on `days`.
pub(crate) async fn create(
    write: &Write,
    document: &Document,
    revision: &Revision,
    days: i64,
    now: Timestamp,
) -> Result<CreatedPreviewLink> {
    if !DAYS.contains(&days) {
        return Err(ValidationErrors::one("days", "Choose for how long the link works").into());
    }
    if list(write, document.id, now).await?.len() >= MOST {
        let sentence = format!("There are {MOST} links that work already; revoke one first");
        return Err(ValidationErrors::one("days", sentence).into());
    }
    let (token, expires_at) = (crypto::random_token(), now.plus(days * DAY));
    write
        .execute(
            "insert into preview_link (token_hash, document_id, revision_id, created_by, creator_name, created_at, \
             expires_at) values ($1, $2, $3, $4, $5, $6, $7)",
            (
                crypto::hash(&token),
                document.id,
                revision.id,
                write.actor.id,
                write.actor.name.as_str(),
                write.now,
                expires_at,
            ),
        )
        .await?;
    let entry = document.entry(DocumentAction::CreatePreviewLink, &revision.content.title);
    write.record(entry.detail(format!("version {}, until {}", revision.version, write.now.plus(days * DAY))));
    Ok(CreatedPreviewLink { token, expires_at })
}

/// Ends a link.
/// `Conflict` when it works no longer.
pub(crate) async fn revoke(write: &Write, document: &Document, id: i64, now: Timestamp) -> Result<()> {
    let found = list(write, document.id, now).await?.into_iter().find(|link| link.id == id);
    let Some(link) = found else { return Err(Error::Conflict("This link works no longer.".to_owned())) };
    write.execute("delete from preview_link where id = $1", (id,)).await?;
    let title = revision::latest(write, document.id).await?.content.title;
    let entry = document.entry(DocumentAction::RevokePreviewLink, &title);
    write.record(entry.detail(format!("version {}", link.version)));
    Ok(())
}

/// The revision that a token shows. None when the link expired or was revoked, or the document is in the trash.
pub(crate) async fn find(db: &Conn, token: &str, now: Timestamp) -> Result<Option<Revision>> {
    Ok(db
        .optional(
            "select r.* from preview_link p join revision r on r.id = p.revision_id \
             join document d on d.id = p.document_id \
             where p.token_hash = $1 and p.expires_at > $2 and d.trashed_at is null",
            (crypto::hash(token), now),
        )
        .await?)
}

/// Forgets links that expired.
pub(crate) async fn tidy(db: &Db, now: Timestamp) -> Result<()> {
    let old: i64 = db.read().value("select count(*) from preview_link where expires_at < $1", (now,)).await?;
    if old == 0 {
        return Ok(());
    }
    let tx = Transaction::begin(db).await?;
    tx.execute("delete from preview_link where expires_at < $1", (now,)).await?;
    tx.commit().await
}
