//! Finds the first row that the check of the audit log could not read, because a value in it is of another kind than is
//! stored there, such as bytes in place of a text.

use super::{
    audit_log,
    audit_log_report::Discrepancy,
    stored_content::{self, StoredKind},
    stored_type,
};
use crate::{db::conn::Conn, error::Result};

/// Ids that are read at a time.
const IDS: i64 = 1000;

#[derive(Clone, Copy)]
enum Rows {
    Revisions,
    Publications,
    Entries,
    Reviews,
    Owners,
    Types,
}

/// Among the revisions, publications and entries after these ids, and all reviews, owners and versions of types; none when the fault is elsewhere.
pub(super) async fn find(db: &Conn, [revision, publication, entry]: [i64; 3]) -> Result<Option<Discrepancy>> {
    if let Some(id) = first(db, Rows::Revisions, revision).await? {
        return Ok(Some(Discrepancy::Changed(StoredKind::Revision, id)));
    }
    if let Some(id) = first(db, Rows::Publications, publication).await? {
        return Ok(Some(Discrepancy::Changed(StoredKind::Publication, id)));
    }
    if let Some(id) = first(db, Rows::Entries, entry).await? {
        return Ok(Some(Discrepancy::Entry(id)));
    }
    if let Some(id) = first(db, Rows::Reviews, 0).await? {
        return Ok(Some(Discrepancy::Changed(StoredKind::Review, id)));
    }
    if let Some(id) = first(db, Rows::Owners, 0).await? {
        return Ok(Some(Discrepancy::Changed(StoredKind::Owner, id)));
    }
    Ok(first(db, Rows::Types, 0).await?.map(|id| Discrepancy::Changed(StoredKind::Type, id)))
}

async fn first(db: &Conn, rows: Rows, mut after: i64) -> Result<Option<i64>> {
    loop {
        let ids = list_ids(db, rows, after).await?;
        let Some(last) = ids.last().copied() else { return Ok(None) };
        for id in ids {
            match read(db, rows, id).await {
                Err(error) if error.is_unreadable() => return Ok(Some(id)),
                result => result?,
            }
        }
        after = last;
    }
}

async fn list_ids(db: &Conn, rows: Rows, after: i64) -> Result<Vec<i64>> {
    let sql = match rows {
        Rows::Revisions => "select id from revision where id > $1 order by id limit $2",
        Rows::Publications => "select id from publication where id > $1 order by id limit $2",
        Rows::Entries => "select id from audit_log where id > $1 order by id limit $2",
        Rows::Reviews => "select document_id from document_review where document_id > $1 order by document_id limit $2",
        Rows::Owners => "select document_id from document_owner where document_id > $1 order by document_id limit $2",
        Rows::Types => "select id from document_type_version where id > $1 order by id limit $2",
    };
    let ids: Vec<(i64,)> = db.all(sql, (after, IDS)).await?;
    Ok(ids.into_iter().map(|(id,)| id).collect())
}

async fn read(db: &Conn, rows: Rows, id: i64) -> Result<()> {
    let before = id.saturating_sub(1);
    match rows {
        Rows::Revisions => stored_content::revision(db, id).await.map(drop),
        Rows::Publications => stored_content::publications(db, before, id, 1).await.map(drop),
        Rows::Entries => audit_log::list_after(db, before, 1).await.map(drop),
        Rows::Reviews => stored_content::reviews(db, before, 1).await.map(drop),
        Rows::Owners => stored_content::owners(db, before, 1).await.map(drop),
        Rows::Types => stored_type::versions(db, before, 1).await.map(drop),
    }
}
