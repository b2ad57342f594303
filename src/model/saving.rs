//! The one way in which what an editor typed becomes a revision, and, when they pressed "Publish", public. Pages and FAQ
//! items alike: joining it with what others saved meanwhile, refusing to choose between two texts, and never making
//! somebody else's unpublished change public without asking.

use super::{
    cursor::Cursor,
    document::{self, Document, DocumentKind},
    faq,
    field::Field,
    lineage,
    merge::{MergedInput, merge},
    page, publishing,
    revision::{self, Content, Revision},
    stored_content,
    write::Write,
};
use crate::error::{Error, Result};

/// What somebody wants beyond a saved version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Intent {
    /// Nothing.
    Save,
    /// To publish it, unless there is something to ask about.
    Publish,
    /// To be shown what would become public, before it does.
    Review,
}

/// What somebody sends.
#[derive(Debug, Clone, Copy)]
pub struct SaveRequest<'a> {
    /// The kind of document.
    pub kind: DocumentKind,
    /// The revision that was in front of them; one that never was has nothing in common with any other.
    pub base: i64,
    /// What they made of it.
    pub content: &'a Content,
    /// What is to become of it.
    pub intent: Intent,
}

/// What came of it.
pub enum SaveOutcome {
    /// Nothing is stored: both changed the same field.
    Clash(Box<SaveConflict>),
    /// Nothing was lost; there may be nothing to commit.
    Done(SaveResult),
}

/// Two changes of the same field.
pub struct SaveConflict {
    /// The newest revision.
    pub newest: Revision,
    /// What can be joined, and what cannot.
    pub merged: MergedInput,
}

/// Nothing was lost.
pub struct SaveResult {
    /// The document.
    pub id: i64,
    /// The newest revision now.
    pub version: i64,
    /// Whether it is a new one.
    pub changed: bool,
    /// Whether the same was sent before, so that what was asked for is done already.
    pub repeated: bool,
    /// The changes of others that it was joined with.
    pub joined: Option<MergeNotice>,
    /// What came of the request to publish.
    pub publication: PublishOutcome,
}

impl SaveResult {
    /// Whether something was written.
    #[must_use]
    pub fn writes(&self) -> bool {
        self.changed || self.publication == PublishOutcome::Published
    }
}

/// Changes of others that the editor had not seen.
pub struct MergeNotice {
    /// The revision that was the newest.
    pub with: Box<Revision>,
    /// What it brought.
    pub theirs: Vec<Field>,
    /// What the editor changed.
    pub yours: Vec<Field>,
}

/// What came of the request to publish.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PublishOutcome {
    /// There was none.
    NotAsked,
    /// It is public now.
    Published,
    /// It was public before.
    LiveBefore,
    /// The user has to be asked first: more would become public than what they wrote, or they want to see it before.
    MustAsk,
}

/// Makes a document with its first revision; a page below `parent`.
///
/// # Errors
/// `Invalid` on the field at fault; `under` when there is no such parent.
pub async fn create(write: &Write, parent: Option<i64>, submission: SaveRequest<'_>) -> Result<SaveResult> {
    let SaveRequest { kind, content, intent, .. } = submission;
    let id = match kind {
        DocumentKind::Page => page::editing::create(write, parent, content).await?,
        DocumentKind::FaqItem => faq::item::create(write, content).await?,
    };
    let mut done = SaveResult {
        id,
        version: 1,
        changed: true,
        repeated: false,
        joined: None,
        publication: PublishOutcome::NotAsked,
    };
    done.publication = publication(write, kind, intent, &done).await?;
    Ok(done)
}

/// Saves a change of the document `id`.
///
/// # Errors
/// `NotFound` when there is no such document outside the trash; `Invalid` on the field at fault.
pub async fn save(write: &Write, id: i64, submission: SaveRequest<'_>) -> Result<SaveOutcome> {
    document::get(write, id, submission.kind).await?;
    let newest = revision::latest(write, id).await?.ok_or(Error::NotFound)?;
    let mut done = match change(write, &newest, submission).await? {
        SaveOutcome::Done(done) => done,
        clash @ SaveOutcome::Clash(_) => return Ok(clash),
    };
    done.publication = publication(write, submission.kind, submission.intent, &done).await?;
    Ok(SaveOutcome::Done(done))
}

async fn change(write: &Write, newest: &Revision, submission: SaveRequest<'_>) -> Result<SaveOutcome> {
    let SaveRequest { kind, base, content, .. } = submission;
    let (id, version) = (newest.document_id, newest.version);
    let unchanged = SaveResult {
        id,
        version,
        changed: false,
        repeated: false,
        joined: None,
        publication: PublishOutcome::NotAsked,
    };
    if document::says_the_same(&newest.content, content) {
        return Ok(SaveOutcome::Done(SaveResult { repeated: base != version, ..unchanged }));
    }
    if base == version {
        let version = store(write, kind, newest, content).await?;
        return Ok(SaveOutcome::Done(SaveResult { version, changed: true, ..unchanged }));
    }
    let merged = merge_submission(write, newest, submission).await?;
    let joined =
        MergeNotice { with: Box::new(newest.clone()), theirs: merged.theirs.clone(), yours: merged.yours.clone() };
    if is_repeated(write, id, base, content).await? {
        return Ok(SaveOutcome::Done(SaveResult { repeated: true, joined: Some(joined), ..unchanged }));
    }
    if !merged.clashes.is_empty() {
        return Ok(SaveOutcome::Clash(Box::new(SaveConflict { newest: newest.clone(), merged })));
    }
    if merged.yours.is_empty() {
        return Ok(SaveOutcome::Done(SaveResult { joined: Some(joined), ..unchanged }));
    }
    let version = store(write, kind, newest, &Content::parse(&merged.typed, kind)?).await?;
    let action = kind.action("page.merge", "faq_item.merge");
    let detail = format!(
        "version {version} joins version {} by {} with a change of version {base}",
        newest.version, newest.author_name
    );
    write.record(document::entry(kind, action, id, &content.title).detail(detail));
    Ok(SaveOutcome::Done(SaveResult { version, changed: true, joined: Some(joined), ..unchanged }))
}

async fn merge_submission(write: &Write, newest: &Revision, submission: SaveRequest<'_>) -> Result<MergedInput> {
    let SaveRequest { kind, base, content, .. } = submission;
    let base = revision::version(write, newest.document_id, base).await?.map(|base| base.content.to_input());
    Ok(merge(kind, base.as_ref(), &newest.content.to_input(), &content.to_input()))
}

/// How far back a request is looked for that was sent twice.
const REPEATED_WITHIN: i64 = 20;

/// Whether the same user stored the same after `base` already, so that this is the same request again.
async fn is_repeated(write: &Write, id: i64, base: i64, content: &Content) -> Result<bool> {
    let since = revision::history(write, id, Cursor::After(base), REPEATED_WITHIN).await?;
    let own = since.iter().filter(|revision| revision.author_id.is_some() && revision.author_id == write.actor.id);
    Ok(own.into_iter().any(|revision| document::says_the_same(&revision.content, content)))
}

async fn store(write: &Write, kind: DocumentKind, newest: &Revision, content: &Content) -> Result<i64> {
    match kind {
        DocumentKind::Page => page::editing::save(write, newest.document_id, newest.version, content).await,
        DocumentKind::FaqItem => faq::item::save(write, newest.document_id, newest.version, content).await,
    }
}

async fn publication(write: &Write, kind: DocumentKind, intent: Intent, done: &SaveResult) -> Result<PublishOutcome> {
    if intent == Intent::Save {
        return Ok(PublishOutcome::NotAsked);
    }
    let document = document::get(write, done.id, kind).await?;
    if document.is_live() && document.published_revision_id == document.latest_revision_id {
        return Ok(PublishOutcome::LiveBefore);
    }
    if intent == Intent::Review || takes_more_along(write, &document).await? {
        return Ok(PublishOutcome::MustAsk);
    }
    publishing::publish(write, done.id, kind, done.version).await?;
    Ok(PublishOutcome::Published)
}

/// Whether publishing would make more public than what the user wrote: unpublished changes of others, or pages above.
async fn takes_more_along(write: &Write, document: &Document) -> Result<bool> {
    let base = lineage::last_public(write, document).await?.map_or(0, |public| public.version);
    Ok(lineage::has_changes_of_others(write, document.id, base, write.actor.id).await?
        || !publishing::unpublished_above(write, document.id).await?.is_empty())
}

/// Drops the changes since the live revision: the next one is made from that again. Visitors see no difference, neither
/// in the document nor in its history; what was dropped stays among the versions. Gives the live version.
///
/// # Errors
/// `Conflict` when the newest version is not `version`, which the editor saw, or when nothing is live or nothing newer.
pub async fn discard(write: &Write, id: i64, version: i64) -> Result<i64> {
    let document =
        document::find(write, id).await?.filter(|found| found.trashed_at.is_none()).ok_or(Error::NotFound)?;
    let newest = revision::latest(write, id).await?.ok_or(Error::NotFound)?;
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
    make_newest(write, id, live.id).await?;
    let action = document.kind.action("page.discard", "faq_item.discard");
    let detail = format!("version {version}; back to version {}", live.version);
    write.record(document::entry(document.kind, action, id, &live.content.title).detail(detail));
    Ok(live.version)
}

/// Takes back a discard: the newest version is `version` again.
///
/// # Errors
/// `Conflict` when something was saved since.
pub async fn undo_discard(write: &Write, id: i64, version: i64) -> Result<()> {
    let document =
        document::find(write, id).await?.filter(|found| found.trashed_at.is_none()).ok_or(Error::NotFound)?;
    let discarded = revision::version(write, id, version).await?.ok_or(Error::NotFound)?;
    let is_newest = document::next_version(write, id).await? == version + 1;
    if document.latest_revision_id != document.published_revision_id
        || document.latest_revision_id == Some(discarded.id)
        || !is_newest
    {
        return Err(Error::Conflict(format!(
            "Something was saved in the meantime. Version {version} is still among the versions."
        )));
    }
    make_newest(write, id, discarded.id).await?;
    let action = document.kind.action("page.undo_discard", "faq_item.undo_discard");
    let detail = format!("version {version}");
    write.record(document::entry(document.kind, action, id, &discarded.content.title).detail(detail));
    Ok(())
}

/// Makes an older revision the newest of its document; the next one is made from it.
async fn make_newest(write: &Write, id: i64, revision_id: i64) -> Result<()> {
    let revision = stored_content::revision(write, revision_id).await?.ok_or(Error::NotFound)?;
    write.execute("update document set latest_revision_id = $2 where id = $1", (id, revision_id)).await?;
    write.stored(revision.newest());
    Ok(())
}
