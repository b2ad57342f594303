//! The versions of a page that visitors have seen, for visitors: of live pages only. What was unpublished or moved to the
//! trash is not shown again by its versions.

use super::{
    cursor::Neighbours,
    document::revision::{self, Revision},
    publishing::{self, Publication},
};
use crate::{db::conn::Conn, error::Result};

#[derive(Debug, Clone)]
pub(crate) struct PublishedVersion {
    pub(crate) revision: Revision,
    /// From when it was first public; `ended_at` is until when it was last.
    pub(crate) publication: Publication,
}

/// Each version once, the newest first, from when it was first public: publishing the same one again changed nothing.
pub(crate) async fn list(db: &Conn, document_id: i64, limit: i64) -> Result<Vec<Publication>> {
    Ok(each_once(publishing::publications(db, document_id, limit).await?))
}

/// The same of publications, the newest first.
#[must_use]
pub(crate) fn each_once(mut publications: Vec<Publication>) -> Vec<Publication> {
    // From the oldest on, so that of equal neighbours the first publication stays.
    publications.reverse();
    publications.dedup_by_key(|publication| publication.version);
    publications.reverse();
    publications
}

/// One version; none when it was never public.
pub(crate) async fn find(db: &Conn, document_id: i64, version: i64) -> Result<Option<PublishedVersion>> {
    let times: Vec<Publication> = db
        .all(
            "select r.version, b.note, b.published_at, b.ended_at, b.publisher_name, b.approver_name \
             from revision r join publication b on b.document_id = r.document_id and b.revision_id = r.id \
             where r.document_id = $1 and r.version = $2 order by b.id",
            (document_id, version),
        )
        .await?;
    let ended_at = times.last().and_then(|last| last.ended_at);
    let Some(first) = times.into_iter().next() else { return Ok(None) };
    let found = revision::version(db, document_id, version).await?;
    Ok(found.map(|revision| PublishedVersion { revision, publication: Publication { ended_at, ..first } }))
}

/// The public versions before and after one.
pub(crate) async fn neighbours(db: &Conn, document_id: i64, version: i64) -> Result<Neighbours> {
    Ok(db
        .one(
            "select (select max(r.version) from publication b join revision r on r.id = b.revision_id \
             where b.document_id = $1 and r.version < $2) as before, \
             (select min(r.version) from publication b join revision r on r.id = b.revision_id \
             where b.document_id = $1 and r.version > $2) as after",
            (document_id, version),
        )
        .await?)
}
