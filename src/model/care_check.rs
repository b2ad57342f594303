//! Checks that the latest review and the owner of each document, and the versions of types, are those that the audit log names. Part
//! of the check of the audit log; knows nothing of entries.

use std::{collections::BTreeMap, ops::Bound};

use super::{
    audit_log_report::Discrepancy,
    stored_content::{self, OwnerRow, ReviewRow, StoredContent, StoredKind},
    stored_type::{self, TypeVersionRow},
};
use crate::{db::conn::Conn, error::Result};

/// Rows that are read at a time.
const ROWS: i64 = 500;

/// What the entries said last of each document: the hashes of its review and its owner; and of each version of a type.
#[derive(Default)]
pub(super) struct RecordedCare {
    reviews: BTreeMap<i64, String>,
    owners: BTreeMap<i64, String>,
    types: BTreeMap<i64, String>,
}

impl RecordedCare {
    /// Remembers what an entry says; nothing when it is about something else.
    pub(super) fn note(&mut self, content: &StoredContent) {
        match content.kind {
            StoredKind::Review => self.reviews.insert(content.id, content.hash.clone()),
            // A document without an owner has no row.
            StoredKind::Owner if content.hash == stored_content::nobody(content.id).hash => {
                self.owners.remove(&content.id)
            }
            StoredKind::Owner => self.owners.insert(content.id, content.hash.clone()),
            StoredKind::Type => self.types.insert(content.id, content.hash.clone()),
            StoredKind::Revision | StoredKind::Publication | StoredKind::PublicationEnd | StoredKind::Newest => None,
        };
    }
}

/// The first review, or else the first owner or version of a type, that is not as recorded.
pub(super) async fn check(db: &Conn, recorded: &RecordedCare) -> Result<Option<Discrepancy>> {
    let mut walk = Walk { kind: StoredKind::Review, recorded: &recorded.reviews, after: 0 };
    loop {
        let rows = stored_content::reviews(db, walk.after, ROWS).await?;
        let is_last = rows.is_empty();
        if let Some(found) = walk.compare(rows.iter().map(ReviewRow::content)) {
            return Ok(Some(found));
        }
        if is_last {
            break;
        }
    }
    let mut walk = Walk { kind: StoredKind::Owner, recorded: &recorded.owners, after: 0 };
    loop {
        let rows = stored_content::owners(db, walk.after, ROWS).await?;
        let is_last = rows.is_empty();
        if let Some(found) = walk.compare(rows.iter().map(OwnerRow::content)) {
            return Ok(Some(found));
        }
        if is_last {
            break;
        }
    }
    let mut walk = Walk { kind: StoredKind::Type, recorded: &recorded.types, after: 0 };
    loop {
        let rows = stored_type::versions(db, walk.after, ROWS).await?;
        let is_last = rows.is_empty();
        if let Some(found) = walk.compare(rows.iter().map(TypeVersionRow::content)) {
            return Ok(Some(found));
        }
        if is_last {
            return Ok(None);
        }
    }
}

struct Walk<'a> {
    kind: StoredKind,
    recorded: &'a BTreeMap<i64, String>,
    /// The document, or the version of a type, that was looked at last.
    after: i64,
}

impl Walk<'_> {
    /// Looks at the rows that follow, in order; without any, at what is left of the recorded ones.
    fn compare(&mut self, rows: impl Iterator<Item = StoredContent>) -> Option<Discrepancy> {
        let mut found_any = false;
        for row in rows {
            found_any = true;
            let missing = self.next().filter(|id| *id < row.id);
            if let Some(id) = missing {
                return Some(Discrepancy::Missing(self.kind, id));
            }
            match self.recorded.get(&row.id) {
                None => return Some(Discrepancy::Unrecorded(self.kind, row.id)),
                Some(hash) if *hash != row.hash => return Some(Discrepancy::Changed(self.kind, row.id)),
                Some(_) => self.after = row.id,
            }
        }
        if found_any { None } else { self.next().map(|id| Discrepancy::Missing(self.kind, id)) }
    }

    /// The next one that the entries name.
    fn next(&self) -> Option<i64> {
        self.recorded.range((Bound::Excluded(self.after), Bound::Unbounded)).next().map(|(id, _)| *id)
    }
}
