//! Checks that each document shows the revisions that the audit log names: to editors the newest one, to visitors the
//! one of its open publication. Part of the check of the audit log; knows nothing of entries and hashes.

use std::{collections::BTreeMap, ops::Bound};

use super::audit_log_report::Discrepancy;
use crate::{db::conn::Conn, error::Result};

/// Documents that are read at a time.
const DOCUMENTS: i64 = 1000;

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    latest_revision_id: Option<i64>,
    published_revision_id: Option<i64>,
    /// The revision that its open publication names.
    published_id: Option<i64>,
}

/// The first document above `after` that is not as recorded; `newest` holds the newest revision of each one.
pub(super) async fn check(
    db: &Conn,
    newest: &BTreeMap<i64, i64>,
    mut after: i64,
) -> Result<Option<(i64, Discrepancy)>> {
    loop {
        let rows: Vec<Row> = db
            .all(
                "select d.id, d.latest_revision_id, d.published_revision_id, b.revision_id as published_id from document d \
                 left join publication b on b.document_id = d.id and b.ended_at is null \
                 where d.id > $1 order by d.id limit $2",
                (after, DOCUMENTS),
            )
            .await?;
        if rows.is_empty() {
            return Ok(next(newest, after).map(|id| (id, Discrepancy::Gone(id))));
        }
        for row in rows {
            if let Some(gone) = next(newest, after).filter(|id| *id < row.id) {
                return Ok(Some((gone, Discrepancy::Gone(gone))));
            }
            if row.latest_revision_id != newest.get(&row.id).copied() {
                return Ok(Some((row.id, Discrepancy::Newest(row.id))));
            }
            if row.published_revision_id != row.published_id {
                return Ok(Some((row.id, Discrepancy::Live(row.id))));
            }
            after = row.id;
        }
    }
}

/// The next document that the entries name.
fn next(newest: &BTreeMap<i64, i64>, after: i64) -> Option<i64> {
    newest.range((Bound::Excluded(after), Bound::Unbounded)).next().map(|(id, _)| *id)
}
