//! Showing again what visitors saw of a document before it was unpublished or trashed. This is not a new decision to
//! publish: the record keeps who published and approved it, and when.

use super::{
    document::{
        kind::DocumentAction,
        placement,
        record::Document,
        revision::{self, Revision},
        rules::DocumentRules,
    },
    page,
    publishing::{self, Decision},
    seen_version::SeenVersion,
    write::Write,
};
use crate::{
    clock::Timestamp,
    db::conn::Conn,
    error::{Error, Result},
};

/// What visitors saw of a document, and of the pages below it, until it was unpublished.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct FormerlyLive {
    pub(crate) id: i64,
    pub(crate) version: i64,
    publication_id: i64,
    revision_id: i64,
}

impl FormerlyLive {
    #[must_use]
    pub(crate) const fn seen(&self) -> SeenVersion {
        SeenVersion { id: self.id, version: self.version }
    }
}

/// The document, if visitors do not see it any more, and the pages below that were unpublished together with it and not
/// published since, the uppermost first. Empty when it was never unpublished.
pub(crate) async fn list_formerly_live(db: &Conn, document: &Document) -> Result<Vec<FormerlyLive>> {
    let id = document.id;
    // The last one that was unpublished, not replaced by another version: then the next one begins when it ends.
    let last: Option<(i64, i64, i64, Timestamp)> = db
        .optional(
            "select b.id, b.revision_id, r.version, b.ended_at from publication b \
             join revision r on r.id = b.revision_id \
             where b.document_id = $1 and b.ended_at is not null and not exists (select 1 from publication n \
             where n.document_id = b.document_id and n.id > b.id and coalesce(n.restored_at, n.published_at) = b.ended_at) \
             order by b.id desc limit 1",
            (id,),
        )
        .await?;
    let Some((publication_id, revision_id, version, ended)) = last else { return Ok(Vec::new()) };
    let mut former = Vec::new();
    if !document.is_live() {
        former.push(FormerlyLive { id, version, publication_id, revision_id });
    }
    if let Some(path) = placement::tree_path(db, document).await? {
        let (from, to) = page::subtree::subtree_range(&path);
        // Only the newest publication of each page counts, and only if unpublishing ended it.
        let below: Vec<FormerlyLive> = db
            .all(
                "select b.document_id as id, r.version, b.id as publication_id, b.revision_id from page p \
                 join document d on d.id = p.document_id join publication b on b.document_id = d.id \
                 join revision r on r.id = b.revision_id \
                 where p.path >= $1 and p.path < $2 and d.published_revision_id is null and b.ended_at = $3 \
                 and not exists (select 1 from publication n where n.document_id = d.id and n.id > b.id) \
                 order by p.path",
                (from, to, ended),
            )
            .await?;
        former.extend(below);
    }
    Ok(former)
}

/// Why [`republish`] of what was `former`ly live must fail now, as a sentence that says what is in the way; none when it can
/// succeed.
pub(crate) async fn find_obstacle(db: &Conn, rules: &DocumentRules, former: &[FormerlyLive]) -> Result<Option<String>> {
    let with: Vec<i64> = former.iter().map(|one| one.id).collect();
    for one in former {
        match check(db, rules, one, &with).await {
            Ok(()) => {}
            Err(Error::Validation(errors)) => return Ok(Some(format!("{}.", errors.sentence()))),
            Err(other) => return Err(other),
        }
    }
    Ok(None)
}

/// Whether one of those that are shown again `with` others can have its place.
/// `Validation`, see [`republish`].
async fn check(db: &Conn, rules: &DocumentRules, former: &FormerlyLive, with: &[i64]) -> Result<()> {
    let document = Document::get(db, former.id).await?;
    publishing::check_above(db, &document, with).await?;
    let revision = revision::find(db, former.revision_id).await?.ok_or(Error::NotFound)?;
    placement::check(db, rules, &document, &revision.content).await
}

/// Publishes again what visitors saw of a document and of the pages below until they were unpublished together: the
/// same versions, whatever was saved since. All of it, or nothing. Gives the number of documents. `decided` has each
/// document that the user was shown.
/// `Conflict` when that is not what would be published now; `Validation` when the page above is not published, or a path
/// was taken since.
pub(crate) async fn republish(write: &Write, document: &Document, decided: &[SeenVersion]) -> Result<usize> {
    let former = list_formerly_live(write, document).await?;
    let is_same = former.len() == decided.len() && former.iter().all(|one| decided.contains(&one.seen()));
    if !is_same {
        return Err(Error::Conflict(
            "Nothing was published. What would be published again has changed since this screen was shown. Go back \
             and load it again."
                .to_owned(),
        ));
    }
    show_again(write, &former, DocumentAction::Republish).await
}

/// Undoes the unpublishing by a deletion: see [`republish`].
/// `Validation` when the page above is not published, or a path was taken since.
pub(super) async fn restore(write: &Write, document: &Document) -> Result<usize> {
    let former = list_formerly_live(write, document).await?;
    show_again(write, &former, DocumentAction::RestorePublication).await
}

async fn show_again(write: &Write, former: &[FormerlyLive], action: DocumentAction) -> Result<usize> {
    for one in former {
        let mut document = Document::get(write, one.id).await?;
        let revision = revision::find(write, one.revision_id).await?.ok_or(Error::NotFound)?;
        let decision: Decision = write
            .one(
                "select published_at, published_by, publisher_name, approved_by, approver_name, note \
                 from publication where id = $1",
                (one.publication_id,),
            )
            .await?;
        let detail = format!("version {}, as published by {}", one.version, decision.publisher_name);
        publishing::make_live(write, &mut document, &revision, decision).await?;
        write.record(document.entry(action, &revision.content.title).detail(detail));
    }
    Ok(former.len())
}

/// The newest publication of a document, by id, and whether visitors see it.
pub(super) async fn newest_publication(db: &Conn, document_id: i64) -> Result<Option<(i64, bool)>> {
    let sql = "select id, ended_at is null from publication where document_id = $1 order by id desc limit 1";
    Ok(db.optional(sql, (document_id,)).await?)
}

/// Shows again what an earlier publication showed.
/// `Validation` when the page above is not published, or the path was taken since.
pub(super) async fn show_publication(write: &Write, publication_id: i64) -> Result<()> {
    let former: FormerlyLive = write
        .one(
            "select b.document_id as id, r.version, b.id as publication_id, b.revision_id from publication b \
             join revision r on r.id = b.revision_id where b.id = $1",
            (publication_id,),
        )
        .await?;
    show_again(write, &[former], DocumentAction::Republish).await?;
    Ok(())
}

/// What visitors saw of a document until it was unpublished at `ended`; none when that was at another time.
pub(super) async fn live_until(db: &Conn, id: i64, ended: Timestamp) -> Result<Option<Revision>> {
    let last: Option<(i64, Option<Timestamp>)> = db
        .optional(
            "select revision_id, ended_at from publication where document_id = $1 \
             order by id desc limit 1",
            (id,),
        )
        .await?;
    match last {
        Some((revision_id, at)) if at == Some(ended) => revision::find(db, revision_id).await,
        _ => Ok(None),
    }
}
