//! Brings one document to what its files say: its versions, whether visitors see it, and its place.

use async_trait::async_trait;

use super::{
    document_file::{ImportedDocument, ImportedRevision},
    export_document::as_exported,
    item_places,
    summary::Summary,
};
use crate::{
    error::{Error, Result},
    model::{
        document::{
            content::Content,
            keys,
            kind::{DocumentAction, DocumentKind},
            record::Document,
            revision::{self, Revision},
        },
        publishing,
        write::Write,
    },
};

/// Where the document of a file is.
#[async_trait]
pub(super) trait Location: Sync {
    fn kind(&self) -> DocumentKind;

    /// The document that is there now.
    async fn document(&self, write: &Write) -> Result<Option<Document>>;

    /// Makes a document here with a first version.
    async fn create(&self, write: &Write, content: &Content) -> Result<Document>;

    /// Puts a document here; says whether it was elsewhere.
    async fn apply(&self, write: &Write, id: i64) -> Result<bool>;

    /// Sets the place among the siblings; says whether it was another.
    async fn set_position(&self, write: &Write, id: i64, position: i64) -> Result<bool>;
}

/// The error of an import, with the file or folder that it is about.
pub(super) fn at(location: &str, error: &Error) -> Error {
    Error::BadRequest(format!("{location}: {}", error.for_terminal()))
}

/// Saves and publishes the versions of a document, and gives it the place of its file.
pub(super) async fn import_document(
    write: &Write,
    location: &dyn Location,
    wanted: &ImportedDocument,
    summary: &mut Summary,
) -> Result<()> {
    summary.count(location.kind());
    let mut known = location.document(write).await?;
    for (version, live) in wanted.versions() {
        let content = content(write, location.kind(), version).await?;
        if is_stored(write, known.as_ref(), live, &content).await? {
            continue;
        }
        summary.changed = true;
        if known.is_none() {
            summary.saved += 1;
            known = Some(location.create(write, &content).await?);
        }
        let Some(document) = &mut known else { continue };
        let newest = save(write, document, content, summary).await?;
        if live && document.published_revision_id != Some(newest.id) {
            let decided = version.editorial.decision(write, document.id).await?;
            publishing::publish_as_decided(write, document, &newest, decided).await?;
        }
    }
    let Some(document) = known else { return Ok(()) };
    if let Some(live) = &wanted.live {
        summary.changed |= live.editorial.note_review(write, &document).await?;
    }
    // The file's place counts, whatever an unpublished version says of it.
    summary.changed |= location.apply(write, document.id).await?;
    if let Some(position) = wanted.position() {
        summary.changed |= location.set_position(write, document.id, position).await?;
    }
    Ok(())
}

async fn content(write: &Write, kind: DocumentKind, version: &ImportedRevision) -> Result<Content> {
    let ImportedRevision { typed, unfit, .. } = version;
    let fields = &write.rules.fields.of_input(kind, typed);
    let place = typed.get(keys::CATEGORY);
    if place.is_empty() {
        return Ok(Content::parse_stored(fields, typed, unfit)?);
    }
    let category = item_places::category(write, place).await?;
    let category = category.ok_or_else(|| Error::BadRequest(format!("there is no category {place}")))?;
    Ok(Content::parse_stored(fields, &typed.clone().with(keys::CATEGORY, category.id.to_string()), unfit)?)
}

/// Whether what visitors see (or, for a draft, the newest version) is just this already.
async fn is_stored(write: &Write, document: Option<&Document>, live: bool, content: &Content) -> Result<bool> {
    let stored = document.and_then(|known| if live { known.published_revision_id } else { known.latest_revision_id });
    let Some(stored) = stored else { return Ok(false) };
    let Some(stored) = revision::find(write, stored).await? else { return Ok(false) };
    Ok(content.adds_nothing_to(&stored.content)
        || content.adds_nothing_to(&as_exported(write, &write.rules.fields, stored).await?.content))
}

/// Saves without the editor's check of a changed path: a draft may wait for one that is taken at the moment.
async fn save(write: &Write, document: &mut Document, content: Content, summary: &mut Summary) -> Result<Revision> {
    let newest = revision::latest(write, document.id).await?;
    if content.adds_nothing_to(&newest.content) {
        return Ok(newest);
    }
    let made = revision::add(write, document, Some(&newest), content).await?;
    summary.saved += 1;
    let entry = document.entry(DocumentAction::Save, &made.content.title);
    write.record(entry.detail(format!("version {}", made.version)));
    Ok(made)
}
