//! The one place that decides what visitors see: publishing a document, unpublishing it, and the record of both. Showing
//! again what was public before is `republishing`.

use super::{
    checks,
    document::{
        kind::DocumentAction,
        lineage, placement,
        record::{Document, TitledDocument},
        revision::{self, Revision},
    },
    page,
    redirect::moves,
    seen_version::SeenVersion,
    stored_content::PublicationRow,
    write::Write,
};
use crate::{
    clock::Timestamp,
    db::conn::Conn,
    error::{Error, Result, ValidationErrors},
};

/// Makes the newest revision of a document the one that visitors see.
/// `Validation` on a field that must not be empty then, on a text that would harm visitors (see `checks`), when the page
/// above is not published, or the path is taken.
pub async fn publish(write: &Write, document: &mut Document, newest: &Revision) -> Result<()> {
    newest.content.check_publishable(&write.rules.fields.of(document.kind, &newest.content.document_type))?;
    publish_unchecked(write, document, newest).await?;
    // Afterwards, since links to its new path, and to what is published with it, lead somewhere then.
    checks::check_publishable(write, &write.rules, document, &newest.content).await
}

/// The same for an import, which does not ask for fields that became required since, and for a schedule, whose user was
/// asked about the text when they decided; so neither asks about the text.
/// `Validation` when the page above is not published, or the path is taken.
pub(in crate::model) async fn publish_unchecked(
    write: &Write,
    document: &mut Document,
    newest: &Revision,
) -> Result<()> {
    publish_as_decided(write, document, newest, (write.now, "")).await
}

/// The same as it was decided elsewhere: when, and who approved it, who is no user; empty for the actor.
pub(in crate::model) async fn publish_as_decided(
    write: &Write,
    document: &mut Document,
    newest: &Revision,
    (published_at, approver): (Timestamp, &str),
) -> Result<()> {
    let decision = Decision {
        published_at,
        published_by: write.actor.id,
        publisher_name: write.actor.name.clone(),
        approved_by: None,
        approver_name: approver.to_owned(),
        note: lineage::notes(write, document.id, newest.version).await?,
    };
    make_live(write, document, newest, decision).await?;
    let entry = document.entry(DocumentAction::Publish, &newest.content.title);
    write.record(entry.detail(format!("version {}", newest.version)));
    Ok(())
}

/// The same for the `version` that the user decided on, which may no longer be the newest.
/// `Conflict` when it is not, or is published already; see [`publish`].
pub async fn publish_version(write: &Write, document: &mut Document, newest: &Revision, version: i64) -> Result<()> {
    if newest.version != version {
        return Err(Error::Conflict(format!(
            "You were about to publish version {version}, but version {} was saved in the meantime. Look at it first.",
            newest.version
        )));
    }
    if document.published_revision_id == Some(newest.id) {
        return Err(Error::Conflict(format!("Version {version} is published already.")));
    }
    publish(write, document, newest).await
}

/// The decision to publish a revision: who made it and when, and the note on what it changes.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(super) struct Decision {
    published_at: Timestamp,
    published_by: Option<i64>,
    pub(super) publisher_name: String,
    approved_by: Option<i64>,
    approver_name: String,
    note: String,
}

/// Shows a revision to visitors; the caller records the change. When the decision is an earlier one, the row says since
/// when it counts again.
pub(super) async fn make_live(
    write: &Write,
    document: &mut Document,
    revision: &Revision,
    decision: Decision,
) -> Result<()> {
    check_above(write, document, &[]).await?;
    let path = placement::apply(write, document, &revision.content).await?;
    end_current(write, document.id).await?;
    let restored_at = (decision.published_at != write.now).then_some(write.now);
    let publication: PublicationRow = write
        .one(
            "insert into publication (document_id, revision_id, published_at, restored_at, published_by, \
             publisher_name, approved_by, approver_name, note) values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning *",
            (
                document.id,
                revision.id,
                decision.published_at,
                restored_at,
                decision.published_by,
                decision.publisher_name,
                decision.approved_by,
                decision.approver_name,
                decision.note,
            ),
        )
        .await?;
    write.record_content(publication.content());
    write.execute("update document set published_revision_id = $2 where id = $1", (document.id, revision.id)).await?;
    document.published_revision_id = Some(revision.id);
    if let Some(path) = path {
        moves::clear_taken(write, &path).await?;
    }
    write.touch_public();
    Ok(())
}

/// Whether the page above a document is published; so is one of those that are published `with` it.
/// `Validation` when it is not.
pub(super) async fn check_above(db: &Conn, document: &Document, with: &[i64]) -> Result<()> {
    let above = placement::parent(db, document).await?;
    let Some(above) = above.filter(|above| !above.is_live() && !with.contains(&above.id)) else {
        return Ok(());
    };
    let title = revision::latest(db, above.id).await?.content.title;
    Err(ValidationErrors::one("publish", format!("Publish the page above first: “{title}”")).into())
}

/// The pages above a document that are not published, the uppermost first; they have to be published before it.
pub(crate) async fn unpublished_above(db: &Conn, document: &Document) -> Result<Vec<(Document, Revision)>> {
    let mut above = Vec::new();
    for page in placement::unpublished_above(db, document).await? {
        let newest = revision::latest(db, page.id).await?;
        above.push((page, newest));
    }
    Ok(above)
}

/// The same for a document below pages that are not published: these first, each in the version that the user decided
/// on, given by `above`. All of it happens, or nothing.
/// Errors: see [`publish_version`]; `Conflict` when another page above is not published.
pub(crate) async fn publish_below(
    write: &Write,
    document: &mut Document,
    newest: &Revision,
    version: i64,
    above: &[SeenVersion],
) -> Result<()> {
    for (mut page, newest) in unpublished_above(write, document).await? {
        let Some(seen) = above.iter().find(|seen| seen.id == page.id) else {
            let title = &newest.content.title;
            return Err(Error::Conflict(format!("“{title}” was unpublished in the meantime. Look at it first.")));
        };
        publish_version(write, &mut page, &newest, seen.version).await.map_err(|error| name(error, &newest))?;
    }
    publish_version(write, document, newest, version).await
}

/// Says of which page above the fault is.
fn name(error: Error, newest: &Revision) -> Error {
    match error {
        Error::Validation(errors) => {
            let sentence = format!("“{}” cannot be published: {}", newest.content.title, errors.sentence());
            ValidationErrors::one("publish", sentence).into()
        }
        other => other,
    }
}

async fn end_current(write: &Write, id: i64) -> Result<()> {
    let ended: Vec<PublicationRow> = write
        .all(
            "update publication set ended_at = $2 where document_id = $1 and ended_at is null returning *",
            (id, write.now),
        )
        .await?;
    for end in ended.iter().filter_map(PublicationRow::end) {
        write.record_content(end);
    }
    Ok(())
}

/// Unpublishes a document with this title, and with a page all pages below it. Returns the number of documents.
/// `Validation` for the front page; `Conflict` when the document is not published.
pub(crate) async fn unpublish(write: &Write, document: &Document, title: &str) -> Result<usize> {
    if !document.is_live() {
        return Err(Error::Conflict("This is not published, so there is nothing to unpublish.".to_owned()));
    }
    let below = match placement::tree_path(write, document).await? {
        Some(path) if path == page::path::HOME => {
            return Err(ValidationErrors::one("publish", "The front page is always published").into());
        }
        Some(path) => live_below(write, &path).await?,
        None => Vec::new(),
    };
    end_publication(write, document, title).await?;
    for TitledDocument { document, title } in &below {
        end_publication(write, document, title).await?;
    }
    Ok(1 + below.len())
}

/// The live pages below a path.
pub async fn live_below(db: &Conn, path: &str) -> Result<Vec<TitledDocument>> {
    let mut below = page::subtree::documents_below(db, path).await?;
    below.retain(|below| below.document.is_live());
    Ok(below)
}

/// Whether a live page is below a document.
pub(super) async fn has_live_below(db: &Conn, document: &Document) -> Result<bool> {
    match placement::tree_path(db, document).await? {
        Some(path) => Ok(!live_below(db, &path).await?.is_empty()),
        None => Ok(false),
    }
}

/// Unpublishes one live document.
pub(super) async fn end_publication(write: &Write, document: &Document, title: &str) -> Result<()> {
    end_current(write, document.id).await?;
    write.execute("update document set published_revision_id = null where id = $1", (document.id,)).await?;
    write.record(document.entry(DocumentAction::Unpublish, title));
    write.touch_public();
    Ok(())
}

/// Which version was live from when until when, and who decided it.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Publication {
    pub version: i64,
    /// What it changed, in the words of its authors.
    pub note: String,
    pub published_at: Timestamp,
    /// Until when; none while it is live.
    pub ended_at: Option<Timestamp>,
    pub publisher_name: String,
    /// Who approved it, where that is asked for.
    pub approver_name: String,
}

impl Publication {
    /// Who answers for it: its approver, or its publisher where approval is not asked for.
    #[must_use]
    pub(crate) fn approved_by(&self) -> &str {
        if self.approver_name.is_empty() { &self.publisher_name } else { &self.approver_name }
    }
}

/// The newest publications of a document, the newest first.
pub async fn publications(db: &Conn, document_id: i64, limit: i64) -> Result<Vec<Publication>> {
    Ok(db
        .all(
            "select r.version, b.note, b.published_at, b.ended_at, b.publisher_name, b.approver_name \
             from publication b join revision r on r.id = b.revision_id where b.document_id = $1 \
             order by b.id desc limit $2",
            (document_id, limit),
        )
        .await?)
}

/// When a document became public for the first time, and in its present version.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PublicationDates {
    pub(crate) first: Timestamp,
    pub(crate) latest: Timestamp,
}

/// None for what visitors do not see.
pub(crate) async fn dates(db: &Conn, document_id: i64) -> Result<Option<PublicationDates>> {
    let (first, latest): (Option<Timestamp>, Option<Timestamp>) = db
        .one(
            "select (select min(published_at) from publication where document_id = $1), \
             (select published_at from publication where document_id = $1 and ended_at is null)",
            (document_id,),
        )
        .await?;
    Ok(first.zip(latest).map(|(first, latest)| PublicationDates { first, latest }))
}
