//! Checks the audit log: that each entry follows from the one before it, that an earlier head is still part of it, and
//! that what the entries say was stored is what is stored. It reads in batches, hashes off the threads of requests, and
//! can run while the site is in use.
//!
//! It finds changes by someone who did not recompute all hashes. Someone who did, or who deleted the last entries
//! together with what they stored, is found only with a head that was noted before and kept elsewhere.

use std::collections::{BTreeMap, HashMap};

use super::{
    audit_log::{self, AuditHead, RecordedEntry},
    audit_log_report::{Discrepancy, EarlierHead, Report},
    care_check::{self, RecordedCare},
    document_check,
    stored_content::{self, PublicationRow, RevisionRow, StoredContent, StoredKind},
    unreadable_rows,
};
use crate::{
    db::conn::Conn,
    error::{Error, Result},
};

/// Entries that are read at a time.
const ENTRIES: i64 = 500;
/// Revisions that are read at a time; each may be large.
const CONTENTS: i64 = 50;

#[derive(Default)]
struct Walk {
    entry: i64,
    hash: String,
    entries: i64,
    revision: i64,
    publication: i64,
    ended: i64,
    /// The newest revision of each document, according to the entries.
    newest: BTreeMap<i64, i64>,
    care: RecordedCare,
    /// The hash that was noted earlier, and the entry that has it.
    noted: String,
    noted_at: Option<i64>,
}

/// Checks everything; `progress` is told how many entries were checked.
pub async fn check(db: &Conn, earlier: Option<AuditHead>, progress: impl Fn(i64) + Send + Sync) -> Result<Report> {
    let noted = earlier.as_ref().map(|head| head.hash.clone()).unwrap_or_default();
    let mut walk = Walk { noted, ..Walk::default() };
    let discrepancy = match numbers(db).await? {
        None => match walk.discrepancy(db, &progress).await {
            Err(error) if error.is_unreadable() => {
                let found = unreadable_rows::find(db, [walk.revision, walk.publication, walk.entry]).await?;
                Some(found.ok_or(error)?)
            }
            found => found?,
        },
        found => found,
    };
    let earlier = match earlier {
        Some(head) => Some(walk.earlier(db, head).await?),
        None => None,
    };
    let head = (walk.entries > 0).then_some(AuditHead { id: walk.entry, hash: walk.hash });
    Ok(Report { entries: walk.entries, head, earlier, discrepancy })
}

impl Walk {
    /// What became of a head that was noted earlier.
    async fn earlier(&self, db: &Conn, head: AuditHead) -> Result<(AuditHead, EarlierHead)> {
        let earlier = match (audit_log::hash_of(db, head.id).await?, self.noted_at) {
            (Some(hash), _) if hash == head.hash => EarlierHead::Part,
            (_, Some(other)) => EarlierHead::Elsewhere(other),
            (Some(_), None) => EarlierHead::Differs,
            (None, None) => match audit_log::head(db).await?.map_or(0, |newest| newest.id) {
                newest if newest < head.id => EarlierHead::Ahead(newest),
                _ => EarlierHead::Missing,
            },
        };
        Ok((head, earlier))
    }

    /// The entries with what they name, then each document, then the reviews, the owners and the types.
    async fn discrepancy(&mut self, db: &Conn, progress: &(impl Fn(i64) + Send + Sync)) -> Result<Option<Discrepancy>> {
        let mut after = 0;
        loop {
            if let Some(discrepancy) = self.run(db, progress).await? {
                return Ok(Some(discrepancy));
            }
            let found = match document_check::check(db, &self.newest, after).await? {
                Some((document, discrepancy)) => {
                    after = document.saturating_sub(1);
                    Some(discrepancy)
                }
                None => care_check::check(db, &self.care).await?,
            };
            // A document may have changed since the entries were read; then its entry is still to come.
            if found.is_none() || audit_log::list_after(db, self.entry, 1).await?.is_empty() {
                return Ok(found);
            }
        }
    }

    async fn run(&mut self, db: &Conn, progress: &(impl Fn(i64) + Send + Sync)) -> Result<Option<Discrepancy>> {
        loop {
            // Counted before the entries are read: what is committed in between is in an entry that is still to come.
            let counts = counts(db).await?;
            let entries = audit_log::list_after(db, self.entry, ENTRIES).await?;
            if entries.is_empty() {
                return Ok(self.find_left_over(counts));
            }
            let start = (self.hash.clone(), entries);
            let (entries, broken) = run_blocking(move || chain(start)).await?;
            if let Some(id) = broken {
                return Ok(Some(Discrepancy::Entry(id)));
            }
            let contents: Vec<_> = entries.iter().flat_map(RecordedEntry::contents).collect();
            if let Some(discrepancy) = self.contents(db, &contents).await? {
                return Ok(Some(discrepancy));
            }
            let noted = entries.iter().find(|entry| entry.hash() == self.noted).map(|entry| entry.id);
            self.noted_at = self.noted_at.or(noted);
            self.entries += i64::try_from(entries.len()).unwrap_or(i64::MAX);
            if let Some(last) = entries.last() {
                (self.entry, self.hash) = (last.id, last.hash().to_owned());
            }
            progress(self.entries);
        }
    }

    /// Rows after the last one that the log names, and ends that it does not name.
    fn find_left_over(&self, counts: Counts) -> Option<Discrepancy> {
        if counts.revision > self.revision {
            return Some(Discrepancy::Unrecorded(StoredKind::Revision, counts.revision));
        }
        if counts.publication > self.publication {
            return Some(Discrepancy::Unrecorded(StoredKind::Publication, counts.publication));
        }
        (counts.ended > self.ended).then_some(Discrepancy::Unrecorded(StoredKind::PublicationEnd, 0))
    }

    async fn contents(&mut self, db: &Conn, contents: &[StoredContent]) -> Result<Option<Discrepancy>> {
        let of =
            |kind: StoredKind| contents.iter().filter(move |content| content.kind == kind).cloned().collect::<Vec<_>>();
        let mut documents = HashMap::new();
        if let Some(discrepancy) = self.revisions(db, of(StoredKind::Revision), &mut documents).await? {
            return Ok(Some(discrepancy));
        }
        for content in contents {
            match content.kind {
                StoredKind::Revision => {
                    self.newest.extend(documents.get(&content.id).map(|document| (*document, content.id)));
                }
                StoredKind::Newest => {
                    if let Some(discrepancy) = self.note_newest(db, content).await? {
                        return Ok(Some(discrepancy));
                    }
                }
                StoredKind::Publication | StoredKind::PublicationEnd => {}
                StoredKind::Review | StoredKind::Owner | StoredKind::Type => self.care.note(content),
            }
        }
        if let Some(discrepancy) = self.publications(db, of(StoredKind::Publication)).await? {
            return Ok(Some(discrepancy));
        }
        for end in of(StoredKind::PublicationEnd) {
            let row = stored_content::publications(db, end.id - 1, end.id, 1).await?;
            let stored = row.first().and_then(PublicationRow::end);
            if let Some(discrepancy) = differs(&end, stored.as_ref()) {
                return Ok(Some(discrepancy));
            }
            self.ended += 1;
        }
        Ok(None)
    }

    /// Remembers a revision that became the newest of its document without being stored then.
    async fn note_newest(&mut self, db: &Conn, content: &StoredContent) -> Result<Option<Discrepancy>> {
        let row = stored_content::revision(db, content.id).await?;
        self.newest.extend(row.as_ref().map(|row| (row.document_id(), content.id)));
        Ok(differs(content, row.as_ref().map(RevisionRow::newest).as_ref()))
    }

    async fn revisions(
        &mut self,
        db: &Conn,
        recorded: Vec<StoredContent>,
        documents: &mut HashMap<i64, i64>,
    ) -> Result<Option<Discrepancy>> {
        let Some(until) = recorded.last().map(|content| content.id) else { return Ok(None) };
        let mut recorded = recorded.into_iter();
        loop {
            let rows = stored_content::revisions(db, self.revision, until, CONTENTS).await?;
            let Some(last) = rows.last().map(RevisionRow::id) else { break };
            documents.extend(rows.iter().map(|row| (row.id(), row.document_id())));
            let stored: Vec<_> = run_blocking(move || rows.iter().map(RevisionRow::content).collect()).await?;
            if let Some(discrepancy) = stored.iter().find_map(|row| unlike(row, recorded.next())) {
                return Ok(Some(discrepancy));
            }
            self.revision = last;
        }
        Ok(recorded.next().map(|content| Discrepancy::Missing(content.kind, content.id)))
    }

    async fn publications(&mut self, db: &Conn, recorded: Vec<StoredContent>) -> Result<Option<Discrepancy>> {
        let Some(until) = recorded.last().map(|content| content.id) else { return Ok(None) };
        let mut recorded = recorded.into_iter();
        loop {
            let rows = stored_content::publications(db, self.publication, until, ENTRIES).await?;
            let Some(last) = rows.last().map(PublicationRow::id) else { break };
            let mut stored = rows.iter().map(PublicationRow::content);
            if let Some(discrepancy) = stored.find_map(|row| unlike(&row, recorded.next())) {
                return Ok(Some(discrepancy));
            }
            self.publication = last;
        }
        Ok(recorded.next().map(|content| Discrepancy::Missing(content.kind, content.id)))
    }
}

/// Whether a stored row is not the next recorded one. Ids grow in both.
fn unlike(row: &StoredContent, recorded: Option<StoredContent>) -> Option<Discrepancy> {
    match recorded {
        Some(recorded) if recorded.id == row.id => differs(&recorded, Some(row)),
        Some(recorded) if recorded.id < row.id => Some(Discrepancy::Missing(row.kind, recorded.id)),
        _ => Some(Discrepancy::Unrecorded(row.kind, row.id)),
    }
}

fn differs(recorded: &StoredContent, stored: Option<&StoredContent>) -> Option<Discrepancy> {
    match stored {
        None => Some(Discrepancy::Missing(recorded.kind, recorded.id)),
        Some(stored) if stored.hash == recorded.hash => None,
        Some(_) => Some(Discrepancy::Changed(recorded.kind, recorded.id)),
    }
}

/// The entries, and the number of the first that does not follow from the one before it.
fn chain((mut previous, entries): (String, Vec<RecordedEntry>)) -> (Vec<RecordedEntry>, Option<i64>) {
    let mut broken = None;
    for entry in &entries {
        if !entry.follows(&previous) {
            broken = Some(entry.id);
            break;
        }
        entry.hash().clone_into(&mut previous);
    }
    (entries, broken)
}

#[derive(Clone, Copy, sqlx::FromRow)]
struct Counts {
    revision: i64,
    publication: i64,
    ended: i64,
}

async fn counts(db: &Conn) -> Result<Counts> {
    Ok(db
        .one(
            "select (select coalesce(max(id), 0) from revision) as revision, \
             (select coalesce(max(id), 0) from publication) as publication, \
             (select count(*) from publication where ended_at is not null) as ended",
            (),
        )
        .await?)
}

/// Rows with ids that are never given out, which nothing else here looks at.
async fn numbers(db: &Conn) -> Result<Option<Discrepancy>> {
    let (audit_log, revision, publication, document, types): (i64, i64, i64, i64, i64) = db
        .one(
            "select (select count(*) from audit_log where id < 1), (select count(*) from revision where id < 1), \
             (select count(*) from publication where id < 1), (select count(*) from document where id < 1), \
             (select count(*) from document_type_version where id < 1)",
            (),
        )
        .await?;
    let tables = [
        ("audit_log", audit_log),
        ("revision", revision),
        ("publication", publication),
        ("document", document),
        ("document_type_version", types),
    ];
    Ok(tables.into_iter().find(|(_, rows)| *rows > 0).map(|(table, _)| Discrepancy::Numbers(table)))
}

async fn run_blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(|error| Error::internal("check of the audit log", error))
}
