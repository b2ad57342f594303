//! The one place where what an editor typed becomes a revision and, when they pressed "Publish", public. For documents
//! of every kind: merges it with what others saved meanwhile, leaves the choice between two texts to the user, and
//! never publishes someone else's change without asking.

use std::sync::Arc;

use super::{
    content::Content,
    field::Field,
    fields, keys,
    kind::{DocumentAction, DocumentKind},
    lineage,
    merge::{MergedInput, merge},
    other_type, placement,
    record::Document,
    revision::{self, Revision},
};
use crate::{
    error::{Result, ValidationErrors},
    model::{publishing, write::Write},
};

/// What the user wants in addition to saving.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Intent {
    Save,
    /// To publish it, unless there is something to ask about.
    Publish,
    /// To be shown what would become public, before it does.
    Review,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct SaveRequest<'a> {
    /// The version that they edited; an unknown one shares nothing with any other.
    pub(crate) base: i64,
    pub(crate) content: &'a Content,
    pub(crate) intent: Intent,
}

pub(crate) enum SaveOutcome {
    /// Nothing is stored: both changed the same field.
    Clash(Box<SaveConflict>),
    /// Nothing was lost; there may be nothing to commit.
    Done(Box<SaveResult>),
}

pub(crate) struct SaveConflict {
    pub(crate) document: Document,
    pub(crate) newest: Revision,
    /// What can be merged, and what cannot.
    pub(crate) merged: MergedInput,
}

pub(crate) struct SaveResult {
    pub(crate) document: Document,
    pub(crate) newest: Revision,
    pub(crate) changed: bool,
    /// Whether the same was sent before, so that it is done already.
    pub(crate) repeated: bool,
    /// The changes of others that it was merged with.
    pub(crate) joined: Option<MergeNotice>,
    pub(crate) publication: PublishOutcome,
}

impl SaveResult {
    const fn without_change(document: Document, newest: Revision) -> Self {
        Self { document, newest, changed: false, repeated: false, joined: None, publication: PublishOutcome::NotAsked }
    }

    #[must_use]
    pub(crate) fn writes(&self) -> bool {
        self.changed || self.publication == PublishOutcome::Published
    }
}

/// Changes of others that the editor had not seen.
pub(crate) struct MergeNotice {
    pub(crate) version: i64,
    pub(crate) author_id: Option<i64>,
    pub(crate) author_name: String,
    pub(crate) theirs: Vec<Arc<Field>>,
    pub(crate) yours: Vec<Arc<Field>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PublishOutcome {
    NotAsked,
    Published,
    LiveBefore,
    /// The user has to be asked first: more would become public than what they wrote, or they want to see it before.
    MustAsk,
}

/// Makes a document with its first revision; a page below `parent`.
/// `Validation` on the field at fault; `under` when there is no such parent.
pub(crate) async fn create(
    write: &Write,
    kind: DocumentKind,
    parent: Option<i64>,
    request: SaveRequest<'_>,
) -> Result<SaveResult> {
    check_type(write, kind, request.content)?;
    let (document, newest) = placement::create(write, kind, parent, request.content.clone()).await?;
    let done = SaveResult { changed: true, ..SaveResult::without_change(document, newest) };
    publish(write, request.intent, done).await
}

/// Whether a new document can have the type that it names.
fn check_type(write: &Write, kind: DocumentKind, content: &Content) -> Result<()> {
    let types = write.rules.fields.types();
    match types.get(&content.document_type) {
        Some(one) if !one.is_offered_for(kind) => {
            let sentence =
                format!("No new {} gets the type “{}” any more; choose another", kind.noun(), one.definition.label);
            Err(ValidationErrors::one(keys::TYPE, sentence).into())
        }
        _ => Ok(()),
    }
}

/// Saves a change of a document outside the trash.
/// `Validation` on the field at fault.
pub(crate) async fn save(write: &Write, document: Document, request: SaveRequest<'_>) -> Result<SaveOutcome> {
    let newest = revision::latest(write, document.id).await?;
    match change(write, document, newest, request).await? {
        SaveOutcome::Done(done) => Ok(SaveOutcome::Done(Box::new(publish(write, request.intent, *done).await?))),
        clash @ SaveOutcome::Clash(_) => Ok(clash),
    }
}

async fn change(
    write: &Write,
    mut document: Document,
    newest: Revision,
    request: SaveRequest<'_>,
) -> Result<SaveOutcome> {
    let SaveRequest { base, content, .. } = request;
    if content.adds_nothing_to(&newest.content) {
        let repeated = base != newest.version;
        return Ok(SaveOutcome::Done(Box::new(SaveResult {
            repeated,
            ..SaveResult::without_change(document, newest)
        })));
    }
    if base == newest.version {
        let newest = store(write, &mut document, &newest, content.clone()).await?;
        return Ok(SaveOutcome::Done(Box::new(SaveResult {
            changed: true,
            ..SaveResult::without_change(document, newest)
        })));
    }
    let common = revision::version(write, document.id, base).await?.map(|common| common.content.to_input());
    let (theirs, yours) = (newest.content.to_input(), content.to_input());
    let table = &write.rules.fields;
    let merged = merge(&table.of_either(document.kind, &theirs, &yours), common.as_ref(), &theirs, &yours);
    let merged = other_type::resolve_type(table, document.kind, merged, &theirs, &yours);
    let joined = Some(MergeNotice {
        version: newest.version,
        author_id: newest.author_id,
        author_name: newest.author_name.clone(),
        theirs: merged.theirs.clone(),
        yours: merged.yours.clone(),
    });
    if !merged.clashes.is_empty() {
        return Ok(SaveOutcome::Clash(Box::new(SaveConflict { document, newest, merged })));
    }
    if merged.yours.is_empty() {
        return Ok(SaveOutcome::Done(Box::new(SaveResult { joined, ..SaveResult::without_change(document, newest) })));
    }
    let both = Content::parse(&table.of_input(document.kind, &merged.typed), &merged.typed)?;
    let made = store(write, &mut document, &newest, both).await?;
    write.record(document.entry(DocumentAction::Merge, &content.title).detail(format!(
        "version {} joins version {} by {} with a change of version {base}",
        made.version, newest.version, newest.author_name
    )));
    Ok(SaveOutcome::Done(Box::new(SaveResult { changed: true, joined, ..SaveResult::without_change(document, made) })))
}

/// Stores a revision made from `newest`. A new path or category takes effect with publishing, or at once when the
/// document is not live.
/// `Validation` on the field at fault.
pub async fn store(write: &Write, document: &mut Document, newest: &Revision, content: Content) -> Result<Revision> {
    placement::check(write, &write.rules, document, &content).await?;
    let made = revision::add(write, document, Some(newest), content).await?;
    if !document.is_live() {
        placement::apply(write, document, &made.content).await?;
    }
    let (before, after) = (newest.content.to_input(), made.content.to_input());
    let changes = write.rules.fields.of_either(document.kind, &before, &after).compare(&before, &after);
    let changes = fields::names(&changes);
    let changes = if changes.is_empty() { changes } else { format!(": {changes}") };
    let entry = document.entry(DocumentAction::Save, &made.content.title);
    write.record(entry.detail(format!("version {}{changes}", made.version)));
    Ok(made)
}

async fn publish(write: &Write, intent: Intent, mut done: SaveResult) -> Result<SaveResult> {
    let document = &done.document;
    done.publication = if intent == Intent::Save {
        PublishOutcome::NotAsked
    } else if document.is_live() && document.published_revision_id == document.latest_revision_id {
        PublishOutcome::LiveBefore
    } else if intent == Intent::Review || takes_more_along(write, document).await? {
        PublishOutcome::MustAsk
    } else {
        publishing::publish(write, &mut done.document, &done.newest).await?;
        PublishOutcome::Published
    };
    Ok(done)
}

/// Whether publishing would make more public than what the user wrote: unpublished changes of others, or pages above.
async fn takes_more_along(write: &Write, document: &Document) -> Result<bool> {
    Ok(lineage::has_changes_of_others(write, document.id, write.actor.id).await?
        || !publishing::unpublished_above(write, document).await?.is_empty())
}
