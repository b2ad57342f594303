//! The one place that decides what visitors see: publishing a document, taking it back, and the record of both.

use super::{
    document::{
        kind::DocumentAction,
        placement,
        record::Document,
        revision::{self, Revision},
    },
    link, page, redirect,
    stored_content::PublicationRow,
    write::Write,
};
use crate::{
    db::conn::Conn,
    error::{Error, Result, ValidationErrors},
    text::time::Timestamp,
};

/// Makes the newest revision of a document the one that visitors see.
///
/// # Errors
/// `Invalid` on a field that must not be empty then, when the page above is not published, or the address is taken.
pub async fn publish(write: &Write, document: &mut Document, newest: &Revision) -> Result<()> {
    newest.content.check_publishable(write.rules.fields.of(document.kind))?;
    make_live(write, document, newest).await
}

/// The same when the user decided on `version`, which may not be the newest any more.
///
/// # Errors
/// `Conflict` when it is not, or is published already; see [`publish`].
pub async fn publish_version(write: &Write, document: &mut Document, version: i64) -> Result<()> {
    let newest = revision::latest(write, document.id).await?;
    if newest.version != version {
        return Err(Error::Conflict(format!(
            "You were about to publish version {version}, but version {} was saved in the meantime. Look at it first.",
            newest.version
        )));
    }
    if document.published_revision_id == Some(newest.id) {
        return Err(Error::Conflict(format!("Version {version} is published already.")));
    }
    publish(write, document, &newest).await
}

/// Makes a revision the one that visitors see, as an import states it or as it was before: what became required since is
/// not asked for.
///
/// # Errors
/// `Invalid` when the page above is not published, or the address is taken.
pub(in crate::model) async fn make_live(write: &Write, document: &mut Document, revision: &Revision) -> Result<()> {
    check_above(write, document).await?;
    placement::apply(write, document, &revision.content).await?;
    end_current(write, document.id).await?;
    let publication: PublicationRow = write
        .one(
            "insert into publication (document_id, revision_id, published_at, published_by, publisher_name) \
             values ($1, $2, $3, $4, $5) returning *",
            (document.id, revision.id, write.now, write.actor.id, write.actor.name.as_str()),
        )
        .await?;
    write.stored(publication.content());
    link::forget(write, document.id).await?;
    link::keep(write, document.kind, revision).await?;
    write.execute("update document set published_revision_id = $2 where id = $1", (document.id, revision.id)).await?;
    document.published_revision_id = Some(revision.id);
    if let Some(path) = placement::tree_path(write, document).await? {
        redirect::clear_taken(write, &path).await?;
    }
    let entry = document.entry(DocumentAction::Publish, &revision.content.title);
    write.record(entry.detail(format!("version {}", revision.version)));
    write.touch_public();
    Ok(())
}

async fn check_above(write: &Write, document: &Document) -> Result<()> {
    let Some(above) = placement::parent(write, document).await?.filter(|above| !above.is_live()) else {
        return Ok(());
    };
    let title = revision::latest(write, above.id).await?.content.title;
    Err(ValidationErrors::one("publish", format!("Publish the page above first: “{title}”")).into())
}

/// The pages above a document that are not published, the uppermost first: they have to be, before it can be.
pub async fn unpublished_above(db: &Conn, document: &Document) -> Result<Vec<(Document, Revision)>> {
    let mut above = Vec::new();
    let mut next = placement::parent(db, document).await?;
    while let Some(parent) = next {
        next = placement::parent(db, &parent).await?;
        if !parent.is_live() {
            let newest = revision::latest(db, parent.id).await?;
            above.push((parent, newest));
        }
    }
    above.reverse();
    Ok(above)
}

/// The same for a document below pages that are not published: these first, each in the version that the user decided
/// on, named by id in `above`. All of it happens, or nothing.
///
/// # Errors
/// See [`publish_version`]; `Conflict` when another page above is not published.
pub async fn publish_below(write: &Write, document: &mut Document, version: i64, above: &[(i64, i64)]) -> Result<()> {
    for (mut page, newest) in unpublished_above(write, document).await? {
        let Some((_, version)) = above.iter().find(|(above, _)| *above == page.id) else {
            let title = newest.content.title;
            return Err(Error::Conflict(format!("“{title}” was unpublished in the meantime. Look at it first.")));
        };
        publish_version(write, &mut page, *version).await?;
    }
    publish_version(write, document, version).await
}

/// What visitors saw of a document, and of the pages below it, until it was unpublished.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct FormerlyLive {
    /// The document.
    pub id: i64,
    /// The revision that they saw.
    pub revision_id: i64,
    /// Its version.
    pub version: i64,
}

/// The document, if visitors do not see it any more, and the pages below that were unpublished together with it and not
/// published since, the uppermost first. Empty when it was never unpublished.
pub async fn list_formerly_live(db: &Conn, document: &Document) -> Result<Vec<FormerlyLive>> {
    let id = document.id;
    let last: Option<(i64, i64, Timestamp)> = db
        .optional(
            "select b.revision_id, r.version, b.ended_at from publication b join revision r on r.id = b.revision_id \
             where b.document_id = $1 and b.ended_at is not null order by b.published_at desc, b.id desc limit 1",
            (id,),
        )
        .await?;
    let Some((revision_id, version, ended)) = last else { return Ok(Vec::new()) };
    let mut former = Vec::new();
    if !document.is_live() {
        former.push(FormerlyLive { id, revision_id, version });
    }
    if let Some(path) = placement::tree_path(db, document).await? {
        let (from, to) = page::subtree::subtree_range(&path);
        // The newest publication of each page alone counts, and not one that a new version of the page above ended.
        let below: Vec<FormerlyLive> = db
            .all(
                "select b.document_id as id, b.revision_id, r.version from page p \
                 join document d on d.id = p.document_id join publication b on b.document_id = d.id \
                 join revision r on r.id = b.revision_id \
                 where p.path >= $1 and p.path < $2 and d.published_revision_id is null and b.ended_at = $3 \
                 and not exists (select 1 from publication n where n.document_id = d.id and n.id > b.id) \
                 and not exists (select 1 from publication n where n.document_id = $4 and n.published_at = $3) \
                 order by p.path",
                (from, to, ended, id),
            )
            .await?;
        former.extend(below);
    }
    Ok(former)
}

/// Publishes again what visitors saw of a document and of the pages below until they were unpublished together: the same
/// versions, whatever was saved since. All of it, or nothing. Says how many documents that were. `decided` holds the id
/// and the version of each document that the user was shown.
///
/// # Errors
/// `Conflict` when that is not what would be published now; `Invalid` when the page above is not published, or an address
/// was taken since.
pub async fn republish(write: &Write, document: &Document, decided: &[(i64, i64)]) -> Result<usize> {
    let former = list_formerly_live(write, document).await?;
    let is_same = former.len() == decided.len() && former.iter().all(|one| decided.contains(&(one.id, one.version)));
    if !is_same {
        return Err(Error::Conflict(
            "Nothing was published. What would be published again has changed since this screen was shown. Go back \
             and load it again."
                .to_owned(),
        ));
    }
    publish_former(write, document).await
}

/// What visitors saw of a document until it was unpublished at `ended`; none when that was at another time.
pub(super) async fn live_until(db: &Conn, id: i64, ended: Timestamp) -> Result<Option<Revision>> {
    let last: Option<(i64, Option<Timestamp>)> = db
        .optional(
            "select revision_id, ended_at from publication where document_id = $1 \
             order by published_at desc, id desc limit 1",
            (id,),
        )
        .await?;
    match last {
        Some((revision_id, at)) if at == Some(ended) => revision::find(db, revision_id).await,
        _ => Ok(None),
    }
}

/// Publishes again what [`list_formerly_live`] says. Says how many documents that were.
///
/// # Errors
/// `Invalid` when the page above is not published, or an address was taken since.
pub(super) async fn publish_former(write: &Write, document: &Document) -> Result<usize> {
    let former = list_formerly_live(write, document).await?;
    for FormerlyLive { id, revision_id, .. } in &former {
        let revision = revision::find(write, *revision_id).await?.ok_or(Error::NotFound)?;
        make_live(write, &mut Document::get(write, *id).await?, &revision).await?;
    }
    Ok(former.len())
}

async fn end_current(write: &Write, id: i64) -> Result<()> {
    let ended: Vec<PublicationRow> = write
        .all(
            "update publication set ended_at = $2 where document_id = $1 and ended_at is null returning *",
            (id, write.now),
        )
        .await?;
    for end in ended.iter().filter_map(PublicationRow::end) {
        write.stored(end);
    }
    Ok(())
}

/// Takes a document back from visitors, and with a page all pages below it. Says how many documents that were.
///
/// # Errors
/// `Invalid` for the front page; `Conflict` when the document is not published.
pub async fn unpublish(write: &Write, document: &Document) -> Result<usize> {
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
    take_back(write, document).await?;
    for id in &below {
        take_back(write, &Document::get(write, *id).await?).await?;
    }
    Ok(1 + below.len())
}

/// Ids of the live pages below an address.
pub async fn live_below(db: &Conn, path: &str) -> Result<Vec<i64>> {
    let (from, to) = page::subtree::subtree_range(path);
    let rows: Vec<(i64,)> = db
        .all(
            "select p.document_id from page p join document d on d.id = p.document_id \
             where p.path >= $1 and p.path < $2 and d.published_revision_id is not null order by p.path",
            (from, to),
        )
        .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Ends what visitors see of one live document.
pub(super) async fn take_back(write: &Write, document: &Document) -> Result<()> {
    let newest = revision::latest(write, document.id).await?;
    end_current(write, document.id).await?;
    link::forget(write, document.id).await?;
    write.execute("update document set published_revision_id = null where id = $1", (document.id,)).await?;
    write.record(document.entry(DocumentAction::Unpublish, &newest.content.title));
    write.touch_public();
    Ok(())
}

/// Which version was live from when until when, and who decided it.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Publication {
    /// The version.
    pub version: i64,
    /// What it changed, in its author's words.
    pub note: String,
    /// From when.
    pub published_at: Timestamp,
    /// Until when; none: still.
    pub ended_at: Option<Timestamp>,
    /// Who published it.
    pub publisher_name: String,
    /// Who approved it, where that is asked for.
    pub approver_name: String,
}

/// The newest publications of a document, the newest first.
pub async fn publications(db: &Conn, document_id: i64, limit: i64) -> Result<Vec<Publication>> {
    Ok(db
        .all(
            "select r.version, r.note, b.published_at, b.ended_at, b.publisher_name, b.approver_name \
             from publication b join revision r on r.id = b.revision_id where b.document_id = $1 \
             order by b.published_at desc, b.id desc limit $2",
            (document_id, limit),
        )
        .await?)
}
