//! Which revisions lead from the public one to the newest, who saved them, and which were discarded on the way: every
//! revision names the one that it was made from.

use std::{collections::BTreeSet, sync::Arc};

use super::{
    field::Field,
    fields::FieldTable,
    input::DocumentInput,
    record::Document,
    revision::{self, Revision},
};
use crate::{clock::Timestamp, db::conn::Conn, error::Result};

/// A revision that is not public, on the way to the newest one.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Pending {
    pub(crate) version: i64,
    /// Who saved it, by id; none for the program itself.
    pub(crate) author_id: Option<i64>,
    pub(crate) author_name: String,
    pub(crate) created_at: Timestamp,
    /// What it changes, in its author's words.
    pub(crate) note: String,
    pub(crate) input: DocumentInput,
    pub(crate) changes: Vec<Arc<Field>>,
}

/// What visitors see of a document, or saw until it was unpublished; none when it was never published.
pub(crate) async fn last_public(db: &Conn, document: &Document) -> Result<Option<Revision>> {
    if let Some(live) = document.published_revision_id {
        return revision::find(db, live).await;
    }
    let last: Option<(i64,)> = db
        .optional("select revision_id from publication where document_id = $1 order by id desc limit 1", (document.id,))
        .await?;
    match last {
        Some((id,)) => revision::find(db, id).await,
        None => Ok(None),
    }
}

/// The revisions made since `base`, up to the newest one, the newest first; all of them without a base.
pub(crate) async fn pending(
    db: &Conn,
    table: &FieldTable,
    document: &Document,
    base: Option<&Revision>,
) -> Result<Vec<Pending>> {
    let base = base.map(|base| base.id);
    let mut pending = Vec::new();
    let mut next = Some(revision::latest(db, document.id).await?);
    while let Some(revision) = next.filter(|revision| Some(revision.id) != base) {
        next = match revision.made_from {
            Some(version) => revision::version(db, document.id, version).await?,
            None => None,
        };
        let before = next.as_ref().map(|before| before.content.to_input()).unwrap_or_default();
        let input = revision.content.to_input();
        pending.push(Pending {
            changes: table.of_either(document.kind, &before, &input).compare(&before, &input),
            input,
            version: revision.version,
            author_id: revision.author_id,
            author_name: revision.author_name,
            created_at: revision.created_at,
            note: revision.content.change_note,
        });
    }
    Ok(pending)
}

/// One of the revisions that the newest goes back to.
#[derive(sqlx::FromRow)]
struct Step {
    version: i64,
    author_id: Option<i64>,
    note: String,
}

/// The revisions that version `head` (`None`: the newest) goes back to, itself included, up to version `base`, which is
/// left out; the oldest first. All of them for a base of 0; without one, those since what visitors see, or saw last.
async fn since(db: &Conn, id: i64, base: Option<i64>, head: Option<i64>) -> Result<Vec<Step>> {
    Ok(db
        .all(
            "with recursive base (version) as (select coalesce($2, (select r.version from document d join revision r \
             on r.id = coalesce(d.published_revision_id, (select b.revision_id from publication b \
             where b.document_id = d.id order by b.id desc limit 1)) where d.id = $1), 0)), \
             line (version, made_from, author_id, note) as (\
             select r.version, r.made_from, r.author_id, r.change_note from revision r where r.document_id = $1 \
             and r.version = coalesce($3, (select n.version from document d join revision n on n.id = d.latest_revision_id \
             where d.id = $1)) and r.version <> (select version from base) union all \
             select r.version, r.made_from, r.author_id, r.change_note from line l join revision r on r.document_id = $1 \
             and r.version = l.made_from where r.version <> (select version from base)) \
             select version, author_id, note from line order by version",
            (id, base, head),
        )
        .await?)
}

/// Whether the newest revision goes back to one that someone other than `user_id` saved and visitors have not seen.
pub(crate) async fn has_changes_of_others(db: &Conn, id: i64, user_id: Option<i64>) -> Result<bool> {
    Ok(since(db, id, None, None).await?.iter().any(|step| step.author_id != user_id))
}

/// What the version `head` changes for visitors, in the words of the authors of all revisions on the way, each note once,
/// the oldest first.
pub(crate) async fn notes(db: &Conn, id: i64, head: i64) -> Result<String> {
    let mut notes: Vec<String> = Vec::new();
    for Step { note, .. } in since(db, id, None, Some(head)).await? {
        if !note.is_empty() && !notes.contains(&note) {
            notes.push(note);
        }
    }
    if notes.len() > 1 {
        for note in notes.iter_mut().filter(|note| !note.ends_with(['.', '!', '?', '…'])) {
            note.push('.');
        }
    }
    Ok(notes.join(" "))
}

/// The versions that the newest one goes back to, itself included. All others were discarded.
pub(crate) async fn versions(db: &Conn, id: i64) -> Result<BTreeSet<i64>> {
    Ok(since(db, id, Some(0), None).await?.into_iter().map(|step| step.version).collect())
}
