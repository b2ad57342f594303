//! Discarding the unpublished changes of a document, and undoing that.

use super::{kind::DocumentAction, record::Document, revision};
use crate::{
    error::{Error, Result},
    model::{stored_content, write::Write},
};

/// Discards the changes since the live revision: the next one is made from that again. Visitors see no difference,
/// neither in the document nor in its history; what was discarded stays among the versions. Returns the live version.
/// `Conflict` when the newest version is not `version`, which the editor saw, or when nothing is live or nothing newer.
pub(crate) async fn discard(write: &Write, document: &Document, version: i64) -> Result<i64> {
    let newest = revision::latest(write, document.id).await?;
    let live = match document.published_revision_id {
        Some(live) => revision::find(write, live).await?.ok_or(Error::NotFound)?,
        None => return Err(Error::Conflict("This was never published, so all of it would go.".to_owned())),
    };
    if live.id == newest.id {
        return Err(Error::Conflict("There are no unpublished changes.".to_owned()));
    }
    if newest.version != version {
        return Err(Error::Conflict(format!(
            "{} saved version {} in the meantime, so nothing was discarded. Look at it first.",
            newest.author_name, newest.version
        )));
    }
    make_newest(write, document.id, live.id).await?;
    let entry = document.entry(DocumentAction::Discard, &live.content.title);
    write.record(entry.detail(format!("version {version}; back to version {}", live.version)));
    Ok(live.version)
}

/// Undoes a discard: the newest version is `version` again.
/// `Conflict` when something was saved since.
pub(crate) async fn undo_discard(write: &Write, document: &Document, version: i64) -> Result<()> {
    let discarded = revision::version(write, document.id, version).await?.ok_or(Error::NotFound)?;
    let is_newest = revision::next_version(write, document.id).await? == version + 1;
    if document.latest_revision_id != document.published_revision_id
        || document.latest_revision_id == Some(discarded.id)
        || !is_newest
    {
        return Err(Error::Conflict(format!(
            "Something was saved in the meantime. Version {version} is still among the versions."
        )));
    }
    make_newest(write, document.id, discarded.id).await?;
    let entry = document.entry(DocumentAction::UndoDiscard, &discarded.content.title);
    write.record(entry.detail(format!("version {version}")));
    Ok(())
}

/// Makes an older revision the newest of its document; the next one is made from it.
async fn make_newest(write: &Write, id: i64, revision_id: i64) -> Result<()> {
    let revision = stored_content::revision(write, revision_id).await?.ok_or(Error::NotFound)?;
    revision::set_latest(write, id, revision_id).await?;
    write.record_content(revision.newest());
    Ok(())
}
