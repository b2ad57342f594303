//! Which revisions lead from the live one to the newest, and which were discarded on the way: every revision names the
//! one that it was made from.

use std::collections::BTreeSet;

use super::revision::{self, Revision};
use crate::{db::conn::Conn, error::Result};

/// The revisions that would become public with the newest one, the newest first; at most `limit`.
pub async fn pending(db: &Conn, id: i64, live: Option<i64>, limit: usize) -> Result<Vec<Revision>> {
    let mut pending = Vec::new();
    let mut next = revision::latest(db, id).await?;
    while let Some(revision) = next.filter(|revision| Some(revision.id) != live && pending.len() < limit) {
        next = match revision.made_from {
            Some(version) => revision::version(db, id, version).await?,
            None => None,
        };
        pending.push(revision);
    }
    Ok(pending)
}

/// The versions that the newest one goes back to, itself included. All others were discarded.
pub async fn versions(db: &Conn, id: i64) -> Result<BTreeSet<i64>> {
    let rows: Vec<(i64,)> = db
        .all(
            "with recursive line (version, made_from) as (select r.version, r.made_from from document d \
             join revision r on r.id = d.latest_id where d.id = $1 union all \
             select r.version, r.made_from from line l join revision r on r.document_id = $1 \
             and r.version = l.made_from) select version from line",
            (id,),
        )
        .await?;
    Ok(rows.into_iter().map(|(version,)| version).collect())
}
